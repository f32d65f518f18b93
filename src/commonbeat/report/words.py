"""The sentences in which the report says what a spread allows to be said, and no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commonbeat.report.spread import Spread

LIKELY = 0.8


def direction(spread: Spread | None) -> str:
    """One plain clause on the sign of an effect; the same length and tone whichever way it goes."""
    if spread is None:
        return "was not simulated"
    if spread.sign == "nil":
        return "did not change at all"
    if spread.sign == "up":
        return "rose in nearly every draw"
    if spread.sign == "down":
        return "fell in nearly every draw"
    if spread.negative <= 1 - LIKELY:
        return "probably rose, but the interval includes zero"
    if spread.negative >= LIKELY:
        return "probably fell, but the interval includes zero"
    return "may have risen or fallen: the interval includes zero"
