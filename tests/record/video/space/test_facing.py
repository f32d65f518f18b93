"""Where a head is turned, told from a drawn head's keypoints; too small a head is not measurable."""

from __future__ import annotations

import numpy as np
import pytest

from commonbeat.record.video.observed import Track, Tracks
from commonbeat.record.video.space.facing import facing
from commonbeat.record.video.space.heading import AWAY, HEADINGS, LEFT, RIGHT, TOWARD, UNKNOWN, headings
from commonbeat.record.video.space.places import place_of
from tests.record.video.follow.made_up import STANDING

FRAMES = 60
# Nose, eyes and ears of a head whose middle is 0, in body heights: across, down, and out before the ears toward the camera.
HEAD = np.array(
    [[0.0, 0.012, 0.07], [0.018, -0.008, 0.055], [-0.018, -0.008, 0.055], [0.045, 0.0, 0.0], [-0.045, 0.0, 0.0]]
)


def head(yaw: float) -> tuple[np.ndarray, np.ndarray]:
    """(5, 2) places and (5,) scores; yaw in degrees, 0 toward the camera, 90 to the right of the picture, 180 away."""
    angle = np.radians(yaw)
    across = HEAD[:, 0] * np.cos(angle) + HEAD[:, 2] * np.sin(angle)
    depth = -HEAD[:, 0] * np.sin(angle) + HEAD[:, 2] * np.cos(angle)
    outward = depth - np.array([0.03, 0.03, 0.03, 0.0, 0.0]) * np.cos(angle)
    return np.stack([across, HEAD[:, 1]], axis=-1), np.where(outward >= -0.02, 0.8, 0.1)


def turned(number: int, place: float, yaw: float, height: float = 300.0, jitter: float = 0.0, seed: int = 0) -> Track:
    rng = np.random.default_rng(seed)
    body = STANDING.copy()
    shoulder = np.cos(np.radians(yaw))
    body[5:, 0] *= shoulder
    placed, score = head(yaw)
    body[:5] = placed + np.array([0.0, -0.4])
    keypoints = np.concatenate([body * height + [place, 400.0], np.full((17, 1), 0.8)], axis=1)
    keypoints[:5, 2] = score
    keypoints = np.repeat(keypoints[None], FRAMES, axis=0).astype(np.float32)
    keypoints[..., :2] += rng.normal(0, jitter, (FRAMES, 17, 2))
    return Track(number, 0, keypoints, keypoints[..., :2].copy(), np.full(FRAMES, height, np.float32))


@pytest.mark.parametrize(
    ("yaw", "told"),
    [
        (0, TOWARD),
        (15, TOWARD),
        (-15, TOWARD),
        (50, RIGHT),
        (90, RIGHT),
        (100, RIGHT),
        (-50, LEFT),
        (-90, LEFT),
        (180, AWAY),
        (160, AWAY),
    ],
)
def test_the_heading_is_told(yaw: float, told: int) -> None:
    found = headings(turned(1, 500.0, yaw))
    assert [HEADINGS[code] for code in set(found.tolist())] == [HEADINGS[told]]


def test_jitter_costs_few_frames() -> None:
    for yaw, told in ((0, TOWARD), (70, RIGHT), (-70, LEFT)):
        assert (headings(turned(1, 500.0, yaw, jitter=2.5)) == told).mean() > 0.9


def test_a_mirrored_head_is_turned_the_other_way() -> None:
    right = turned(1, 500.0, 60)
    mirrored = right.keypoints.copy()
    mirrored[..., 0] = 1280 - mirrored[..., 0]
    for left_part, right_part in ((1, 2), (3, 4), (5, 6), (7, 8), (9, 10), (11, 12), (13, 14), (15, 16)):
        mirrored[:, [left_part, right_part]] = mirrored[:, [right_part, left_part]]
    assert set(headings(Track(1, 0, mirrored, mirrored[..., :2], right.height_px)).tolist()) == {LEFT}


def test_a_small_head_is_not_measurable() -> None:
    assert set(headings(turned(1, 500.0, 60, height=120.0)).tolist()) == {UNKNOWN}
    assert set(headings(turned(1, 500.0, 60, height=140.0)).tolist()) == {RIGHT}


def faced(first: Track, second: Track):
    tracks = Tracks(np.arange(FRAMES) / 10, (first, second), np.zeros((0, 3)))
    places = [place_of(tracks, each) for each in tracks.tracks]
    return facing(*places, (headings(first), headings(second)), tracks.times)


def test_two_who_look_at_each_other() -> None:
    found = faced(turned(1, 300.0, 80), turned(2, 800.0, -80))
    assert (found.first, found.second, found.mutual, found.coverage) == (1.0, 1.0, 1.0, 1.0)
    assert found.seconds == pytest.approx(6.0)


def test_one_who_looks_and_one_who_looks_away_or_at_the_camera() -> None:
    for other in (80, 0, 180):
        found = faced(turned(1, 300.0, 80), turned(2, 800.0, other))
        assert (found.first, found.second, found.mutual) == (1.0, 0.0, 0.0)


def test_too_little_says_so() -> None:
    small = faced(turned(1, 300.0, 80), turned(2, 800.0, -80, height=100.0))
    assert (small.first, small.mutual, small.coverage) == (None, None, 0.0)
    assert "of 2 s" in small.why_not
    behind = faced(turned(1, 500.0, 80), turned(2, 520.0, -80))
    assert behind.first is None
