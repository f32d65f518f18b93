"""Every pose that continued or began a person, kept compactly while the clip runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

CHUNK: Final = 2048


@dataclass(slots=True)
class Sightings:
    """(frame, number, pose) for every sighting: 208 bytes each, so that an hour of six people at ten frames a second is 45 MB."""

    frames: list[NDArray[np.int32]] = field(default_factory=list)
    numbers: list[NDArray[np.int32]] = field(default_factory=list)
    poses: list[NDArray[np.float32]] = field(default_factory=list)
    loose: int = 0

    def add(self, frame: int, numbers: NDArray[np.integer], poses: NDArray[np.floating]) -> None:
        """One more frame's sightings are kept."""
        if not len(numbers):
            return
        self.frames.append(np.full(len(numbers), frame, dtype=np.int32))
        self.numbers.append(np.asarray(numbers, dtype=np.int32))
        self.poses.append(np.asarray(poses, dtype=np.float32))
        self.loose += 1
        if self.loose >= CHUNK:
            # Many small arrays cost more than what they hold, so every few minutes they become one.
            self.frames[-self.loose :] = [np.concatenate(self.frames[-self.loose :])]
            self.numbers[-self.loose :] = [np.concatenate(self.numbers[-self.loose :])]
            self.poses[-self.loose :] = [np.concatenate(self.poses[-self.loose :])]
            self.loose = 0

    def to_arrays(self) -> dict[str, NDArray]:
        """All sightings in order of frames."""
        if not self.frames:
            return {
                "frames": np.zeros(0, np.int32),
                "numbers": np.zeros(0, np.int32),
                "poses": np.zeros((0, 17, 3), np.float32),
            }
        return {
            "frames": np.concatenate(self.frames),
            "numbers": np.concatenate(self.numbers),
            "poses": np.concatenate(self.poses),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray]) -> Sightings:
        """The sightings as they were when `to_arrays` was called."""
        kept = cls()
        if len(arrays["frames"]):
            kept.frames, kept.numbers, kept.poses = [arrays["frames"]], [arrays["numbers"]], [arrays["poses"]]
        return kept
