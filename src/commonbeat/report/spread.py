"""What many draws say about one quantity: its middle, its 50 % and 90 % intervals, and the chance that it is negative."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.results.columns import BETTER_SIDE
from commonbeat.results.measures import interval, probability_negative, share_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    import polars as pl


RARE = 0.05


@dataclass(frozen=True, slots=True)
class Spread:
    """Quantiles over draws in the unit of the values, with the share of draws below zero."""

    low: float
    lower: float
    middle: float
    upper: float
    high: float
    negative: float
    draws: int

    @property
    def interval(self) -> tuple[float, float]:
        """The 90 % interval."""
        return (self.low, self.high)

    @property
    def chance(self) -> str:
        """The share of draws below zero with its 90 % interval (Wilson), in words, for small print."""
        found = share_of(np.arange(self.draws) < round(self.negative * self.draws))
        ends = f"{100 * found.low:.0f} % to {100 * found.high:.0f} %"
        return f"below zero in {100 * found.share:.0f} % of {self.draws} draws (90 % interval of that share: {ends})"

    @property
    def sign(self) -> str:
        """`up` or `down` where the interval and nineteen in twenty draws lie on one side of zero; `nil` at zero; else `open`.

        Both are asked for, because with few draws the interval's end can pass zero between two of them.
        """
        if self.low == self.high == 0:
            return "nil"
        if self.low > 0 and self.negative <= RARE:
            return "up"
        return "down" if self.high < 0 and self.negative >= 1 - RARE else "open"

    def verdict(self, outcome: str = "trust") -> str:
        """`gain` or `harm` when the sign is known and the outcome has a better side; `known` when it has none."""
        if self.sign in ("nil", "open"):
            return self.sign
        side = BETTER_SIDE.get(outcome, 1) * (1 if self.sign == "up" else -1)
        return {1: "gain", -1: "harm", 0: "known"}[side]


def spread_of(values: Iterable[float] | pl.Series) -> Spread | None:
    """The spread of the values that there are, or None where there is no draw to speak from."""
    numbers = np.asarray(list(values), dtype=float)
    numbers = numbers[~np.isnan(numbers)]
    if not len(numbers):
        return None
    points = interval(numbers)
    below = probability_negative(numbers)
    return Spread(points.low, points.lower, points.median, points.upper, points.high, below.share, below.draws)
