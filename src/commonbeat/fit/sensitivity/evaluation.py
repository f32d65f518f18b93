"""The headlines of a scenario at one point: the full engine's figures, from only those people whom an arm reaches.

People change by what they meet and by nothing else, and what they meet reads no attitudes. So whoever an arm brings nothing and spares
nothing lives the same year in both arms, and adds exactly 0 to a paired effect. Those who are left are lived through with their whole past,
because novelty counts it. What happens is made once and taken again while the parameters that it read have the same values.
`tests/sensitivity/test_evaluation.py` holds all of this to the full engine.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.fit.sensitivity.happening import everybody, happening, is_left_out, who_is_there, years_of
from commonbeat.fit.sensitivity.listening import TellingTo, TellingToBoth
from commonbeat.fit.sensitivity.living import Pair, effect_of
from commonbeat.fit.sensitivity.remembered import Remembered, plain
from commonbeat.mind import kinds as word
from commonbeat.mind.rules import build_rules
from commonbeat.simulate.background import HOURS, ordinary_days, with_clips
from commonbeat.simulate.experiences import chosen, in_order, joined
from commonbeat.simulate.frame import ALL_RESIDENTS, ELSEWHERE, OFFICERS
from commonbeat.simulate.world import BURN_IN_DAYS, World

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from commonbeat.fit.sensitivity.happening import Happening
    from commonbeat.fit.sensitivity.headline import Headline
    from commonbeat.kernels.experience import Experiences
    from commonbeat.scenario import Scenario
    from commonbeat.simulate.background import OrdinaryDays, Year
    from commonbeat.simulate.world import Workplace

    Parameters = Mapping[str, float]


class Evaluation:
    """Headlines of one scenario in one society, ready to be asked point by point."""

    def __init__(self, workplace: Workplace, scenario: Scenario, headlines: Sequence[Headline]) -> None:
        self.scenario, self.headlines = scenario, tuple(headlines)
        self.workplace, self.frame = workplace, workplace.frame
        self.arms = {arm.name: arm for arm in scenario.arms}
        self.members = {each.group: self._rows_of(each.group) for each in headlines if not each.of_those_present}
        rows = np.unique(np.concatenate([np.empty(0, np.int64), *self.members.values()]))
        self.is_member = np.zeros(len(workplace.fresh.rows), dtype=bool)
        self.is_member[rows] = True
        self.telling = TellingTo(workplace.telling, self.frame.society, rows)
        self._lucks: dict[int, OneLuck] = {}

    def forget(self) -> None:
        """Nothing is kept of earlier points: the next ones share nothing with them."""
        self._lucks.clear()

    def effects(self, parameters: Parameters, seed: int) -> NDArray[np.float64]:
        """(headlines,): the paired effects at this point, latent SD; NaN where nobody was there to be told of."""
        if seed not in self._lucks:
            self._lucks[seed] = OneLuck(self, seed)
        rules = build_rules(parameters, self.frame.residual_cell)
        fresh = self.workplace.fresh.rows
        return np.array([effect_of(pair, rules, fresh) for pair in self._lucks[seed].pairs(parameters)])

    def _rows_of(self, group: str) -> NDArray[np.int64]:
        """The people of a reporting group."""
        names = self.frame.reporting
        wanted = {group} if group != ALL_RESIDENTS else set(names) - {OFFICERS, ELSEWHERE}
        numbers = [number for number, name in enumerate(names) if name in wanted]
        return np.flatnonzero(np.isin(self.frame.reporting_of_person, numbers))


class OneLuck:
    """What happens in one world of luck, remembered piece by piece."""

    def __init__(self, whole: Evaluation, seed: int) -> None:
        self._whole, self._seed = whole, seed
        self._ordinary = Remembered(self._ordinary_days)
        self._years = Remembered(self._whole_years)
        self._happenings = {name: Remembered(partial(self._happening, name)) for name in self._names()}
        self._pairs = [Remembered(partial(self._pair, each)) for each in whole.headlines]

    def pairs(self, parameters: Parameters) -> list[Pair]:
        """One pair for each headline."""
        return [pair.of(parameters) for pair in self._pairs]

    def _names(self) -> list[str]:
        return list(dict.fromkeys([self._whole.scenario.reference, *(each.arm for each in self._whole.headlines)]))

    def _world(self, parameters: Parameters, years: dict[int, Year]) -> World:
        world = World(self._whole.workplace, self._whole.scenario, plain(parameters), self._seed, years=years)
        # The phases read their parameters one by one and none of the rules, which read all.
        world.parameters = parameters
        return world

    def _ordinary_days(self, parameters: Parameters) -> dict[int, OrdinaryDays]:
        whole, telling = self._whole, self._whole.telling
        # Who is there follows from luck and from parameters that the ordinary days read anyway; that the doses are read on the way, which
        # make nobody be there, is not noted.
        silent = self._world(plain(parameters), {})
        names = {each.arm for each in whole.headlines if each.of_those_present}
        there = [people for name in sorted(names) for people in who_is_there(silent, whole.arms[name])]
        strangers = everybody(there)
        strangers = strangers[~whole.is_member[strangers]]
        if len(strangers):
            further = TellingTo(whole.workplace.telling, whole.frame.society, strangers)
            telling = TellingToBoth(telling, further)
        wanted = (0, *years_of(whole.scenario.days))
        return {year: ordinary_days(whole.frame, telling, parameters, self._seed, year) for year in wanted}

    def _whole_years(self, parameters: Parameters) -> dict[int, Year]:
        frame, circulation = self._whole.frame, self._whole.workplace.circulation
        ordinary = self._ordinary.of(parameters).items()
        return {year: with_clips(frame, circulation, days, parameters, self._seed, year) for year, days in ordinary}

    def _happening(self, name: str, parameters: Parameters) -> Happening:
        world = self._world(parameters, self._years.of(parameters))
        return happening(world, self._whole.arms[name])

    def _pair(self, headline: Headline, parameters: Parameters) -> Pair:
        years, frame = self._years.of(parameters), self._whole.frame
        arm, reference = (
            self._happenings[name].of(parameters) for name in (headline.arm, self._whole.scenario.reference)
        )
        outcome = word.OUTCOMES.index(headline.outcome)
        people, whole = self._people(headline, arm, reference, outcome)
        row = np.full(len(frame.cell), -1, np.int32)
        row[people] = np.arange(len(people), dtype=np.int32)
        end = (BURN_IN_DAYS + headline.day) * HOURS
        return Pair(
            people=people,
            weight=frame.society.people.weight[people].astype(np.float64),
            whole=whole,
            outcome=outcome,
            day=headline.day,
            past=_only(years[0].met, row, end),
            arm=_met(arm, years, row, end),
            reference=_met(reference, years, row, end),
        )

    def _people(
        self, headline: Headline, arm: Happening, reference: Happening, outcome: int
    ) -> tuple[NDArray[np.int32], float | None]:
        """(those whose figure may differ between the arms, the weight of all whom the headline is about)."""
        frame = self._whole.frame
        if headline.of_those_present:
            found = everybody([(day, people) for day, people in arm.there if day < headline.day])
            return found[frame.applies[found, outcome]], None
        reached = np.zeros(len(frame.cell), dtype=bool)
        for side in (arm, reference):
            reached[side.brought.person] = True
            reached[side.spared] = True
        members = self._whole.members[headline.group]
        members = members[frame.applies[members, outcome]]
        return members[reached[members]].astype(np.int32), float(frame.society.people.weight[members].sum(dtype=float))


def _met(side: Happening, years: Mapping[int, Year], row: NDArray[np.int32], end: int) -> Experiences:
    """What these people meet in an arm after the burn-in, in the order in which it is applied."""
    lived = [years[number] for number in sorted(years) if number]
    parts = [_only(year.met, row, end, ~is_left_out(year, side.arm.stops_factor)) for year in lived]
    brought = _only(side.brought, row, end)
    return in_order(joined([*parts, brought])) if brought.person.size else joined(parts)


def _only(met: Experiences, row: NDArray[np.int32], end: int, which: NDArray[np.bool_] | None = None) -> Experiences:
    """What these people meet before the hour, with their rows here."""
    here = row[met.person]
    mine = (here >= 0) & (met.hour < end)
    mine = np.flatnonzero(mine if which is None else mine & which)
    return chosen(met, mine)._replace(person=here[mine])
