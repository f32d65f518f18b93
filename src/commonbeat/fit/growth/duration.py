"""Spans of time as people write them: 90m, 6h, 7d."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from commonbeat.fit.growth.share_log import DAY, HOUR

if TYPE_CHECKING:
    from commonbeat.errors import Mistakes

WRITTEN = re.compile(r"(\+?)\s*(\d+(?:\.\d+)?)\s*([a-z]+)")
UNITS = {
    "ms": 1e-3,
    "msec": 1e-3,
    "millisecond": 1e-3,
    "s": 1.0,
    "second": 1.0,
    "sec": 1.0,
    "m": 60.0,
    "min": 60.0,
    "minute": 60.0,
    "h": HOUR,
    "hour": HOUR,
    "d": DAY,
    "day": DAY,
    "w": 7 * DAY,
    "week": 7 * DAY,
}


def unit_of(word: str) -> float | None:
    """Seconds in a unit, by its letter or by its word in the singular or the plural; None where it is no unit.

    A plural s belongs to words alone: ms are no minutes.
    """
    return UNITS.get(word) or (UNITS.get(word.removesuffix("s")) if len(word) > 2 else None)


def seconds_of(text: str) -> tuple[float, bool] | None:
    """Seconds, and whether the span is counted from now (it begins with +); None where the text is no span."""
    found = WRITTEN.fullmatch(text.strip().lower())
    if found is None:
        return None
    plus, amount, word = found.groups()
    unit = unit_of(word)
    return None if unit is None else (float(amount) * unit, bool(plus))


def asked(option: str, text: str, mistakes: Mistakes) -> tuple[float, bool]:
    """The span of an option; what is none stands in the mistakes, and 0 is returned."""
    found = seconds_of(text)
    if found is None or found[0] <= 0:
        mistakes.add(f"--{option}", text, "is no span of time above zero", "Write 90m, 6h or 7d.")
        return 0.0, False
    return found


def spelt(seconds: float) -> str:
    """The span in words: 45 minutes, 6 hours, 7 days."""
    for size, word in ((DAY, "day"), (HOUR, "hour"), (60.0, "minute")):
        if seconds >= (2 * size if size == DAY else size):
            amount = f"{seconds / size:.1f}".removesuffix(".0")
            return f"{amount} {word}" if amount == "1" else f"{amount} {word}s"
    return f"{seconds:.0f} seconds"
