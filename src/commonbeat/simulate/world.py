"""What the arms of one draw have in common: parameters, luck, the ordinary year, clips, and the common past."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from commonbeat import luck
from commonbeat.kernels.experience import CELL_WIDTH, OUTCOMES, STORES, experience
from commonbeat.mind.rules import build_rules
from commonbeat.simulate.background import DAYS, HOURS, Year, build_year
from commonbeat.simulate.frame import Frame, empty_rows
from commonbeat.simulate.telling import Telling
from commonbeat.spread.clip import Circulation, Clip, ClipViews

if TYPE_CHECKING:
    from collections.abc import Mapping

    from commonbeat.kernels.experience import Experiences, People, Rules
    from commonbeat.scenario import Scenario
    from commonbeat.society import Society

BURN_IN_DAYS = DAYS


class Workplace:
    """A society made ready once per process: cells, room for clips and tellings, and everybody's first hour."""

    def __init__(self, society: Society) -> None:
        self.frame = Frame(society)
        self.circulation = Circulation(society)
        self.telling = Telling(society)
        self.fresh = self.frame.fresh_rows()
        # Two sets of rows are used again for every draw and arm: the common past, and the arm that forks from it.
        self.past = _copy_of(self.fresh)
        self.present = _copy_of(self.fresh)


def _copy_of(people: People) -> People:
    rows = empty_rows(len(people.rows))
    rows[:] = people.rows
    return type(people)(rows, rows.view(np.int32))


@dataclass(eq=False)
class World:
    """One draw: the same parameters and luck for every arm."""

    workplace: Workplace
    scenario: Scenario
    parameters: Mapping[str, float]
    seed: int
    rules: Rules = field(init=False)
    years: dict[int, Year] = field(default_factory=dict)
    past_sums: np.ndarray = field(init=False)
    _views: dict[tuple[int, int], ClipViews] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rules = build_rules(self.parameters, self.frame.residual_cell)
        steps = np.stack([self.rules.durable_rate, self.rules.transient_rate], axis=1)
        self.day_decay = np.exp(-HOURS * steps)
        self.past_sums = np.zeros(self.frame.cells * CELL_WIDTH)

    @property
    def frame(self) -> Frame:
        """The society's cells and who can be met where."""
        return self.workplace.frame

    def year(self, year: int) -> Year:
        """The background of a year, built when it is first asked for; year 0 is the burn-in."""
        if year not in self.years:
            place = self.workplace
            self.years[year] = build_year(
                self.frame, place.circulation, place.telling, self.parameters, self.seed, year
            )
        return self.years[year]

    def views(self, clip: Clip) -> ClipViews:
        """The clip's views; computed once and shared by the arms, since sharing does not read attitudes."""
        post = clip.number, clip.start
        if post not in self._views:
            self._views[post] = self.workplace.circulation.views_of(clip, self.seed, self.parameters)
        # Another arm may post the same clip at another hour or of a staged moment: who sees it is the same, the rest not.
        return replace(self._views[post], clip=clip)

    def live_through(self, people: People, sums: np.ndarray, met: Experiences, day: int) -> None:
        """One day has passed: what was there has faded to its end, and what was met today is deposited."""
        shaped = sums.reshape(-1, OUTCOMES, STORES)
        shaped *= self.day_decay
        if met.person.size:
            experience(people, sums, met, (day + 1) * HOURS, self.rules)

    def burn_in(self) -> None:
        """The common past stands: a year of stops and contacts, so that recent history exists on day 0."""
        past = self.workplace.past
        np.copyto(past.rows, self.workplace.fresh.rows)
        self.past_sums[:] = 0.0
        year = self.year(0)
        for day in range(BURN_IN_DAYS):
            self.live_through(past, self.past_sums, year.of_day(day, 1.0)[0], day)

    def fork(self) -> tuple[People, np.ndarray]:
        """An arm's own rows and sums, as they stand on day 0; the common past stays untouched."""
        present = self.workplace.present
        np.copyto(present.rows, self.workplace.past.rows)
        return present, self.past_sums.copy()


def luck_seed(seed: int, luck_set: int) -> int:
    """The seed of one world of luck under the run's seed."""
    return int(luck.keys(seed, luck.LUCK_SEED, luck_set) >> np.uint64(1))
