"""The moment itself: where it happens, who takes part, who stands by, and how much of a dose each gets.

Who took part is luck too: eight children and twenty-five bystanders are drawn anew in every draw. Each person of
the pool has a number of their own at the event's address and the smallest are there, so that neither the order of
rows nor who else is in the pool moves anybody who stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

from commonbeat import luck
from commonbeat.mind import kinds as word
from commonbeat.simulate.background import race_shares
from commonbeat.simulate.experiences import experiences, joined
from commonbeat.simulate.quality import quality_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from commonbeat.kernels.experience import Experiences
    from commonbeat.scenario import EncounterSetting, Occurrence
    from commonbeat.simulate.frame import Frame

SCENARIO_EVENTS = 1 << 60
SINGLE_KINDS = {"stop": word.STOP, "harassment": word.HARASSMENT, "gun_pointed": word.GUN_POINTED}


@dataclass(frozen=True, eq=False)
class Moment:
    """Who was at an encounter. `hour` counts from the burn-in; people are rows; `event` is its address in luck."""

    ordinal: str
    event: int
    hour: int
    place: int
    children: NDArray[np.int32]
    officers: NDArray[np.int32]
    bystanders: NDArray[np.int32]
    dose: float
    bystander_dose: float
    authenticity: float

    @property
    def present(self) -> NDArray[np.int32]:
        """Everybody who was there."""
        return np.concatenate([self.children, self.officers, self.bystanders])

    def met(self) -> Experiences:
        """What those present experience directly."""
        where = (word.ENCOUNTER, word.DIRECT, word.SCENARIO)
        took_part = np.concatenate([self.children, self.officers])
        return joined(
            [
                experiences(took_part, self.hour, *where, self.dose, self.event),
                experiences(self.bystanders, self.hour, *where, self.bystander_dose, self.event),
            ]
        )


def event_of(ordinal: str) -> int:
    """The address of a scenario's event: the same name is the same event in every arm."""
    return SCENARIO_EVENTS + int.from_bytes(blake2b(ordinal.encode(), digest_size=6).digest())


def drawn_people(
    frame: Frame, pool: NDArray[np.integer], count: int, address: tuple[int, int, int]
) -> NDArray[np.int32]:
    """`count` people of the pool, or all of it: those with the smallest numbers at (seed, decision, event)."""
    rows = np.asarray(pool, np.int32)
    if count >= len(rows):
        return rows
    number = luck.keys(*address, frame.society.people.id[rows])
    return rows[np.argsort(number)[:count]]


def authenticity_of(kind: str, parameters: Mapping[str, float]) -> float:
    """The share of the dose that is left when a moment is planned or staged; all of it when it is spontaneous."""
    return {
        "spontaneous": 1.0,
        "planned": parameters["planned_authenticity"],
        "staged": parameters["staged_authenticity"],
    }[kind]


def drawn_place(frame: Frame, name: str, group: int, address: tuple[int, int, int]) -> int:
    """The named place; or, for "drawn", one in proportion to the children of the group who live there.

    Where the group has no children, its residents count instead, so that an encounter among adults has a place too.
    """
    society = frame.society
    if name != "drawn":
        return [place.name for place in society.places].index(name)
    groups, local = len(society.groups), society.elsewhere_place
    children = society.children_by_place_group.degrees[group::groups][:local]
    residents = society.residents_by_place_group.degrees[group::groups][:local]
    cumulative = np.cumsum(children if children.any() else residents)
    return int(np.searchsorted(cumulative, float(luck.uniforms(*address)) * cumulative[-1], side="right"))


def drawn_by_stops(frame: Frame, number: float) -> int:
    """A place where people live, in proportion to the stops recorded there."""
    society = frame.society
    lived_in = frame.adults.degrees.reshape(len(society.places), -1).sum(axis=1) > 0
    cumulative = np.cumsum(society.stops.by_place.sum(axis=1) * lived_in)
    return int(np.searchsorted(cumulative, number * cumulative[-1], side="right"))


def gather(
    frame: Frame,
    encounter: EncounterSetting,
    occurrence: Occurrence,
    parameters: Mapping[str, float],
    seed: int,
    hour: int,
) -> Moment:
    """The moment has its place and its people under this seed; the same in every arm that holds it."""
    society, event = frame.society, event_of(occurrence.ordinal)
    group = society.groups.index(encounter.children_group)
    place = drawn_place(frame, encounter.place, group, (seed, luck.MOMENT_PLACE, event))
    groups = len(society.groups)
    children = drawn_people(
        frame,
        society.children_by_place_group.row(place * groups + group),
        encounter.children,
        (seed, luck.MOMENT_CHILD, event),
    )
    residents = society.residents_by_place_group
    around = residents.targets[residents.offsets[place * groups] : residents.offsets[(place + 1) * groups]]
    around = around[~np.isin(around, children)]
    bystanders = drawn_people(frame, around, encounter.bystanders, (seed, luck.MOMENT_BYSTANDER, event))
    on_beat = society.officers_by_place.row(place)
    on_duty = on_beat if len(on_beat) >= encounter.officers else society.officers_by_place.targets
    officers = drawn_people(frame, on_duty, encounter.officers, (seed, luck.MOMENT_OFFICER, event))
    authenticity = authenticity_of(occurrence.authenticity, parameters)
    dose = parameters["participant_dose"] * authenticity * quality_in(parameters, occurrence.encounter, encounter)
    shares = (dose, dose * parameters["bystander_share"], authenticity)
    return Moment(occurrence.ordinal, event, hour, place, children, officers, bystanders, *shares)


def single(frame: Frame, occurrence: Occurrence, parameters: Mapping[str, float], seed: int, hour: int) -> Experiences:
    """One stop, harassment or gun pointed, with one adult drawn in the place and group that the scenario names.

    A group that is left open is drawn as among the stops recorded in the place.
    """
    event, groups = event_of(occurrence.ordinal), len(frame.society.groups)
    group = frame.society.groups.index(occurrence.group) if occurrence.group else 0
    if occurrence.group or occurrence.place != "drawn" or not frame.society.stops.total:
        place = drawn_place(frame, occurrence.place, group, (seed, luck.MOMENT_PLACE, event))
    else:
        place = drawn_by_stops(frame, float(luck.uniforms(seed, luck.MOMENT_PLACE, event)))
    if not occurrence.group:
        shares = np.cumsum(race_shares(frame, parameters["missing_race_tilt"])[place])[:-1]
        group = int(np.searchsorted(shares, float(luck.uniforms(seed, luck.STOP_RACE, event)), side="right"))
    pool = frame.adults.row(place * groups + group)
    if not len(pool):
        pool = frame.adults_of_group[group]
    person = drawn_people(frame, pool, 1, (seed, luck.STOP_PERSON, event))
    return experiences(person, hour, SINGLE_KINDS[occurrence.kind], word.DIRECT, word.SCENARIO, 1.0, event)
