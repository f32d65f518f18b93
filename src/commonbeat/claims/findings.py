"""Findings: what speaks for or against a claim, as plain rows from cards, from a run or from an own study."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from commonbeat.claims.catalogue import load_claims
from commonbeat.errors import LedgerError, Mistakes
from commonbeat.evidence.cards import load_cards
from commonbeat.evidence.ledger import HEADING, no_duplicates, number, one_of, read_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS = ("card", "run", "study")
BEARINGS = ("direct", "adjacent")
DIRECTIONS = ("for", "against", "null", "open")
COLUMNS = (
    "claim",
    "card",
    "label",
    "outcome",
    "estimate",
    "low",
    "high",
    "unit",
    "population",
    "bearing",
    "direction",
    "study",
    "note",
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One result that bears on a claim.

    estimate, low, high: signed so that above 0 favours the claim (95 % interval for cards and studies, 90 % for runs);
    None where none was published. source: a card's id, a run or a study. kind: card, run or study. direction: what
    the authors say it is, used only without an interval; or open: the interval holds zero and effects that would matter. bearing: direct
    if it measured the claim's outcome after the claim's kind of experience. study: findings of one study count once. checked: False if
    only recalled. data: SHA-256 of an own study's data; findings from the same data are of one study, whatever it is called.
    """

    claim: str
    outcome: str
    estimate: float | None
    low: float | None
    high: float | None
    source: str
    population: str
    kind: str
    label: str = ""
    unit: str = ""
    direction: str = "null"
    bearing: str = "direct"
    study: str = ""
    note: str = ""
    checked: bool = True
    data: str = ""

    @property
    def has_interval(self) -> bool:
        """True if both ends of an interval are known."""
        return self.low is not None and self.high is not None

    @property
    def reading(self) -> str:
        """for, against, null or open: by the interval where there is one, else as the authors say."""
        if self.low is None or self.high is None:
            return self.direction
        if self.low > 0 or self.high < 0:
            return "for" if self.low > 0 else "against"
        return "open" if self.direction == "open" else "null"

    def __str__(self) -> str:
        if self.estimate is None:
            return self.source
        unit = f" {self.unit}" if self.unit else ""
        span = ", no interval"
        if self.low is not None and self.high is not None:
            span = f" [{_three_digits(self.low)}, {_three_digits(self.high)}]"
        return f"{self.source} ({_three_digits(self.estimate)}{unit}{span})"


def _three_digits(value: float) -> str:
    """The value to three digits that mean something, without an exponent where it is a count."""
    return f"{float(f'{value:.3g}'):g}"


@lru_cache(maxsize=4)
def findings_from_evidence(path: Path | None = None) -> tuple[Finding, ...]:
    """The findings that the cards hold on the claims. Raises LedgerError with all mistakes at once."""
    rows = read_rows(path or Path(__file__).parent / "findings.csv", COLUMNS)
    mistakes = Mistakes()
    no_duplicates(((place, f"{row['claim']} {row['card']} {row['outcome']}") for place, row in rows), mistakes)
    status_of = {card.id: card.status for card in load_cards()}
    claims = [claim.id for claim in load_claims()]
    findings = tuple(_finding(place, row, status_of, claims, mistakes) for place, row in rows)
    mistakes.raise_if_any(LedgerError, HEADING)
    return findings


def _finding(
    place: str, row: dict[str, str], status_of: Mapping[str, str], claims: list[str], mistakes: Mistakes
) -> Finding:
    one_of(f"{place} claim", row["claim"], claims, mistakes)
    one_of(f"{place} card", row["card"], status_of, mistakes)
    one_of(f"{place} bearing", row["bearing"], BEARINGS, mistakes)
    one_of(f"{place} direction", row["direction"], DIRECTIONS, mistakes)
    for needed in ("label", "outcome", "population", "study"):
        if not row[needed]:
            mistakes.add(f"{place} {needed}", "", "is empty", "Every finding names these.")
    estimate, low, high = (number(f"{place} {name}", row[name], mistakes) for name in ("estimate", "low", "high"))
    if (low is None) != (high is None) or (low is not None and estimate is None):
        mistakes.add(f"{place} low", row["low"], "does not come with an estimate and both ends", "Write all three.")
    elif low is not None and high is not None and estimate is not None and not low <= estimate <= high:
        mistakes.add(
            f"{place} estimate", estimate, f"is outside its interval [{low:g}, {high:g}]", "Check the numbers."
        )
    texts = {
        name: row[name]
        for name in ("claim", "outcome", "population", "label", "unit", "direction", "bearing", "study", "note")
    }
    finding = Finding(
        estimate=estimate,
        low=low,
        high=high,
        source=row["card"],
        kind="card",
        checked=status_of.get(row["card"]) != "recalled",
        **texts,
    )
    if finding.has_interval and finding.reading != row["direction"]:
        mistakes.add(
            f"{place} direction",
            row["direction"],
            f"disagrees with the interval, which reads '{finding.reading}'",
            "Mend one of them; above 0 favours the claim.",
        )
    return finding
