"""The camera's motion is taken out where the background shows it, and not guessed where it does not."""

from __future__ import annotations

import numpy as np
import pytest

from commonbeat.record.video.follow.background import small_grey
from commonbeat.record.video.follow.camera import MeasuredCamera, StillCamera, camera_for
from commonbeat.record.video.follow.follower import follow
from commonbeat.record.video.observed import Poses
from tests.record.video.follow.made_up import HEIGHT, WIDTH, Scene, standing, walking

FRAMES = 120
STEPS = np.arange(FRAMES)
RNG = np.random.default_rng(5)
CAMERAS = {
    "still": {},
    "pan": {"shift": np.linspace(0, -600, FRAMES) + 0j},
    "sweep": {"shift": -150 * np.sin(2 * np.pi * STEPS / 30) + 0j},
    "zoom": {"turn": np.linspace(1.0, 1.7, FRAMES) + 0j},
    "roll": {"turn": np.exp(0.1j * np.sin(2 * np.pi * STEPS / 40))},
    "shake": {"shift": RNG.normal(0, 10, FRAMES) + 1j * RNG.normal(0, 10, FRAMES)},
}


def scene_with(**settings) -> Scene:
    places = np.stack([walking(300, 900, FRAMES), standing(1000, FRAMES), walking(800, 200, FRAMES, 440)], axis=1)
    return Scene(places, np.array([300.0, 280.0, 320.0]), jitter_px=2.0, **settings)


@pytest.mark.parametrize("name", CAMERAS)
def test_a_point_of_the_scene_stays_where_it_is(name: str) -> None:
    scene = scene_with(**CAMERAS[name])
    camera = follow(scene.frames(), camera_for(WIDTH, HEIGHT)).camera
    assert set(camera.passage.tolist()) == {0}
    for point in (300 + 200j, 900 + 600j):
        steady = camera.turn * (scene.turn * point + scene.shift) + camera.shift
        # Full pixels of 1280; half a pixel of the small picture is two of them.
        assert np.abs(steady - steady[0]).max() < 2.0


def test_a_blank_wall_gives_no_answer() -> None:
    scene = scene_with(background="blank")
    tracks = follow(scene.frames(), camera_for(WIDTH, HEIGHT))
    assert (tracks.camera.passage == -1).all()
    assert len(tracks.tracks) == 3
    assert all(np.isnan(each.steady).all() for each in tracks.tracks)


def test_a_caption_in_a_corner_does_not_pass_for_the_background() -> None:
    scene = scene_with(background="blank", shift=np.linspace(0, -300, FRAMES) + 0j)
    caption = RNG.integers(0, 255, (14, 50)).astype(np.uint8)

    def with_caption():
        for poses, grey in scene.frames():
            grey[-20:-6, 8:58] = caption
            yield poses, grey

    assert (follow(with_caption(), camera_for(WIDTH, HEIGHT)).camera.passage == -1).all()


def test_without_pictures_nothing_is_known_and_with_a_tripod_all_is() -> None:
    scene = scene_with()
    blind = follow(((poses, None) for poses, _ in scene.frames()), camera_for(WIDTH, HEIGHT))
    assert (blind.camera.passage == -1).all()
    tripod = follow(((poses, None) for poses, _ in scene.frames()), StillCamera())
    assert tripod.camera is None
    for each in tripod.tracks:
        np.testing.assert_array_equal(each.steady, each.keypoints[..., :2])


def test_one_lost_picture_is_bridged_and_a_second_of_them_is_not() -> None:
    scene = scene_with(shift=np.linspace(0, -300, FRAMES) + 0j)

    def with_black(start: int, stop: int):
        for place, (poses, grey) in enumerate(scene.frames()):
            yield poses, np.full_like(grey, 9) if start <= place < stop else grey

    brief = follow(with_black(40, 42), camera_for(WIDTH, HEIGHT)).camera
    assert brief.passage.tolist() == [0] * 40 + [-1, -1] + [0] * (FRAMES - 42)
    steady = brief.turn * (scene.turn * 500 + scene.shift) + brief.shift
    assert np.nanmax(np.abs(steady - steady[0])) < 1.5
    long = follow(with_black(40, 55), camera_for(WIDTH, HEIGHT)).camera
    assert set(long.passage[:40].tolist()) == {0}
    assert set(long.passage[40:55].tolist()) == {-1}
    assert set(long.passage[55:].tolist()) == {1}


def test_a_cut_ends_everybody_and_steadiness_begins_anew() -> None:
    scene = scene_with(jump=60)
    tracks = follow(scene.frames(), camera_for(WIDTH, HEIGHT))
    assert tracks.camera.cuts == (60,)
    assert tracks.camera.passage.tolist() == [0] * 60 + [1] * 60
    assert sorted((each.start, len(each.keypoints)) for each in tracks.tracks) == [(0, 60)] * 3 + [(60, 60)] * 3


def test_a_flash_and_a_fast_pan_are_no_cuts() -> None:
    flash = scene_with()

    def flashed():
        for place, (poses, grey) in enumerate(flash.frames()):
            yield poses, np.clip(grey.astype(int) + 90, 0, 255).astype(np.uint8) if place == 50 else grey

    assert follow(flashed(), camera_for(WIDTH, HEIGHT)).camera.cuts == ()
    fast = scene_with(shift=np.where(STEPS < 50, 0, np.minimum(STEPS - 50, 5) * -110) + 0j)
    camera = follow(fast.frames(), camera_for(WIDTH, HEIGHT)).camera
    assert camera.cuts == ()
    assert set(camera.passage.tolist()) == {0}


def test_people_who_fill_the_picture_are_not_the_background() -> None:
    # Everybody walks one way; without their boxes the camera would seem to pan the other way.
    places = np.stack([walking(100 + 220 * place, 300 + 220 * place, FRAMES, 380) for place in range(5)], axis=1)
    scene = Scene(places, np.full(5, 500.0))
    camera = follow(scene.frames(), camera_for(WIDTH, HEIGHT)).camera
    known = camera.passage >= 0
    assert known.mean() > 0.9
    assert np.abs(camera.shift[known]).max() < 2.0


def test_small_pictures_keep_their_shape() -> None:
    assert small_grey(np.zeros((720, 1280, 3), np.uint8)).shape == (180, 320)
    assert small_grey(np.zeros((1920, 1080, 3), np.uint8)).shape == (320, 180)
    assert small_grey(np.zeros((90, 160, 3), np.uint8)).shape == (90, 160)
    assert camera_for(1080, 1920).small_px == pytest.approx(1 / 6)


def test_a_picture_too_small_to_tell_anything_is_no_accident() -> None:
    camera = MeasuredCamera(1.0)
    nobody = np.zeros((0, 4), np.float32)
    assert camera.step(0.0, np.zeros((1, 1), np.uint8), nobody).motion is None
    assert camera.step(0.1, np.zeros((1, 1), np.uint8), nobody).motion is None
    tiny = Poses(0, 0.0, np.zeros((0, 17, 3), np.float32), nobody, np.zeros(0, np.float32))
    assert follow([(tiny, np.zeros((8, 8), np.uint8))] * 1, camera_for(8, 8)).tracks == ()
