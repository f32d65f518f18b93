"""Groups over time, who joins them and who leaves: people linked by standing together, directly or through others."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.record.video.space.closing import closing_of_groups
from commonbeat.record.video.space.links import STANDARD, links

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from commonbeat.record.video.space.closing import Closing
    from commonbeat.record.video.space.links import Link, Reach
    from commonbeat.record.video.space.places import Place

# Who moved is read from this long before a join to this long after it; a leave the other way round.
BEFORE_S, AFTER_S = 3.0, 1.0
# Smoothing and a body's own width leave the moment of a join unsure by about this much, plus one frame.
UNSURE_S = 0.5


@dataclass(frozen=True, slots=True)
class Group:
    """Two or more people who stand together from start to end, the same all the while."""

    start_s: float
    end_s: float
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """Somebody joined others, or left them, at a time that is sure to uncertainty_s.

    who: those who came or went, the smaller party; others: those whom they came to or went from. closing: by how many body
    heights each party moved, `first` being who; its word `first` says that they moved, `second` that the others did.
    """

    time_s: float
    uncertainty_s: float
    who: tuple[int, ...]
    others: tuple[int, ...]
    closing: Closing


@dataclass(frozen=True, slots=True)
class Groups:
    """All groups, and the joins and leaves that were seen to happen; appearing in a group is no join, vanishing no leave."""

    groups: tuple[Group, ...]
    joins: tuple[Change, ...]
    leaves: tuple[Change, ...]
    reach: Reach


Parties = frozenset[frozenset[int]]


def groups_over_time(places: Sequence[Place], times: NDArray[np.float64], reach: Reach = STANDARD) -> Groups:
    """Groups, joins and leaves, from links between pairs (see Reach for what counts as together).

    At each frame in which a link begins or ends, the parties of people linked to one another are compared with those before.
    Where two parties became one because of people who had been seen apart, the smaller one joined; of equals, who moved more.
    """
    found = links(places, times, reach)
    frames = sorted({each.begin for each in found} | {each.end + 1 for each in found})
    states = [(frame, parties([each for each in found if each.begin <= frame <= each.end])) for frame in frames]
    joins, leaves = [], []
    before: Parties = frozenset()
    for frame, after in states:
        begun = [each for each in found if each.begin == frame and each.came]
        ended = [each for each in found if each.end + 1 == frame and each.went]
        joins += [_change(places, times, frame, each, 1) for each in merged(before, begun, after)]
        leaves += [_change(places, times, frame, each, -1) for each in merged(after, ended, before)]
        before = after
    return Groups(_groups(places, times, states), tuple(joins), tuple(leaves), reach)


def parties(found: Sequence[Link]) -> Parties:
    """The parties of people who are linked to one another, directly or through others."""
    whole: list[set[int]] = []
    for each in found:
        touched = [party for party in whole if party & set(each.place)]
        whole = [party for party in whole if not party & set(each.place)]
        whole.append(set(each.place).union(*touched))
    return frozenset(frozenset(each) for each in whole)


def merged(apart: Parties, witnesses: Sequence[Link], together: Parties) -> list[tuple[frozenset[int], frozenset[int]]]:
    """Which two parties became one, by links between people who had been seen apart: (smaller, larger) for each.

    Read backward in time, the same says which party fell in two.
    """
    standing = {member: party for party in apart for member in party}
    found = []
    for each in witnesses:
        one, other = (standing.get(member, frozenset({member})) for member in each.place)
        if one == other or not any(set(each.place) <= party for party in together):
            continue
        small, large = sorted((one, other), key=lambda party: (len(party), min(party)))
        found.append((small, large))
        standing |= dict.fromkeys(one | other, one | other)
    return found


def _change(
    places: Sequence[Place],
    times: NDArray[np.float64],
    frame: int,
    sides: tuple[frozenset[int], frozenset[int]],
    direction: int,
) -> Change:
    """One join (direction 1) or leave (-1), with who moved."""
    last = len(times) - 1
    when = float(times[min(frame, last)])
    lead, trail = (BEFORE_S, AFTER_S) if direction > 0 else (AFTER_S, BEFORE_S)
    who, others = ([places[member] for member in sorted(side)] for side in sides)
    begin, end = np.searchsorted(times, [when - lead, when + trail])
    begin = max(int(begin), min(each.start for each in who), min(each.start for each in others))
    end = min(int(end), last, *(max(each.stop for each in side) - 1 for side in (who, others)))
    parted = closing_of_groups(who, others, begin, end)
    if len(who) == len(others) and abs(parted.by_second) > abs(parted.by_first):
        who, others = others, who
        parted = closing_of_groups(who, others, begin, end)
    step = float(np.median(np.diff(times))) if last else 0.0
    return Change(
        when,
        UNSURE_S + step,
        tuple(each.number for each in who),
        tuple(each.number for each in others),
        parted,
    )


def _groups(
    places: Sequence[Place], times: NDArray[np.float64], states: Sequence[tuple[int, Parties]]
) -> tuple[Group, ...]:
    """Each party for as long as it stays the same."""
    began: dict[frozenset[int], int] = {}
    found = []
    for (frame, now), (after, later) in pairwise([*states, (len(times), frozenset())]):
        for party in now:
            began.setdefault(party, frame)
        for party in [each for each in began if each not in later]:
            members = tuple(sorted(places[member].number for member in party))
            end = min(after, len(times) - 1)
            found.append(Group(float(times[began.pop(party)]), float(times[end]), members))
    return tuple(sorted(found, key=lambda each: (each.start_s, each.members)))
