"""What makes a passage doubtful: heads that vanish or appear inside the picture, bodies without heads, dark, blur, crowds.

It fails closed. The detectors' silence is no proof that nobody is there: what counts is whether they could have seen
somebody, and whether somebody whom they saw has left by a way that exists.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from commonbeat.record.video.blur.covering import HOLD_S
from commonbeat.record.video.blur.heads import RADIUS, SCORE
from commonbeat.record.video.blur.passages import Doubt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from commonbeat.record.video.blur.sightings import Sightings
    from commonbeat.record.video.blur.trails import Trail

LOST = "a head was seen and lost inside the picture"
APPEARED = "a head appeared inside the picture"
HEADLESS = "a body was seen without a head"
DARK = "too dark to see faces"
BLURRED = "blurred as a whole"
CROWD = "many heads too small to be found reliably"

SURE_FRAMES: Final = 5
SURE_SCORE: Final = 0.3
"""A trail of fewer sightings, or of a lower mean score, may be no head: it is covered, but its end proves nothing."""

REACH_RADII: Final = 3.0
REACH_RADII_PER_S: Final = 8.0
BEFORE_APPEARING_S: Final = 1.0
SAME, BESIDE, ALONE = "same", "beside", "alone"
SAME_RADII, BESIDE_RADII = 1.3, 2.0
BESIDE_S: Final = 1.0
"""A head that vanishes beside another is behind it, as in every crossing: one second is hidden whole, not the rest of the scene."""

AT_EDGE_RADII: Final = 1.3
DARK_LEVEL: Final = 14.0
BLURRED_SHARE: Final = 0.35
USUAL_WINDOW_S: Final = 4.0
SMALL_RADIUS_PX: Final = 7.0
CROWD_HEADS: Final = 6
MOST_HEADS: Final = 20


def doubts_of(trails: list[Trail], sightings: Sightings) -> list[Doubt]:
    """All doubts, in no order."""
    sure = [each for each in trails if _is_sure(each)]
    return [
        *_lost_and_appeared(sure, sightings),
        *_runs(np.array(sightings.headless) > 0, sightings.times, HEADLESS),
        *_runs(np.array(sightings.light) < DARK_LEVEL, sightings.times, DARK),
        *_runs(_blurred(sightings), sightings.times, BLURRED),
        *_runs(_crowded(sightings), sightings.times, CROWD),
    ]


def _is_sure(trail: Trail) -> bool:
    scores = np.sort([circle[SCORE] for circle in trail.circles])
    return len(trail.frames) >= SURE_FRAMES and float(scores[len(scores) // 2]) >= SURE_SCORE


def _lost_and_appeared(trails: list[Trail], sightings: Sightings) -> Iterator[Doubt]:
    """From where each sure trail ends inside the picture to where one begins that may be the same head, or to the scene's end.

    A trail that begins inside the picture, later than the scene and out of reach of every lost one, was there before, unseen: the second before
    it is doubtful too.
    """
    times = np.array(sightings.times)
    for first, behind in pairwise(sightings.cuts.tolist()):
        scene = [each for each in trails if first <= each.frames[0] < behind]
        start_s, end_s = float(times[first]), float(times[behind - 1])
        beginnings = [
            each
            for each in scene
            if times[each.frames[0]] > start_s + HOLD_S
            and not _at_edge(each, 0, sightings)
            and _company(each, 0, scene) != SAME
        ]
        lost = [
            each
            for each in scene
            if times[each.frames[-1]] < end_s - HOLD_S
            and not _at_edge(each, -1, sightings)
            and _company(each, -1, scene) != SAME
        ]
        for trail in sorted(lost, key=lambda each: each.frames[-1]):
            at = float(times[trail.frames[-1]])
            found = _found_again(trail, beginnings, times)
            if found is not None:
                beginnings.remove(found)
            until = end_s if found is None else float(times[found.frames[0]])
            yield Doubt(at, min(until, at + BESIDE_S) if _company(trail, -1, scene) == BESIDE else until, LOST)
        for trail in beginnings:
            at = float(times[trail.frames[0]])
            yield Doubt(max(start_s, at - BEFORE_APPEARING_S), at, APPEARED)


def _company(trail: Trail, which: int, scene: list[Trail]) -> str:
    """Whether another sure trail goes on where this one begins or ends: as the SAME head, BESIDE it, or not at all (ALONE).

    The same: while both were seen, their circles lay on one another, so one head was found twice. Beside: it stands in
    front of the other, as in a crossing.
    """
    frame, circle = trail.frames[which], trail.circles[which]
    company = ALONE
    for other in scene:
        if other is trail or not other.frames[0] < frame < other.frames[-1]:
            continue
        apart, larger = _distance(other, frame, circle)
        if apart < BESIDE_RADII * larger:
            company = BESIDE
            if _median_apart(trail, other) < SAME_RADII:
                return SAME
    return company


def _distance(other: Trail, frame: int, circle: NDArray[np.float32]) -> tuple[float, float]:
    """How far the other's middle is from the circle's at that frame, and the larger of the two radii."""
    place = other.place(frame)
    return float(np.hypot(*(place[:2] - circle[:2]))), max(float(place[RADIUS]), float(circle[RADIUS]))


def _median_apart(trail: Trail, other: Trail) -> float:
    """The usual distance between both, in radii of the larger, over up to fifty sightings of `trail` within the other's life."""
    first, behind = bisect_left(trail.frames, other.frames[0]), bisect_right(trail.frames, other.frames[-1])
    apart = []
    for k in np.unique(np.linspace(first, behind - 1, 50).round().astype(int)):
        distance, larger = _distance(other, trail.frames[k], trail.circles[k])
        apart.append(distance / larger)
    return float(np.median(apart))


