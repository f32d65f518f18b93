"""How alike two poses lie in the picture, with no regard to what anybody looks like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Spread of people's own marking of each keypoint, as a share of a body's size: the COCO keypoint evaluation.
MARKING_SPREAD: Final = np.array(
    [
        0.026,
        0.025,
        0.025,
        0.035,
        0.035,
        0.079,
        0.079,
        0.072,
        0.072,
        0.062,
        0.062,
        0.107,
        0.107,
        0.087,
        0.087,
        0.089,
        0.089,
    ]
)
# From frame to frame limbs move and predictions err, so keypoints may lie further apart than two people's marks would.
LOOSER: Final = 3.0
SIZE_PER_HEIGHT: Final = 0.45
COUNTED_SCORE: Final = 0.1
LEAST_COUNTED: Final = 3


def keypoint_likeness(
    one: NDArray[np.floating], other: NDArray[np.floating], height: NDArray[np.floating]
) -> NDArray[np.float64]:
    """Object keypoint similarity, 0 to 1, of every pose of one list with every pose of another: (m, n).

    one: (m, 17, 3); other: (n, 17, 3); height: (m,) pixels of the first. Each keypoint counts by the scores of both;
    exp(-d**2 / (2 size**2 k**2)) as in the COCO keypoint evaluation, with k tripled.
    """
    gap = ((one[:, None, :, :2] - other[None, :, :, :2]) ** 2).sum(axis=-1)
    spread = (2.0 * MARKING_SPREAD * LOOSER * SIZE_PER_HEIGHT * np.asarray(height, dtype=float)[:, None]) ** 2
    likeness = np.exp(-gap / (2.0 * spread[:, None, :]))
    score = np.minimum(one[:, None, :, 2], other[None, :, :, 2])
    weight = np.where(score >= COUNTED_SCORE, score, 0.0)
    enough = (weight > 0).sum(axis=-1) >= LEAST_COUNTED
    return np.where(enough, (likeness * weight).sum(axis=-1) / np.maximum(weight.sum(axis=-1), 1e-9), 0.0)


def keypoint_boxes(keypoints: NDArray[np.floating]) -> NDArray[np.float64]:
    """The boxes round the keypoints that count, (people, 4) left, top, right, bottom; round all where too few count."""
    counted = keypoints[..., 2] >= COUNTED_SCORE
    counted |= counted.sum(axis=-1, keepdims=True) < LEAST_COUNTED
    low = np.where(counted[..., None], keypoints[..., :2], np.inf).min(axis=-2)
    high = np.where(counted[..., None], keypoints[..., :2], -np.inf).max(axis=-2)
    return np.concatenate([low, high], axis=-1).astype(float)


def box_overlap(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """Intersection over union of every box of one list with every box of another, (m, n)."""
    low = np.maximum(one[:, None, :2], other[None, :, :2])
    high = np.minimum(one[:, None, 2:], other[None, :, 2:])
    shared = np.clip(high - low, 0.0, None).prod(axis=-1)
    area_one, area_other = (one[:, 2:] - one[:, :2]).prod(axis=-1), (other[:, 2:] - other[:, :2]).prod(axis=-1)
    return shared / np.maximum(area_one[:, None] + area_other[None, :] - shared, 1e-9)
