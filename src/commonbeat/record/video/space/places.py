"""Where each person is: the middle of the trunk, and how much keypoints jitter there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from commonbeat.record.video.follow.body import middle, seen
from commonbeat.record.video.follow.coverage import passage, zoom

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.record.video.observed import Track, Tracks

# Robust standard deviation from a median of absolute values, for normal noise.
MEDIAN_TO_SD: Final = 1.4826
BLOCK_FRAMES: Final = 12
# Without a quiet moment to learn it from, jitter is taken as this share of a body height (assumed).
ASSUMED_JITTER: Final = 0.02


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """One person's place over the frames from `start` on.

    picture: (length, 2) the middle of the trunk in the pixels of each frame, NaN where it is unknown; steady: (length, 2)
    the same in steady pixels; height, steady_height: (length,) the standing height in either; passage: (length,) of the
    camera; jitter: standard deviation of the middle by the jitter of keypoints alone, in body heights.
    """

    number: int
    start: int
    picture: NDArray[np.float64]
    steady: NDArray[np.float64]
    height: NDArray[np.float64]
    steady_height: NDArray[np.float64]
    passage: NDArray[np.int32]
    jitter: float

    @property
    def stop(self) -> int:
        """One past the last frame."""
        return self.start + len(self.picture)


def place_of(tracks: Tracks, track: Track) -> Place:
    """Where one person is over time."""
    visible = seen(track.keypoints)
    height = track.height_px.astype(float)
    zoomed = zoom(tracks, track)
    picture = middle(track.keypoints[..., :2], visible, height)
    steady = middle(track.steady, visible & np.isfinite(track.steady).all(axis=-1), height * zoomed)
    return Place(
        track.number,
        track.start,
        picture,
        steady,
        height,
        height * zoomed,
        passage(tracks, track),
        jitter_of(picture, height),
    )


def places_of(tracks: Tracks) -> tuple[Place, ...]:
    """Where everybody is over time, in the order of the tracks."""
    return tuple(place_of(tracks, each) for each in tracks.tracks)


def jitter_of(picture: NDArray[np.float64], height: NDArray[np.float64]) -> float:
    """The standard deviation of a place by jitter alone, in body heights, per axis.

    Second differences x[t-1] - 2 x[t] + x[t+1] of white noise have sqrt(6) times its standard deviation, and steady walking adds
    nothing to them. Dancing does, so the quietest quarter of the blocks of twelve frames is what counts.
    """
    bends = (picture[:-2] - 2.0 * picture[1:-1] + picture[2:]) / height[1:-1, None]
    whole = bends[: len(bends) // BLOCK_FRAMES * BLOCK_FRAMES].reshape(-1, BLOCK_FRAMES, 2)
    whole = whole[np.isfinite(whole).all(axis=(1, 2))]
    if not len(whole):
        return ASSUMED_JITTER
    spread = MEDIAN_TO_SD * np.median(np.abs(whole), axis=(1, 2)) / np.sqrt(6.0)
    return float(np.quantile(spread, 0.25))
