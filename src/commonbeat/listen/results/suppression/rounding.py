"""How coarsely a figure is told, so that it says nothing of one person more or less.

Counts are told to the nearest five: that one of fifteen did not answer, or came between two reports, is then not read off a page. A mean is told in
steps that are at least as large as what one person can move it by: of n people and n + 1, whose means are each known to half a step, the one who
came is known to (2n + 1)/2 steps and more, which is the whole range of the score. Only where a mean crosses into its next step do two reports tell
something, and that is on which side of the mean the newcomer's score lies.
"""

from __future__ import annotations

import math
from typing import Final

from commonbeat.listen.results.suppression.cells import FEWEST

COUNT_STEPS: Final = (5, 10, 20)
"""To which counts are rounded: the first of them in which nobody's loss can be worked out."""
SCORE_RANGE: Final = 100.0
LADDER: Final = (1, 2, 3, 4, 5, 6, 8, 10)


def nearest(people: int, step: int) -> int:
    """The count to the nearest multiple of `step`; what lies half way goes up."""
    return step * ((people + step // 2) // step)


def behind(told: int, step: int, least: int = FEWEST) -> tuple[int, int]:
    """The smallest and the largest count that is told as this one; least: below which no count is told."""
    low = told - step // 2
    return max(low, least), low + step - 1


def score_step(people: int) -> float:
    """The step in which a mean of so many scores from 0 to 100 is told: a digit times a power of ten, at least 100/people."""
    moved = SCORE_RANGE / people
    power = 10.0 ** math.floor(math.log10(moved))
    return next(round(each * power, 9) for each in LADDER if each * power >= moved * (1 - 1e-9))


def told_interval(mean: float, half: float, step: float) -> tuple[float, float, float]:
    """(mean, low, high): the mean to the nearest step, and half the interval put round it, to the next half step above.

    Its ends are put round what is told, so that they say no more of the mean; and one person moves the half by less than its step.
    """
    middle = round(mean / step) * step
    finer = step // 2 if step >= 2 else step
    reach = math.ceil(half / finer - 1e-9) * finer
    return round(middle, 6), round(middle - reach, 6), round(middle + reach, 6)
