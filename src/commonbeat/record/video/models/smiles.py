"""Whether a mouth visibly smiles, where a face is large enough and turned to the camera.

What is measured is a movement of the mouth's corners, from 0 to 1: the mean of the two shapes that the network calls mouth
smile. It says nothing about why a mouth moves.
"""

from __future__ import annotations

import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from commonbeat.record.video.models.face_points import (
    CROP_PX,
    NOSE_TIP,
    POINTS,
    READ_POINTS,
    SMILE_LEFT,
    SMILE_RIGHT,
    Square,
    eyes,
    square_of_box,
    square_of_points,
)
from commonbeat.record.video.models.inference import compiled, core

if TYPE_CHECKING:
    import openvino
    from numpy.typing import NDArray

LEAST_BETWEEN_EYES_PX: Final = 15.0
LEAST_CERTAINTY: Final = 0.5
MOST_TURNED: Final = 0.8
POINTS_FILE: Final = "face_landmarks_detector.tflite"
SHAPES_FILE: Final = "face_blendshapes.tflite"
SMALLEST_BOX_PX: Final = 8.0


@dataclass(frozen=True, slots=True, eq=False)
class FaceReading:
    """What the networks say of one face.

    points: (478, 2) px of the picture. certainty: that there is a face, 0 to 1. between_eyes_px: in the picture.
    turned: 0 faces the camera; 1 when the tip of the nose stands over the middle of an eye. shapes: (52,) from 0 to 1.
    """

    points: NDArray[np.float32]
    certainty: float
    between_eyes_px: float
    turned: float
    shapes: NDArray[np.float32]


class SmileReader:
    """Reads faces with the two networks of face_landmarker.task. threads: of the processor, 0 for all."""

    def __init__(self, path: Path, *, threads: int = 0) -> None:
        with zipfile.ZipFile(path) as task, tempfile.TemporaryDirectory(prefix="commonbeat-") as place:
            points, shapes = (Path(task.extract(name, place)) for name in (POINTS_FILE, SHAPES_FILE))
            self._points = _network(points, [1, CROP_PX, CROP_PX, 3], threads)
            self._shapes = _network(shapes, [1, len(READ_POINTS), 2], threads)

    def smile(self, picture: NDArray[np.uint8], head_box: NDArray[np.floating], roll: float = 0.0) -> float | None:
        """How much the mouth smiles, 0 to 1, or None where it is not measurable.

        picture: (height, width, 3) uint8 RGB. head_box: left, top, right, bottom of the face in px. roll: by how many radians the head leans clockwise.
        Not measurable: fewer than 15 px between the eyes, no certain face, or a face turned far away.
        """
        reading = self.read(picture, head_box, roll)
        if reading is None or not is_measurable(reading):
            return None
        return float(reading.shapes[[SMILE_LEFT, SMILE_RIGHT]].mean())

    def read(self, picture: NDArray[np.uint8], head_box: NDArray[np.floating], roll: float = 0.0) -> FaceReading | None:
        """Everything the networks say, or None where the box holds too few pixels to look at.

        The first look finds the face in the box, the second looks at it upright and in its place, as the networks were taught.
        """
        left, top, right, bottom = (float(value) for value in head_box[:4])
        if not min(right - left, bottom - top) >= SMALLEST_BOX_PX:
            return None
        points, certainty = self._look(picture, square_of_box(np.array([left, top, right, bottom]), roll))
        if certainty >= LEAST_CERTAINTY:
            points, certainty = self._look(picture, square_of_points(points))
        right_eye, left_eye = eyes(points)
        gap = float(np.linalg.norm(left_eye - right_eye))
        shapes = self._shapes([points[list(READ_POINTS)][None]])
        return FaceReading(points, certainty, gap, _turned(points), np.array(shapes[0]).reshape(-1))

    def _look(self, picture: NDArray[np.uint8], square: Square) -> tuple[NDArray[np.float32], float]:
        """Points of a face in the square, (478, 2) px of the picture, and how certain it is that a face is there."""
        crop = square.cut(picture).astype(np.float32)[None] / 255
        outputs = self._points([crop])
        points = np.array(outputs[0]).reshape(POINTS, 3)[:, :2]
        certainty = 1 / (1 + np.exp(-float(np.array(outputs[1]).ravel()[0])))
        return square.back(points), float(certainty)


def is_measurable(reading: FaceReading) -> bool:
    """The face is certain, large enough, and turned to the camera."""
    return (
        reading.certainty >= LEAST_CERTAINTY
        and reading.between_eyes_px >= LEAST_BETWEEN_EYES_PX
        and reading.turned <= MOST_TURNED
    )


def _turned(points: NDArray[np.float32]) -> float:
    """How far the tip of the nose stands from the middle between the eyes, in halves of the distance between them."""
    right, left = eyes(points)
    line = left - right
    length = max(float(np.linalg.norm(line)), 1e-6)
    along = float((points[NOSE_TIP] - (left + right) / 2) @ line) / length
    return abs(along) / (length / 2)


def _network(path: Path, shape: list[int], threads: int) -> openvino.CompiledModel:
    """OpenVINO reads this format from a file only; once compiled, the file is no longer needed."""
    model = core().read_model(path)
    model.reshape(shape)
    return compiled(model, threads)
