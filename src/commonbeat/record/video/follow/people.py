"""Who finds their way from one frame to the next: people followed so far, and the poses of a new frame."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment

from commonbeat.record.video.follow.height import height_now
from commonbeat.record.video.follow.likeness import box_overlap, keypoint_boxes, keypoint_likeness
from commonbeat.record.video.follow.plane import PlaneMotion, carried
from commonbeat.record.video.follow.sides import exchanged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

# Poses above the first score may begin a person; poses down to the second may only go on with one. Weak poses are
# looked at last, after every strong one has found its place: the idea of ByteTrack (Zhang et al. 2022).
STRONG_SCORE, WEAK_SCORE = 0.3, 0.12
# One and the same person found twice in a frame.
SAME_POSE: Final = 0.85
LEAST_LIKENESS, LEAST_LIKENESS_WEAK = 0.12, 0.3
# How far, in body heights, the middle may lie from where it is expected: at once, and more for every second of a gap.
REACH, REACH_PER_S = 0.4, 0.8
LONGEST_GAP_S: Final = 1.0
# Share of the surprise that goes into the velocity, and how quickly a velocity fades while nobody is found.
LEARNING_SHARE, FADING_S, FASTEST_HEIGHTS_PER_S = 0.35, 0.7, 5.0
HEIGHT_SHARE: Final = 0.15


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """People who are followed now, in the pixels of the present picture.

    numbers (k,) int64; pose (k, 17, 3) as found or expected; velocity (k, 2) pixels a second; last_s (k,) when last
    found; height (k,) pixels.
    """

    numbers: NDArray[np.int64]
    pose: NDArray[np.float64]
    velocity: NDArray[np.float64]
    last_s: NDArray[np.float64]
    height: NDArray[np.float64]

    def only(self, chosen: NDArray) -> People:
        """Those who are chosen."""
        return People(*(getattr(self, each.name)[chosen] for each in fields(self)))

    def and_also(self, others: People) -> People:
        """These and the others after them."""
        return People(
            *(np.concatenate([getattr(self, each.name), getattr(others, each.name)]) for each in fields(self))
        )

    def to_arrays(self) -> dict[str, NDArray]:
        """Everything that tomorrow needs."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray]) -> People:
        """The people as they were when `to_arrays` was called."""
        return cls(*(arrays[each.name] for each in fields(cls)))


def nobody() -> People:
    """Nobody is followed."""
    return People(np.zeros(0, np.int64), np.zeros((0, 17, 3)), np.zeros((0, 2)), np.zeros(0), np.zeros(0))


class Match(NamedTuple):
    """The person at each place of People, and the pose of the frame that continues them."""

    person: NDArray[np.intp]
    pose: NDArray[np.intp]


def expected(people: People, motion: PlaneMotion, seconds: float) -> People:
    """Where everybody is expected now: carried along with the picture, and on with their own velocity."""
    pose = people.pose.copy()
    pose[..., :2] = carried(people.pose[..., :2], motion) + people.velocity[:, None, :] * abs(motion.turn) * seconds
    velocity = carried(people.velocity, PlaneMotion(motion.turn))
    return People(people.numbers, pose, velocity, people.last_s, people.height * abs(motion.turn))


def without_doubles(keypoints: NDArray[np.floating], scores: NDArray[np.floating]) -> NDArray[np.intp]:
    """The places of poses that stand for a person each, best first: weak ones and second findings are left out."""
    order = np.argsort(-scores, kind="stable")
    order = order[(scores[order] >= WEAK_SCORE) & np.isfinite(keypoints[order]).all(axis=(1, 2))]
    poses = keypoints[order].astype(float)
    same = keypoint_likeness(poses, poses, rough_height(poses)) >= SAME_POSE
    kept: list[int] = []
    for place in range(len(order)):
        if not same[place, kept].any():
            kept.append(place)
    return order[kept]


def rough_height(poses: NDArray[np.floating]) -> NDArray[np.float64]:
    """A height in pixels for every pose, by the box round its keypoints where the segments do not tell."""
    boxes = keypoint_boxes(poses)
    by_box = np.maximum(boxes[:, 3] - boxes[:, 1], boxes[:, 2] - boxes[:, 0]) / 0.9
    by_segments = height_now(poses)
    # A hidden trunk or a pose guessed from a fragment can give absurd segments; the box bounds them.
    sound = np.isfinite(by_segments) & (by_segments > 0.6 * by_box) & (by_segments < 4.0 * by_box)
    return np.maximum(np.where(sound, by_segments, by_box), 1.0)


