"""A few pictures along the clip, obscured before they are kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from commonbeat.record.video.instrument.measured import KeyFrame

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from commonbeat.record.video.instrument.measured import Span
    from commonbeat.record.video.observed import Frame, Poses

PICTURES: Final = 8
LONGEST_SIDE_PX: Final = 320
QUALITY: Final = 80
REMEMBERED_S: Final = 0.6


class Obscurer(Protocol):
    """Makes of a picture one in which nobody's head can be made out."""

    def __call__(
        self, picture: NDArray[np.uint8], poses: Poses, recent: NDArray[np.float32]
    ) -> tuple[NDArray[np.uint8], str]:
        """The obscured picture and what it shows, in words. recent: (n, 3) circles of heads seen just before."""
        ...


@dataclass(slots=True)
class KeyPictures:
    """Eight pictures in the middles of eight equal parts of the clip. obscure: None where none may be shown."""

    span: Span
    obscure: Obscurer | None
    taken: list[KeyFrame] = field(default_factory=list)
    recent: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 4), np.float32))

    def look(self, frame: Frame, poses: Poses) -> None:
        """The frame is kept, obscured and small, if it is the first past the next middle; never as it was."""
        if self.obscure is None or len(self.taken) >= PICTURES:
            return
        start, end = self.span
        middles = start + (np.arange(PICTURES) + 0.5) / PICTURES * (end - start)
        self.recent = _remembered(self.recent, frame, poses)
        due = int(np.searchsorted(middles, frame.time_s + 1e-6))
        if due <= len(self.taken):
            return
        picture, words = self.obscure(frame.picture, poses, self.recent[:, 1:])
        self.taken.append(KeyFrame(frame.time_s, small_jpeg(picture), words))

    def to_arrays(self) -> dict[str, NDArray]:
        """The obscured pictures and their words as flat arrays."""
        return {
            "times": np.array([each.time_s for each in self.taken]),
            "lengths": np.array([len(each.jpeg) for each in self.taken], np.int64),
            "jpegs": np.frombuffer(b"".join(each.jpeg for each in self.taken), np.uint8),
            "words": np.array([each.words for each in self.taken], np.str_),
            "recent": self.recent,
        }

    def take_up(self, arrays: Mapping[str, NDArray]) -> None:
        """The pictures are those of an earlier part of the same work."""
        self.recent = arrays["recent"]
        ends = np.cumsum(arrays["lengths"])
        parts = [part.tobytes() for part in np.split(arrays["jpegs"], ends[:-1])] if len(ends) else []
        told = zip(arrays["times"].tolist(), parts, arrays["words"].tolist(), strict=True)
        self.taken = [KeyFrame(time_s, jpeg, words) for time_s, jpeg, words in told]


def _remembered(recent: NDArray[np.float32], frame: Frame, poses: Poses) -> NDArray[np.float32]:
    """(n, 4) time, x, y and radius of heads seen up to now, those of the last moments only."""
    from commonbeat.record.video.blur.heads import heads_of_poses

    circles = heads_of_poses(poses, frame.picture.shape[0]).circles
    now = np.concatenate([np.full((len(circles), 1), frame.time_s, np.float32), circles[:, :3]], axis=1)
    return np.concatenate([recent[recent[:, 0] >= frame.time_s - REMEMBERED_S], now]).astype(np.float32)


def small_jpeg(picture: NDArray[np.uint8]) -> bytes:
    """The RGB picture as a small JPEG."""
    import cv2

    height, width = picture.shape[:2]
    scale = min(1.0, LONGEST_SIDE_PX / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    made, held = cv2.imencode(".jpg", cv2.cvtColor(small, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    if not made:
        message = "a picture could not be written as JPEG"
        raise RuntimeError(message)
    return held.tobytes()
