"""Who comes closer is parted rightly between two people, whatever the camera does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonbeat.record.video.follow.camera import StillCamera, camera_for
from commonbeat.record.video.follow.follower import follow
from commonbeat.record.video.observed import Track, Tracks
from commonbeat.record.video.space.approach import all_approaches, approaches, falls, without_rests
from commonbeat.record.video.space.closing import BOTH, FIRST, SECOND, UNCLEAR, closing, parted
from commonbeat.record.video.space.distances import pair_distance, pair_distances
from commonbeat.record.video.space.places import place_of, places_of
from tests.record.video.follow.made_up import HEIGHT, WIDTH, Scene, standing, walking, whose

FRAMES, TALL = 120, 200.0
CAMERAS = {
    "still": {},
    "pan": {"shift": np.linspace(0, -250, FRAMES) + 0j},
    "zoom": {"turn": np.linspace(1.0, 1.3, FRAMES) + 0j},
    "shake": {"shift": np.random.default_rng(3).normal(0, 8, FRAMES) + 0j},
}


def walks_then_stands(start: float, stop: float, begin: int, end: int, row: float = 400.0) -> np.ndarray:
    xs = np.interp(np.arange(FRAMES), [0, begin, end, FRAMES - 1], [start, start, stop, stop])
    return np.stack([xs, np.full(FRAMES, row)], axis=-1)


def followed(scene: Scene, *, tripod: bool = False) -> tuple[Tracks, list]:
    scene.pictures = not tripod
    tracks = follow(scene.frames(), StillCamera() if tripod else camera_for(WIDTH, HEIGHT))
    places = places_of(tracks)
    order = np.argsort([people[0] for people in whose(tracks, scene)])
    return tracks, [places[place] for place in order]


@pytest.mark.parametrize("camera", CAMERAS)
def test_the_one_who_walks_did_it(camera: str) -> None:
    paths = np.stack([walks_then_stands(200, 560, 20, 70), standing(760, FRAMES)], axis=1)
    scene = Scene(paths, np.full(2, TALL), jitter_px=4.0, **CAMERAS[camera])
    tracks, (walker, stander) = followed(scene)
    (found,) = approaches(walker, stander, tracks.times)
    assert found.from_heights == pytest.approx(2.8, rel=0.05)
    assert found.to_heights == pytest.approx(1.0, rel=0.1)
    assert abs(found.start_s - 2.0) <= 1.0
    assert abs(found.end_s - 7.0) <= 1.0
    share = found.closing.by_first / found.closing.total
    assert share > 0.9
    assert found.closing.who == FIRST
    assert abs(found.closing.by_second) < 4 * found.closing.sd
    (turned,) = approaches(stander, walker, tracks.times)
    assert turned.closing.who == SECOND


def test_two_who_meet_halfway_both_did_it() -> None:
    paths = np.stack([walks_then_stands(200, 400, 20, 70), walks_then_stands(800, 600, 20, 70)], axis=1)
    tracks, (one, other) = followed(Scene(paths, np.full(2, TALL), jitter_px=4.0))
    (found,) = approaches(one, other, tracks.times)
    assert found.closing.who == BOTH
    assert found.closing.by_first == pytest.approx(found.closing.by_second, rel=0.1)


def test_without_the_camera_it_cannot_be_told() -> None:
    paths = np.stack([walks_then_stands(200, 560, 20, 70), standing(760, FRAMES)], axis=1)
    scene = Scene(paths, np.full(2, TALL), background="blank")
    tracks, (walker, stander) = followed(scene)
    (found,) = approaches(walker, stander, tracks.times)
    assert found.closing.who == UNCLEAR
    assert np.isnan(found.closing.by_first)
    assert found.to_heights == pytest.approx(1.0, rel=0.1)


def test_a_pan_alone_would_have_blamed_the_wrong_one() -> None:
    # The camera follows the walker: in the picture it is the other who moves.
    path = walks_then_stands(200, 560, 20, 70)
    paths = np.stack([path, standing(760, FRAMES)], axis=1)
    scene = Scene(paths, np.full(2, TALL), shift=200 - path[:, 0] + 0j)
    tracks, (walker, stander) = followed(scene)
    assert approaches(walker, stander, tracks.times)[0].closing.who == FIRST
    fooled, (walker, stander) = followed(scene, tripod=True)
    assert approaches(walker, stander, fooled.times)[0].closing.who == SECOND


def test_swaying_and_jitter_are_no_approach() -> None:
    steps = np.arange(FRAMES) / 10
    sway = standing(400, FRAMES) + np.stack([30 * np.sin(2 * np.pi * steps / 1.5), 0 * steps], axis=-1)
    scene = Scene(np.stack([sway, standing(700, FRAMES)], axis=1), np.full(2, TALL), jitter_px=5.0)
    tracks, places = followed(scene, tripod=True)
    assert all_approaches(places, tracks.times) == ()


def test_a_rest_cuts_an_approach_in_two() -> None:
    xs = np.interp(np.arange(FRAMES), [0, 10, 30, 80, 100, FRAMES], [100, 100, 340, 340, 560, 560])
    paths = np.stack([np.stack([xs, np.full(FRAMES, 400.0)], axis=-1), standing(760, FRAMES)], axis=1)
    tracks, (one, other) = followed(Scene(paths, np.full(2, TALL), jitter_px=2.0), tripod=True)
    first, second = approaches(one, other, tracks.times)
    assert first.end_s < 4.0
    assert second.start_s > 7.0


@pytest.mark.parametrize("seed", range(6))
def test_who_dances_on_the_spot_and_then_walks_came_closer_when_they_walked(seed: int) -> None:
    """The gap sways by a tenth of a height or so: it was widest long before anybody set out, and narrowest long after."""
    luck = np.random.default_rng(seed)
    times = np.arange(600) / 10
    gap = np.interp(times, [0, 20, 25, 60], [1.7, 1.7, 0.7, 0.7])
    sway = 0.06 * np.sin(2 * np.pi * times / luck.uniform(5, 12) + luck.uniform(0, 6)) + luck.normal(0, 0.02, 600)
    values = gap + sway
    (fall,) = falls(values, 0.5)
    ((start, stop),) = without_rests(values, times, fall, 0.5)
    assert times[start] == pytest.approx(20, abs=2.0)  # the sway itself can begin the fall
    assert times[stop] == pytest.approx(25, abs=2.0)


def test_backward_in_time_an_approach_is_a_parting() -> None:
    paths = np.stack([walks_then_stands(200, 560, 20, 70), standing(760, FRAMES)], axis=1)
    forward = Scene(paths, np.full(2, TALL))
    backward = Scene(paths[::-1], np.full(2, TALL))
    _, (walker, stander) = followed(forward, tripod=True)
    reversed_tracks, (back_walker, back_stander) = followed(backward, tripod=True)
    assert approaches(back_walker, back_stander, reversed_tracks.times) == ()
    there = closing(walker, stander, 0, FRAMES - 1)
    back = closing(back_walker, back_stander, 0, FRAMES - 1)
    assert back.by_first == pytest.approx(-there.by_first, rel=1e-3)
    assert back.who == there.who == FIRST


def test_distance_is_in_body_heights_and_an_unclear_depth_is_told() -> None:
    scene = Scene(np.stack([standing(300, 30), standing(700, 30)], axis=1), np.array([200.0, 100.0]))
    _, (near, far) = followed(scene, tripod=True)
    apart = pair_distance(near, far)
    assert apart.depth_unclear.all()
    # Both stand at the same row of hips; the middles of trunks of different height do not.
    truth = np.hypot(400, 0.144 * 100) / 150
    np.testing.assert_allclose(apart.heights, truth, rtol=0.02)
    assert apart.coverage == 1.0
    assert len(list(pair_distances([near, far]))) == 1


def test_jitter_is_learnt_from_quiet_moments() -> None:
    scene = Scene(
        np.stack([standing(400, FRAMES), walking(600, 1000, FRAMES)], axis=1), np.full(2, TALL), jitter_px=4.0
    )
    _, places = followed(scene, tripod=True)
    for place in places:
        assert place.jitter == pytest.approx(4.0 / np.sqrt(4) / TALL, rel=0.35)


@given(
    st.integers(0, 2**31),
    st.floats(0.2, 5.0),
    st.booleans(),
    st.floats(-3.0, 3.0),
)
@settings(max_examples=40, deadline=None)
def test_the_parts_add_up_to_the_change_and_do_not_know_size_mirror_or_turn(
    seed: int,
    size: float,
    mirrored: bool,  # noqa: FBT001
    angle: float,
) -> None:
    rng = np.random.default_rng(seed)
    one, other = np.cumsum(rng.normal(0, 6, (2, 50, 2)), axis=1) + np.array([[[0.0, 0.0]], [[300.0, 50.0]]])
    height, passages = np.full(50, 180.0), (np.zeros(50, np.int32),) * 2
    found = parted(one, other, height, passages, 0.01)
    change = np.linalg.norm(other - one, axis=1)[[0, -1]] / 180.0
    assert found.total == pytest.approx(change[0] - change[1], abs=1e-9)
    motion = size * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    motion = motion @ np.diag([-1.0 if mirrored else 1.0, 1.0])
    moved = parted(one @ motion.T, other @ motion.T, height * size, passages, 0.01)
    assert moved.by_first == pytest.approx(found.by_first, abs=1e-9)
    swapped = parted(other, one, height, passages, 0.01)
    assert swapped.by_second == pytest.approx(found.by_first, abs=1e-9)
    backward = parted(one[::-1], other[::-1], height, passages, 0.01)
    assert backward.by_first == pytest.approx(-found.by_first, abs=1e-9)


@given(st.lists(st.floats(0, 10), min_size=2, max_size=60))
def test_falls_are_falls(values: list[float]) -> None:
    series = np.array(values)
    found = falls(series, 0.5)
    for high, low in found:
        assert high < low
        assert series[high] - series[low] >= 0.5
        assert series[high : low + 1].max() == series[high]
        assert series[high : low + 1].min() == series[low]
        for start, stop in without_rests(series, np.arange(len(series)) / 4, (high, low), 0.5):
            assert high <= start < stop <= low
            assert series[start] - series[stop] > 0.35
    largest = (np.maximum.accumulate(series) - series).max()
    assert (max((series[high] - series[low] for high, low in found), default=0.0) >= 0.5) == (largest >= 0.5)


def test_the_uncertainty_of_a_part_holds() -> None:
    # A stander's part is jitter alone: over many made-up clips its spread is what `sd` says.
    rng = np.random.default_rng(11)
    walker = np.stack([np.linspace(0, 300, 60), np.zeros(60)], axis=1)
    parts = []
    for _ in range(300):
        jitter = rng.normal(0, 2.0, (2, 60, 2))
        found = parted(
            walker + jitter[0],
            np.array([500.0, 0.0]) + jitter[1],
            np.full(60, 200.0),
            (np.zeros(60, np.int32),) * 2,
            np.hypot(0.01, 0.01),
        )
        parts.append((found.by_second, found.sd))
    spread, told = np.std([each[0] for each in parts]), np.mean([each[1] for each in parts])
    assert 0.8 < spread / told < 1.25


def test_a_track_without_a_trunk_has_no_place() -> None:
    keypoints = np.full((20, 17, 3), 0.8, np.float32)
    keypoints[:, 5:, 2] = 0.0
    track = Track(1, 0, keypoints, keypoints[..., :2], np.full(20, 150.0, np.float32))
    place = place_of(Tracks(np.arange(20) / 10, (track,), np.zeros((0, 3))), track)
    assert np.isnan(place.picture).all()
    other = replace(place, number=2)
    assert approaches(place, other, np.arange(20) / 10) == ()
