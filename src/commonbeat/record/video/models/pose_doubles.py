"""One person, found once: of two findings that name the same joints at the same places, the better one stays.

MoveNet looks for middles of people, and a large or half-hidden body may have two of them. Their joints then coincide almost to
the pixel, which those of two people who stand or dance close together do not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from commonbeat.record.video.models.pose_maps import Found

if TYPE_CHECKING:
    from numpy.typing import NDArray

SAME_PLACE: Final = 0.06
SAME_SHARE: Final = 0.6


def without_doubles(found: Found) -> Found:
    """People of whom no better one has most joints at the same places, best score first.

    Two joints are at the same place when they are nearer than SAME_PLACE of the body's size, the root of the box's area.
    """
    order = np.argsort(-found.scores, kind="stable")
    kept: list[int] = []
    for one in order:
        if not any(_is_same(found, int(one), other) for other in kept):
            kept.append(int(one))
    return Found(found.keypoints[kept], found.boxes[kept], found.scores[kept])


def _is_same(found: Found, one: int, other: int) -> bool:
    apart = np.linalg.norm(found.keypoints[one, :, :2] - found.keypoints[other, :, :2], axis=1)
    return bool(np.mean(apart < SAME_PLACE * _size(found.boxes[other])) >= SAME_SHARE)


def _size(box: NDArray[np.float32]) -> float:
    return float(np.sqrt(max((box[2] - box[0]) * (box[3] - box[1]), 1.0)))
