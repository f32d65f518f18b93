"""What looks at pictures besides the pose: the reader of smiles, and what obscures a picture before it is kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.record.video.models.faces import FaceDetector
    from commonbeat.record.video.models.smiles import SmileReader
    from commonbeat.record.video.models.weights import Models
    from commonbeat.record.video.observed import Poses

LONGEST_SIDE_PX: Final = 1280
LEAST_FACE_SCORE: Final = 0.25
GROWN: Final = 1.25  # a still picture is looked at for long: circles are wider than in the moving copy
DARK_LEVEL: Final = 14.0
SOFT_SHARE: Final = 1 / 160  # of the longer side: the whole picture is softened by so much, for heads that nobody found


@dataclass(slots=True)
class LazyReader:
    """Reads smiles with networks that are loaded when the first face is large enough."""

    models: Models
    reader: SmileReader | None = None

    def smile(self, picture: NDArray[np.uint8], head_box: NDArray[np.float64], roll: float) -> float | None:
        """0 to 1, or None where it cannot be measured."""
        if self.reader is None:
            from commonbeat.record.video.models.smiles import SmileReader

            self.reader = SmileReader(self.models.face_points)
        return self.reader.smile(picture, head_box, roll)


@dataclass(slots=True)
class PictureObscurer:
    """Obscures single pictures as the obscured copy does, and closes when in doubt.

    Heads of faces and of poses in this picture, and of poses in the last moments before it, are painted flat. A body without a
    head, or a dark picture, hides the picture whole. The rest is softened, so that no picture is kept as it was.
    """

    models: Models
    faces: FaceDetector | None = field(default=None)

    def __call__(
        self, picture: NDArray[np.uint8], poses: Poses, recent: NDArray[np.float32]
    ) -> tuple[NDArray[np.uint8], str]:
        """The obscured picture and what it shows, in words. recent: (n, 3) circles of heads seen just before."""
        import cv2

        from commonbeat.record.video.blur.heads import heads_of_faces, heads_of_poses, joined
        from commonbeat.record.video.blur.hiding import Mosaic, paint_heads

        bodies = heads_of_poses(poses, picture.shape[0])
        circles = joined(heads_of_faces(self._detector().faces(picture)), bodies.circles)
        heads = len(circles)
        if bodies.headless or float(picture.mean()) < DARK_LEVEL:
            widest = 2 * float(max(circles[:, 2].max(initial=0), recent[:, 2].max(initial=0))) or max(picture.shape) / 6
            return Mosaic().hidden(picture, 0.0, widest), "hidden whole, because a head could not be placed"
        sigma = SOFT_SHARE * max(picture.shape)
        shown = np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.uint8).copy()
        grown = np.concatenate([circles[:, :3], recent]) * np.array([1, 1, GROWN], np.float32)
        paint_heads(shown, grown)
        people = (
            "nobody was found"
            if not heads
            else "1 person, head painted over"
            if heads == 1
            else f"{heads} people, heads painted over"
        )
        return shown, people

    def _detector(self) -> FaceDetector:
        if self.faces is None:
            from commonbeat.record.video.models.faces import FaceDetector

            self.faces = FaceDetector(self.models.faces, longest_side=LONGEST_SIDE_PX, least_score=LEAST_FACE_SCORE)
        return self.faces
