"""Cards: one published finding each, as it was published, with what we checked and what is null.

A card keeps the published words and numbers as text. What was read off a card as a number stands in
`estimates.csv`, beside a note on how it was read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import TYPE_CHECKING

from commonbeat.errors import LedgerError, Mistakes
from commonbeat.evidence.ledger import HEADING, no_duplicates, one_of, packaged, read_rows

if TYPE_CHECKING:
    from pathlib import Path

STATUSES = ("verified", "recomputed", "derived", "recalled")
CONFIDENCES = ("", "low", "medium", "high")
NULL_MARKS = ("no", "partly", "yes")


@dataclass(frozen=True, slots=True)
class Card:
    """One finding.

    status: verified (read in the source or a public copy of it), recomputed (from its public data), derived (our
    arithmetic on other cards) or recalled (from memory, with a confidence: never enough to support a claim).
    null_finding: "yes" if the finding is that nothing changed, "partly" if part of it is, else "no".
    """

    id: str
    claim: str
    citation: str
    year: int
    doi: str
    design: str
    n: str
    population: str
    outcome: str
    metric: str
    estimate: str
    uncertainty: str
    time_since: str
    status: str
    confidence: str
    checked_at: str
    null_finding: str
    notes: str


COLUMNS = tuple(field.name for field in fields(Card))


@lru_cache(maxsize=8)
def load_cards(path: Path | None = None) -> tuple[Card, ...]:
    """Every card of the ledger, in the order of the file. Raises LedgerError with all mistakes at once."""
    rows = read_rows(path or packaged("cards.csv"), COLUMNS)
    mistakes = Mistakes()
    no_duplicates(((place, row["id"]) for place, row in rows), mistakes)
    cards = tuple(_card(place, row, mistakes) for place, row in rows)
    mistakes.raise_if_any(LedgerError, HEADING)
    return cards


def _card(place: str, row: dict[str, str], mistakes: Mistakes) -> Card:
    if not re.fullmatch(r"E\d{3,}", row["id"]):
        mistakes.add(f"{place} id", row["id"], "is not an E with three digits", "Write for example E019.")
    for needed in ("claim", "citation", "estimate"):
        if not row[needed] and not (needed == "estimate" and row["metric"] in ("", "method")):
            mistakes.add(f"{place} {needed}", "", "is empty", "Say what was found, by whom.")
    one_of(f"{place} status", row["status"], STATUSES, mistakes)
    one_of(f"{place} confidence", row["confidence"], CONFIDENCES, mistakes)
    one_of(f"{place} null_finding", row["null_finding"], NULL_MARKS, mistakes)
    if (row["status"] == "recalled") != bool(row["confidence"]):
        mistakes.add(
            f"{place} confidence",
            row["confidence"],
            "goes with the status 'recalled', and only with it",
            "Give a recalled card low, medium or high; leave it empty otherwise.",
        )
    year = int(row["year"]) if re.fullmatch(r"\d{4}", row["year"]) else 0
    if not year:
        mistakes.add(f"{place} year", row["year"], "is not a year", "Write four digits.")
    return Card(**{**row, "year": year})  # pyright: ignore[reportArgumentType]
