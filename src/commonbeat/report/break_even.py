"""Break-even as section 4 tells it: every figure of a row on one basis, and the basis named.

The basis is a programme, because its encounters are spread over the year as the stops are. One encounter on the first
day has the whole year to fade and stops have half of it, so it stands in only where a run holds no programme.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from commonbeat.report.spread import Spread, spread_of
from commonbeat.results.columns import ALL_RESIDENTS
from commonbeat.results.measures import BreakEvenArms, break_even, break_even_arms, break_even_summary

if TYPE_CHECKING:
    from commonbeat.report.arms import ArmStory
    from commonbeat.report.reading import Reading

RHYTHMS = {1: "every day", 7: "every week", 14: "every other week"}
NAMED = {"every day": "daily", "every week": "weekly", "every other week": "fortnightly"}


@dataclass(frozen=True, slots=True)
class Basis:
    """What one encounter is counted over: a few words for a sentence, and a whole clause for a caption."""

    short: str
    words: str


@dataclass(frozen=True, slots=True)
class BreakEven:
    """One group's break-even in one view: stops not made per encounter, and encounters a month, both on one basis."""

    group: str
    view: str
    basis: Basis
    stops: Spread | None
    encounters: Spread | None
    not_reachable: float
    beyond_simulated: float
    beyond_tested: float
    simulated_per_month: float
    stops_made: Spread | None

    @property
    def whose(self) -> str:
        """The group as it stands inside a sentence."""
        return self.group.replace("All residents", "all residents")


def points(row: dict, name: str) -> Spread | None:
    """The five points of a measure, where the summary has them; an infinite point stays infinite."""
    low, lower, middle, upper, high = (
        row.get(f"{name}_{point}") for point in ("low", "lower", "median", "upper", "high")
    )
    if low is None or lower is None or middle is None or upper is None or high is None:
        return None
    return Spread(low, lower, middle, upper, high, negative=0.0, draws=row["draws"])


def rhythm(arm: ArmStory | None) -> str:
    """How often an arm holds its encounter, in words; nothing where it holds no rhythm."""
    days = next((int(event["every_days"]) for event in arm.encounters if event.get("every_days")), 0) if arm else 0
    return f"held {RHYTHMS.get(days, f'every {days} days')}" if days else "of many encounters"


def basis_of(reading: Reading, arms: BreakEvenArms) -> Basis:
    """The programme where the run has one; else the moment, and then its words say so."""
    if arms.programme is None:
        return Basis(
            "held once, on the first day",
            "counted from one encounter on the first day, because this run holds no programme: that encounter has the "
            "whole year to fade, while the stops are spread over it",
        )
    arm = next((arm for arm in reading.telling.arms if arm.name == arms.programme), None)
    held = rhythm(arm)
    named = NAMED.get(held.removeprefix("held "), "")
    planned = "; planned" if arm and any(event.get("authenticity") == "planned" for event in arm.encounters) else ""
    return Basis(
        f"of the {named} programme" if named else f"of a programme {held}",
        f"counted over a programme {held}, so that encounters and stops are spread over the same year{planned}",
    )


def stops_made(reading: Reading, group: str) -> Spread | None:
    """The simulated stops of a group's people in the year without the moment, over draws."""
    found = reading.table("occurrences").filter(kind="stop", group=group, arm=reading.telling.reference)
    return spread_of(found.group_by("draw").agg(pl.col("count").sum())["count"])


def one_break_even(row: dict, basis: Basis, made: Spread | None) -> BreakEven:
    """Both figures of a row of the summary, which stands on one basis."""
    return BreakEven(
        row["group"],
        row["view"],
        basis,
        points(row, "stops_per_encounter"),
        points(row, "encounters_per_month"),
        row["not_reachable"],
        row["beyond_simulated"],
        row["beyond_tested"],
        row["simulated_per_month"],
        made,
    )


def break_evens(reading: Reading) -> tuple[BreakEven, ...]:
    """Break-even of the worst-off group and of all residents, in both views; empty when the run lacks an arm for it."""
    occurrences = reading.table("occurrences")
    arms = break_even_arms(occurrences, reading.telling.reference)
    if arms is None:
        return ()
    per_draw = break_even(reading.table("area"), occurrences, reading.table("rings"), arms, days=reading.telling.days)
    if per_draw.is_empty():
        return ()
    basis = basis_of(reading, arms)
    rows = break_even_summary(per_draw).filter(
        pl.col("group").is_in([reading.headline_group, ALL_RESIDENTS]), basis=arms.bases[0]
    )
    found = [one_break_even(row, basis, stops_made(reading, row["group"])) for row in rows.to_dicts()]
    return tuple(sorted(found, key=lambda one: (one.group != reading.headline_group, one.view != "last day")))