def matched(people: People, poses: NDArray[np.float64], scores: NDArray[np.floating], time_s: float) -> Match:
    """Who is who: the assignment with the greatest total likeness, strong poses first and weak ones for who is left."""
    likeness = _likeness(people, poses, time_s)
    strong = np.flatnonzero(scores >= STRONG_SCORE)
    weak = np.flatnonzero(scores < STRONG_SCORE)
    first = _best(likeness, np.arange(len(people.numbers)), strong, LEAST_LIKENESS)
    left = np.setdiff1d(np.arange(len(people.numbers)), first.person)
    second = _best(likeness, left, weak, LEAST_LIKENESS_WEAK)
    return Match(np.concatenate([first.person, second.person]), np.concatenate([first.pose, second.pose]))


def _likeness(people: People, poses: NDArray[np.float64], time_s: float) -> NDArray[np.float64]:
    """Likeness of place and pose, (people, poses) in 0 to 1, zero out of reach."""
    as_is = keypoint_likeness(people.pose, poses, people.height)
    by_keypoints = np.maximum(as_is, keypoint_likeness(people.pose, exchanged(poses), people.height))
    by_box = box_overlap(keypoint_boxes(people.pose), keypoint_boxes(poses))
    apart = np.linalg.norm(displaced(people.pose, poses), axis=-1)
    reach = (REACH + REACH_PER_S * (time_s - people.last_s))[:, None] * people.height[:, None]
    near = np.exp(-((apart / reach) ** 2) * 2.0)
    return np.where(apart <= reach, 0.5 * by_keypoints + 0.25 * by_box + 0.25 * near, 0.0)


def displaced(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """By how much every pose of the second list lies off every pose of the first, (m, n, 2), limbs counting little.

    The mean over keypoints by their scores, of head and trunk where they are in view.
    """
    weight = np.minimum(one[:, None, :, 2], other[None, :, :, 2])
    weight = np.maximum(weight, 1e-3) * _STEADY_PARTS
    gap = other[None, :, :, :2] - one[:, None, :, :2]
    return (gap * weight[..., None]).sum(axis=2) / weight.sum(axis=2)[..., None]


_STEADY_PARTS: Final = np.array([1.0, 1.0, 1.0, 1.0, 1.0, 2.0, 2.0, 0.2, 0.2, 0.05, 0.05, 2.0, 2.0, 0.5, 0.5, 0.2, 0.2])


def _best(likeness: NDArray[np.float64], people: NDArray, poses: NDArray, least: float) -> Match:
    """The assignment among these people and poses with the greatest total, pairs below the least left out."""
    part = likeness[np.ix_(people, poses)]
    rows, columns = linear_sum_assignment(np.where(part >= least, part, 0.0), maximize=True)
    enough = part[rows, columns] >= least
    return Match(people[rows[enough]], poses[columns[enough]])


def moved_on(people: People, match: Match, poses: NDArray[np.float64], time_s: float, seconds: float) -> People:
    """People after the frame: those found stand where they were found, those not found drift on more slowly."""
    pose, velocity, last_s, height = (
        people.pose.copy(),
        people.velocity.copy(),
        people.last_s.copy(),
        people.height.copy(),
    )
    velocity *= np.exp(-seconds / FADING_S)
    who, found = match.person, poses[match.pose]
    surprise = displaced_each(people.pose[who], found)
    gap_s = np.maximum(time_s - people.last_s[who], 1e-3)[:, None]
    learnt = people.velocity[who] + LEARNING_SHARE * surprise / gap_s
    speed = np.linalg.norm(learnt, axis=1, keepdims=True)
    fastest = FASTEST_HEIGHTS_PER_S * people.height[who][:, None]
    velocity[who] = learnt * np.minimum(1.0, fastest / np.maximum(speed, 1e-9))
    pose[who], last_s[who] = found, time_s
    height[who] += HEIGHT_SHARE * (rough_height(found) - height[who])
    after = People(people.numbers, pose, velocity, last_s, height)
    return after.only(time_s - last_s <= LONGEST_GAP_S)


def displaced_each(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """By how much each pose of the second list lies off its own of the first, (n, 2)."""
    weight = np.maximum(np.minimum(one[..., 2], other[..., 2]), 1e-3) * _STEADY_PARTS
    return ((other[..., :2] - one[..., :2]) * weight[..., None]).sum(axis=1) / weight.sum(axis=1)[:, None]


def newcomers(poses: NDArray[np.float64], first_number: int, time_s: float) -> People:
    """People seen for the first time, numbered onward."""
    count = len(poses)
    numbers = np.arange(first_number, first_number + count, dtype=np.int64)
    return People(numbers, poses, np.zeros((count, 2)), np.full(count, time_s), rough_height(poses))
