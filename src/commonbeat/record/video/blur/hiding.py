"""Painting over: heads in one flat grey, doubtful passages in a few large blocks that change twice a second.

Blurring or fine blocks leave what a trained network can read back (McPherson, Shokri and Shmatikov 2016 recognised faces
in both), and over time blocks that slide across a face give more of it than any one frame does. Flat grey keeps nothing of the pixels below it.
A whole picture hidden that way would show nothing at all, so it keeps light and colour in blocks wider than a head, held
for half a second and rounded to 32 levels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

GREY: Final = (112, 112, 112)
MOST_BLOCKS: Final = 12
LEAST_BLOCKS: Final = 2
HOLD_S: Final = 0.5
LEVELS: Final = 8
BODY_WIDTH, BODY_HEIGHT = 3.2, 15.0
"""Of a body of which only the head is seen, in radii of the head's circle: arms stretched a little, and down to the feet."""


def paint_heads(picture: NDArray[np.uint8], circles: NDArray[np.float32]) -> None:
    """The picture, (height, width, 3), has every circle (n, 3: x, y, radius in its pixels) filled with grey. In place."""
    for x, y, radius in circles:
        cv2.circle(picture, (round(float(x)), round(float(y))), int(np.ceil(radius)), GREY, cv2.FILLED)


def paint_bodies(picture: NDArray[np.uint8], boxes: NDArray[np.float32], circles: NDArray[np.float32]) -> None:
    """The boxes (n, 4: left, top, right, bottom) are filled too, and below each head outside of them a box for its body. In place."""
    for x, y, radius in circles:
        inside = (
            (boxes[:, 0] < x) & (x < boxes[:, 2]) & (boxes[:, 1] < y) & (y < boxes[:, 3])
            if len(boxes)
            else np.zeros(1, bool)
        )
        if not inside.any():
            _fill(picture, x - BODY_WIDTH * radius, y, x + BODY_WIDTH * radius, y + BODY_HEIGHT * radius)
    for left, top, right, bottom in boxes:
        _fill(picture, left, top, right, bottom)


def _fill(picture: NDArray[np.uint8], left: float, top: float, right: float, bottom: float) -> None:
    height, width = picture.shape[:2]
    x = np.clip([np.floor(left), np.ceil(right)], 0, width).astype(int)
    y = np.clip([np.floor(top), np.ceil(bottom)], 0, height).astype(int)
    picture[y[0] : y[1], x[0] : x[1]] = GREY


class Mosaic:
    """Hides pictures whole; the blocks of one picture stand for half a second."""

    def __init__(self) -> None:
        """No picture has been hidden."""
        self._until = -1.0
        self._key: tuple[int, int, int] | None = None
        self._blocks: NDArray[np.uint8] | None = None

    def hidden(self, picture: NDArray[np.uint8], time_s: float, block_px: float) -> NDArray[np.uint8]:
        """A new picture of the same size: at most 12 blocks along the longer side, none narrower than `block_px`."""
        height, width = picture.shape[:2]
        columns = int(np.clip(max(height, width) / max(block_px, 1.0), LEAST_BLOCKS, MOST_BLOCKS))
        key = (height, width, columns)
        blocks = self._blocks
        if blocks is None or time_s >= self._until or key != self._key:
            per_px = columns / max(height, width)
            shape = max(1, round(per_px * width)), max(1, round(per_px * height))
            small = np.asarray(cv2.resize(picture, shape, interpolation=cv2.INTER_AREA), np.uint8)
            blocks = self._blocks = small // np.uint8(LEVELS) * np.uint8(LEVELS) + np.uint8(LEVELS // 2)
            self._until, self._key = time_s + HOLD_S, key
        return np.asarray(cv2.resize(blocks, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)
