"""Who comes closer to whom: stretches over which the gap between two people closes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from commonbeat.record.video.space.closing import closing
from commonbeat.record.video.space.distances import pair_distance
from commonbeat.record.video.space.spells import median_smoothed, spells

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from commonbeat.record.video.space.closing import Closing
    from commonbeat.record.video.space.places import Place

# A gap that closes by less than half a body height is swaying, dancing or jitter.
LEAST_HEIGHTS: Final = 0.5
# Longer than a dancer sways to one side and back; a median keeps the corners of a walk.
SMOOTHED_S: Final = 1.5
# An approach that has come to a stop has ended, though the gap may close by a hair later.
NEARLY_THERE, RESTING_CHANGE, REST_S = 0.05, 0.1, 2.0
# What a rest's middle is known by; more would cut the first and last steps off.
AT_REST: Final = 0.02
# A walk without the rests at its ends is most of the change, or the rests were none.
MOST_OF_IT: Final = 0.75


@dataclass(frozen=True, slots=True)
class Approach:
    """One closing of a gap: from when to when, from how many body heights to how many, and who did it.

    depth_unclear: the share of the stretch in which the two heights differ too much to trust a distance.
    """

    first: int
    second: int
    start_s: float
    end_s: float
    from_heights: float
    to_heights: float
    closing: Closing
    depth_unclear: float


def approaches(first: Place, second: Place, times: NDArray[np.float64]) -> tuple[Approach, ...]:
    """All approaches of two people, in order of time.

    The distance (running median over a second and a half) is cut into falls and rises of at least half a body height; a fall is an
    approach, cut where it rests for two seconds. Read backward in time, an approach is a parting.
    """
    apart = pair_distance(first, second)
    if apart is None:
        return ()
    span = times[apart.start : apart.start + len(apart.heights)]
    smooth = median_smoothed(apart.heights, span, SMOOTHED_S)
    told = []
    calm = calmed(first, times), calmed(second, times)
    steep = [part for each in falls(smooth, LEAST_HEIGHTS) for part in without_rests(smooth, span, each, LEAST_HEIGHTS)]
    for high, low in steep:
        unclear = apart.depth_unclear[high : low + 1]
        told.append(
            Approach(
                first.number,
                second.number,
                float(span[high]),
                float(span[low]),
                float(smooth[high]),
                float(smooth[low]),
                closing(*calm, apart.start + high, apart.start + low),
                float(unclear.mean()),
            )
        )
    return tuple(told)


def calmed(place: Place, times: NDArray[np.float64]) -> Place:
    """The place with the dancing taken out of its path by the same running median, within each passage of the camera.

    Where somebody happens to sway at the first and the last moment would otherwise count as walking.
    """
    span, steady = times[place.start : place.stop], place.steady.copy()
    for each in np.unique(place.passage[place.passage >= 0]):
        inside = place.passage == each
        for axis in range(2):
            steady[inside, axis] = median_smoothed(place.steady[inside, axis], span[inside], SMOOTHED_S)
    return replace(place, steady=steady)


def all_approaches(places: Sequence[Place], times: NDArray[np.float64]) -> tuple[Approach, ...]:
    """The approaches of all pairs, in order of time."""
    pairs = ((one, other) for place, one in enumerate(places) for other in places[place + 1 :])
    found = [each for one, other in pairs for each in approaches(one, other, times)]
    return tuple(sorted(found, key=lambda each: (each.start_s, each.first, each.second)))


def falls(values: NDArray[np.float64], least: float) -> list[tuple[int, int]]:
    """Falls of at least so much, as places (highest, lowest); a fall ends once the values rise again by as much.

    Unknown values are stepped over.
    """
    found: list[tuple[int, int]] = []
    falling, high, turn = False, -1, -1
    for place in np.flatnonzero(np.isfinite(values)).tolist():
        if turn < 0 or (falling and values[place] < values[turn]):
            turn = place
        elif falling and values[place] - values[turn] >= least:
            found.append((high, turn))
            falling, turn = False, place
        elif not falling and values[place] > values[turn]:
            turn = place
        elif not falling and values[turn] - values[place] >= least:
            falling, high, turn = True, turn, place
    if falling:
        found.append((high, turn))
    return found


def without_rests(
    values: NDArray[np.float64], times: NDArray[np.float64], fall: tuple[int, int], least: float
) -> list[tuple[int, int]]:
    """The fall cut where it rests for two seconds or more, and the flat stretches at its ends taken off.

    A fall so slow that no part of it is steep enough by itself stays whole.
    """
    high, low = fall
    span = np.arange(high, low + 1)
    span = span[np.isfinite(values[span])]
    later = np.searchsorted(times[span], times[span] + REST_S)
    inner = later < len(span)
    resting = np.zeros(len(span), dtype=bool)
    for start in np.flatnonzero(inner):
        if values[span[start]] - values[span[later[start]]] < RESTING_CHANGE:
            resting[start : later[start] + 1] = True
    middles = [(start + stop) // 2 for start, stop in spells(resting) if start > 0 and stop < len(span) - 1]
    bounds = list(pairwise([0, *middles, len(span) - 1]))
    heights = values[span]
    steep = [each for each in bounds if heights[each[0]] - heights[each[1]] >= least] or [(0, len(span) - 1)]
    return [(int(span[start]), int(span[stop])) for start, stop in (_trimmed(heights, resting, each) for each in steep)]


def _trimmed(heights: NDArray[np.float64], resting: NDArray[np.bool_], fall: tuple[int, int]) -> tuple[int, int]:
    """The fall without the rests at its ends, and without flat stretches in which it changes by a twentieth of a height.

    Who dances on the spot for a while before walking stood farthest at some moment of that: not then, but where the
    rest ends, the walk begins. Where little would be left of the fall, only the flat stretches are taken off.
    """
    high, low = fall
    still = spells(resting[high : low + 1])
    before = heights[high : high + still[0][1] + 1] if still and still[0][0] == 0 else heights[high : high + 1]
    after = heights[high + still[-1][0] : low + 1] if still and still[-1][1] == low - high else heights[low : low + 1]
    rested = _between(heights, fall, float(np.median(before)) - AT_REST, float(np.median(after)) + AT_REST)
    if rested is not None and heights[rested[0]] - heights[rested[1]] >= MOST_OF_IT * (heights[high] - heights[low]):
        return rested
    flat = _between(heights, fall, float(heights[high]) - NEARLY_THERE, float(heights[low]) + NEARLY_THERE)
    return flat or fall


def _between(heights: NDArray[np.float64], fall: tuple[int, int], top: float, bottom: float) -> tuple[int, int] | None:
    """From the last place not below the top to the first place after it not above the bottom; None where there is none."""
    high, low = fall
    places = np.arange(high, low + 1)
    began = places[heights[places] >= top]
    # A dip that nearly rose again lies before the last high point, and does not end the fall.
    ended = places[(heights[places] <= bottom) & (places > began[-1])] if len(began) else began
    return (int(began[-1]), int(ended[0])) if len(ended) else None
