"""When two people stand together: near enough, long enough, and not just passing by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from commonbeat.record.video.space.distances import joint, pair_distance
from commonbeat.record.video.space.spells import bridged, lasting, median_smoothed, spells, spells_below

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from commonbeat.record.video.space.places import Place


@dataclass(frozen=True, slots=True)
class Reach:
    """What counts as together. Distances in body heights, speed in body heights a second, times in seconds.

    near: about 2 m for an adult, between the far phase of personal distance (to 1.2 m) and the middle of social distance (1.2 to
    3.6 m) in Hall, The Hidden Dimension (1966); people in talk stand in a ring about so wide (Kendon, Conducting Interaction,
    1990). It is assumed: bodies in a picture have no metres. far: where a spell ends; the difference keeps swaying from ending
    it. at_least_s: shorter is no spell. settled: a walker passes at about .8, people who stay together drift less against each
    other, however they sway.
    """

    near: float = 1.2
    far: float = 1.5
    at_least_s: float = 2.0
    settled: float = 0.25


STANDARD: Final = Reach()
SMOOTHED_S, BRIEF_GAP_S, SETTLED_OVER_S = 0.5, 0.6, 2.0
# Both must have been seen apart for so long before a spell for its beginning to be a coming together, and so after it.
SEEN_APART_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Link:
    """Two people together from frame `begin` to frame `end`. came: both were seen apart just before; went: just after.

    place: the places of the two in the list of people.
    """

    place: tuple[int, int]
    begin: int
    end: int
    came: bool
    went: bool


def links(places: Sequence[Place], times: NDArray[np.float64], reach: Reach = STANDARD) -> list[Link]:
    """All spells in which two people stand together, pair by pair."""
    found = []
    for one in range(len(places)):
        for other in range(one + 1, len(places)):
            found += pair_links(places, (one, other), times, reach)
    return found


def pair_links(places: Sequence[Place], pair: tuple[int, int], times: NDArray[np.float64], reach: Reach) -> list[Link]:
    """The spells of one pair. A pair whose heights differ too much for its distance to be trusted has none."""
    first, second = places[pair[0]], places[pair[1]]
    apart = pair_distance(first, second)
    if apart is None:
        return []
    span = times[apart.start : apart.start + len(apart.heights)]
    smooth = median_smoothed(np.where(apart.depth_unclear, np.nan, apart.heights), span, SMOOTHED_S)
    inside = spells_below(np.where(_lost(smooth, span), np.inf, smooth), reach.near, reach.far)
    near = lasting(bridged(spells(inside), span, BRIEF_GAP_S), span, reach.at_least_s)
    settled = settled_frames(first, second, span, reach)
    stayed = [
        each
        for each in near
        if lasting(spells(settled[each[0] : each[1] + 1]), span[each[0] : each[1] + 1], reach.at_least_s)
    ]
    return [
        Link(
            pair,
            apart.start + begin,
            apart.start + end,
            came=_apart_throughout(smooth, span, begin - 1, -1, reach),
            went=_apart_throughout(smooth, span, end + 1, 1, reach),
        )
        for begin, end in bridged(stayed, span, reach.at_least_s)
    ]


def settled_frames(first: Place, second: Place, span: NDArray[np.float64], reach: Reach) -> NDArray[np.bool_]:
    """Frames in which two people hardly move against each other, over the two seconds around each: (length,).

    The vector between them needs no steady camera: pan and shake move both alike.
    """
    shared = joint(first, second)
    if shared is None:
        return np.zeros(len(span), dtype=bool)
    one, other, _ = shared
    between = (second.picture[other] - first.picture[one]) / ((first.height[one] + second.height[other]) / 2.0)[:, None]
    known = np.isfinite(between).all(axis=1)
    if known.sum() < 2:
        return np.zeros(len(span), dtype=bool)
    filled = np.stack([np.interp(span, span[known], between[known, axis]) for axis in range(2)], axis=1)
    low = np.clip(span - SETTLED_OVER_S / 2.0, span[0], span[-1])
    high = np.clip(span + SETTLED_OVER_S / 2.0, span[0], span[-1])
    moved = [np.interp(high, span, filled[:, axis]) - np.interp(low, span, filled[:, axis]) for axis in range(2)]
    return np.hypot(*moved) / np.maximum(high - low, SETTLED_OVER_S / 2.0) <= reach.settled


def _lost(smooth: NDArray[np.float64], span: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Frames in a gap too long to be bridged."""
    lost = np.zeros(len(smooth), dtype=bool)
    for start, stop in lasting(spells(~np.isfinite(smooth)), span, SEEN_APART_S):
        lost[start : stop + 1] = True
    return lost


def _apart_throughout(
    smooth: NDArray[np.float64], span: NDArray[np.float64], place: int, step: int, reach: Reach
) -> bool:
    """Whether the pair was measured outside reach for a second from `place` on, in one direction of time."""
    known = smooth[: place + 1][::-1] if step < 0 else smooth[place:]
    when = span[: place + 1][::-1] if step < 0 else span[place:]
    if not len(known):
        return False
    within = np.abs(when - when[0]) <= SEEN_APART_S + 1e-9
    outside = np.isfinite(known[within]) & (known[within] > reach.near)
    return bool(abs(when[-1] - when[0]) >= SEEN_APART_S - 1e-9 and outside.mean() >= 0.5)
