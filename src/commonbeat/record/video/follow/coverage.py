"""How well somebody was followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.record.video.observed import Track, Tracks


def found(track: Track) -> NDArray[np.bool_]:
    """In which of its frames the person was found, (length,)."""
    return np.asarray(np.isfinite(track.keypoints[:, :, 2]).any(axis=1))


def coverage(track: Track) -> float:
    """The share of the frames between first and last in which the person was found, 0 to 1."""
    return float(found(track).mean())


def zoom(tracks: Tracks, track: Track) -> NDArray[np.float64]:
    """By how much the steady picture is larger than each frame of a track, (length,), NaN where it is unknown."""
    if tracks.camera is None:
        return np.ones(len(track.keypoints))
    span = slice(track.start, track.start + len(track.keypoints))
    return np.where(tracks.camera.passage[span] < 0, np.nan, np.abs(tracks.camera.turn[span]))


def passage(tracks: Tracks, track: Track) -> NDArray[np.int32]:
    """The camera's passage in each frame of a track, (length,); positions compare within one, and -1 is unknown."""
    if tracks.camera is None:
        return np.zeros(len(track.keypoints), dtype=np.int32)
    return tracks.camera.passage[track.start : track.start + len(track.keypoints)]


def steady_share(tracks: Tracks) -> float:
    """The share of frames in which the camera's motion is known, 0 to 1."""
    if tracks.camera is None or not len(tracks.times):
        return 1.0
    return float((tracks.camera.passage >= 0).mean())
