"""Visible smiling of everybody together: how much of the face-time that could be measured showed a smile.

Twice a second every head that the pose shows is looked at. Only three sums of each look are kept: heads, measurable faces,
smiles; nothing of any one face. Looks with fewer than two people in view do not count: the share would be that person's. The interval is that of a bootstrap over blocks of ten seconds, because a smile lasts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from commonbeat.record.video.instrument.measured import Smiling

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from commonbeat.record.video.observed import Frame, Poses

EVERY_S: Final = 0.5
LEAST_KEYPOINT: Final = 0.3
WORTH_A_LOOK_PX: Final = 10.0  # between the eyes by the pose; the reader itself refuses below 15
SMILE: Final = 0.4  # of the reader's scale from 0 to 1
LEAST_MEASURABLE_S: Final = 10.0
FEWEST: Final = 2
ALONE: Final = "there was never more than one person in view, and of one it would be that person's measure"
BLOCK_S: Final = 10.0
REPEATS: Final = 1000
NOSE, LEFT_EYE, RIGHT_EYE, LEFT_EAR, RIGHT_EAR = range(5)


class Reader(Protocol):
    """Reads the corners of the mouth in a picture of a head."""

    def smile(self, picture: NDArray[np.uint8], head_box: NDArray[np.float64], roll: float) -> float | None:
        """0 to 1, or None where it cannot be measured; head_box: left, top, right, bottom; roll in radians."""
        ...


@dataclass(slots=True)
class Smiles:
    """The sums of all looks so far. reader: None where faces may not be read; then nothing is looked at."""

    reader: Reader | None
    times: list[float] = field(default_factory=list)
    sums: list[tuple[int, int, int]] = field(default_factory=list)

    def look(self, frame: Frame, poses: Poses) -> None:
        """The frame's heads stand in the sums, if it is time to look again."""
        if self.reader is None or (self.times and frame.time_s < self.times[-1] + EVERY_S - 1e-6):
            return
        heads = [place for each in poses.keypoints if (place := head_of(each)) is not None]
        read = [self.reader.smile(frame.picture, box, roll) for box, roll in heads]
        known = [value for value in read if value is not None]
        self.times.append(frame.time_s)
        self.sums.append((len(poses.keypoints), len(known), sum(value >= SMILE for value in known)))

    def to_arrays(self) -> dict[str, NDArray]:
        """Everything that going on needs."""
        return {"times": np.array(self.times), "sums": np.array(self.sums, np.int64).reshape(-1, 3)}

    def take_up(self, arrays: Mapping[str, NDArray]) -> None:
        """The sums are those of an earlier part of the same work."""
        self.times = arrays["times"].tolist()
        self.sums = [(int(a), int(b), int(c)) for a, b, c in arrays["sums"].tolist()]

    def result(self, why_not: str) -> Smiling:
        """What can be said of the whole clip. why_not: why faces were not read, where they were not."""
        if self.reader is None:
            return Smiling(None, None, None, 0.0, 0.0, why_not)
        sums, times = np.array(self.sums, float).reshape(-1, 3), np.array(self.times)
        several = sums[:, 0] >= FEWEST
        if len(sums) and not several.any():
            return Smiling(None, None, None, 0.0, 0.0, ALONE)
        heads, known, smiling = sums[several].T
        face_s, measurable_s = float(heads.sum()) * EVERY_S, float(known.sum()) * EVERY_S
        if measurable_s < LEAST_MEASURABLE_S:
            small = f"faces were large enough and turned to the camera for {measurable_s:.0f} s of {LEAST_MEASURABLE_S:.0f} s"
            return Smiling(None, None, None, measurable_s, face_s, small)
        low, high = _interval(times[several], known, smiling)
        return Smiling(float(smiling.sum() / known.sum()), low, high, measurable_s, face_s)


def head_of(keypoints: NDArray[np.float32]) -> tuple[NDArray[np.float64], float] | None:
    """The square around a face with both eyes seen, and by how much it is rolled; None where eyes are hidden or too small."""
    points = keypoints.astype(float)
    if min(points[LEFT_EYE, 2], points[RIGHT_EYE, 2], points[NOSE, 2]) < LEAST_KEYPOINT:
        return None
    left, right = points[LEFT_EYE, :2], points[RIGHT_EYE, :2]
    apart = right - left if right[0] >= left[0] else left - right
    eyes = float(np.hypot(*apart))
    if eyes < WORTH_A_LOOK_PX:
        return None
    middle = (left + right + points[NOSE, :2]) / 3
    half = max(1.4 * eyes, 1.7 * float(np.hypot(*(points[NOSE, :2] - (left + right) / 2))))
    box = np.array([middle[0] - half, middle[1] - half, middle[0] + half, middle[1] + half])
    return box, math.atan2(apart[1], apart[0])


def _interval(
    times: NDArray[np.float64], known: NDArray[np.float64], smiling: NDArray[np.float64]
) -> tuple[float, float]:
    """90 % of the shares that blocks drawn with replacement give."""
    block = ((times - times[0]) // BLOCK_S).astype(int)
    seen, smiled = np.bincount(block, known), np.bincount(block, smiling)
    luck = np.random.default_rng(0)  # fixed: the same clip gives the same interval
    chosen = luck.integers(0, len(seen), (REPEATS, len(seen)))
    shares = smiled[chosen].sum(axis=1) / np.maximum(seen[chosen].sum(axis=1), 1)
    low, high = np.quantile(shares, [0.05, 0.95])
    return float(low), float(high)
