"""All arms of one draw, run one after the other from the common past; the reference arm last.

The reference runs last because by then it is known whom the other arms reached: it is asked for the levels of just
those people, so that the paired difference goes down to one person and costs what the change costs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.simulate.acquaintance import NewTies
from commonbeat.simulate.loop import ArmState, Today, circulate, meet, post, run_days
from commonbeat.simulate.record import ArmRecord

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.scenario import Arm, Occurrence
    from commonbeat.simulate.world import World

TWIN_PARTS = ("child", "bystander", "viewer")


@dataclass(frozen=True, eq=False)
class ArmsOfDraw:
    """The records of all arms by name, the twins (part, row of the person), and the world they shared."""

    world: World
    records: dict[str, ArmRecord]
    twins: tuple[tuple[str, int], ...]


def new_state(world: World, arm: Arm) -> ArmState:
    """The arm stands on day 0, forked from the common past, with its own agenda."""
    people, sums = world.fork()
    agenda: dict[int, list[Occurrence]] = {}
    for occurrence in arm.occurrences(world.scenario.days):
        agenda.setdefault(occurrence.day, []).append(occurrence)
    return ArmState(arm, people, sums, agenda, NewTies(world.frame.society))


def run_arms(world: World, *, follow_twins: int) -> ArmsOfDraw:
    """Every arm of the scenario has run; the records hold what each was asked for.

    `follow_twins` is how many people per part are followed through every arm: 1 in the first draw, else 0.
    """
    twins = choose_twins(world) if follow_twins else ()
    followed = np.array([person for _, person in twins], np.int32)
    world.burn_in()
    records: dict[str, ArmRecord] = {}
    scenario = world.scenario
    reference = next(arm for arm in scenario.arms if arm.name == scenario.reference)
    for arm in (*(arm for arm in scenario.arms if arm is not reference), reference):
        record = ArmRecord(world, followed)
        if arm is reference:
            record.asked = _everyone_reached(records, scenario.checkpoints)
        run_days(world, new_state(world, arm), record)
        records[arm.name] = record
    return ArmsOfDraw(world, {arm.name: records[arm.name] for arm in scenario.arms}, twins)


def _everyone_reached(records: dict[str, ArmRecord], checkpoints: tuple[int, ...]) -> dict[int, NDArray[np.int32]]:
    empty = np.empty(0, np.int32)
    return {
        day: np.unique(np.concatenate([empty, *(record.reached[day].person for record in records.values())]))
        for day in checkpoints
    }


def choose_twins(world: World) -> tuple[tuple[str, int], ...]:
    """A child and a bystander of the first encounter, and a viewer of the clip that reached most people here.

    Of each part the one with the smallest id, so that nobody is picked for how their story ends.
    """
    chosen: dict[str, int] = {}
    most = 0
    ids = world.frame.society.people.id
    for arm in world.scenario.arms:
        first = [occurrence for occurrence in arm.occurrences(world.scenario.days) if occurrence.kind == "encounter"][
            :1
        ]
        if not first:
            continue
        today = Today(first[0].day)
        state = ArmState(
            arm, world.workplace.present, world.past_sums, {first[0].day: first}, NewTies(world.frame.society)
        )
        for phase in (meet, post, circulate):
            phase(world, state, today)
        moment = today.moments[0][1]
        for part, rows in (("child", moment.children), ("bystander", moment.bystanders)):
            if len(rows):
                chosen.setdefault(part, int(rows[np.argmin(ids[rows])]))
        for views in today.views:
            here = views.viewer[world.frame.society.local[views.viewer]]
            here = here[~np.isin(here, moment.present)]
            if len(here) > most:
                most = len(here)
                chosen["viewer"] = int(here[np.argmin(ids[here])])
    return tuple((part, chosen[part]) for part in TWIN_PARTS if part in chosen)
