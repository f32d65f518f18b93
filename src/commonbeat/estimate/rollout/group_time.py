"""The effect on each cohort in each period, and how much each unit weighs in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from commonbeat.estimate.rollout.table import Base, Control, Gaps, RolloutTable

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class GroupTime:
    """The effect on one cohort in one period against `base`; nan where nobody can be compared.

    influence [units]: how far one unit moves the estimate, times the number of units. treated, controls [units]: who was compared.
    """

    cohort: float
    time: int
    base: int
    effect: float
    influence: Floats
    treated: Flags
    controls: Flags

    @property
    def after(self) -> bool:
        """Whether the period is the cohort's first treated one or later."""
        return self.time >= self.cohort

    @property
    def since(self) -> int:
        """Periods since the start; -1 is the last one before it."""
        return int(self.time - self.cohort)


def group_time_effects(table: RolloutTable, control: Control, base: Base, gaps: Gaps) -> tuple[GroupTime, ...]:
    """Every group-time average effect on the treated, ATT(g, t).

    ATT(g, t) = E[Y_t - Y_b | first = g] - E[Y_t - Y_b | controls], b the last period before g for t >= g, and before g either the period
    before t ("varying") or the same b ("universal"). Influence of unit i: N * w_i * (change_i - mean change of its arm) / sum of the arm's w,
    signed; with `gaps` = "all rows" the four means are taken over whoever was there and the influences are summed over a unit's rows.
    Callaway and Sant'Anna, Journal of Econometrics 225 (2021), doi:10.1016/j.jeconom.2020.12.001, unconditional parallel trends.
    """
    compare = _paired if gaps == "pairs" else _by_rows
    return tuple(
        compare(table, cohort, time, before, _controls(table, cohort, max(time, before), control))
        for cohort, time, before in _comparisons(table, base)
    )


def _comparisons(table: RolloutTable, base: Base) -> Iterator[tuple[float, int, int]]:
    for cohort in table.cohorts:
        last_before = int(np.flatnonzero(table.periods < cohort)[-1])
        for here in range(0 if base == "universal" else 1, len(table.periods)):
            after = table.periods[here] >= cohort
            before = last_before if after or base == "universal" else here - 1
            yield float(cohort), int(table.periods[here]), int(table.periods[before])


def _controls(table: RolloutTable, cohort: float, latest: int, control: Control) -> Flags:
    never = np.isinf(table.first)
    return never if control == "never treated" else (never | (table.first > latest)) & (table.first != cohort)


def _paired(table: RolloutTable, cohort: float, time: int, base: int, controls: Flags) -> GroupTime:
    change = table.at(time) - table.at(base)
    there = ~np.isnan(change)
    treated, controls = (table.first == cohort) & there, controls & there
    if time == base:  # the universal base itself: zero by construction
        return GroupTime(cohort, time, base, 0.0, np.zeros(len(change)), treated, controls)
    influence = np.zeros(len(change))
    effect = _add_mean(change, treated, table.weight, influence, 1.0)
    effect += _add_mean(change, controls, table.weight, influence, -1.0)
    return GroupTime(cohort, time, base, effect, influence, treated, controls)


def _by_rows(table: RolloutTable, cohort: float, time: int, base: int, controls: Flags) -> GroupTime:
    treated = table.first == cohort
    influence = np.zeros(len(treated))
    effect = 0.0
    present = np.zeros(len(treated), dtype=bool)
    for period, side in ((time, 1.0), (base, -1.0)) if time != base else ():
        values = table.at(period)
        there = ~np.isnan(values)
        present |= there
        effect += _add_mean(values, treated & there, table.weight, influence, side)
        effect += _add_mean(values, controls & there, table.weight, influence, -side)
    return GroupTime(cohort, time, base, effect, influence, treated & present, controls & present)


def _add_mean(values: Floats, who: Flags, weight: Floats, influence: Floats, sign: float) -> float:
    """The signed weighted mean of `values` over `who`, whose influence is added to `influence`; nan when there is nobody."""
    if not who.any():
        return float("nan")
    share = weight[who] / weight[who].sum()
    mean = float(share @ values[who])
    influence[who] += sign * len(values) * share * (values[who] - mean)
    return sign * mean
