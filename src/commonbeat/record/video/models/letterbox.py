"""A picture inside the frame that a network wants: made smaller or larger as a whole, never stretched, with a grey rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

GRAIN = 32
GREY = 114


@dataclass(frozen=True, slots=True)
class Letterbox:
    """How a picture of (height, width) lies in a frame: its size there and the place of its upper left corner, in pixels of the frame."""

    frame_height: int
    frame_width: int
    height: int
    width: int
    top: int
    left: int
    scale_x: float
    scale_y: float

    def filled(self, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The frame, (frame_height, frame_width, 3), with the picture in it."""
        import cv2

        method = cv2.INTER_AREA if self.scale_x < 1 else cv2.INTER_LINEAR
        frame = np.full((self.frame_height, self.frame_width, 3), GREY, np.uint8)
        inner = frame[self.top : self.top + self.height, self.left : self.left + self.width]
        if (self.height, self.width) == picture.shape[:2]:
            inner[:] = picture
        else:
            inner[:] = cv2.resize(picture, (self.width, self.height), interpolation=method)
        return frame

    def back(self, points: NDArray[np.float32]) -> NDArray[np.float32]:
        """Points of the frame, (..., 2) x and y, as points of the picture."""
        corner = np.array([self.left, self.top], np.float32)
        return (points - corner) / np.array([self.scale_x, self.scale_y], np.float32)


def letterbox(height: int, width: int, frame_height: int, frame_width: int) -> Letterbox:
    """The largest place for the picture in the frame, in the middle."""
    scale = min(frame_height / height, frame_width / width)
    inner_height = max(1, min(frame_height, round(height * scale)))
    inner_width = max(1, min(frame_width, round(width * scale)))
    top, left = (frame_height - inner_height) // 2, (frame_width - inner_width) // 2
    scale_x, scale_y = inner_width / width, inner_height / height
    return Letterbox(frame_height, frame_width, inner_height, inner_width, top, left, scale_x, scale_y)


def frame_for(height: int, width: int, shorter: int, longest: int) -> tuple[int, int]:
    """Height and width of a frame for pictures of this shape, in multiples of 32: landscape, portrait or square as the picture is.

    shorter: the shorter side of the frame in pixels; longest: what the longer side never goes beyond.
    """
    ratio = max(height, width) / min(height, width)
    longer = min(longest, GRAIN * round(shorter * ratio / GRAIN + 0.25))
    longer = max(longer, shorter)
    return (shorter, longer) if width >= height else (longer, shorter)
