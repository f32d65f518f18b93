"""What is known of any standing body: where its parts are, as shares of its height.

Shares of standing height: Drillis and Contini (1966), as printed in Winter, Biomechanics and Motor Control of Human
Movement (2009), figure 4.1. They are adults' shares; a child's legs are shorter, so a child's height comes out up to a
tenth too small.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Left and right stand side by side, in the order of KEYPOINTS.
NOSE, EYES, EARS = 0, (1, 2), (3, 4)
SHOULDERS, HIPS, KNEES, ANKLES = (5, 6), (11, 12), (13, 14), (15, 16)
TRUNK: Final = (*SHOULDERS, *HIPS)
# A keypoint below this score is taken as hidden; pose models guess hidden parts and say so by a low score.
SEEN_SCORE: Final = 0.25

# From, to, share of standing height. A side of the trunk is a little longer than the middle of it (.288).
SEGMENTS: Final = (
    (5, 11, 0.290),
    (6, 12, 0.290),
    (11, 13, 0.245),
    (12, 14, 0.245),
    (13, 15, 0.246),
    (14, 16, 0.246),
)
SHOULDER_BREADTH: Final = 0.245
SHOULDERS_TO_MIDDLE: Final = 0.144
HEAD_BREADTH: Final = 0.09


def seen(keypoints: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which keypoints are in view: (..., 17) for keypoints (..., 17, 3)."""
    return np.nan_to_num(keypoints[..., 2], nan=0.0) >= SEEN_SCORE


def middle(
    positions: NDArray[np.floating], visible: NDArray[np.bool_], height: NDArray[np.floating]
) -> NDArray[np.float64]:
    """The middle of the trunk, (..., 2), NaN where neither shoulders nor hips are in view.

    positions (..., 17, 2) and height (...) share a unit. With the hips alone or the shoulders alone in view the
    middle is half a trunk away from them, upright; a side that is hidden is replaced by the other side.
    """
    above = _mean_of(positions, visible, SHOULDERS)
    below = _mean_of(positions, visible, HIPS)
    half = np.stack(
        [np.zeros_like(height, dtype=float), np.asarray(height, dtype=float) * SHOULDERS_TO_MIDDLE], axis=-1
    )
    above_only, below_only = above + half, below - half
    both = (above + below) / 2.0
    return np.where(np.isnan(both), np.where(np.isnan(above), below_only, above_only), both)


def _mean_of(
    positions: NDArray[np.floating], visible: NDArray[np.bool_], parts: tuple[int, ...]
) -> NDArray[np.float64]:
    """The mean position of those parts that are in view, NaN where none is."""
    chosen = np.asarray(parts)
    weight = visible[..., chosen].astype(float)
    total = weight.sum(axis=-1)
    placed = np.where(visible[..., chosen, None], positions[..., chosen, :].astype(float), 0.0).sum(axis=-2)
    return np.where(total[..., None] > 0, placed / np.maximum(total, 1.0)[..., None], np.nan)
