"""Left and right stay with the same limbs, where the pose model took one for the other for a moment.

A body seen as front in one frame and as back in the next would fling every limb across itself: movement that never was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from commonbeat.record.video.follow.body import seen

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Each keypoint's other side. The head is left as it is: its order says to whom a face is turned.
OTHER_SIDE: Final = np.array([0, 1, 2, 3, 4, 6, 5, 8, 7, 10, 9, 12, 11, 14, 13, 16, 15])
BODY: Final = np.arange(5, 17)
# Exchanged if the limbs then move less than half as far, and would otherwise have leapt by this share of a body height.
LEAST_LEAP, LESS = 0.06, 0.5
LEAST_SEEN: Final = 4


def exchanged(keypoints: NDArray[np.floating]) -> NDArray[np.floating]:
    """The same poses, (..., 17, 3), with left and right of the body exchanged."""
    return keypoints[..., OTHER_SIDE, :]


def same_sides(keypoints: NDArray[np.float32], heights: NDArray[np.floating]) -> NDArray[np.float32]:
    """The poses of one person, (found, 17, 3) in order of time, with sudden exchanges of left and right undone.

    heights: (found,) pixels. Between two frames the sides are exchanged when that explains the leap; which of both states is
    left as it was is decided by the greater number of frames.
    """
    if len(keypoints) < 2:
        return keypoints
    before, after = keypoints[:-1], keypoints[1:]
    height = np.nan_to_num(heights[1:], nan=np.inf)
    as_is, turned = _leap(before, after) / height, _leap(before, exchanged(after)) / height
    flips = (as_is > LEAST_LEAP) & (turned < LESS * as_is)
    odd = np.concatenate([[False], np.cumsum(flips) % 2 == 1])
    if odd.mean() > 0.5:
        odd = ~odd
    return np.where(odd[:, None, None], exchanged(keypoints), keypoints)


def _leap(before: NDArray[np.floating], after: NDArray[np.floating]) -> NDArray[np.float64]:
    """The mean distance that the body's keypoints moved, (n,) pixels, zero where too few are in view in both."""
    both = seen(before)[:, BODY] & seen(after)[:, BODY]
    moved = np.linalg.norm(after[:, BODY, :2] - before[:, BODY, :2], axis=-1)
    count = both.sum(axis=1)
    return np.where(count >= LEAST_SEEN, (moved * both).sum(axis=1) / np.maximum(count, 1), 0.0)
