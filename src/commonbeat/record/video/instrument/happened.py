"""What happened in a clip, in words: joins and leaves, approaches, swaps suspected, cuts, and where the camera is unclear."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from commonbeat.record.video.instrument.measured import CLOSER, CUT, JOINED, LEFT, SWAP, UNSTEADY, Happening
from commonbeat.record.video.space.closing import BOTH, FIRST, SECOND
from commonbeat.record.video.space.spells import spells

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from commonbeat.record.video.observed import Tracks
    from commonbeat.record.video.space.approach import Approach
    from commonbeat.record.video.space.groups import Change, Groups

SWAP_UNSURE_S: Final = 0.5
# Swaying blurs where a walk begins and ends: on made-up gaps that sway by .06 heights, nine in ten times were this near.
APPROACH_UNSURE_S: Final = 1.0
# A passer-by takes about so long past people who stand together; whoever changes numbers with one of them seems to come or go.
DOUBTFUL_S: Final = 3.0
MOST_UNCLEAR: Final = 0.5  # an approach for more than this share of which depth is unclear is not told
BRIEF_S: Final = 1.0  # a camera unclear for less is left to the coverage


def happenings_of(tracks: Tracks, groups: Groups, approaches: Iterable[Approach]) -> tuple[Happening, ...]:
    """Everything that happened, in order of time."""
    swaps = [(float(when), int(a), int(b)) for when, a, b in tracks.swaps_suspected]
    found = [_change(JOINED, each, swaps) for each in groups.joins]
    found += [_change(LEFT, each, swaps) for each in groups.leaves]
    found += [
        _approach(each, APPROACH_UNSURE_S + _frame_s(tracks))
        for each in approaches
        if each.depth_unclear <= MOST_UNCLEAR
    ]
    found += [_swap(*each) for each in swaps]
    found += [*_cuts(tracks), *_unclear(tracks)]
    return tuple(sorted(found, key=lambda each: (each.start_s, each.kind, each.people)))


def listed(numbers: Sequence[int]) -> str:
    """Numbers of people as people list them."""
    words = [str(each) for each in numbers]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _change(kind: str, each: Change, swaps: Sequence[tuple[float, int, int]]) -> Happening:
    verb = "joined" if kind == JOINED else "left"
    moved = {FIRST: f"{listed(each.who)} moved", SECOND: f"{listed(each.others)} moved", BOTH: "both moved"}
    who = moved.get(each.closing.who, "who moved cannot be told")
    people = (*each.who, *each.others)
    doubt = _doubt(each.time_s, people, swaps)
    words = f"{listed(each.who)} {verb} {listed(each.others)}; {doubt or who}"
    return Happening(kind, each.time_s, each.time_s, people, each.uncertainty_s, words, doubt=doubt)


def _doubt(time_s: float, people: Sequence[int], swaps: Sequence[tuple[float, int, int]]) -> str:
    """Why a join or a leave may be none: two of those in it may have been taken for each other just then."""
    for when, one, other in swaps:
        if abs(when - time_s) <= DOUBTFUL_S and one in people and other in people:
            return f"{one} and {other} may have changed places just then, so somebody may only have passed by"
    return ""


def _approach(each: Approach, unsure_s: float) -> Happening:
    closing = each.closing
    gap = f"from {each.from_heights:.1f} to {each.to_heights:.1f} body heights apart"
    who, whom, amount = each.first, each.second, closing.by_first
    if closing.who == SECOND:
        who, whom, amount = whom, who, closing.by_second
    if closing.who in (FIRST, SECOND):
        words = f"{who} came closer to {whom}, {gap}"
    elif closing.who == BOTH:
        words = f"{who} and {whom} came closer to each other, {gap}"
    else:
        words, amount = f"{who} and {whom} came closer, {gap}; who moved cannot be told", math.nan
    known = math.isfinite(amount)
    return Happening(
        CLOSER,
        each.start_s,
        each.end_s,
        (who, whom),
        unsure_s,
        words,
        amount if known else None,
        closing.sd if known and math.isfinite(closing.sd) else None,
    )


def _swap(when: float, one: int, other: int) -> Happening:
    words = f"{one} and {other} may have changed places"
    return Happening(SWAP, when, when, (one, other), SWAP_UNSURE_S, words)


def _cuts(tracks: Tracks) -> list[Happening]:
    camera = tracks.camera
    times = [] if camera is None else [float(tracks.times[each]) for each in camera.cuts]
    return [
        Happening(CUT, each, each, (), _frame_s(tracks), "a new scene begins; everybody gets a new number")
        for each in times
    ]


def _unclear(tracks: Tracks) -> list[Happening]:
    if tracks.camera is None:
        return []
    runs = [(float(tracks.times[a]), float(tracks.times[b])) for a, b in spells(tracks.camera.passage < 0)]
    words = "the camera's motion could not be measured, so nothing is compared"
    return [Happening(UNSTEADY, a, b, (), _frame_s(tracks), words) for a, b in runs if b - a >= BRIEF_S]


def _frame_s(tracks: Tracks) -> float:
    """From one analysed frame to the next."""
    return float(np.median(np.diff(tracks.times))) if len(tracks.times) > 1 else 0.0
