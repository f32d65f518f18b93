"""Which groups the sharers are of, and how many followers they have together; small groups stay together."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from commonbeat.fit.growth.share_log import ShareLog

FEWEST = 10  # sharers in a row that is shown
OTHERS, UNKNOWN = "all others", "not known"


class GroupReach(NamedTuple):
    """group: by the log's own word. shares: by its sharers. reach: followers of its sharers, where known; who follows two counts twice."""

    group: str
    shares: int
    reach: float | None


def reach_by_group(log: ShareLog) -> tuple[GroupReach, ...]:
    """Shares and followers by group, the largest first; groups of fewer than ten sharers stand together, with the next larger one if need be.

    So no row tells of fewer than ten, nor does a row that is missing from the sum. Empty where groups are not known, or nothing but one row would be left.
    """
    if log.groups is None:
        return ()
    named = np.where(log.groups[1:] == "", UNKNOWN, log.groups[1:])
    words, counts = np.unique(named, return_counts=True)
    order = np.lexsort((words, -counts))
    shown, rest = [(words[place], int(counts[place])) for place in order], 0
    while shown and (shown[-1][1] < FEWEST or 0 < rest < FEWEST):
        rest += shown.pop()[1]
    if not shown:
        return ()
    followers = None if log.followers is None else log.followers[1:]
    kept = [str(word) for word, _ in shown]
    rows = [_row(word, named == word, followers) for word in kept]
    return tuple(rows if rest == 0 else [*rows, _row(OTHERS, ~np.isin(named, kept), followers)])


def _row(word: str, inside: np.ndarray, followers: np.ndarray | None) -> GroupReach:
    return GroupReach(word, int(inside.sum()), None if followers is None else float(followers[inside].sum()))
