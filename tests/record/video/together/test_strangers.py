"""Strangers seem to move together one time in twenty, also where their tempos are nearly one; groups too."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from commonbeat.record.video.together.group import group_synchrony
from commonbeat.record.video.together.pair import pair_synchrony
from tests.record.video.together.dancers import RATE, alone, coupled

DESIGNS = ("smooth noise", "own tempos", "nearly one tempo", "nearly one tempo, steady", "bursts")


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [31, 61])
def test_strangers_are_found_together_one_time_in_twenty(seconds):
    alone_found, among_found, repeats = 0, 0, 40
    for design in DESIGNS:
        for each in range(repeats):
            people = alone(np.random.default_rng([each, seconds, len(design)]), design, 3, seconds)
            alone_found += pair_synchrony(people[0], people[1], RATE).coherence.p <= 0.05
            among_found += pair_synchrony(people[0], people[1], RATE, others=people[2:]).coherence.p <= 0.05
    tested = repeats * len(DESIGNS)
    low, high = binom.ppf([0.005, 0.995], tested, [0.04, 0.06])
    assert low <= alone_found <= high
    assert among_found <= alone_found  # other people's tracks can only widen the null


def test_a_group_that_moves_together_stands_out_and_strangers_do_not():
    luck = np.random.default_rng(4)
    lead = coupled(luck, 0.5, 60, jitter=0.1)[0]
    together = np.stack([np.roll(lead, shift) + 0.5 * luck.standard_normal(len(lead)) for shift in (0, 1, 2, 0)])
    found = group_synchrony(together, RATE)
    assert found.people == 4
    assert found.cluster_phase.p <= 0.02
    assert found.cluster_phase.value > found.cluster_phase.null_high
    false = sum(
        group_synchrony(alone(np.random.default_rng([5, each]), "nearly one tempo", 4, 60), RATE).cluster_phase.p
        <= 0.05
        for each in range(20)
    )
    assert false <= 4


def test_a_group_is_those_who_are_known_for_half_a_minute_together():
    people = alone(np.random.default_rng(6), "own tempos", 4, 60)
    people[3, 200:] = np.nan
    found = group_synchrony(people, RATE)
    assert found.people == 3
    assert found.joint_seconds == pytest.approx(60)
    people[2, 300:] = np.nan
    assert "for three people and more" in group_synchrony(people, RATE).why_not
    assert group_synchrony(people[:2], RATE).cluster_phase is None
