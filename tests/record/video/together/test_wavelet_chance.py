"""Wavelet coherence stands beside what unrelated segments give: partners above it, strangers within it, gaps are no partners."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from commonbeat.record.video.together.band import in_band
from commonbeat.record.video.together.pair import pair_synchrony
from commonbeat.record.video.together.segments import layout
from commonbeat.record.video.together.wavelet_chance import WAVELETS, wavelets_beside
from tests.record.video.together.dancers import RATE, alone, coupled


def waves(one, two, others=()):
    signals = [in_band(each, RATE) for each in (one, two, *others)]
    span = slice(round(0.5 * RATE), -round(0.5 * RATE))
    cut = [each[span] for each in signals]
    return wavelets_beside((cut[0], cut[1]), cut[2:], layout(len(cut[0]), RATE), RATE)


def test_who_moves_alike_is_wholly_coherent():
    one = coupled(np.random.default_rng(1), 0.5, 60, jitter=0.08)[0]
    found = waves(one, -3 * one)  # half a turn away and three times as strong
    assert found.value == pytest.approx(1.0, abs=1e-6)
    assert found.null_high < found.value
    assert found.p == pytest.approx(1 / 41)  # the smallest that forty moves allow


def test_partners_are_above_the_band_and_strangers_hardly_ever():
    partners = [waves(*coupled(np.random.default_rng([2, each]), 0.5, 60, jitter=0.08)) for each in range(8)]
    assert sum(each.value > each.null_high for each in partners) >= 6
    above, tests = 0, 40
    for each in range(tests):
        one, two, *rest = alone(np.random.default_rng([4, each]), "nearly one tempo", 4, 60)
        told = waves(one, two, rest)
        assert told.null_low <= told.null_middle <= told.null_high
        above += told.p <= 0.05
    assert above <= binom.ppf(0.995, tests, 0.06)


def test_a_gap_in_a_track_is_no_movement_that_is_shared():
    one, two = alone(np.random.default_rng(5), "own tempos", 2, 90)
    whole = waves(one, two)
    for each in (one, two):
        each[400:460] = np.nan
    broken = waves(one, two)
    assert broken.value == pytest.approx(whole.value, abs=0.1)
    assert not broken.value > broken.null_high


def test_it_stands_among_what_is_told_of_a_pair():
    told = pair_synchrony(*coupled(np.random.default_rng(6), 0.5, 40, jitter=0.08), RATE)
    assert [each.name for each in told.others] == ["phase locking", WAVELETS]
    assert 0 < told.coherence.p_least <= told.coherence.p


def test_the_smallest_p_is_that_of_the_highest_value():
    luck, one = np.random.default_rng(7), coupled(np.random.default_rng(8), 0.5, 60, jitter=0.15)[0]
    told = pair_synchrony(one, one + 1e-6 * luck.standard_normal(len(one)), RATE).coherence
    assert told.p == pytest.approx(told.p_least)
