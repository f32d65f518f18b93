"""One trial on the simulator's people: who is asked, who is reached, who hears of it, what each answers.

The trial happens in the evening of day 0, after a year of ordinary stops and contacts; friends and household hear of it an hour
later, and a clip, if one was made, runs its course. Waves are asked at the end of their day. The same people are also
followed through the same days without the trial: what the comparison arm got of it is known to the person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from commonbeat.kernels.experience import levels
from commonbeat.mind import kinds as word
from commonbeat.simulate.background import HOURS, views_as_experiences
from commonbeat.simulate.experiences import by_day, chosen, experiences, in_order, joined
from commonbeat.simulate.moment import event_of
from commonbeat.simulate.telling import told_of_gathering
from commonbeat.simulate.world import BURN_IN_DAYS
from commonbeat.spread.clip import Clip

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from commonbeat.estimate.power.model import PowerDesign
    from commonbeat.kernels.experience import Experiences
    from commonbeat.simulate.world import World

EVENING = 22  # an hour before friends hear of it


class Recruits(NamedTuple):
    """The people of a trial, unit by unit: row in the society, unit, arm, block of each unit, whether reached [people]."""

    row: NDArray[np.int32]
    unit: NDArray[np.int64]
    arm: NDArray[np.int64]
    block: NDArray[np.int64]
    reached: NDArray[np.bool_]


class Reach(NamedTuple):
    """What a trial brings, day by day counted from the burn-in, and who heard or saw it: rows of people."""

    met: dict[int, Experiences]
    heard: NDArray[np.int32]
    saw: NDArray[np.int32]


def reach(world: World, design: PowerDesign, recruits: Recruits, strengths: NDArray[np.float64], name: str) -> Reach:
    """Everything that the trial makes people meet. strengths [arms]: of the experience, by arm; name: its address in luck."""
    hour = BURN_IN_DAYS * HOURS + EVENING
    rows, dose = recruits.row[recruits.reached], strengths[recruits.arm[recruits.reached]]
    parts: dict[int, list[Experiences]] = {}
    heard = saw = np.empty(0, np.int32)
    event = event_of(name)
    if design.experience == "direct":
        # Each is reached at an event of their own, so that whoever knows two of them may hear twice.
        own = event + 1 + np.arange(len(rows))
        direct = in_order(experiences(rows, hour, word.ENCOUNTER, word.DIRECT, word.SCENARIO, dose, own))
        told = told_of_gathering(direct, world.workplace.telling.pairs(direct, world.parameters, world.seed))
        heard = np.unique(told.person)
        parts[BURN_IN_DAYS] = [direct, told]
    else:
        shown = experiences(rows, hour, word.CLIP_OF_ENCOUNTER, word.WATCHED, word.SCENARIO, dose, event)
        parts[BURN_IN_DAYS] = [in_order(shown)]
    if design.society is not None and design.society.clip != "none":
        views = world.views(_clip(world, design.society.clip, rows, event, hour, name))
        seen = views_as_experiences(views, word.SCENARIO)
        seen = chosen(seen, ~np.isin(seen.person, rows))
        saw = np.unique(seen.person)
        for day, part in by_day(seen):
            parts.setdefault(day, []).append(part)
    return Reach({day: joined(each) for day, each in parts.items()}, heard, saw)


def _clip(world: World, origin: str, reached: NDArray[np.int32], event: int, hour: int, name: str) -> Clip:
    """The clip of the trial: a local outlet posts it, or whoever of those reached has most followers."""
    society = world.frame.society
    if origin == "outlet":
        local = [place for place, outlet in enumerate(society.outlets) if outlet.reach == "local"]
        start = -1 - (local[0] if local else 0)
    else:
        start = int(reached[np.argmax(society.followers.degrees[reached])])
    number = event_of(f"{name}/clip")
    return Clip(number, name, origin, word.CLIP_OF_ENCOUNTER, start, hour, event)


def live(
    world: World, design: PowerDesign, rows: NDArray[np.int32], met: dict[int, Experiences]
) -> NDArray[np.float64]:
    """[waves, people]: how far each stands from where they would be without any experience, at each wave, true SD."""
    people, sums = world.fork()
    days = [int(wave.delay_days) for wave in design.waves]
    column = word.OUTCOMES.index(design.outcome)
    found = np.empty((len(days), len(rows)))
    room = np.empty((len(rows), len(word.OUTCOMES)))
    for day in range(max(days) + 1):
        background = ordinary_day(world, day)
        brought = met.get(BURN_IN_DAYS + day)
        whole = background if brought is None else in_order(joined([background, brought]))
        world.live_through(people, sums, whole, BURN_IN_DAYS + day)
        for place in (place for place, delay in enumerate(days) if delay == day):
            hour = (BURN_IN_DAYS + day + 1) * HOURS
            levels(people.rows, rows, hour, world.rules.durable_rate, world.rules.transient_rate, room)
            found[place] = room[:, column]
    return found


def ordinary_day(world: World, day: int) -> Experiences:
    """The stops and contacts that everybody has on a day, trial or not."""
    year, of_year = divmod(day, BURN_IN_DAYS)
    return world.year(1 + year).of_day(of_year, 1.0)[0]


def recruit(world: World, design: PowerDesign, units: int, luck: Generator) -> Recruits:
    """People are asked, assigned within blocks of neighbours, and reached or not."""
    row, unit = asked(world, design, units, luck)
    count = int(unit[-1]) + 1
    blocks = _blocks(design, count)
    edges = np.rint(np.linspace(0, count, blocks + 1)).astype(np.int64)
    block = np.repeat(np.arange(blocks), np.diff(edges))
    arm = assign(design, np.diff(edges), luck)[unit]
    chance = np.array([design.take_up(each) for each in design.arms])[arm]
    return Recruits(row, unit, arm, block, luck.random(len(row)) < chance)


def _blocks(design: PowerDesign, count: int) -> int:
    sample = design.sample
    wanted = sample.blocks or (count // sample.block_size if sample.block_size else 1)
    return max(1, min(wanted, count // (2 * len(design.arms))))


def assign(design: PowerDesign, room: NDArray[np.int64], luck: Generator) -> NDArray[np.int64]:
    """[units]: the arm of each, by shares within each block, in an order that luck decides."""
    shares = np.array([arm.share for arm in design.arms])
    edges = np.cumsum(shares) / shares.sum()
    parts = []
    for size in room:
        ends = np.rint(edges * size).astype(np.int64)
        parts.append(luck.permutation(np.searchsorted(ends, np.arange(size), side="right")))
    return np.concatenate(parts)


def asked(
    world: World, design: PowerDesign, units: int, luck: Generator
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """(row, unit) of everybody who is asked, neighbours beside each other."""
    society, setting = world.frame.society, design.society
    adults = np.sort(world.frame.city_adults)
    place = society.people.place[adults]
    if setting is not None and setting.places is not None:
        drawn = drawn_places(place, setting.places, luck)
        adults, place = adults[np.isin(place, drawn)], place[np.isin(place, drawn)]
    if setting is None or setting.assign == "person":
        rows = np.sort(luck.choice(adults, min(units, len(adults)), replace=False))
        return rows.astype(np.int32), np.arange(len(rows))
    if setting.assign == "household":
        return _whole_units(adults, society.people.household[adults], units, luck)
    chosen_places = drawn_places(place, units, luck)
    size = round(design.mean_cluster_size)
    parts = [
        np.sort(luck.choice(adults[place == one], min(size, int((place == one).sum())), replace=False))
        for one in chosen_places
    ]
    return np.concatenate(parts).astype(np.int32), np.repeat(np.arange(len(parts)), [len(part) for part in parts])


def drawn_places(place: NDArray[np.integer], count: int, luck: Generator) -> NDArray[np.integer]:
    """So many places with adults, each as likely as its number of adults, in order."""
    known, adults = np.unique(place, return_counts=True)
    return np.sort(luck.choice(known, min(count, len(known)), replace=False, p=adults / adults.sum()))


def _whole_units(
    adults: NDArray[np.integer], household: NDArray[np.integer], units: int, luck: Generator
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """All adults of so many households, drawn by luck."""
    known = np.unique(household[household >= 0])
    drawn = np.sort(luck.choice(known, min(units, len(known)), replace=False))
    inside = np.isin(household, drawn)
    rows, homes = adults[inside], household[inside]
    order = np.argsort(homes, kind="stable")
    return rows[order].astype(np.int32), np.searchsorted(drawn, homes[order])
