"""Readings: numbers read off cards by hand, each with how it was read.

A reading's effect and standard error become latent SDs by dividing by the root of the reliability (an observed SD
holds measurement error, which shrinks a standardised effect by that root). Where a card gives no
reliability, .8 is assumed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from commonbeat.errors import LedgerError, Mistakes, did_you_mean
from commonbeat.evidence.cards import load_cards
from commonbeat.evidence.ledger import HEADING, no_duplicates, number, one_of, packaged, read_rows, split

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

ASSUMED_RELIABILITY = 0.8
KINDS = ("effect", "null_with_n", "ratio", "level")
SD_BASES = ("observed", "residual", "latent", "points", "ratio")


@dataclass(frozen=True, slots=True)
class Reading:
    """One number read off one or more cards; it leaves the ledger when any of its cards is left out.

    informs: the parameters (or parts of a parameter, "name.part") that rest on it. Effects and SEs are in the SD
    named by sd_basis. Days are days. selection_se: the SE on which an allowance for small-study bias acts, 0 for
    pre-registered studies. scale_sd: log SD of an uncertain factor that all readings of the study share.
    """

    id: str
    cards: tuple[str, ...]
    label: str
    informs: tuple[str, ...]
    kind: str
    study: str
    outcome: str
    effect: float
    se: float | None
    sd_basis: str
    reliability: float
    delay_days: float
    recall_window_days: float
    programme_days: float
    n: int | None
    is_null: bool
    selection_se: float
    scale_sd: float
    control_group: str
    reading: str

    @property
    def latent_effect(self) -> float:
        """The effect in latent SDs of the outcome, at the time of measurement."""
        return self.effect if self._as_is else self.effect / math.sqrt(self.reliability)

    @property
    def latent_se(self) -> float:
        """The standard error in latent SDs; NaN for readings that have none."""
        se = math.nan if self.se is None else self.se
        return se if self._as_is else se / math.sqrt(self.reliability)

    @property
    def window_days(self) -> float:
        """How long after `delay_days` the span goes on over which the effect is an average."""
        return self.recall_window_days + self.programme_days

    @property
    def _as_is(self) -> bool:
        return self.sd_basis in ("latent", "points", "ratio")


COLUMNS = tuple(field.name for field in fields(Reading))


@lru_cache(maxsize=8)
def load_estimates(path: Path | None = None) -> tuple[Reading, ...]:
    """Every reading of the ledger. Raises LedgerError with all mistakes at once."""
    rows = read_rows(path or packaged("estimates.csv"), COLUMNS)
    mistakes = Mistakes()
    no_duplicates(((place, row["id"]) for place, row in rows), mistakes)
    known = [card.id for card in load_cards()]
    readings = [_reading(place, row, known, mistakes) for place, row in rows]
    mistakes.raise_if_any(LedgerError, HEADING)
    return tuple(reading for reading in readings if reading is not None)


def readings_for(target: str, leave_out: Collection[str] = (), path: Path | None = None) -> tuple[Reading, ...]:
    """The readings that inform `target` and rest on no card that is left out."""
    gone = set(leave_out)
    return tuple(r for r in load_estimates(path) if target in r.informs and gone.isdisjoint(r.cards))


def _reading(place: str, row: dict[str, str], known: list[str], mistakes: Mistakes) -> Reading | None:
    before = len(mistakes.found)
    cards = split(row["cards"])
    for card in cards:
        if card not in known:
            mistakes.add(f"{place} cards", card, "is not a card", did_you_mean(card, known))
    for needed, value in (
        ("id", row["id"]),
        ("cards", cards),
        ("informs", row["informs"]),
        ("reading", row["reading"]),
    ):
        if not value:
            mistakes.add(f"{place} {needed}", "", "is empty", "Every reading names these.")
    one_of(f"{place} kind", row["kind"], KINDS, mistakes)
    one_of(f"{place} sd_basis", row["sd_basis"], SD_BASES, mistakes)
    one_of(f"{place} is_null", row["is_null"], ("yes", "no"), mistakes)
    numbers = _numbers(place, row, mistakes)
    if len(mistakes.found) > before:
        return None
    texts = {
        name: row[name] for name in ("id", "label", "kind", "study", "outcome", "sd_basis", "control_group", "reading")
    }
    made: dict[str, Any] = {**texts, **numbers, "cards": cards, "informs": split(row["informs"])}
    return Reading(**made, is_null=row["is_null"] == "yes")


def _numbers(place: str, row: dict[str, str], mistakes: Mistakes) -> dict[str, float | int | None]:
    """The numbers of a reading by the names of its fields; empty days and SEs of no concern are 0."""
    n = number(f"{place} n", row["n"], mistakes, above=0)
    effect = number(f"{place} effect", row["effect"], mistakes)
    se = number(f"{place} se", row["se"], mistakes, above=0)
    if row["kind"] == "null_with_n":
        effect, se = null_with_n(n) if n else (0.0, None)
        if not n:
            mistakes.add(f"{place} n", row["n"], "is needed for a null known only by its N", "Write the N.")
    elif effect is None:
        mistakes.add(f"{place} effect", row["effect"], "is needed", "Write the effect that was read off the card.")
    if row["kind"] == "effect" and se is None:
        mistakes.add(f"{place} se", row["se"], "is needed for an effect", "Write its standard error.")
    reliability = number(f"{place} reliability", row["reliability"], mistakes, above=0) or ASSUMED_RELIABILITY
    if reliability > 1:
        mistakes.add(f"{place} reliability", row["reliability"], "is above 1", "Write a share between 0 and 1.")
    spans = ("delay_days", "recall_window_days", "programme_days", "selection_se", "scale_sd")
    found = {name: number(f"{place} {name}", row[name], mistakes) or 0.0 for name in spans}
    for name, value in found.items():
        if value < 0:
            mistakes.add(f"{place} {name}", row[name], "is negative", "Write 0 or more.")
    if found["recall_window_days"] and found["programme_days"]:
        mistakes.add(f"{place} programme_days", row["programme_days"], "stands beside a recall window", "Keep one.")
    return {**found, "effect": effect or 0.0, "se": se, "n": int(n) if n else None, "reliability": reliability}


def null_with_n(n: float) -> tuple[float, float]:
    """A null known only by its N enters as 0 with SE 2 / sqrt(N): the SE of d between two halves of N people."""
    return 0.0, 2.0 / math.sqrt(n)
