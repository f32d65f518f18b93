"""One pass over a film: everybody is followed, a few pictures are taken, and all of it can be laid down and taken up again."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from commonbeat.record.video.follow.background import small_grey
from commonbeat.record.video.follow.camera import camera_for
from commonbeat.record.video.follow.follower import Follower

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from numpy.typing import NDArray

    from commonbeat.record.video.follow.camera import CameraWatch
    from commonbeat.record.video.instrument.key_pictures import KeyPictures
    from commonbeat.record.video.instrument.measured import Span
    from commonbeat.record.video.instrument.smiling import Smiles
    from commonbeat.record.video.observed import Frame, Poses, Tracks

LAID_DOWN_EVERY_S: Final = 60.0
LONGEST_SIDE_PX: Final = 1280  # of the pictures that are analysed; larger films are scaled down while they are decoded


@dataclass(slots=True)
class Watch:
    """What is known up to the frame seen last; seen_s is that frame's time, None before the first.

    width and height are those of the pictures that are analysed.
    """

    follower: Follower
    smiles: Smiles
    pictures: KeyPictures
    frames: int = 0
    seen_s: float | None = None

    @classmethod
    def begun(
        cls, width: int, height: int, smiles: Smiles, pictures: KeyPictures, camera: CameraWatch | None = None
    ) -> Watch:
        """A watch that has seen nothing yet; the camera is measured unless another is given."""
        return cls(Follower(camera or camera_for(width, height)), smiles, pictures)

    def step(self, frame: Frame, poses: Poses) -> None:
        """One more frame is known."""
        self.follower.step(poses, small_grey(frame.picture))
        self.smiles.look(frame, poses)
        self.pictures.look(frame, poses)
        self.frames += 1
        self.seen_s = frame.time_s

    def run(
        self,
        seen: Iterable[tuple[Frame, Poses]],
        span: Span,
        says: Callable[[float], None],
        lays_down: Callable[[bytes], None],
    ) -> Tracks:
        """All frames of the span after the one seen last are known. Each minute of film `lays_down` gets all that going on needs."""
        next_s = (span[0] if self.seen_s is None else self.seen_s) + LAID_DOWN_EVERY_S
        for frame, poses in seen:
            if frame.time_s >= span[1]:
                break
            if self.seen_s is not None and frame.time_s <= self.seen_s + 1e-6:
                continue
            self.step(frame, poses)
            says(frame.time_s)
            if frame.time_s >= next_s:
                lays_down(self.packed())
                next_s = frame.time_s + LAID_DOWN_EVERY_S
        return self.follower.finish()

    def packed(self) -> bytes:
        """All that going on needs, as the content of one file."""
        held = io.BytesIO()
        parts = {
            "follower": self.follower.to_arrays(),
            "smiles": self.smiles.to_arrays(),
            "pictures": self.pictures.to_arrays(),
        }
        flat = {f"{part}.{name}": value for part, arrays in parts.items() for name, value in arrays.items()}
        seen_s = np.nan if self.seen_s is None else self.seen_s
        np.savez(held, seen=np.array([self.frames, seen_s]), **flat)  # pyright: ignore[reportArgumentType]
        return held.getvalue()

    def take_up(self, content: bytes) -> None:
        """The watch is as it was when this content was packed; ValueError or KeyError when it is none."""
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            flat = {name: arrays[name] for name in arrays.files}
        frames, seen_s = flat["seen"].tolist()
        self.follower = Follower.from_arrays(_part(flat, "follower"))
        self.smiles.take_up(_part(flat, "smiles"))
        self.pictures.take_up(_part(flat, "pictures"))
        self.frames, self.seen_s = int(frames), None if np.isnan(seen_s) else seen_s


def _part(flat: Mapping[str, NDArray], part: str) -> dict[str, NDArray]:
    return {name.removeprefix(f"{part}."): value for name, value in flat.items() if name.startswith(f"{part}.")}


def analysed_size(width: int, height: int) -> tuple[int, int]:
    """Width and height of the pictures that are analysed, for a clip of that size."""
    scale = min(1.0, LONGEST_SIDE_PX / max(width, height))
    return round(width * scale), round(height * scale)
