"""A body's height is known from whichever segments are in view, and does not shrink when it bows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonbeat.record.video.follow.body import SEEN_SCORE, middle, seen
from commonbeat.record.video.follow.height import height_now, smoothed_height
from tests.record.video.follow.made_up import STANDING


def body(height: float = 200.0) -> np.ndarray:
    return np.concatenate([STANDING * height + 400.0, np.full((17, 1), 0.8)], axis=1)


@pytest.mark.parametrize("hidden", [(), (13, 14, 15, 16), (5, 11), (0, 1, 2, 3, 4, 15, 16), (6, 12, 14, 16)])
def test_hidden_parts_do_not_matter(hidden: tuple[int, ...]) -> None:
    pose = body()
    pose[list(hidden), 2] = 0.1
    assert height_now(pose) == pytest.approx(200.0, rel=0.02)


def test_shoulders_alone_have_to_do_and_a_head_alone_does_not() -> None:
    pose = body()
    pose[11:, 2] = 0.1
    assert height_now(pose) == pytest.approx(200.0, rel=0.03)
    pose[5:, 2] = 0.1
    assert np.isnan(height_now(pose))


def test_bending_the_knees_does_not_shorten_anybody() -> None:
    pose = body()
    fold = np.radians(50)
    thigh, shank = 0.245 * 200, 0.246 * 200
    for hip, knee, ankle, side in ((11, 13, 15, 1), (12, 14, 16, -1)):
        pose[knee, :2] = pose[hip, :2] + thigh * np.array([side * np.sin(fold), np.cos(fold)])
        pose[ankle, :2] = pose[knee, :2] + shank * np.array([-side * np.sin(fold), np.cos(fold)])
    assert height_now(pose) == pytest.approx(200.0, rel=0.02)


def test_smoothing_bears_with_noise_gaps_and_a_bow() -> None:
    times = np.arange(200) / 10
    rng = np.random.default_rng(0)
    heights = 200 + rng.normal(0, 5, 200)
    heights[50:62] *= 0.8
    heights[100:104] = np.nan
    heights[140:180] = np.nan
    smooth = smoothed_height(heights, times)
    assert np.isnan(smooth[151:169]).all()
    known = np.isfinite(smooth)
    assert known[:140].all()
    assert np.abs(smooth[known] - 200).max() < 9
    assert np.isnan(smoothed_height(np.full(5, np.nan), times[:5])).all()
    assert smoothed_height(np.array([180.0]), np.array([3.0])) == pytest.approx(180.0)


@given(st.floats(20, 2000), st.floats(-1000, 1000), st.booleans())
def test_height_and_middle_follow_size_place_and_mirror(size: float, place: float, mirrored: bool) -> None:  # noqa: FBT001
    sign = -1.0 if mirrored else 1.0
    pose = body(1.0)
    pose[:, :2] = (STANDING * np.array([sign, 1.0])) * size + place
    assert height_now(pose) == pytest.approx(size, rel=0.01)
    centre = middle(pose[:, :2], seen(pose), np.array(size))
    np.testing.assert_allclose(centre, [place, place - 0.144 * size], atol=1e-6 * max(size, abs(place)))


def test_the_middle_is_where_it_is_when_half_is_hidden() -> None:
    pose = body()
    whole = middle(pose[:, :2], seen(pose), np.array(200.0))
    for hidden in ((5, 6), (11, 12)):
        part = pose.copy()
        part[list(hidden), 2] = SEEN_SCORE / 2
        np.testing.assert_allclose(middle(part[:, :2], seen(part), np.array(200.0)), whole, atol=0.01 * 200)
    pose[[5, 6, 11, 12], 2] = 0.0
    assert np.isnan(middle(pose[:, :2], seen(pose), np.array(200.0))).all()
