"""Stretches of time in which heads may show unseen, with the reason: they are hidden whole, and a person is told where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

PAD_S: Final = 0.25
JOIN_S: Final = 0.4


@dataclass(frozen=True, slots=True)
class Doubt:
    """From start_s to end_s, in seconds, something may show, and why."""

    start_s: float
    end_s: float
    reason: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch that is hidden whole: first frame and the first behind it, its times in seconds, and all reasons."""

    first: int
    behind: int
    start_s: float
    end_s: float
    reasons: tuple[str, ...]


def passages_of(doubts: Iterable[Doubt], times: list[float]) -> tuple[Passage, ...]:
    """The doubts widened by a quarter of a second to each side, joined where they touch or nearly, in order of time."""
    last = times[-1]
    spans: list[tuple[float, float, set[str]]] = []
    for doubt in sorted(doubts, key=lambda each: each.start_s):
        start, end = max(times[0], doubt.start_s - PAD_S), min(last, doubt.end_s + PAD_S)
        if spans and start <= spans[-1][1] + JOIN_S:
            before = spans[-1]
            spans[-1] = (before[0], max(before[1], end), before[2] | {doubt.reason})
        else:
            spans.append((start, end, {doubt.reason}))
    return tuple(_passage(start, end, reasons, times) for start, end, reasons in spans)


def _passage(start: float, end: float, reasons: set[str], times: list[float]) -> Passage:
    first = int(np.searchsorted(times, start, side="left"))
    behind = int(np.searchsorted(times, end, side="right"))
    behind = max(behind, first + 1)
    return Passage(first, behind, times[first], times[behind - 1], tuple(sorted(reasons)))


def hidden_frames(passages: tuple[Passage, ...], frames: int) -> NDArray[np.bool_]:
    """(frames,) whether each frame is hidden whole."""
    hidden = np.zeros(frames, bool)
    for passage in passages:
        hidden[passage.first : passage.behind] = True
    return hidden
