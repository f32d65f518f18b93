"""Where the two face networks take their input from: which of 478 points the second one reads, and how a head is cut out.

Source: the published description of MediaPipe's face landmarker (Apache-2.0): the first network sees a square of 256 by 256
pixels, values from 0 to 1, in which the face stands upright and fills two thirds; the second reads 146 of the points in pixels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

CROP_PX: Final = 256
POINTS: Final = 478
ROOM: Final = 1.5
RIGHT_EYE: Final = (33, 133)
LEFT_EYE: Final = (263, 362)
NOSE_TIP: Final = 1
SHAPES: Final = 52
SMILE_LEFT: Final = 44
SMILE_RIGHT: Final = 45

# fmt: off
READ_POINTS: Final = (
    0, 1, 4, 5, 6, 7, 8, 10, 13, 14, 17, 21, 33, 37, 39, 40, 46, 52, 53, 54, 55, 58, 61, 63, 65, 66, 67, 70, 78, 80,
    81, 82, 84, 87, 88, 91, 93, 95, 103, 105, 107, 109, 127, 132, 133, 136, 144, 145, 146, 148, 149, 150, 152, 153,
    154, 155, 157, 158, 159, 160, 161, 162, 163, 168, 172, 173, 176, 178, 181, 185, 191, 195, 197, 234, 246, 249,
    251, 263, 267, 269, 270, 276, 282, 283, 284, 285, 288, 291, 293, 295, 296, 297, 300, 308, 310, 311, 312, 314,
    317, 318, 321, 323, 324, 332, 334, 336, 338, 356, 361, 362, 365, 373, 374, 375, 377, 378, 379, 380, 381, 382,
    384, 385, 386, 387, 388, 389, 390, 397, 398, 400, 402, 405, 409, 415, 454, 466, 468, 469, 470, 471, 472, 473,
    474, 475, 476, 477,
)
# fmt: on


@dataclass(frozen=True, slots=True)
class Square:
    """A turned square of the picture: its middle and side in px, and by how many radians it is turned clockwise."""

    middle_x: float
    middle_y: float
    side_px: float
    turn_rad: float

    def cut(self, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The square upright, (256, 256, 3); black beyond the picture."""
        import cv2

        how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        return cv2.warpAffine(picture, self._from_crop(), (CROP_PX, CROP_PX), flags=how).astype(np.uint8, copy=False)

    def back(self, points: NDArray[np.float32]) -> NDArray[np.float32]:
        """Points of the cut-out, (n, 2) px, as points of the picture."""
        matrix = self._from_crop().astype(np.float32)
        return points @ matrix[:, :2].T + matrix[:, 2]

    def _from_crop(self) -> NDArray[np.float64]:
        scale = self.side_px / CROP_PX
        cosine, sine = np.cos(self.turn_rad) * scale, np.sin(self.turn_rad) * scale
        half = CROP_PX / 2
        return np.array(
            [
                [cosine, -sine, self.middle_x - (cosine - sine) * half],
                [sine, cosine, self.middle_y - (sine + cosine) * half],
            ]
        )


def square_of_box(box: NDArray[np.floating], roll_rad: float) -> Square:
    """The square in which the first network looks for a face, around a box (left, top, right, bottom) of it."""
    left, top, right, bottom = (float(value) for value in box[:4])
    return Square((left + right) / 2, (top + bottom) / 2, ROOM * max(right - left, bottom - top), roll_rad)


def square_of_points(points: NDArray[np.float32]) -> Square:
    """The square around the points of a face, (478, 2) px of the picture, upright by the line between the eyes."""
    roll = roll_of(points)
    cosine, sine = np.cos(roll), np.sin(roll)
    upright = points @ np.array([[cosine, -sine], [sine, cosine]], np.float32)
    low, high = upright.min(axis=0), upright.max(axis=0)
    middle = np.array([[cosine, -sine], [sine, cosine]]) @ ((low + high) / 2)
    return Square(float(middle[0]), float(middle[1]), ROOM * float((high - low).max()), roll)


def eyes(points: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The middles of the right and of the left eye, (2,) px each."""
    return points[list(RIGHT_EYE)].mean(axis=0), points[list(LEFT_EYE)].mean(axis=0)


def roll_of(points: NDArray[np.float32]) -> float:
    """By how many radians the head leans clockwise in the picture."""
    right, left = eyes(points)
    return float(np.arctan2(left[1] - right[1], left[0] - right[0]))
