"""How tall a body stands in pixels, from those of its segments that are in view."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from commonbeat.record.video.follow.body import SEGMENTS, SHOULDER_BREADTH, SHOULDERS, seen

if TYPE_CHECKING:
    from numpy.typing import NDArray

# One side of the trunk is the least that stands for a body; below that the breadth of the shoulders has to do.
LEAST_SHARE: Final = 0.29
# Seconds over which a height is smoothed. A segment seen end on looks short and never long, so the upper part counts.
WINDOW_S: Final = 3.0
UPPER_SHARE: Final = 0.7
# A height is carried over a gap no longer than this.
CARRIED_S: Final = 1.0


def height_now(keypoints: NDArray[np.floating]) -> NDArray[np.float64]:
    """The standing height in pixels from one frame's keypoints: (...) for (..., 17, 3), NaN where unknown.

    height = sum of the lengths of the segments in view / sum of their shares of a standing body. Segments follow
    bent knees and a bowed trunk; they shorten only where they point at the camera.
    """
    visible, place = seen(keypoints), keypoints[..., :2].astype(float)
    lengths, shares = np.zeros(keypoints.shape[:-2]), np.zeros(keypoints.shape[:-2])
    for start, end, share in SEGMENTS:
        both = visible[..., start] & visible[..., end]
        length = np.linalg.norm(place[..., start, :] - place[..., end, :], axis=-1)
        lengths += np.where(both, length, 0.0)
        shares += np.where(both, share, 0.0)
    left, right = SHOULDERS
    breadth = np.linalg.norm(place[..., left, :] - place[..., right, :], axis=-1) / SHOULDER_BREADTH
    by_breadth = np.where(visible[..., left] & visible[..., right], breadth, np.nan)
    return np.where(shares >= LEAST_SHARE, lengths / np.maximum(shares, LEAST_SHARE), by_breadth)


def smoothed_height(heights: NDArray[np.floating], times: NDArray[np.float64]) -> NDArray[np.float32]:
    """Standing heights over time, (length,) float32: the upper part of what a window of three seconds shows.

    heights: (length,) pixels with NaN where unknown; times: (length,) seconds. NaN where nothing was known for a
    second on either side.
    """
    from scipy.ndimage import percentile_filter

    known = np.flatnonzero(np.isfinite(heights))
    if not known.size:
        return np.full(len(heights), np.nan, dtype=np.float32)
    filled = np.interp(times, times[known], heights[known])
    step = float(np.median(np.diff(times))) if len(times) > 1 else 1.0
    frames = max(1, 2 * round(WINDOW_S / step / 2.0) + 1)
    smooth = percentile_filter(filled, UPPER_SHARE * 100.0, size=min(frames, 2 * len(filled) + 1), mode="nearest")
    nearest = np.abs(times - times[known][_nearest(times[known], times)])
    return np.where(nearest <= CARRIED_S, smooth, np.nan).astype(np.float32)


def _nearest(known: NDArray[np.float64], times: NDArray[np.float64]) -> NDArray[np.intp]:
    """For each time the place of the nearest known one."""
    after = np.clip(np.searchsorted(known, times), 0, len(known) - 1)
    before = np.maximum(after - 1, 0)
    return np.where(np.abs(known[before] - times) <= np.abs(known[after] - times), before, after)
