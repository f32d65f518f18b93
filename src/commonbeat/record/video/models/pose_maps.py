"""People out of the maps of MoveNet multipose: the last part of its graph, for any size of picture and any number of people.

A person is a peak of the map of middles. From there the network says where it expects each joint; the joint is then taken
where the map of that joint, weighted by a bell around the expected place and cut to the person's box, is highest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

JOINTS: Final = 17
LEAST_JOINT_SCORE: Final = 0.126953125
BELL_SHARE: Final = 0.300048828125
PEAK_TOLERANCE: Final = 1.0132789611816406e-06


@dataclass(frozen=True, slots=True, eq=False)
class Maps:
    """The six maps, (h, w, n) float32, of one picture."""

    middle: NDArray[np.float32]
    box_size: NDArray[np.float32]
    box_offset: NDArray[np.float32]
    expected: NDArray[np.float32]
    joint: NDArray[np.float32]
    joint_offset: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """People in cells of the maps: keypoints (n, 17, 3) x, y, score; boxes (n, 4) left, top, right, bottom; scores (n,)."""

    keypoints: NDArray[np.float32]
    boxes: NDArray[np.float32]
    scores: NDArray[np.float32]


def people_in(maps: Maps, most: int, least_middle: float = 0.0) -> Found:
    """At most `most` people, by falling chance of their middle; none whose chance is below `least_middle`.

    The score of a person is that of the middle times the mean score of the joints above LEAST_JOINT_SCORE. As in the
    graph, a joint's score is the best that any of the people found gives it at that place.
    """
    rows, columns = _peaks(maps.middle[:, :, 0], most, least_middle)
    boxes = _boxes(maps, rows, columns)
    expected = maps.expected[rows, columns].reshape(-1, JOINTS, 2) + np.stack([rows, columns], axis=1)[:, None]
    bell = np.float32(BELL_SHARE * min(maps.middle.shape[:2]))
    places = np.array(
        [_places(maps.joint, around, box, bell) for around, box in zip(expected, boxes, strict=True)], np.int64
    ).reshape(-1, JOINTS, 2)
    scores = _joint_scores(maps.joint, places, expected, boxes, bell)
    offsets = maps.joint_offset.reshape(*maps.joint.shape, 2)[places[..., 0], places[..., 1], np.arange(JOINTS)]
    at = places + offsets
    seen = scores > LEAST_JOINT_SCORE
    mean = np.where(seen, scores, 0).sum(axis=1) / np.maximum(seen.sum(axis=1), 1)
    return Found(
        np.stack([at[..., 1], at[..., 0], scores], axis=2).astype(np.float32),
        boxes[:, [1, 0, 3, 2]],
        (maps.middle[rows, columns, 0] * mean).astype(np.float32),
    )


def _peaks(middle: NDArray[np.float32], most: int, least: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows and columns of the highest places among the five by five cells around them, highest first."""
    import cv2

    highest_near = cv2.dilate(middle, np.ones((5, 5), np.uint8), borderType=cv2.BORDER_CONSTANT, borderValue=0.0)
    peaks = np.where(np.abs(middle - highest_near) < PEAK_TOLERANCE, middle, 0).ravel()
    order = np.argsort(-peaks, kind="stable")[:most]
    order = order[peaks[order] >= least]
    return order // middle.shape[1], order % middle.shape[1]


def _boxes(maps: Maps, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> NDArray[np.float32]:
    """Top, left, bottom, right of each person in cells, inside the picture."""
    middle = np.stack([rows, columns], axis=1) + maps.box_offset[rows, columns]
    half = np.maximum(maps.box_size[rows, columns], 0) / 2
    limits = np.array(maps.middle.shape[:2], np.float32)
    return np.concatenate(
        [np.clip(middle - half, 0, limits), np.clip(middle + half, 0, limits)], axis=1, dtype=np.float32
    )


def _places(
    joint: NDArray[np.float32], around: NDArray[np.float32], box: NDArray[np.float32], bell: np.float32
) -> NDArray[np.int64]:
    """Row and column of each joint of one person, (17, 2). Cells outside the box count nothing, so only the box is looked at."""
    top, left, bottom, right = np.ceil(box).astype(int)
    part = joint[top:bottom, left:right]
    if part.size == 0:
        return np.zeros((JOINTS, 2), np.int64)
    down = np.exp(-np.square(np.arange(top, bottom)[:, None] - around[:, 0]) / bell)
    across = np.exp(-np.square(np.arange(left, right)[:, None] - around[:, 1]) / bell)
    weighted = (part * (down[:, None] * across[None])).reshape(-1, JOINTS)
    best = weighted.argmax(axis=0)
    places = np.stack([best // (right - left) + top, best % (right - left) + left], axis=1)
    return np.where(weighted.max(axis=0)[:, None] > 0, places, 0)


def _joint_scores(
    joint: NDArray[np.float32],
    places: NDArray[np.int64],
    expected: NDArray[np.float32],
    boxes: NDArray[np.float32],
    bell: np.float32,
) -> NDArray[np.float32]:
    """The weighted map at each joint's place, (people, 17), by whoever of the people gives it the most."""
    if len(places) == 0:
        return np.zeros((0, JOINTS), np.float32)
    squares = np.square(places[None] - expected[:, None]).sum(axis=-1)  # (who weighs, whose joint, joint)
    low, high = boxes[:, None, None, :2], boxes[:, None, None, 2:]
    inside = ((places[None] >= low) & (places[None] < high)).all(axis=-1)
    weight = np.where(inside, np.exp(-squares / bell), 0).max(axis=0)
    return joint[places[..., 0], places[..., 1], np.arange(JOINTS)] * weight
