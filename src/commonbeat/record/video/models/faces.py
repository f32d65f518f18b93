"""Faces in a picture: boxes and scores from CenterFace.

The network (Xu, Yan, Sun, Yang and He, "CenterFace: joint face detection and alignment using face as point", 2020)
gives for each cell of four by four pixels the chance that a face has its middle there, the logarithm of its height and
width in cells, and where in the cell the middle lies.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

import numpy as np

from commonbeat.record.video.models.inference import Network, core, runtime

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import openvino
    from numpy.typing import NDArray

CELL: Final = 4
GRAIN: Final = 32
LEAST_FACE_IN_NETWORK_PX: Final = 13.0
KEPT_SHAPES: Final = 4
TILE_OVERLAP: Final = 0.2


class FaceDetector:
    """Finds faces in pictures of any size.

    path: centerface.onnx. threads: of the processor, 0 for all. longest_side: the longest side in pixels that goes into
    the network at once; a larger picture is made smaller, as far as the faces asked for stay findable, and beyond that
    it is cut into tiles that overlap. least_score: what counts as a face. at_once: how many threads may ask side by side.
    """

    def __init__(
        self,
        path: Path,
        *,
        threads: int = 0,
        longest_side: int = 736,
        least_score: float = 0.3,
        tiles: int = 1,
        at_once: int = 1,
    ) -> None:
        runtime()  # says at once what is not installed
        self._path = path
        self._threads = threads
        self._longest_side = longest_side
        self._least_score = least_score
        self._tiles = tiles
        self._at_once = at_once
        self._ready: dict[tuple[int, ...], Network] = {}
        self._making = threading.Lock()

    def faces(self, picture: NDArray[np.uint8], smallest_px: float = 0.0) -> NDArray[np.float32]:
        """Boxes and scores, (n, 5) float32: left, top, right, bottom in pixels of the picture, and a score from 0 to 1.

        picture: (height, width, 3) uint8 RGB. smallest_px: the height of the smallest face that is asked for; where
        the picture would have to be made too small for it and the detector was made with tiles, it is cut into them.
        """
        height, width = picture.shape[:2]
        scale = min(1.0, self._longest_side / max(height, width))
        cuts = 1
        if smallest_px > 0:
            while cuts < self._tiles and smallest_px * min(1.0, scale * cuts) < LEAST_FACE_IN_NETWORK_PX:
                cuts += 1
        found = [self._in_part(picture, (0, 0, width, height), scale)]
        if cuts > 1:  # large faces are found in the whole picture, small ones in its parts
            found += [self._in_part(picture, part, scale * cuts) for part in _parts(height, width, cuts)]
        return _without_doubles(np.concatenate(found), 0.3)

    def _in_part(
        self, picture: NDArray[np.uint8], part: tuple[int, int, int, int], scale: float
    ) -> NDArray[np.float32]:
        import cv2

        left, top, right, bottom = part
        piece = picture[top:bottom, left:right]
        height, width = piece.shape[:2]
        scale = min(scale, 1.0) if max(height, width) >= 2 * GRAIN else 1.0
        inner = max(1, round(width * scale)), max(1, round(height * scale))
        if inner != (width, height):
            piece = cv2.resize(piece, inner, interpolation=cv2.INTER_AREA)
        padded = np.zeros((_up(inner[1]), _up(inner[0]), 3), np.uint8)
        padded[: inner[1], : inner[0]] = piece
        heat, size, offset = self._run(padded)
        boxes = decode(heat, size, offset, self._least_score)
        boxes[:, [0, 2]] = np.clip(boxes[:, [0, 2]], 0, inner[0]) * (width / inner[0]) + left
        boxes[:, [1, 3]] = np.clip(boxes[:, [1, 3]], 0, inner[1]) * (height / inner[1]) + top
        return boxes[(boxes[:, 2] > boxes[:, 0]) & (boxes[:, 3] > boxes[:, 1])]

    def _run(self, padded: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
        return [output[0] for output in self._for_shape(padded.shape[0], padded.shape[1]).run(padded[None])[:3]]

    def _for_shape(self, *shape: int) -> Network:
        with self._making:
            if shape not in self._ready:
                if len(self._ready) >= KEPT_SHAPES:  # a shape is as good as forgotten when four others came since
                    self._ready.pop(next(iter(self._ready)))
                self._ready[shape] = Network(_network(self._path, shape), self._threads, self._at_once)
            return self._ready[shape]


def _network(path: Path, shape: tuple[int, ...]) -> openvino.Model:
    """The network for pictures of this shape, with the change from bytes to its own numbers built in."""
    ov = runtime()
    model = core().read_model(path)
    model.reshape([1, 3, *shape])
    steps = ov.preprocess.PrePostProcessor(model)
    steps.input().tensor().set_element_type(ov.Type.u8).set_layout(ov.Layout("NHWC"))
    steps.input().model().set_layout(ov.Layout("NCHW"))
    return steps.build()


def decode(
    heat: NDArray[np.float32], size: NDArray[np.float32], offset: NDArray[np.float32], least_score: float
) -> NDArray[np.float32]:
    """Boxes and scores, (n, 5), in pixels of the network's input, without doubles.

    heat: (1, h, w) chances; size: (2, h, w), logarithms of height and width in cells; offset: (2, h, w), y then x, in cells.
    """
    rows, columns = np.nonzero(heat[0] > least_score)
    height = np.exp(size[0, rows, columns]) * CELL
    width = np.exp(size[1, rows, columns]) * CELL
    middle_y = (rows + offset[0, rows, columns] + 0.5) * CELL
    middle_x = (columns + offset[1, rows, columns] + 0.5) * CELL
    sides = [middle_x - width / 2, middle_y - height / 2, middle_x + width / 2, middle_y + height / 2]
    boxes = np.stack([*sides, heat[0, rows, columns]], axis=1).astype(np.float32)
    return _without_doubles(boxes, 0.3)


def _without_doubles(boxes: NDArray[np.float32], most_overlap: float) -> NDArray[np.float32]:
    """Of boxes that overlap by more than a share (of their union), only the best stays; best first."""
    left = boxes[np.argsort(-boxes[:, 4], kind="stable")]
    kept = []
    while len(left):
        best = left[0]
        kept.append(best)
        left = left[1:][overlap(best, left[1:]) <= most_overlap]
    return np.array(kept, np.float32).reshape(-1, 5)


def overlap(box: NDArray[np.float32], boxes: NDArray[np.float32]) -> NDArray[np.float32]:
    """Intersection over union of one box with each of the others, (n,)."""
    width = np.minimum(box[2], boxes[:, 2]) - np.maximum(box[0], boxes[:, 0])
    height = np.minimum(box[3], boxes[:, 3]) - np.maximum(box[1], boxes[:, 1])
    shared = np.clip(width, 0, None) * np.clip(height, 0, None)
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    return shared / np.maximum((box[2] - box[0]) * (box[3] - box[1]) + areas - shared, 1e-9)


def _parts(height: int, width: int, cuts: int) -> Iterator[tuple[int, int, int, int]]:
    """The picture in `cuts` by `cuts` parts that overlap: left, top, right, bottom."""
    for row in range(cuts):
        for column in range(cuts):
            top, bottom = _span(height, row, cuts)
            left, right = _span(width, column, cuts)
            yield left, top, right, bottom


def _span(length: int, place: int, cuts: int) -> tuple[int, int]:
    more = TILE_OVERLAP * length / cuts / 2
    return max(0, int(length * place / cuts - more)), min(length, int(length * (place + 1) / cuts + more))


def _up(length: int) -> int:
    return -(-length // GRAIN) * GRAIN
