"""What a run's tables say, asked in the words of the report: the effect of an arm on a group, a ring, a place.

Every answer is a spread over draws of paired differences. Tables are cut once and then looked up, because the daily table
has millions of rows and the page asks some hundreds of questions.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import polars as pl

from commonbeat.report.arms import Telling, tell
from commonbeat.report.spread import Spread, spread_of
from commonbeat.results.columns import ALL_RESIDENTS, EVERYBODY, OUTSIDE
from commonbeat.results.measures import effects_over_year, weighted_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from commonbeat.results.run_folder import Run

FEWEST = 10  # simulated people in the middle draw below whom no share of them is told

# Lowest starting trust first, as surveys have it (card E090); a society that counted its own says its own order.
WORST_OFF_FIRST = ("Black residents", "All other residents", "White residents")
HEADLINE_OUTCOME = "trust"


@dataclass(frozen=True, slots=True)
class Held:
    """Who was in a ring: real people over all draws, with empty ones as 0, and the draws in which somebody was.

    `harmed` is the share of these people below zero, on average over draws, each weighing as many people as it holds.
    """

    people: Spread | None
    simulated: float
    draws: int
    asked: int
    harmed: float | None

    @property
    def is_told(self) -> bool:
        """Whether so many are in the ring that shares of them mean something."""
        return self.simulated >= FEWEST

    @property
    def words(self) -> str:
        """In how many draws there was anybody, where that is not all of them."""
        return f"somebody in {self.draws} of {self.asked} draws" if 0 < self.draws < self.asked else ""


def worst_off_first(held: set[str], trust: Mapping[str, float]) -> tuple[str, ...]:
    """The groups of residents among those held, the one with the lowest starting trust first, all residents last."""
    known = [group for group in WORST_OFF_FIRST if group in held]
    own = sorted(held - set(known) - {*OUTSIDE, ALL_RESIDENTS})
    order = sorted([*known, *own], key=lambda group: trust.get(group, 0.0))  # stable: unknown keeps its place
    return (*order, *({ALL_RESIDENTS} & held))


def starting_trust(account: pl.DataFrame) -> dict[str, float]:
    """Mean trust before anything happened, by group of residents, where the account has it."""
    lines = account.filter(pl.col("name").str.starts_with("starting trust: "))
    names = lines["name"].str.strip_prefix("starting trust: ")
    groups = names.str.replace("All others", "All other") + " residents"
    return dict(zip(groups, lines["value"].cast(pl.Float64, strict=False), strict=True))


class Reading:
    """One run, ready to be asked."""

    def __init__(self, run: Run) -> None:
        self.run = run

    def table(self, name: str) -> pl.DataFrame:
        """The run's own table, or an empty frame where the run was written without it."""
        return self.run.table(name)

    @cached_property
    def daily(self) -> pl.DataFrame:
        """The daily table."""
        return self.table("daily")

    @cached_property
    def last_day(self) -> int:
        """The last day that the run reached."""
        return int(self.daily.get_column("day").max())  # type: ignore[arg-type]

    @cached_property
    def draws(self) -> int:
        """How many draws the run holds."""
        return self.table("draws").height

    @cached_property
    def telling(self) -> Telling:
        """The scenario's arms and words."""
        arms = self.daily.get_column("arm").unique(maintain_order=True).to_list()
        return tell(self.run.scenario_text, arms, self.last_day)

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """The groups of residents, worst off first."""
        return worst_off_first(set(self.daily.get_column("group").unique()), self.starting_trust)

    @cached_property
    def starting_trust(self) -> dict[str, float]:
        """Mean trust before anything happened, by group of residents, where the society's account has it."""
        return starting_trust(self.table("account"))

    @cached_property
    def headline_group(self) -> str:
        """The group on which the report leads: the worst-off."""
        return self.groups[0]

    @cached_property
    def bands_by_key(self) -> dict[tuple[Any, ...], pl.DataFrame]:
        """The points of the paired trust effect on every day, by arm, group and outcome."""
        trust = self.daily.lazy().filter(pl.col("outcome") == HEADLINE_OUTCOME)
        return effects_over_year(trust).partition_by("arm", "group", "outcome", as_dict=True)

    def bands(self, arm: str, group: str, outcome: str = HEADLINE_OUTCOME) -> pl.DataFrame | None:
        """The effect's quantiles day by day, or None where the run has no such group or outcome."""
        return self.bands_by_key.get((arm, group, outcome))

    @cached_property
    def last_by_key(self) -> dict[tuple[Any, ...], pl.DataFrame]:
        """The effects of all draws on the last day."""
        frame = self.daily.filter(pl.col("day") == self.last_day)
        return frame.sort("draw").partition_by("arm", "group", "outcome", as_dict=True)

    def last(self, arm: str, group: str, outcome: str = HEADLINE_OUTCOME) -> Spread | None:
        """The spread of a group's mean effect on the last day."""
        frame = self.last_by_key.get((arm, group, outcome))
        return None if frame is None else spread_of(frame["effect"])

    @cached_property
    def rings_by_key(self) -> dict[tuple[Any, ...], pl.DataFrame]:
        """The rings table on its last checkpoint."""
        rings = self.table("rings")
        if rings.is_empty():
            return {}
        last = rings.filter(pl.col("day") == rings["day"].max())
        return last.partition_by("arm", "ring", "group", "outcome", as_dict=True)

    @cached_property
    def ring_day(self) -> int:
        """The checkpoint on which rings are told."""
        rings = self.table("rings")
        return self.last_day if rings.is_empty() else int(rings["day"].max())  # type: ignore[arg-type]

    def ring(
        self, arm: str, ring: str, column: str, outcome: str = HEADLINE_OUTCOME, group: str = "All"
    ) -> Spread | None:
        """The spread of a column of the rings table on its last checkpoint."""
        frame = self.ring_frame(arm, ring, outcome, group)
        return None if frame is None else spread_of(frame[column].drop_nulls())

    def ring_frame(self, arm: str, ring: str, outcome: str, group: str) -> pl.DataFrame | None:
        """The draws in which the ring has a row; everybody in the city's ring is all residents."""
        frame = self.rings_by_key.get((arm, ring, group, outcome))
        if frame is None and group == EVERYBODY:
            frame = self.rings_by_key.get((arm, ring, ALL_RESIDENTS, outcome))
        return frame

    @cached_property
    def ring_draws(self) -> int:
        """In how many draws rings were looked at, whether or not anybody was in them."""
        rings = self.table("rings")
        return 0 if rings.is_empty() else rings["draw"].n_unique()

    def held(self, arm: str, ring: str, outcome: str = HEADLINE_OUTCOME, group: str = EVERYBODY) -> Held:
        """Who was in a ring; an empty ring may have no row, and counts as nobody rather than as no draw."""
        frame = self.ring_frame(arm, ring, outcome, group)
        frame = None if frame is None else frame.filter(pl.col("people") > 0)
        if frame is None or frame.is_empty():
            return Held(None, 0.0, 0, self.ring_draws, None)
        empty = [0.0] * (self.ring_draws - frame.height)
        simulated = spread_of([*frame["people"], *empty])
        return Held(
            spread_of([*frame["people_weighted"], *empty]),
            0.0 if simulated is None else simulated.middle,
            frame.height,
            self.ring_draws,
            frame.select(weighted_mean("share_negative")).item(),
        )
