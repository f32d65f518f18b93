"""The closed-form engine against a slow twin that walks through every day and remembers every experience.

The twin knows the equations of the model, not the tables of the engine: effects, receptions and retention are
written again here from the parameters, and each person's level is the sum over everything they ever met.
"""

from __future__ import annotations

import math
from collections import defaultdict

import numpy as np
import pytest

from commonbeat.mind.kinds import CHANNELS, KINDS, OUTCOMES
from commonbeat.simulate.arms import new_state
from commonbeat.simulate.loop import run_days
from commonbeat.simulate.record import ArmRecord
from tests.simulate.settings import PARAMETERS as P
from tests.simulate.worlds import scenario, world_of

TRUST_LIKE = {"trust": 1.0, "cooperation": P["cooperation_per_trust"], "reform": P["reform_per_trust"]}
TRUST_OF = {
    "encounter": P["direct_trust"] * P["generalisation"],
    "other_contact": P["direct_trust"] * P["generalisation"],
    "stop": P["stop_trust"],
    "harassment": P["harassment_trust"],
    "gun_pointed": P["gun_pointed_trust"],
    "clip_of_encounter": P["watched_trust"],
    "clip_of_stop": -P["negative_to_positive_ratio"] * abs(P["watched_trust"]),
    "violent_clip": P["violent_clip_trust"],
}
OTHER = {
    ("encounter", "prejudice"): -P["direct_prejudice_reduction"] * P["play_for_prejudice"],
    ("encounter", "regard"): P["direct_regard"],
    ("clip_of_encounter", "prejudice"): -P["watched_prejudice_reduction"],
    ("clip_of_encounter", "regard"): P["watched_regard"],
}
FACTOR = {"direct": 1.0, "told": P["told_fraction"], "watched": 1.0, "news": P["text_to_film"]}
HAD_MET = {
    ("direct", True): 0.13,
    ("direct", False): 0.11,
    ("told", True): 1.6,
    ("told", False): 1.2,
    ("clip", True): 0.0,
    ("clip", False): 0.0,
}
GOOD = {"encounter", "other_contact", "clip_of_encounter"}


class Person:
    def __init__(self, society, row: int) -> None:
        people = society.people
        self.z = float(people.starting_trust[row])
        self.officer = bool(people.role[row] == 1)
        self.child = bool(people.age_band[row] < 2)
        self.black = society.groups[people.group[row]] == "Black" and not self.officer
        self.counts: dict[tuple[str, bool], int] = defaultdict(int)
        self.last_stop = -math.inf
        self.stores = {outcome: [0.0, 0.0] for outcome in OUTCOMES}

    def answers(self, outcome: str) -> bool:
        if outcome == "prejudice":
            return not self.child
        return self.officer if outcome == "regard" else not self.officer

    def delta(self, kind: str, channel: str, outcome: str, dose: float, hour: int) -> float:
        size = TRUST_OF[kind] * TRUST_LIKE[outcome] if outcome in TRUST_LIKE else OTHER.get((kind, outcome), 0.0)
        if kind in {"encounter", "other_contact"} and outcome in TRUST_LIKE:
            size *= max(0.0, 1 - P["direct_low_trust_gain"] * self.z)
            size *= 1 + P["direct_group_residual"] * self.black
        if kind == "clip_of_encounter" and outcome in TRUST_LIKE:
            own = -P["watched_low_trust_gain"] * self.z
            own += P["watched_recent_stop_shift"] * (hour - self.last_stop <= 8760)
            size += own * TRUST_LIKE[outcome]
        if kind == "clip_of_encounter" and outcome == "cooperation" and self.child:
            size += P["watched_youth_cooperation_shift"]
        return size * dose * FACTOR[channel]

    def novelty(self, kind: str, channel: str) -> float:
        counter = (channel if channel in {"direct", "told"} else "clip", kind in GOOD)
        before = self.counts[counter]
        self.counts[counter] += 1
        return min(1.0, ((1 + before) / (1 + HAD_MET[counter])) ** -P["novelty_exponent"])

    def meet(self, kind: str, channel: str, dose: float, hour: int, hours_left: int) -> dict[str, float]:
        """The deposit has been made; returns what is left of it in each outcome at the end of the day."""
        new, left = self.novelty(kind, channel), {}
        for outcome in OUTCOMES:
            if self.answers(outcome):
                change = self.delta(kind, channel, outcome, dose, hour)
                kept = retention(channel, outcome)
                durable, transient = kept * change * new, (1 - kept) * change
                durable *= math.exp(-durable_rate(outcome) * hours_left)
                transient *= math.exp(-transient_rate(outcome) * hours_left)
                self.stores[outcome][0] += durable
                self.stores[outcome][1] += transient
                left[outcome] = durable + transient
        if kind in {"stop", "harassment", "gun_pointed"} and channel == "direct":
            self.last_stop = hour
        return left

    def fade_a_day(self) -> None:
        for outcome, stores in self.stores.items():
            stores[0] *= math.exp(-24 * durable_rate(outcome))
            stores[1] *= math.exp(-24 * transient_rate(outcome))


def family(outcome: str) -> str:
    return "prejudice" if outcome == "prejudice" else "trust"


def retention(channel: str, outcome: str) -> float:
    if channel in {"watched", "news"}:
        return P["media_retention"]
    return P["prejudice_retention"] if outcome == "prejudice" else P["contact_retention"]


def durable_rate(outcome: str) -> float:
    return math.log(2) / (24 * P[f"{family(outcome)}_durable_half_life_days"])


def transient_rate(outcome: str) -> float:
    return 1 / (24 * P[f"{family(outcome)}_transient_mean_days"])


@pytest.mark.parametrize("name", ["violent", "weekly", "fewer"])
def test_every_person_and_every_group_on_every_checkpoint(name: str) -> None:
    world = world_of(scenario(name, days=30))
    arm = world.scenario.arm(name)
    world.burn_in()
    state = new_state(world, arm)
    record = ArmRecord(world, np.empty(0, np.int32))
    record.asked = {
        day: np.arange(len(world.frame.society.people), dtype=np.int32) for day in world.scenario.checkpoints
    }
    run_days(world, state, record)

    society = world.frame.society
    twins = [Person(society, row) for row in range(len(society.people))]
    weight = society.people.weight.astype(float)
    for day, met in world.met:
        for person in twins:
            person.fade_a_day()
        for row, hour, kind, channel, _, dose, _ in zip(*(column.tolist() for column in met), strict=True):
            twins[row].meet(KINDS[kind], CHANNELS[channel], dose, hour, (day + 1) * 24 - hour)
        passed = day + 1 - 365
        if passed not in world.scenario.checkpoints:
            continue
        level = np.array([[sum(person.stores[outcome]) for outcome in OUTCOMES] for person in twins])
        assert np.abs(record.answers[passed] - level).max() < 1e-6
        groups = world.frame.reporting_of_cell[world.frame.cell]
        sums = np.zeros((len(world.frame.reporting), len(OUTCOMES)))
        np.add.at(sums, groups, weight[:, None] * level)
        np.testing.assert_allclose(record.daily[passed].sum(axis=(1, 2)), sums, rtol=1e-9, atol=1e-8)
