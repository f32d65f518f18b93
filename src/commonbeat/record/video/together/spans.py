"""When two people moved together: windows whose coherence is above what unrelated windows of the same two give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from commonbeat.record.video.together.told import Span

WINDOW_S, STEP_S = 5.0, 1.0
LEAST_APART_S, PERCENTILE, MOST_MOVES = 2.5, 95.0, 40
LEAST_KNOWN: Final = 0.8


def spans_together(
    first: NDArray[np.complex128], second: NDArray[np.complex128], rate: float, start_s: float
) -> tuple[Span, ...]:
    """Spans in seconds, (start, end), joined where windows overlap, of windows above the 95th percentile of unrelated windows.

    One window in twenty of two strangers is above it: a span says when, the test of the whole says whether.
    """
    window, step = round(WINDOW_S * rate), max(1, round(STEP_S * rate))
    samples = len(first)
    nearest, furthest = round(LEAST_APART_S * rate), samples - window
    if furthest <= nearest:
        return ()
    moves = np.unique(np.linspace(nearest, furthest, MOST_MOVES).astype(int))
    strangers = [_windows(first[: samples - move], second[move:], window, step) for move in moves]
    strangers += [_windows(first[move:], second[: samples - move], window, step) for move in moves]
    pool = np.concatenate(strangers)
    pool = pool[np.isfinite(pool)]
    values = _windows(first, second, window, step)
    if not len(pool) or not len(values):
        return ()
    above = np.flatnonzero(values > np.percentile(pool, PERCENTILE))
    return _joined([(start_s + at * step / rate, start_s + (at * step + window) / rate) for at in above.tolist()])


def _windows(
    first: NDArray[np.complex128], second: NDArray[np.complex128], window: int, step: int
) -> NDArray[np.float64]:
    """The coherence in each window, NaN where less than four fifths of it is known."""
    known = np.isfinite(first) & np.isfinite(second)
    one, two = np.where(known, first, 0), np.where(known, second, 0)
    cross = _sums(one * np.conj(two), window, step)
    powers = _sums(np.abs(one) ** 2, window, step).real * _sums(np.abs(two) ** 2, window, step).real
    enough = _sums(known.astype(float), window, step).real >= LEAST_KNOWN * window
    usable = enough & (powers > 0)
    return np.where(usable, np.abs(cross) / np.sqrt(np.where(usable, powers, 1.0)), np.nan)


def _sums(values: NDArray, window: int, step: int) -> NDArray[np.complex128]:
    """The sum over each window."""
    total = np.concatenate([[0], np.cumsum(values)])
    starts = np.arange(0, len(values) - window + 1, step)
    return total[starts + window] - total[starts]


def _joined(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Spans in order, those that touch made one."""
    found: list[Span] = []
    for start, end in spans:
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return tuple(found)
