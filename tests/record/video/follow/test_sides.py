"""Left and right stay with the same limbs."""

from __future__ import annotations

import numpy as np
import pytest

from commonbeat.record.video.follow.camera import StillCamera
from commonbeat.record.video.follow.coverage import coverage
from commonbeat.record.video.follow.follower import follow
from commonbeat.record.video.follow.sides import exchanged, same_sides
from commonbeat.record.video.movement.series import movement_series
from commonbeat.record.video.observed import Poses
from tests.record.video.follow.made_up import STANDING, Scene, standing

FRAMES = 80


def scene() -> Scene:
    swing = 0.1 * np.sin(2 * np.pi * np.arange(FRAMES) / 12)[:, None]
    return Scene(standing(600, FRAMES)[:, None], np.array([200.0]), swing=swing, jitter_px=1.5, pictures=False)


def mixed_up(frames, when: set[int]):
    for poses, grey in frames:
        keypoints = exchanged(poses.keypoints) if poses.index in when else poses.keypoints
        yield Poses(poses.index, poses.time_s, keypoints, poses.boxes, poses.scores), grey


@pytest.mark.parametrize("when", [{20}, {30, 31, 32}, set(range(5, 60, 7)), set(range(60, 80))])
def test_a_mix_up_changes_nothing(when: set[int]) -> None:
    plain = follow(scene().frames(), StillCamera())
    mixed = follow(mixed_up(scene().frames(), when), StillCamera())
    assert [coverage(each) for each in mixed.tracks] == [1.0]
    np.testing.assert_array_equal(mixed.tracks[0].keypoints, plain.tracks[0].keypoints)
    np.testing.assert_array_equal(movement_series(mixed, 20.0).series, movement_series(plain, 20.0).series)


def test_a_body_that_turns_round_keeps_its_own_sides() -> None:
    yaw = np.linspace(0, np.pi, 20)
    poses = np.stack(
        [np.concatenate([STANDING * [np.cos(each), 1.0] * 200, np.full((17, 1), 0.8)], axis=1) for each in yaw]
    )
    np.testing.assert_array_equal(same_sides(poses.astype(np.float32), np.full(20, 200.0)), poses.astype(np.float32))


def test_arms_that_cross_are_no_mix_up() -> None:
    poses = np.repeat(np.concatenate([STANDING * 200, np.full((17, 1), 0.8)], axis=1)[None], 10, axis=0).astype(
        np.float32
    )
    poses[5:, [9, 10]] = poses[5:, [10, 9]]
    np.testing.assert_array_equal(same_sides(poses, np.full(10, 200.0)), poses)


def test_one_frame_stays_as_it_is() -> None:
    pose = np.zeros((1, 17, 3), np.float32)
    assert same_sides(pose, np.array([np.nan])) is pose