def _found_again(trail: Trail, beginnings: list[Trail], times: NDArray[np.float64]) -> Trail | None:
    """The first trail that begins later within reach of where this one ended."""
    last, at = trail.circles[-1], float(times[trail.frames[-1]])
    for other in beginnings:
        waited = float(times[other.frames[0]]) - at
        if waited <= 0:
            continue
        new = other.circles[0]
        reach = (REACH_RADII + REACH_RADII_PER_S * waited) * max(last[RADIUS], new[RADIUS])
        if float(np.hypot(*(new[:2] - last[:2]))) < reach:
            return other
    return None


def _at_edge(trail: Trail, which: int, sightings: Sightings) -> bool:
    """Whether the head's first or last circle touches the picture's edge, or is about to by its own movement."""
    circle = trail.circles[which]
    beside = trail.circles[-min(4, len(trail.circles))] if which else trail.circles[min(3, len(trail.circles) - 1)]
    ahead = circle[:2] + (circle[:2] - beside[:2])
    reach = AT_EDGE_RADII * circle[RADIUS]
    return any(
        x < reach or y < reach or x > sightings.width - reach or y > sightings.height - reach
        for x, y in (circle[:2], ahead)
    )


def _blurred(sightings: Sightings) -> NDArray[np.bool_]:
    """Frames much less sharp than is usual around them, (frames,)."""
    times, sharpness = np.array(sightings.times), np.array(sightings.sharpness)
    first = np.searchsorted(times, times - USUAL_WINDOW_S)
    behind = np.searchsorted(times, times + USUAL_WINDOW_S)
    step = max(1, len(times) // 2000)  # the usual changes slowly: it is worked out now and then
    marks = np.arange(0, len(times), step)
    usual = np.array([np.median(sharpness[first[k] : behind[k]]) for k in marks])
    return sharpness < BLURRED_SHARE * np.interp(np.arange(len(times)), marks, usual)


def _crowded(sightings: Sightings) -> NDArray[np.bool_]:
    """Frames with many heads at the limit of what is found, or as many as the pose model can tell apart."""
    small = np.array([int((circles[:, RADIUS] < SMALL_RADIUS_PX).sum()) for circles in sightings.heads])
    heads = np.array([len(circles) for circles in sightings.heads])
    return (small >= CROWD_HEADS) | (heads >= MOST_HEADS)


def _runs(doubtful: NDArray[np.bool_], times: list[float], reason: str) -> Iterator[Doubt]:
    """Stretches of frames in a row that are doubtful."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], doubtful, [False]]).astype(np.int8)))
    for first, behind in edges.reshape(-1, 2):
        yield Doubt(times[first], times[behind - 1], reason)
