"""Poses of one frame after the other become people over time.

Each frame: say how the camera moved, expect everybody where they should be now, give every pose to the person whom it continues,
begin new people, and note who lies over whom. A person who is not found is waited for one second. Nobody is found again
later by face, clothes or shape: who comes back is a new number.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from commonbeat.record.video.follow.camera import MeasuredCamera, StillCamera
from commonbeat.record.video.follow.gather import gathered
from commonbeat.record.video.follow.people import (
    STRONG_SCORE,
    People,
    expected,
    matched,
    moved_on,
    newcomers,
    nobody,
    without_doubles,
)
from commonbeat.record.video.follow.plane import STILL
from commonbeat.record.video.follow.sightings import Sightings
from commonbeat.record.video.follow.swaps import Crossings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from commonbeat.record.video.follow.camera import CameraWatch
    from commonbeat.record.video.observed import Poses, Tracks

PARTS: Final = {"people": People, "crossings": Crossings, "sightings": Sightings}


@dataclass(slots=True)
class Follower:
    """Everybody up to the frame given last. camera: `camera_for(width, height)`, or StillCamera() for a tripod."""

    camera: CameraWatch
    people: People = field(default_factory=nobody)
    crossings: Crossings = field(default_factory=Crossings)
    sightings: Sightings = field(default_factory=Sightings)
    times: list[float] = field(default_factory=list)
    next_number: int = 1

    def step(self, poses: Poses, grey: NDArray[np.uint8] | None) -> None:
        """One more frame is known. grey: its small picture as `small_grey` makes it; None leaves the camera unmeasured."""
        time_s = float(poses.time_s)
        seconds = time_s - self.times[-1] if self.times else 0.0
        seen = self.camera.step(time_s, grey, poses.boxes)
        if seen.cut:
            self.people = nobody()
            self.crossings.forget()
        kept = without_doubles(poses.keypoints, poses.scores)
        found, scores = poses.keypoints[kept].astype(float), poses.scores[kept]
        people = expected(self.people, seen.motion or STILL, seconds)
        match = matched(people, found, scores, time_s)
        free = np.setdiff1d(np.flatnonzero(scores >= STRONG_SCORE), match.pose)
        new = newcomers(found[free], self.next_number, time_s)
        self.sightings.add(
            len(self.times),
            np.concatenate([people.numbers[match.person], new.numbers]),
            np.concatenate([found[match.pose], found[free]]),
        )
        self.people = moved_on(people, match, found, time_s, seconds).and_also(new)
        self.crossings.step(self.people, time_s)
        self.next_number += len(free)
        self.times.append(time_s)

    def finish(self) -> Tracks:
        """Everybody over the frames so far; the follower itself is left as it was."""
        crossings = [*self.crossings.suspected, *((when, *pair) for pair, (_, when) in self.crossings.open.items())]
        return gathered(np.asarray(self.times), self.sightings.to_arrays(), crossings, self.camera.finish())

    def to_arrays(self) -> dict[str, NDArray]:
        """Everything that is needed to go on later, as flat arrays that `numpy.savez` takes."""
        flat: dict[str, NDArray] = {
            "times": np.asarray(self.times, dtype=np.float64),
            "next_number": np.array([self.next_number]),
        }
        for name in (*PARTS, "camera"):
            flat |= {f"{name}.{key}": value for key, value in getattr(self, name).to_arrays().items()}
        return flat

    @classmethod
    def from_arrays(cls, flat: Mapping[str, NDArray]) -> Follower:
        """The follower as it was when `to_arrays` was called; it goes on with the next frame."""
        parts: dict[str, dict[str, NDArray]] = {name: {} for name in (*PARTS, "camera")}
        for key in flat:
            part, _, name = key.partition(".")
            if part in parts:
                parts[part][name] = flat[key]
        camera = MeasuredCamera.from_arrays(parts["camera"]) if parts["camera"] else StillCamera()
        made = {name: kind.from_arrays(parts[name]) for name, kind in PARTS.items()}
        return cls(camera, **made, times=flat["times"].tolist(), next_number=int(flat["next_number"][0]))


def follow(poses: Iterable[tuple[Poses, NDArray[np.uint8] | None]], camera: CameraWatch) -> Tracks:
    """Everybody over all frames, given each frame's poses and its small grey picture."""
    follower = Follower(camera)
    for each, grey in poses:
        follower.step(each, grey)
    return follower.finish()
