"""The marks of two coders on one clip, set side by side.

Marks pair one to one and in the order of time, at most `tolerance_s` apart, so that as few as possible stay alone or pair with another label,
and, among such pairings, so that the times differ least. A pair of other labels counts as one failure, a mark alone as one too: two coders who
saw the same thing and called it differently failed once, not twice. Source of the approach: Bakeman, Quera and Gnisci (2009), who align
sequences of events by dynamic programming.
"""

from __future__ import annotations

import bisect
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commonbeat.record.coding.event import CodedEvent

ROUNDING_S = 1e-9


class Match(NamedTuple):
    """A pair of marks, or one that stayed alone (the other is None)."""

    first: CodedEvent | None
    second: CodedEvent | None

    @property
    def agrees(self) -> bool:
        """Whether both are there and have the same label."""
        return self.first is not None and self.second is not None and self.first.label == self.second.label

    @property
    def start_s(self) -> float:
        """When the earlier of the two begins."""
        return min(each.start_s for each in (self.first, self.second) if each is not None)


def matched(first: Sequence[CodedEvent], second: Sequence[CodedEvent], tolerance_s: float) -> list[Match]:
    """Every mark of both coders once, alone or in a pair, in the order of time."""
    one = sorted(first, key=lambda event: event.start_s)
    two = sorted(second, key=lambda event: event.start_s)
    starts = [event.start_s for event in two]
    reach = tolerance_s + ROUNDING_S
    # Rows keep the cost of pairing one[:row] with two[:column], for the columns in reach only; left of them lies the last row's end.
    previous, steps = [(float(column), 0.0) for column in range(len(two) + 1)], []
    for event in one:
        low, high = (
            bisect.bisect_left(starts, event.start_s - reach),
            bisect.bisect_right(starts, event.start_s + reach),
        )
        row, taken = _row(event, two, previous, (low, high))
        previous = row
        steps.append((taken, low))
    return _walked(one, two, steps)


def _row(
    event: CodedEvent, two: Sequence[CodedEvent], above: list[tuple[float, float]], window: tuple[int, int]
) -> tuple[list[tuple[float, float]], bytes]:
    """The costs of one row and the step that led to each: 0 the mark above alone, 1 the mark at the left alone, 2 both a pair."""
    low, high = window
    row = [(cost + 1, apart) for cost, apart in above]
    taken = bytearray(len(two) + 1)
    for column in range(low + 1, len(row)):
        best = row[column]
        if column <= high:
            failure = float(event.label != two[column - 1].label)
            cost, apart = above[column - 1]
            pair = (cost + failure, apart + abs(event.start_s - two[column - 1].start_s))
            if pair < best:
                best, taken[column] = pair, 2
        left = (row[column - 1][0] + 1, row[column - 1][1])
        if left < best:
            best, taken[column] = left, 1
        elif column > high and taken[column] == 0:
            break  # from here on nothing in this row is better than the row above with one more alone
        row[column] = best
    return row, bytes(taken)


def _walked(one: Sequence[CodedEvent], two: Sequence[CodedEvent], steps: list[tuple[bytes, int]]) -> list[Match]:
    pairs: list[Match] = []
    row, column = len(one), len(two)
    while row or column:
        step = 1 if row == 0 else (steps[row - 1][0][column] if column else 0)
        if step == 2:
            row, column = row - 1, column - 1
            pairs.append(Match(one[row], two[column]))
        elif step == 1:
            column -= 1
            pairs.append(Match(None, two[column]))
        else:
            row -= 1
            pairs.append(Match(one[row], None))
    return sorted(pairs, key=lambda match: match.start_s)
