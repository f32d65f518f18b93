"""How much movement a body that stood still would show by the jitter of its keypoints alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from commonbeat.record.video.follow.body import seen
from commonbeat.record.video.movement.smoothing import low_passed, rate_of_change

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.record.video.observed import Track

MEDIAN_TO_SD: Final = 1.4826
BLOCK_FRAMES: Final = 12
QUIET_SHARE: Final = 0.25


def jitter_speed(track: Track, times: NDArray[np.float64], rate: float, cutoff_hz: float) -> float:
    """The mean speed, in body heights a second, that jitter alone gives on the grid; NaN where it cannot be learnt.

    The jitter of each keypoint is read from second differences x[t-1] - 2 x[t] + x[t+1] (sqrt(6) times its standard deviation)
    in the quietest quarter of the track, so a track that never rests gives too much rather than too little. White jitter of
    that size is then sent through the same smoothing as the movement; the mean length of a normal vector is sqrt(pi / 2) sd.
    """
    place = np.where(seen(track.keypoints)[..., None], track.keypoints[..., :2], np.nan)
    bends = (place[:-2] - 2.0 * place[1:-1] + place[2:]) / track.height_px[1:-1, None, None]
    blocks = bends[: len(bends) // BLOCK_FRAMES * BLOCK_FRAMES].reshape(-1, BLOCK_FRAMES, 17, 2)
    spread = MEDIAN_TO_SD * np.median(np.abs(blocks), axis=1) / np.sqrt(6.0)
    known = spread[np.isfinite(spread).any(axis=(1, 2))]
    if not len(known) or len(times) < 2:
        return float("nan")
    quiet = np.nanquantile(np.nanmean(known, axis=(1, 2)), QUIET_SHARE)
    return float(quiet * _gain(float(np.median(np.diff(times))), rate, cutoff_hz) * np.sqrt(np.pi / 2.0))


def _gain(step_s: float, rate: float, cutoff_hz: float) -> float:
    """The standard deviation of the speed on the grid for white jitter of standard deviation one in the frames, per axis.

    The answer to one jittered frame is followed through straight lines, smoothing and differencing; the squares of its
    samples add up to the variance, per frame.
    """
    grid = np.arange(round(4.0 * rate)) / rate - 2.0
    offsets = np.arange(8) / 8 * step_s
    answers = [np.clip(1.0 - np.abs(grid - offset) / step_s, 0.0, None) for offset in offsets]
    moved = [rate_of_change(low_passed(answer, rate, cutoff_hz), rate) for answer in answers]
    return float(np.sqrt(np.mean([(each**2).sum() for each in moved]) / (step_s * rate)))
