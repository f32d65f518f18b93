"""People in pictures: drawn ones against their known joints, and a real dancer."""

from __future__ import annotations

import sys

import av
import numpy as np
import pytest

from commonbeat.record.video.models.pose_doubles import without_doubles
from commonbeat.record.video.models.pose_maps import Found
from commonbeat.record.video.models.poses import PoseEstimator
from commonbeat.record.video.observed import Frame
from tests.record.video.drawn.choreography import Dancer, dancers
from tests.record.video.drawn.figures import body_height, draw_people

NEAR = 0.08  # of the body's height


@pytest.fixture(scope="module")
def estimator(models) -> PoseEstimator:
    return PoseEstimator(models)


def frames_of(keypoints, size, rate=5.0, **options):
    return [
        Frame(index, index / rate, picture) for index, picture in enumerate(draw_people(keypoints, size, **options))
    ]


def errors(keypoints, all_poses):
    """The mean error of the nearest person found, in body heights, (frames, people); infinite where nobody was found."""
    out = np.full(keypoints.shape[:2], np.inf)
    for row, (people, poses) in enumerate(zip(keypoints, all_poses, strict=True)):
        for column, person in enumerate(people):
            for found in poses.keypoints:
                error = np.linalg.norm(found[:, :2] - person, axis=1).mean() / body_height(person)
                out[row, column] = min(out[row, column], error)
    return out


SCENES = {
    "three dance": (
        [
            Dancer(((0, 130, 330),), seed=1),
            Dancer(((0, 330, 335),), height_px=220, seed=2, tempo_bpm=100, arms=0.9),
            Dancer(((0, 520, 325),), strength=0),
        ],
        {},
    ),
    "two walk past each other": (
        [
            Dancer(((0, 60, 330), (4, 560, 330)), strength=0),
            Dancer(((0, 580, 300), (4, 100, 300)), height_px=170, strength=0),
        ],
        {},
    ),
    "backs": ([Dancer(((0, 150, 330),), seed=1, yaw_deg=180), Dancer(((0, 450, 330),), strength=0, yaw_deg=180)], {}),
    "in the dark": ([Dancer(((0, 150, 330),), seed=1), Dancer(((0, 450, 330),), seed=2)], {"brightness": 0.15}),
}


@pytest.mark.parametrize("scene", SCENES)
def test_drawn_people_are_found_where_they_are(estimator, scene):
    people, options = SCENES[scene]
    keypoints = dancers(people, 4, 5)
    poses = list(estimator.stream(frames_of(keypoints, (640, 360), **options)))
    error = errors(keypoints, poses)
    sys.stdout.write(
        f"{scene}: {np.mean(error < NEAR):.1%} of {error.size} found within {NEAR:.0%}, mean error {error[np.isfinite(error)].mean():.2%}\n"
    )
    assert np.mean(error < NEAR) > 0.95
    assert np.median(error) < 0.03


def test_portrait_pictures_give_the_same_people(estimator):
    keypoints = dancers([Dancer(((0, 180, 560),), height_px=320, seed=3)], 2, 5)
    assert np.mean(errors(keypoints, list(estimator.stream(frames_of(keypoints, (360, 640))))) < NEAR) == 1


def test_nobody_is_found_in_an_empty_street(estimator):
    nobody = np.full((3, 1, 17, 2), np.nan)
    for poses in estimator.stream(frames_of(nobody, (640, 360))):
        assert poses.keypoints.shape == (0, 17, 3)
        assert poses.boxes.shape == (0, 4)
        assert poses.scores.shape == (0,)


def test_a_stream_keeps_order_and_equals_one_by_one(estimator):
    keypoints = dancers([Dancer(((0, 60, 330), (2, 560, 330)), strength=0)], 2, 5)
    frames = frames_of(keypoints, (640, 360))
    frames[4] = Frame(4, frames[4].time_s, np.ascontiguousarray(frames[4].picture[:, :360]))  # another shape in between
    for one, (index, other) in zip(frames, enumerate(estimator.stream(frames)), strict=True):
        alone = estimator.poses(one)
        assert other.index == alone.index == index
        assert other.time_s == one.time_s
        np.testing.assert_allclose(other.keypoints, alone.keypoints, atol=1e-3)


def test_most_people_is_kept_to(models):
    keypoints = dancers(
        [Dancer(((0, 80 + 120 * i, 330),), height_px=180, seed=i, strength=0.2) for i in range(5)], 1, 1
    )
    frame = frames_of(keypoints, (640, 360))[0]
    assert len(PoseEstimator(models, people=3).poses(frame).scores) == 3
    assert len(PoseEstimator(models).poses(frame).scores) == 5


@pytest.mark.slow
def test_a_larger_frame_finds_smaller_people(models):
    small = dancers([Dancer(((0, 60 + 90 * i, 700 - 150 * (i % 2)),), height_px=110, seed=i) for i in range(13)], 1, 3)
    frames = frames_of(small, (1280, 720))
    found = [
        sum(float(each.scores.sum()) for each in PoseEstimator(models, shorter_side=side).stream(frames))
        for side in (256, 384)
    ]
    assert found[1] > 1.05 * found[0]


@pytest.mark.slow
def test_a_real_dancer_is_found(models, real_dancer):
    with av.open(str(real_dancer)) as clip:
        frames = [
            Frame(index, float(picture.time or 0), picture.to_ndarray(format="rgb24"))
            for index, picture in enumerate(clip.decode(video=0))
            if index % 40 == 0
        ]
    poses = list(PoseEstimator(models, shorter_side=256).stream(frames))
    counts = [len(each.scores) for each in poses]
    sys.stdout.write(f"the dancer is found in {np.mean(np.array(counts) == 1):.1%} of {len(counts)} frames\n")
    assert np.mean(np.array(counts) == 1) > 0.97
    heights = [float(each.boxes[0, 3] - each.boxes[0, 1]) for each in poses if len(each.scores)]
    assert 300 < np.median(heights) < 420  # the dancer stands 350 px tall in a picture of 496


def joints_at(x, spread=1.0):
    rng = np.random.default_rng(3)
    return np.concatenate([rng.uniform(0, 40, (17, 2)) * spread + [x, 0], np.ones((17, 1))], axis=1).astype(np.float32)


def test_of_two_findings_of_one_body_the_better_stays():
    body, other = joints_at(0), joints_at(30)
    half = body.copy()
    half[:5, :2] += 30
    boxes = np.array([[0, 0, 40, 40], [0, 0, 40, 40], [30, 0, 70, 40]], np.float32)
    found = Found(np.stack([half, body, other]), boxes, np.array([0.3, 0.6, 0.5], np.float32))
    kept = without_doubles(found)
    np.testing.assert_allclose(kept.scores, [0.6, 0.5])
    np.testing.assert_allclose(kept.keypoints[0], body)
