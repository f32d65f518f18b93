"""Two people's movements: coupling is ranked, lags are found, strangers stay strangers, and short tracks say so."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonbeat.record.video.together.adjust import benjamini_hochberg, holm
from commonbeat.record.video.together.band import in_band
from commonbeat.record.video.together.music import without_beat
from commonbeat.record.video.together.pair import all_pairs, joint_seconds, pair_synchrony
from tests.record.video.together.dancers import RATE, alone, coupled


def mean_of(coupling: float, repeats: int = 12) -> tuple[float, float]:
    found = [pair_synchrony(*coupled(np.random.default_rng([7, each]), coupling, 60), RATE) for each in range(repeats)]
    told = [each.coherence for each in found if each.coherence is not None]
    assert len(told) == repeats
    return float(np.mean([each.value for each in told])), float(np.mean([each.p <= 0.05 for each in told]))


@pytest.mark.slow
def test_coupling_is_ranked_right_and_found():
    ranked = [mean_of(coupling) for coupling in (0.0, 0.03, 0.06, 0.2, 1.0)]
    values = [value for value, _ in ranked]
    assert values == sorted(values)
    assert values[-1] - values[0] > 0.4
    assert ranked[-2][1] >= 0.7
    assert ranked[-1][1] >= 0.9


@pytest.mark.parametrize("lag", [-5, -3, 0, 2, 5])
def test_the_lag_is_found_within_one_frame(lag):
    errors = []
    for each in range(6):
        found = pair_synchrony(*coupled(np.random.default_rng([lag + 9, each]), 0.5, 60, lag, jitter=0.08), RATE)
        assert found.coherence is not None
        if found.lag_s is not None:
            assert found.lag_low_s <= found.lag_s <= found.lag_high_s
            away = abs(found.lag_s - lag / RATE)
            errors.append(away)
            rival = np.inf if found.lag_period_s is None else abs(away - found.lag_period_s)
            assert min(away, rival) <= 1 / RATE  # a period away only where the rival peak is told
    assert len(errors) >= 4
    assert np.median(errors) <= 0.25 / RATE


def test_time_reversed_and_repaired_tracks_give_the_null():
    false = []
    for each in range(20):
        luck = np.random.default_rng([3, each])
        one, two = coupled(luck, 0.5, 60, jitter=0.08)
        other = coupled(luck, 0.5, 60, jitter=0.08)[1]
        for stranger in (two[::-1], other):
            told = pair_synchrony(one, stranger, RATE).coherence
            assert told is not None
            false.append(told.p <= 0.05)
    assert sum(false) <= 6  # 40 tests at 5 %: more than 6 have a chance of 1.4 %


def test_both_tracks_reversed_keep_the_value_and_turn_the_lag():
    one, two = coupled(np.random.default_rng(12), 0.5, 60, 3, jitter=0.08)
    forward, back = pair_synchrony(one, two, RATE), pair_synchrony(one[::-1], two[::-1], RATE)
    assert forward.coherence is not None
    assert back.coherence is not None
    assert back.whole == pytest.approx(forward.whole, abs=0.01)
    assert back.lag_s == pytest.approx(-forward.lag_s, abs=0.02)


def test_naming_the_two_the_other_way_round_changes_the_sign_of_the_lag_alone():
    one, two = coupled(np.random.default_rng(12), 0.5, 60, 3, jitter=0.08)
    forward, back = pair_synchrony(one, two, RATE), pair_synchrony(two, one, RATE)
    assert back.coherence.value == pytest.approx(forward.coherence.value)
    assert back.coherence.p == pytest.approx(forward.coherence.p)
    assert back.lag_s == pytest.approx(-forward.lag_s, abs=1 / RATE)


@given(seconds=st.floats(5, 29.8), hole=st.integers(0, 40))
@settings(max_examples=20, deadline=None)
def test_a_short_joint_track_is_not_measurable(seconds, hole):
    one, two = np.random.default_rng(1).standard_normal((2, round(seconds * RATE)))
    one[10 : 10 + hole] = np.nan
    found = pair_synchrony(one, two, RATE)
    assert found.coherence is None
    assert found.lag_s is None
    assert found.why_not == f"not measurable: {joint_seconds([one, two], RATE):.0f} s of 30 s"


@given(scale=st.floats(0.01, 100), shift=st.floats(-10, 10))
@settings(max_examples=10, deadline=None)
def test_size_and_level_of_movement_do_not_matter(scale, shift):
    one, two = alone(np.random.default_rng(4), "own tempos", 2, 40)
    plain, changed = pair_synchrony(one, two, RATE), pair_synchrony(one * scale + shift, two, RATE)
    assert changed.coherence.value == pytest.approx(plain.coherence.value, abs=1e-6)


def test_gaps_count_as_unknown_and_short_ones_are_bridged():
    one, two = coupled(np.random.default_rng(8), 0.5, 60, jitter=0.08)
    one[100:104] = np.nan
    two[300:400] = np.nan
    found = pair_synchrony(one, two, RATE)
    assert found.joint_seconds == pytest.approx(52.0)
    assert found.coherence.p <= 0.05


def test_a_track_in_pieces_says_so():
    one, two = coupled(np.random.default_rng(8), 0.5, 120)
    one[np.arange(len(one)) % 50 < 12] = np.nan  # never 4 s in a row
    found = pair_synchrony(one, two, RATE)
    assert found.joint_seconds > 30
    assert found.why_not == "not measurable: the joint track is in pieces"


def test_who_only_shares_the_beat_is_told_apart_from_who_meets():
    luck, seconds = np.random.default_rng(21), 60
    beats = np.cumsum(luck.normal(0.55, 0.03, 120))
    times = np.arange(seconds * RATE) / RATE
    wave = np.cos(2 * np.pi * np.interp(times, beats, np.arange(len(beats))))
    shared = luck.standard_normal(len(times))
    on_beat = [wave + 0.5 * luck.standard_normal(len(times)) for _ in range(2)]
    found = pair_synchrony(*on_beat, RATE, beats_s=beats)
    assert found.same_music
    assert found.coherence.p <= 0.05
    assert found.without_beat.p > 0.05
    meet = [each + np.convolve(shared, np.ones(4) / 2, "same") for each in on_beat]
    assert pair_synchrony(*meet, RATE, beats_s=beats).without_beat.p <= 0.05
    assert not pair_synchrony(*meet, RATE).same_music


def test_what_a_body_does_once_and_every_second_time_in_a_beat_is_taken_out_with_their_product():
    phase = np.arange(600) / 10 * 1.8
    each, second = np.cos(2 * np.pi * phase), np.cos(np.pi * phase)
    signal = in_band(each + second + each * second, 10.0)
    left = without_beat(signal, phase)
    known = np.isfinite(left)
    assert known.sum() > 550
    assert (
        np.abs(left[known][50:-50]).max() < 0.15
    )  # of three waves of height 1; the ends of the filter are felt throughout


def test_spans_lie_where_the_two_move_together():
    luck = np.random.default_rng(31)
    one, two = alone(luck, "smooth noise", 2, 90)
    two[375:750] = one[375:750] + 0.3 * luck.standard_normal(375)  # from 30 to 60 s
    spans = pair_synchrony(one, two, RATE).spans
    inside = sum(max(0.0, min(end, 62) - max(start, 28)) for start, end in spans)
    assert inside > 25
    assert sum(end - start for start, end in spans) - inside < 20


def test_many_pairs_are_adjusted_together():
    chances = np.array([0.01, 0.04, 0.03, 0.5])
    assert holm(chances) == pytest.approx([0.04, 0.09, 0.09, 0.5])
    assert benjamini_hochberg(chances) == pytest.approx([0.04, 0.16 / 3, 0.16 / 3, 0.5])
    series = np.vstack(
        [coupled(np.random.default_rng(2), 0.5, 60, jitter=0.08), alone(np.random.default_rng(3), "own tempos", 2, 60)]
    )
    found = all_pairs(series, RATE)
    assert set(found) == {(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)}
    assert min(found, key=lambda key: found[key].coherence.p) == (0, 1)
    for each in found.values():
        assert each.coherence.p <= each.q_benjamini_hochberg <= each.p_holm
        assert each.coherence.null_low <= each.coherence.null_middle <= each.coherence.null_high
