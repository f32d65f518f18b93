"""What an arm brings to whom, without anybody changing: the phases of the loop, all but the last.

Nothing that happens reads an attitude, so what happens can be found once and lived through many times by other rules.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.mind import kinds as word
from commonbeat.simulate.acquaintance import NewTies
from commonbeat.simulate.background import DAYS, Year
from commonbeat.simulate.experiences import NOTHING, chosen, in_order, joined
from commonbeat.simulate.loop import PHASES, ArmState, Today, inspire, meet, tally

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from commonbeat.kernels.experience import Experiences
    from commonbeat.scenario import Arm, Occurrence
    from commonbeat.simulate.world import World

    Phase = Callable[[World, ArmState, Today], None]
    There = list[tuple[int, NDArray[np.int32]]]

BEFORE_TALLY = tuple(phase for phase in PHASES if phase is not tally)
WHO_IS_THERE = (meet, inspire)


@dataclass(frozen=True, eq=False)
class Happening:
    """What an arm brings, in order; who was there on which day; and whom the stops that it leaves out would have reached."""

    arm: Arm
    brought: Experiences
    there: There
    spared: NDArray[np.int32]


def silent_year() -> Year:
    """A year in which nothing happens: to find out who will be at the moments before the year is made."""
    nobody, none = np.empty(0, np.int32), np.empty(0, np.int64)
    return Year(NOTHING, np.empty(0, np.int16), none, np.zeros(DAYS + 1, np.int64), np.empty(0), nobody, none, ())


def years_of(days: int) -> range:
    """The numbers of the years that so many days touch, after the burn-in, which is year 0."""
    return range(1, 2 + (max(1, days) - 1) // DAYS)


def who_is_there(world: World, arm: Arm) -> There:
    """(day, people) whom the arm itself brings something directly."""
    silent = dict.fromkeys(years_of(world.scenario.days), silent_year())
    return _passed(with_years(world, silent), arm, WHO_IS_THERE)[1]


def happening(world: World, arm: Arm) -> Happening:
    """Everything that the arm holds has happened in this world, to the last day."""
    people = everybody(who_is_there(world, arm))
    # Of the ordinary day the phases read what those who were there live through, who may tell it to a new acquaintance.
    told_of = {number: direct_of(year, people) for number, year in world.years.items() if number}
    brought, there = _passed(with_years(world, told_of), arm, BEFORE_TALLY)
    return Happening(arm, in_order(joined(brought)), there, _spared(world, arm))


def everybody(there: There) -> NDArray[np.int32]:
    """The people, each once."""
    return np.unique(np.concatenate([np.empty(0, np.int32), *(people for _, people in there)]))


def with_years(world: World, years: dict[int, Year]) -> World:
    """The same world, its clips among it, with other years."""
    other = copy(world)
    other.years = years
    return other


def direct_of(year: Year, people: NDArray[np.int32]) -> Year:
    """What these people live through directly in the year."""
    mine = np.flatnonzero((year.met.channel == word.DIRECT) & np.isin(year.met.person, people))
    met = chosen(year.met, mine)
    day_starts = np.searchsorted(mine, year.day_starts)
    return replace(year, met=met, code=year.code[mine], slot=year.slot[mine], day_starts=day_starts)


def _passed(world: World, arm: Arm, phases: Sequence[Phase]) -> tuple[list[Experiences], There]:
    state = _state(world, arm)
    brought: list[Experiences] = []
    there: There = []
    for day in range(world.scenario.days):
        if not (day in state.agenda or day in state.coming or (state.ties.any and _anything(world, day))):
            continue
        today = Today(day)
        for phase in phases:
            phase(world, state, today)
        brought += [*today.direct, *today.told, *today.watched]
        there += [(day, part.person) for part in today.direct if part.person.size]
    return brought, there


def _anything(world: World, day: int) -> bool:
    year, day = divmod(day, DAYS)
    starts = world.years[1 + year].day_starts
    return bool(starts[day + 1] > starts[day])


def _state(world: World, arm: Arm) -> ArmState:
    """The arm on day 0; its people stay as they are, since no phase but the tally touches them."""
    agenda: dict[int, list[Occurrence]] = {}
    for occurrence in arm.occurrences(world.scenario.days):
        agenda.setdefault(occurrence.day, []).append(occurrence)
    return ArmState(arm, world.workplace.fresh, world.past_sums, agenda, NewTies(world.frame.society))


def _spared(world: World, arm: Arm) -> NDArray[np.int32]:
    """Whom the arm spares something, as often as it does."""
    if arm.stops_factor >= 1.0:
        return np.empty(0, np.int32)
    years = [world.years[number] for number in years_of(world.scenario.days)]
    return np.concatenate([year.met.person[is_left_out(year, arm.stops_factor)] for year in years])


def is_left_out(year: Year, factor: float) -> NDArray[np.bool_]:
    """Which entries of the year do not happen in an arm with this factor on stops, as `Year.of_day` has it day by day."""
    gone = np.zeros(len(year.slot), dtype=bool)
    if factor < 1.0:
        stops = np.flatnonzero(year.slot >= 0)
        gone[stops] = year.keep_luck[year.slot[stops]] >= factor
    return gone
