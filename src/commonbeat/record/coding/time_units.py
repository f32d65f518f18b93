"""Agreement time unit by time unit: a clip cut into equal units, and for each code whether it was on at the middle of each.

Kappa of time units counts how long coders agree, marks only how often. Neighbouring units are alike, so its interval leaves out stretches of
thirty seconds in turn (a jackknife), not single units.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from commonbeat.record.coding.kappa import Kappa, cross_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from commonbeat.record.coding.event import CodedEvent

STRETCH_S: Final = 30.0
MOST_UNITS: Final = 5_000_000


class TimeUnits(NamedTuple):
    """One label. agreement: the share of units on which both say the same; prevalence: in what share of units each coder has it on."""

    label: str
    kappa: Kappa
    agreement: float
    prevalence: tuple[float, float]


def time_units(
    sides: tuple[list[CodedEvent], ...], clips: Sequence[str], lengths: dict[str, float], unit_s: float
) -> tuple[tuple[TimeUnits, ...], tuple[str, ...]]:
    """One row per label, and what a reader must know. A moment is on for the one unit in which it falls."""
    grids, guessed = [], []
    for clip in clips:
        last = max((event.end_s for side in sides for event in side if event.clip == clip), default=0.0)
        if clip not in lengths:
            guessed.append(clip)
        count = math.ceil(max(lengths.get(clip, 0.0), last + (0.0 if clip in lengths else unit_s)) / unit_s - 1e-9)
        grids.append((clip, max(count, 1)))
    warnings = [f"How long {clip} is was not told: it is taken to end with its last mark." for clip in guessed]
    if sum(count for _, count in grids) > MOST_UNITS:
        return (), (*warnings, "The clips have too many time units for a table of them: choose a longer unit.")
    labels = sorted({event.label for side in sides for event in side})
    stretches = _stretches(grids, unit_s)
    rows = []
    for label in labels:
        on = [np.concatenate([_on(side, label, clip, count, unit_s) for clip, count in grids]) for side in sides]
        kappa = _kappa(on[0], on[1], stretches)
        rows.append(TimeUnits(label, kappa, float((on[0] == on[1]).mean()), (float(on[0].mean()), float(on[1].mean()))))
    return tuple(rows), tuple(warnings)


def _on(side: Sequence[CodedEvent], label: str, clip: str, count: int, unit_s: float) -> NDArray[np.int64]:
    on = np.zeros(count, dtype=np.int64)
    for event in side:
        if event.clip == clip and event.label == label:
            if event.end_s > event.start_s:
                first, after = (
                    math.ceil(event.start_s / unit_s - 0.5 - 1e-9),
                    math.ceil(event.end_s / unit_s - 0.5 - 1e-9),
                )
                on[max(first, 0) : after] = 1
            else:
                on[min(max(int(event.start_s / unit_s + 1e-9), 0), count - 1)] = 1
    return on


def _stretches(grids: Sequence[tuple[str, int]], unit_s: float) -> NDArray[np.int64]:
    per_stretch = max(round(STRETCH_S / unit_s), 1)
    numbers, start = [], 0
    for _, count in grids:
        numbers.append(start + np.arange(count) // per_stretch)
        start = int(numbers[-1][-1]) + 1
    return np.concatenate(numbers)


def _kappa(first: NDArray[np.int64], second: NDArray[np.int64], stretches: NDArray[np.int64]) -> Kappa:
    """Kappa of on and off, its interval by leaving out stretches; NaN where one of the two was never said by anybody.

    The interval is NaN too where the two never differ, or where all that was on stands in one stretch.
    """
    tables = np.zeros((int(stretches[-1]) + 1, 4))
    np.add.at(tables, (stretches, 2 * first + second), 1.0)
    whole = cross_table(first, second, 2).reshape(-1)
    value = float(_of_table(whole))
    without = _of_table(whole - tables)
    if math.isnan(value) or len(without) < 3 or (first == second).all() or not np.isfinite(without).all():
        return Kappa(value, math.nan, math.nan, len(first))
    from scipy import stats

    error = math.sqrt((len(without) - 1) / len(without) * float(((without - without.mean()) ** 2).sum()))
    reach = float(stats.t.ppf(0.975, len(without) - 1)) * error
    return Kappa(value, max(value - reach, -1.0), min(value + reach, 1.0), len(first))


def _of_table(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cohen's kappa of tables (..., 4): both off, second only, first only, both on."""
    off, second, first, on = np.moveaxis(table, -1, 0)
    total = off + second + first + on
    with np.errstate(divide="ignore", invalid="ignore"):
        chance = ((off + second) * (off + first) + (on + first) * (on + second)) / total**2
        return np.where(chance < 1, ((off + on) / total - chance) / (1 - chance), np.nan)
