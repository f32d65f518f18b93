"""What the camera did: measured on the background, or known to have stood still."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from commonbeat.record.video.follow.background import (
    LONGEST_SIDE_PX,
    background_mask,
    carried_points,
    common_motion,
    corners,
)
from commonbeat.record.video.follow.cut import new_scene
from commonbeat.record.video.follow.plane import STILL, PlaneMotion, back, then
from commonbeat.record.video.observed import Camera

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

# A motion that cannot be measured is bridged from the last good picture if another comes within this time.
BRIDGED_S: Final = 0.5
# For so long a picture is remembered to compare the next clear one with, over black or blank ones between.
REMEMBERED_S: Final = 1.0
# A new key picture is taken once so few of the points are left, or the zoom has gone so far.
LEFT_SHARE, ZOOM_LIMIT = 0.6, 1.2
# Of the points of the picture before, so many must come back and agree; of the grain of a film hardly any do.
RETURNING_SHARE: Final = 0.15
# A shorter passage may be grain that agreed by chance, which happens once in hundreds of frames.
LEAST_PASSAGE_FRAMES: Final = 4
UNKNOWN: Final = -1


class CameraWatch(Protocol):
    """Anything that says, frame by frame, how the camera moved since the frame before."""

    def step(self, time_s: float, grey: NDArray[np.uint8] | None, boxes: NDArray[np.floating]) -> Seen:
        """One more frame is known; grey is the small picture, boxes are those of people in full pixels."""
        ...

    def finish(self) -> Camera | None:
        """The whole path, None for a camera that stood still."""
        ...

    def to_arrays(self) -> dict[str, NDArray]:
        """Everything that tomorrow needs."""
        ...


@dataclass(frozen=True, slots=True)
class Seen:
    """The motion from the frame before to this one in full pixels, None where unknown; and whether a scene began."""

    motion: PlaneMotion | None
    cut: bool = False


@dataclass(slots=True)
class StillCamera:
    """A camera of which somebody knows that it stood on a tripod in one scene: nothing is measured."""

    def step(self, time_s: float, grey: NDArray[np.uint8] | None, boxes: NDArray[np.floating]) -> Seen:  # noqa: ARG002
        """Nothing moved."""
        return Seen(STILL)

    def finish(self) -> Camera | None:
        """None: the camera stood still."""
        return None

    def to_arrays(self) -> dict[str, NDArray]:
        """Nothing."""
        return {}


@dataclass(slots=True)
class MeasuredCamera:
    """The camera's path over the background, from key picture to key picture, so that errors hardly add up.

    small_px is the side of a full pixel in small pixels. Points found in a key picture are carried from frame to frame; the
    motion is fitted from their places in the key picture to those now. Where no motion can be fitted nothing is guessed: the
    frame gets passage -1, and after half a second a new passage begins.
    """

    small_px: float
    grey: NDArray[np.uint8] | None = None
    grey_s: float = 0.0
    key_points: NDArray[np.float32] = field(default_factory=lambda: np.empty((0, 2), dtype=np.float32))
    points: NDArray[np.float32] = field(default_factory=lambda: np.empty((0, 2), dtype=np.float32))
    first_count: int = 0
    key: PlaneMotion = STILL
    latest: PlaneMotion | None = None
    passage: int = UNKNOWN
    turns: list[complex] = field(default_factory=list)
    shifts: list[complex] = field(default_factory=list)
    passages: list[int] = field(default_factory=list)
    cuts: list[int] = field(default_factory=list)

    def step(self, time_s: float, grey: NDArray[np.uint8] | None, boxes: NDArray[np.floating]) -> Seen:
        """One more frame is known."""
        if grey is None:
            return self._remember(None, cut=False)
        mask = background_mask(grey.shape, np.asarray(boxes, dtype=float) * self.small_px)
        before, age_s = self.grey, time_s - self.grey_s
        bridged = before is not None and age_s <= BRIDGED_S
        steady = self._follow_points(before, time_s, grey, mask) if before is not None and bridged else None
        cut = steady is None and before is not None and age_s <= REMEMBERED_S and new_scene(before, grey)
        if cut:
            self.grey, self.grey_s = grey, time_s
            self.points = self.key_points = np.empty((0, 2), dtype=np.float32)
        if steady is None and (cut or not bridged):
            steady = self._new_passage(time_s, grey, mask)
        return self._remember(steady, cut=cut)

    def _follow_points(
        self, before: NDArray[np.uint8], time_s: float, grey: NDArray[np.uint8], mask: NDArray[np.uint8]
    ) -> PlaneMotion | None:
        """The motion from this picture to the steady one, or None; the points stand where they are now."""
        ended, good = carried_points(before, grey, self.points, mask)
        moved, agree = common_motion(self.key_points[good], ended[good], grey.shape)
        if moved is None or agree.sum() < RETURNING_SHARE * len(self.points):
            return None
        steady = then(back(moved), self.key)
        self.key_points, self.points = self.key_points[good][agree], ended[good][agree]
        self.grey, self.grey_s = grey, time_s
        zoom = abs(moved.turn)
        if len(self.points) < LEFT_SHARE * self.first_count or not 1.0 / ZOOM_LIMIT < zoom < ZOOM_LIMIT:
            self._new_key(grey, mask, steady)
        return steady

    def _new_passage(self, time_s: float, grey: NDArray[np.uint8], mask: NDArray[np.uint8]) -> PlaneMotion | None:
        """Steadiness starts anew at this picture, if its background shows enough points."""
        if not self._new_key(grey, mask, STILL):
            return None
        self.grey, self.grey_s = grey, time_s
        self.passage += 1
        return STILL

    def _new_key(self, grey: NDArray[np.uint8], mask: NDArray[np.uint8], steady: PlaneMotion) -> bool:
        """This picture is the key from now on, unless it shows too few points."""
        points = corners(grey, mask)
        shown, _ = common_motion(points, points, grey.shape)
        if shown is None:
            return False
        self.key_points, self.points, self.first_count, self.key = points, points, len(points), steady
        return True

    def _remember(self, steady: PlaneMotion | None, *, cut: bool) -> Seen:
        """The frame stands in the path; what is said of it is in full pixels."""
        known = steady is not None
        joined = known and bool(self.passages) and self.passages[-1] == self.passage and self.latest is not None
        motion = then(self.latest, back(steady)) if joined and self.latest and steady else None
        if cut:
            self.cuts.append(len(self.passages))
        self.latest = steady
        self.turns.append(steady.turn if steady else complex(np.nan))
        self.shifts.append(steady.shift / self.small_px if steady else complex(np.nan))
        self.passages.append(self.passage if known else UNKNOWN)
        return Seen(motion and PlaneMotion(motion.turn, motion.shift / self.small_px), cut)

    def finish(self) -> Camera | None:
        """The whole path in full pixels; a passage of a few frames counts as unknown."""
        passage = np.asarray(self.passages, dtype=np.int32)
        frames = np.bincount(passage[passage >= 0], minlength=max(1, self.passage + 1))
        brief = (passage >= 0) & (frames[passage] < LEAST_PASSAGE_FRAMES)
        turn, shift = np.asarray(self.turns, dtype=np.complex128), np.asarray(self.shifts, dtype=np.complex128)
        return Camera(
            np.where(brief, np.nan, turn),
            np.where(brief, np.nan, shift),
            np.where(brief, UNKNOWN, passage).astype(np.int32),
            tuple(self.cuts),
        )

    def to_arrays(self) -> dict[str, NDArray]:
        """Everything that tomorrow needs, the last good picture among it."""
        return {
            "grey": np.zeros((0, 0), dtype=np.uint8) if self.grey is None else self.grey,
            "key_points": self.key_points,
            "points": self.points,
            "scalars": np.array([self.small_px, self.grey_s, self.first_count, self.passage]),
            "key": np.array(self.key),
            "latest": np.array(self.latest or (), dtype=np.complex128),
            "turns": np.array(self.turns, dtype=np.complex128),
            "shifts": np.array(self.shifts, dtype=np.complex128),
            "passages": np.array(self.passages, dtype=np.int32),
            "cuts": np.array(self.cuts, dtype=np.int64),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray]) -> MeasuredCamera:
        """The camera as it was when `to_arrays` was called."""
        small_px, grey_s, first_count, passage = arrays["scalars"].tolist()
        latest = arrays["latest"].tolist()
        return cls(
            small_px,
            arrays["grey"] if arrays["grey"].size else None,
            grey_s,
            arrays["key_points"],
            arrays["points"],
            int(first_count),
            PlaneMotion(*arrays["key"].tolist()),
            PlaneMotion(*latest) if latest else None,
            int(passage),
            arrays["turns"].tolist(),
            arrays["shifts"].tolist(),
            arrays["passages"].tolist(),
            arrays["cuts"].tolist(),
        )


def camera_for(width: int, height: int) -> MeasuredCamera:
    """A camera to be measured, for a clip of that many pixels."""
    return MeasuredCamera(min(1.0, LONGEST_SIDE_PX / max(width, height)))
