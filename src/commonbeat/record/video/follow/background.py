"""Points of the background, carried from picture to picture, and the one motion of the plane that explains them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from commonbeat.record.video.follow.plane import PlaneMotion

if TYPE_CHECKING:
    from numpy.typing import NDArray

LONGEST_SIDE_PX: Final = 320
MOST_POINTS, POINT_DISTANCE_PX = 160, 8
# The contrast of an evenly lit wall with broad shades, as in a studio. What is fainter is grain, and grain does not return.
LEAST_CONTRAST: Final = 2e-5
BEST_SHARE: Final = 0.01
LOOK_PX, LEVELS = 21, 3
# Pixels of the small picture by which a point may miss where it came from once it is carried there and back.
RETURN_PX: Final = 0.7
AGREE_PX: Final = 1.0
LEAST_AGREEING, AGREEING_SHARE = 12, 0.5
# Agreeing points must lie apart, or a logo, a caption or an overlooked person would pass for the background.
LEAST_CELLS, CELLS = 3, 3
BOX_MARGIN: Final = 0.12


def small_grey(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The small grey picture on which the camera is measured, of an RGB picture as displayed.

    All three colours count alike: by lightness as the eye sees it, a blue wall would be almost black.
    """
    height, width = picture.shape[:2]
    scale = min(1.0, LONGEST_SIDE_PX / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA))
    return np.rint(small.mean(axis=2)).astype(np.uint8)


def background_mask(shape: tuple[int, int], boxes: NDArray[np.floating]) -> NDArray[np.uint8]:
    """255 where the background may show and 0 inside people's boxes, grown by an eighth; boxes in small pixels."""
    mask = np.full(shape, 255, dtype=np.uint8)
    for left, top, right, bottom in np.nan_to_num(np.asarray(boxes, dtype=float)):
        margin = BOX_MARGIN * max(right - left, bottom - top)
        rows = slice(max(0, int(top - margin)), max(0, int(np.ceil(bottom + margin))))
        columns = slice(max(0, int(left - margin)), max(0, int(np.ceil(right + margin))))
        mask[rows, columns] = 0
    return mask


def corners(grey: NDArray[np.uint8], mask: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Points of the background that can be found again, (points, 2)."""
    found = cv2.goodFeaturesToTrack(grey, MOST_POINTS, BEST_SHARE, POINT_DISTANCE_PX, mask=mask, blockSize=5)
    if found is None:
        return np.empty((0, 2), dtype=np.float32)
    points = np.asarray(found, dtype=np.float32).reshape(-1, 2)
    contrast = cv2.cornerMinEigenVal(grey, 5)
    return points[contrast[points[:, 1].astype(int), points[:, 0].astype(int)] >= LEAST_CONTRAST]


def carried_points(
    before: NDArray[np.uint8], now: NDArray[np.uint8], points: NDArray[np.float32], mask: NDArray[np.uint8]
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Where the points of one picture stand in the next, and which of them can be trusted.

    Pyramidal Lucas-Kanade, there and back; a point that comes back elsewhere, leaves the picture or ends inside a
    person's box is not trusted.
    """
    if not len(points):
        return points, np.zeros(0, dtype=bool)
    there, status = _carry(before, now, points)
    again, status_back = _carry(now, before, there)
    good = status & status_back
    good &= np.abs(again - points).max(axis=1) <= RETURN_PX
    height, width = now.shape
    good &= (there >= 0).all(axis=1) & (there[:, 0] < width) & (there[:, 1] < height)
    rows, columns = np.clip(there[:, 1], 0, height - 1).astype(int), np.clip(there[:, 0], 0, width - 1).astype(int)
    return there, good & (mask[rows, columns] > 0)


def _carry(
    before: NDArray[np.uint8], now: NDArray[np.uint8], points: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Where points are found again, and whether they are."""
    there, status, _ = cv2.calcOpticalFlowPyrLK(
        before, now, points[:, None, :], points[:, None, :].copy(), winSize=(LOOK_PX, LOOK_PX), maxLevel=LEVELS
    )
    return np.asarray(there, dtype=np.float32).reshape(-1, 2), np.asarray(status).ravel() == 1


def common_motion(
    then: NDArray[np.float32], now: NDArray[np.float32], shape: tuple[int, int]
) -> tuple[PlaneMotion | None, NDArray[np.bool_]]:
    """The motion of the plane on which most points agree, and which points those are; None where too few agree.

    Asked for: twelve agreeing points, half of all, in three or more cells of a grid of three by three.
    """
    nobody = np.zeros(len(then), dtype=bool)
    if len(then) < LEAST_AGREEING:
        return None, nobody
    matrix, inliers = cv2.estimateAffinePartial2D(then, now, method=cv2.RANSAC, ransacReprojThreshold=AGREE_PX)
    if matrix is None or not np.isfinite(matrix).all():
        return None, nobody
    agree = inliers.ravel() > 0
    where = np.floor(now[agree] / np.array([shape[1], shape[0]]) * CELLS).astype(int)
    spread = len(np.unique(where[:, 0] + CELLS * where[:, 1]))
    if agree.sum() < LEAST_AGREEING or agree.mean() < AGREEING_SHARE or spread < LEAST_CELLS:
        return None, nobody
    return PlaneMotion(complex(matrix[0, 0], matrix[1, 0]), complex(matrix[0, 2], matrix[1, 2])), agree
