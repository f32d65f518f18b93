"""Movement is that of the body: not the camera's, not the size's, and the same in a mirror and backward in time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonbeat.record.video.follow.camera import StillCamera, camera_for
from commonbeat.record.video.follow.follower import follow
from commonbeat.record.video.movement.jitter import jitter_speed
from commonbeat.record.video.movement.series import FASTEST_HZ, group_movement, movement_series, pair_movement
from commonbeat.record.video.movement.smoothing import low_passed
from commonbeat.record.video.observed import Camera, Track, Tracks
from tests.record.video.follow.made_up import HEIGHT, STANDING, WIDTH, Scene, standing, whose

FRAMES, RATE, TALL = 150, 25.0, 240.0
SECONDS = np.arange(FRAMES) / 10
RNG = np.random.default_rng(4)
CAMERAS = {
    "still": {},
    "pan": {"shift": np.linspace(0, -300, FRAMES) + 0j},
    "sweep": {"shift": -100 * np.sin(2 * np.pi * SECONDS / 3) + 0j},
    "zoom": {"turn": np.linspace(1.0, 1.3, FRAMES) + 0j},
    "shake": {"shift": RNG.normal(0, 6, FRAMES) + 1j * RNG.normal(0, 6, FRAMES)},
}


def dancers(**settings_) -> Scene:
    """Two who dance at 1.0 and 1.5 Hz, and one who stands between them."""
    beat = np.stack([np.sin(2 * np.pi * SECONDS), 0 * SECONDS, np.sin(2 * np.pi * 1.5 * SECONDS)], axis=1)
    places = np.stack([standing(x, FRAMES, 360.0) for x in (300, 640, 980)], axis=1)
    return Scene(places, np.full(3, TALL), swing=0.1 * beat, bounce=0.03 * beat, **settings_)


def moved(scene: Scene, *, tripod: bool = False):
    """Movement with rows in the order of the made-up people."""
    scene.pictures = not tripod
    tracks = follow(scene.frames(), StillCamera() if tripod else camera_for(WIDTH, HEIGHT))
    order = np.argsort([people[0] for people in whose(tracks, scene)])
    return movement_series(tracks, RATE, {each.number for each in tracks.tracks}), order, tracks


@pytest.mark.parametrize("camera", CAMERAS)
def test_a_moving_camera_adds_next_to_nothing(camera: str) -> None:
    still, still_order, _ = moved(dancers(jitter_px=2.0), tripod=True)
    filmed, order, _ = moved(dancers(jitter_px=2.0, **CAMERAS[camera]))
    truth, found = still.series[still_order], filmed.series[order]
    np.testing.assert_allclose(np.nanmean(found, axis=1), np.nanmean(truth, axis=1), rtol=0.05, atol=0.02)
    for row in (0, 2):
        assert np.corrcoef(truth[row], found[row])[0, 1] > 0.97
    assert (filmed.coverage > 0.98).all()


def test_left_in_the_sweep_would_be_several_times_the_movement() -> None:
    scene = dancers(**CAMERAS["sweep"])
    with_camera, order, _ = moved(scene, tripod=True)
    without, clean_order, _ = moved(dancers(**CAMERAS["sweep"]))
    assert np.nanmean(with_camera.series[order][1]) > 0.4
    assert np.nanmean(without.series[clean_order][1]) < 0.02


def test_speed_is_in_body_heights_a_second() -> None:
    # Everything moves sideways at 120 px a second: half a body height a second, whatever is filmed at which rate.
    for rate in (10.0, 30.0):
        frames = round(6 * rate)
        xs = 100 + 120 * np.arange(frames) / rate
        scene = Scene(
            np.stack([xs, np.full(frames, 360.0)], axis=-1)[:, None], np.array([TALL]), rate=rate, pictures=False
        )
        found = movement_series(follow(scene.frames(), StillCamera()), RATE)
        np.testing.assert_allclose(found.series[0, 5:-5], 0.5, rtol=0.02)
        np.testing.assert_allclose(found.vertical[0], 0.0, atol=1e-6)


def test_the_bounce_has_the_beat_its_phase_and_its_size() -> None:
    found, order, _ = moved(dancers(), tripod=True)
    inner = (found.times > 2) & (found.times < 13)
    for row, pace in ((0, 1.0), (2, 1.5)):
        bounce = found.vertical[order][row][inner]
        truth = np.sin(2 * np.pi * pace * found.times[inner])
        assert np.corrcoef(bounce, truth)[0, 1] > 0.98
        assert np.ptp(bounce) / 2 == pytest.approx(0.03, rel=0.2)


def test_gaps_are_unknown_and_short_ones_are_bridged() -> None:
    hidden = np.zeros((FRAMES, 3), bool)
    hidden[40:42, 0] = True
    hidden[80:88, 0] = True
    found, order, _ = moved(dancers(hidden=hidden), tripod=True)
    row = found.series[order][0]
    at = found.times
    assert np.isfinite(row[(at > 3.5) & (at < 4.5)]).all()
    assert np.isnan(row[(at > 7.95) & (at < 8.75)]).all()
    assert np.isfinite(row[(at > 8.85) & (at < 14)]).all()
    assert found.coverage[order][0] == pytest.approx(1 - 0.9 / 14.9, abs=0.01)


def test_an_unknown_camera_leaves_movement_unknown() -> None:
    found, _, _ = moved(dancers(background="blank"))
    assert np.isnan(found.series).all()
    assert (found.coverage == 0).all()
    group = group_movement(moved(dancers(background="blank"))[2], RATE)
    assert np.isnan(group.mean).all()
    assert (group.people == 0).all()


def test_a_new_passage_of_the_camera_is_no_leap() -> None:
    scene = dancers()
    _, _, tracks = moved(scene, tripod=True)
    leap = Camera(
        np.ones(FRAMES, complex), np.where(SECONDS < 7, 0, 500) + 0j, np.where(SECONDS < 7, 0, 1).astype(np.int32)
    )
    steady = [
        Track(
            each.number,
            each.start,
            each.keypoints,
            each.steady + np.where(SECONDS < 7, 0, 500)[:, None, None],
            each.height_px,
        )
        for each in tracks.tracks
    ]
    found = movement_series(Tracks(tracks.times, tuple(steady), tracks.swaps_suspected, leap), RATE)
    plain = movement_series(tracks, RATE)
    assert np.nanmax(found.series) < 1.5 * np.nanmax(plain.series)
    assert np.isnan(found.series[:, (found.times > 6.91) & (found.times < 6.99)]).all()


def test_the_group_and_a_pair_are_means_of_those_known() -> None:
    hidden = np.zeros((FRAMES, 3), bool)
    hidden[60:, 2] = True
    found, _, tracks = moved(dancers(hidden=hidden), tripod=True)
    group = group_movement(tracks, RATE)
    with np.errstate(invalid="ignore"):
        np.testing.assert_allclose(group.mean, np.nanmean(found.series, axis=0), rtol=1e-6)
    assert set(group.people[:140].tolist()) == {3}
    assert set(group.people[160:].tolist()) == {2}
    one, other = (int(number) for number in found.numbers[:2])
    np.testing.assert_allclose(pair_movement(found, one, other), found.series[:2].mean(axis=0), rtol=1e-5)


def test_jitter_is_told_beside_the_movement() -> None:
    frames = 400
    for jitter in (1.0, 4.0):
        scene = Scene(standing(640, frames, 360.0)[:, None], np.array([TALL]), jitter_px=jitter, pictures=False)
        found = movement_series(follow(scene.frames(), StillCamera()), RATE)
        assert found.jitter[0] == pytest.approx(np.nanmean(found.series[0]), rel=0.25)


def test_nobody_gives_an_empty_table() -> None:
    empty = movement_series(Tracks(np.zeros(0), (), np.zeros((0, 3))), RATE)
    assert empty.series.shape == (0, 0)
    short = movement_series(Tracks(np.arange(3) / 10, (), np.zeros((0, 3))), RATE)
    assert short.series.shape == (0, len(short.times))


def hand_made(seed: int, size: float = 200.0, frames: int = 80) -> Track:
    rng = np.random.default_rng(seed)
    wave = low_passed(rng.normal(0, 0.5, (frames, 17, 2)), 10.0, 1.0)
    place = (STANDING + wave + np.array([3.0, 2.0])) * size
    score = np.where(rng.random((frames, 17, 1)) < 0.1, 0.1, 0.8)
    keypoints = np.concatenate([place, score], axis=-1).astype(np.float32)
    return Track(1, 0, keypoints, keypoints[..., :2].copy(), np.full(frames, size, np.float32))


def movement_of(track: Track):
    times = np.arange(len(track.keypoints)) / 10
    return movement_series(Tracks(times, (track,), np.zeros((0, 3))), 20.0)


@given(st.integers(0, 2**31), st.floats(0.2, 6.0))
@settings(max_examples=25, deadline=None)
def test_size_mirror_place_and_the_direction_of_time_do_not_matter(seed: int, size: float) -> None:
    plain = hand_made(seed)
    truth = movement_of(plain)
    larger = hand_made(seed, 200.0 * size)
    np.testing.assert_allclose(movement_of(larger).series, truth.series, rtol=2e-3, atol=1e-4)
    np.testing.assert_allclose(movement_of(larger).vertical, truth.vertical, rtol=2e-3, atol=1e-4)
    mirrored = plain.keypoints * np.float32([-1, 1, 1]) + np.float32([1280, 0, 0])
    other = Track(1, 0, mirrored, mirrored[..., :2], plain.height_px)
    np.testing.assert_allclose(movement_of(other).series, truth.series, rtol=2e-3, atol=1e-4)
    backward = Track(1, 0, plain.keypoints[::-1], plain.steady[::-1], plain.height_px)
    np.testing.assert_allclose(movement_of(backward).series, truth.series[:, ::-1], rtol=2e-3, atol=1e-4)
    np.testing.assert_allclose(movement_of(backward).vertical, truth.vertical[:, ::-1], rtol=2e-3, atol=1e-4)


def test_hiding_a_keypoint_never_makes_a_leap() -> None:
    calm = hand_made(3)
    calm.keypoints[..., 2] = 0.8
    truth = movement_of(calm)
    calm.keypoints[30:50, 9:11, 2] = 0.0
    found = movement_of(calm)
    assert np.nanmax(found.series) <= 1.2 * np.nanmax(truth.series)


@pytest.mark.parametrize("pace", [0.5, 2.0, 5.0, 9.0])
def test_the_low_pass_is_what_it_says(pace: float) -> None:
    wave = np.sin(2 * np.pi * pace * np.arange(4000) / 100)
    left = np.ptp(low_passed(wave, 100.0, FASTEST_HZ)[1000:3000]) / 2
    assert left == pytest.approx(2 ** (-0.5 * (pace / FASTEST_HZ) ** 2), rel=0.01)


def test_jitter_of_a_moment_is_not_learnt() -> None:
    assert np.isnan(jitter_speed(hand_made(1, frames=8), np.arange(8) / 10, 20.0, FASTEST_HZ))
