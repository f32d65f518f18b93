"""Where heads are in one picture: circles from faces, and circles from poses, also of those who look away.

A circle is wider than what was found: hair, chin and the detector's own error are inside it. The factors are measured on
drawn figures (tests/record/video/blur) and looked at on real clips (docs/obscured-copy.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.record.video.observed import Poses

X, Y, RADIUS, SCORE = range(4)

FACE_TO_HEAD: Final = 0.80
"""Radius of the head's circle over the longer side of a face's box: half of it, and as much again for hair and error."""

FACE_LIFT: Final = 0.10
"""How far the middle of the head lies above that of the face, in heights of the face's box."""

SURE_POINT: Final = 0.25
"""A keypoint below this score may be anywhere."""

GUESS_GROWTH: Final = 1.35
"""A head that is placed by the shoulders alone gets a wider circle."""

TOUCHING: Final = 0.9
"""Circles whose middles are nearer than this many of the larger radius are one head."""

_HEAD, _SHOULDERS, _HIPS = slice(0, 5), slice(5, 7), slice(11, 13)
_EYES, _EARS = slice(1, 3), slice(3, 5)


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """Heads of one picture, (n, 4) float32: x, y, radius in pixels and a score; headless: bodies whose head is nowhere."""

    circles: NDArray[np.float32]
    headless: int = 0


def heads_of_faces(boxes: NDArray[np.float32]) -> NDArray[np.float32]:
    """(n, 4) circles around the heads of faces (n, 5): left, top, right, bottom, score."""
    width, height = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    x = (boxes[:, 0] + boxes[:, 2]) / 2
    y = (boxes[:, 1] + boxes[:, 3]) / 2 - FACE_LIFT * height
    return np.stack([x, y, FACE_TO_HEAD * np.maximum(width, height), boxes[:, 4]], axis=1).astype(np.float32)


def heads_of_poses(poses: Poses, picture_height: int) -> Found:
    """Circles around the heads of everybody in a picture of that height, and how many bodies are there whose head is not.

    A head is where its keypoints are; without them it is above the shoulders, away from the hips. A body that reaches the
    picture's upper edge has its head outside.
    """
    circles, headless = [], 0
    for points, box, score in zip(poses.keypoints, poses.boxes, poses.scores, strict=True):
        circle = _head(points, float(score), float(box[3] - box[1]))
        if circle is not None:
            circles.append(circle)
        elif box[1] > 0.02 * picture_height:
            headless += 1
    return Found(np.array(circles, np.float32).reshape(-1, 4), headless)


def _head(points: NDArray[np.float32], score: float, tall: float) -> tuple[float, float, float, float] | None:
    sure = points[:, 2] >= SURE_POINT
    radius = _radius(points, sure, tall)
    if sure[_HEAD].any():
        middle = points[_HEAD][sure[_HEAD], :2].mean(axis=0)
        if sure[_EARS].any():  # nose and eyes lie at the front of a head in profile, the ears in its middle
            middle = (middle + points[_EARS][sure[_EARS], :2].mean(axis=0)) / 2
        return float(middle[0]), float(middle[1]), radius, score
    if not sure[_SHOULDERS].any():
        return None
    shoulders = points[_SHOULDERS][sure[_SHOULDERS], :2].mean(axis=0)
    up = np.array([0.0, -1.0])
    if sure[_HIPS].any():
        spine = shoulders - points[_HIPS][sure[_HIPS], :2].mean(axis=0)
        up = spine / max(float(np.hypot(*spine)), 1.0)
    x, y = shoulders + 1.25 * radius * up
    return float(x), float(y), GUESS_GROWTH * radius, score


def _radius(points: NDArray[np.float32], sure: NDArray[np.bool_], tall: float) -> float:
    """Pixels, from whichever of the body's lengths are seen: the largest counts, for each of them shrinks when turned.

    A head with hair is some 0.14 of the height of an adult and up to 0.2 of a child's; the shoulders are 0.23 of it and the trunk
    0.30 (anthropometric proportions after Drillis and Contini, 1966). The box serves when nothing else does.
    """
    lengths = [0.08 * tall]
    for part, factor in ((_EYES, 1.7), (_EARS, 1.0), (_SHOULDERS, 0.5)):
        if sure[part].all():
            lengths.append(factor * float(np.hypot(*(points[part][0, :2] - points[part][1, :2]))))
    if sure[_SHOULDERS].any() and sure[_HIPS].any():
        trunk = points[_SHOULDERS][sure[_SHOULDERS], :2].mean(axis=0) - points[_HIPS][sure[_HIPS], :2].mean(axis=0)
        lengths.append(0.4 * float(np.hypot(*trunk)))
    return max(lengths)


def joined(first: NDArray[np.float32], second: NDArray[np.float32]) -> NDArray[np.float32]:
    """Both sets of circles, those of one head replaced by the smallest circle around the two."""
    kept = [circle.copy() for circle in first]
    for circle in second:
        near = [
            k for k, other in enumerate(kept) if _apart(circle, other) < TOUCHING * max(circle[RADIUS], other[RADIUS])
        ]
        if near:
            best = min(near, key=lambda k: _apart(circle, kept[k]))
            kept[best] = _around(kept[best], circle)
        else:
            kept.append(circle.copy())
    return np.array(kept, np.float32).reshape(-1, 4)


def _apart(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    return float(np.hypot(one[X] - other[X], one[Y] - other[Y]))


def _around(one: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float32]:
    apart = _apart(one, other)
    large, small = (one, other) if one[RADIUS] >= other[RADIUS] else (other, one)
    score = max(one[SCORE], other[SCORE])
    if apart + small[RADIUS] <= large[RADIUS]:
        return np.array([large[X], large[Y], large[RADIUS], score], np.float32)
    radius = (apart + one[RADIUS] + other[RADIUS]) / 2
    toward = (radius - large[RADIUS]) / max(apart, 1e-6)
    middle = large[:2] + toward * (small[:2] - large[:2])
    return np.array([middle[0], middle[1], radius, score], np.float32)
