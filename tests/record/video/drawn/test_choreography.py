"""The made-up dancers are what they say: coupling, lag, tempo, and bodies that keep their shape."""

from __future__ import annotations

import numpy as np
import pytest

from tests.record.video.drawn.choreography import FINE_RATE, Dancer, dancers, leader_signals


@pytest.mark.parametrize("coupling", [0.0, 0.3, 0.6, 0.9, 1.0])
def test_coupling_is_the_correlation_with_the_leader(coupling):
    leads = [Dancer(((0, 0, 0),), seed=2 * seed) for seed in range(8)]
    found = []
    for lead in leads:
        follower = Dancer(((0, 0, 0),), seed=lead.seed + 101, tempo_bpm=113, follows=0, coupling=coupling)
        first, second = leader_signals([lead, follower], 120)
        found.append(np.corrcoef(first[:, 0], second[:, 0])[0, 1])
    assert np.mean(found) == pytest.approx(coupling, abs=0.12)


@pytest.mark.parametrize("lag_s", [0.1, 0.25, 0.4])
def test_a_follower_is_late_by_the_lag(lag_s):
    people = [
        Dancer(((0, 0, 0),), seed=1),
        Dancer(((0, 0, 0),), tempo_bpm=97, seed=5, follows=0, coupling=0.8, lag_s=lag_s),
    ]
    first, second = (row[:, 1] - row[:, 1].mean() for row in leader_signals(people, 60))
    shifts = np.arange(-120, 121)
    scores = [np.dot(first[240:-240], second[240 + shift : len(second) - 240 + shift]) for shift in shifts]
    assert shifts[int(np.argmax(scores))] / FINE_RATE == pytest.approx(lag_s, abs=0.02)


@pytest.mark.parametrize("tempo_bpm", [75, 100, 128])
def test_hips_bounce_at_the_tempo(tempo_bpm):
    keypoints = dancers([Dancer(((0, 300, 330),), tempo_bpm=tempo_bpm, wander=0)], 30, 30)
    hips = keypoints[:, 0, 11:13, 1].mean(axis=1)
    power = np.abs(np.fft.rfft(hips - hips.mean(), 1 << 15))
    assert np.fft.rfftfreq(1 << 15, 1 / 30)[int(power.argmax())] * 60 == pytest.approx(tempo_bpm, rel=0.01)


@pytest.mark.parametrize("options", [{}, {"strength": 0.0}, {"yaw_deg": 70.0}, {"arms": 1.0}])
def test_limbs_never_grow(options):
    dancer = Dancer(((0, 100, 330), (4, 500, 330)), seed=3, **options)
    keypoints = dancers([dancer], 4, 15)[:, 0]
    for start, end, longest in ((5, 7, 0.165), (7, 9, 0.15), (11, 13, 0.245), (13, 15, 0.235)):
        lengths = np.linalg.norm(keypoints[:, start] - keypoints[:, end], axis=1) / dancer.height_px
        assert lengths.max() <= longest * 1.06  # a leg that reaches for the ground may stretch a little


def test_who_stands_still_does_not_move_and_who_stops_stops():
    keypoints = dancers([Dancer(((0, 100, 330),), strength=0), Dancer(((0, 300, 330),), dances=(2, 4))], 6, 10)
    assert np.ptp(keypoints[:, 0], axis=0).max() < 1e-9
    assert np.ptp(keypoints[:15, 1], axis=0).max() < 1e-9
    assert np.ptp(keypoints[45:, 1], axis=0).max() < 1e-9
    assert np.ptp(keypoints[22:38, 1, 11, 1]) > 3


def test_faces_turn_with_the_walk_and_with_the_yaw():
    right, left = dancers([Dancer(((0, 0, 330), (4, 400, 330))), Dancer(((0, 400, 330), (4, 0, 330)))], 4, 10)[20]
    assert right[0, 0] > right[3:5, 0].mean()
    assert left[0, 0] < left[3:5, 0].mean()
    front, back = dancers([Dancer(((0, 0, 330),)), Dancer(((0, 0, 330),), yaw_deg=180)], 1, 1)[0]
    assert front[5, 0] > front[6, 0]
    assert back[5, 0] < back[6, 0]


def test_variable_times_sample_the_same_dance():
    people = [Dancer(((0, 100, 330), (3, 400, 330)), seed=2, yaw_deg=0)]
    even = dancers(people, 3, 10)
    np.testing.assert_allclose(dancers(people, 3, 10, times=np.array([0.0, 0.7, 1.9])), even[[0, 7, 19]], atol=1e-6)


def test_who_follows_somebody_later_in_the_list_is_refused():
    with pytest.raises(ValueError, match="leader stands before"):
        dancers([Dancer(((0, 0, 0),), follows=1), Dancer(((0, 0, 0),))], 1, 5)
