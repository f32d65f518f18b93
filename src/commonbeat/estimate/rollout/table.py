"""Rows of a staggered roll-out, checked and laid out as one table of units by periods."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from commonbeat.errors import DataFileError, Mistakes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Codes = NDArray[np.int64]

Control = Literal["never treated", "not yet treated"]
Base = Literal["varying", "universal"]
Gaps = Literal["pairs", "all rows"]
HEADING = "The roll-out cannot be estimated from these rows."


@dataclass(frozen=True, slots=True, eq=False)
class RolloutData:
    """Rows of units (places, or people) in periods.

    outcome [n]: nan where it is not known. unit [n]: codes. time [n]: whole numbers in order. first_treated [n]: the unit's first treated
    period; nan, 0 or inf for never. weight [n]: above 0, the same in all rows of a unit (its people, say). cluster [n]: what
    units belong to, where whole clusters took up the programme together. gaps: "pairs" compares a unit with itself and leaves it out of a
    comparison for which one of the two periods is missing; "all rows" compares means of whoever was there. unit_kind: means of
    fewer than ten people, treated or not, are not shown.
    """

    outcome: Floats
    unit: Codes
    time: Codes
    first_treated: Floats
    weight: Floats | None = None
    cluster: Codes | None = None
    control: Control = "never treated"
    base: Base = "varying"
    gaps: Gaps = "pairs"
    unit_kind: Literal["place", "person"] = "place"
    outcome_name: str = "outcome"
    unit_name: str = "unit"
    level: float = 0.05
    seed: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class RolloutTable:
    """values [units, periods] with nan for gaps; first [units] with inf for never treated; weight, cluster [units]."""

    values: Floats
    periods: Codes
    first: Floats
    weight: Floats
    cluster: Codes
    clustered: bool
    warnings: tuple[str, ...] = ()

    @property
    def cohorts(self) -> Floats:
        """The periods in which somebody began, in order."""
        return np.unique(self.first[np.isfinite(self.first)])

    def at(self, period: int) -> Floats:
        """The values of all units in one period."""
        return self.values[:, int(np.searchsorted(self.periods, period))]


def tabulate_rollout(data: RolloutData) -> RolloutTable:
    """The rows as a table, units in the order of their codes.

    Units not seen before their own start have no "before" and are left out; units last seen before it count as never treated, as
    all that is known of them is untreated; both with a warning. Raises DataFileError with every mistake: duplicated rows, a start or weight that changes within a
    unit, too few periods, nobody treated, nobody to compare with.
    """
    mistakes = Mistakes()
    known = ~np.isnan(data.outcome)
    first_by_row = np.where(np.isfinite(data.first_treated) & (data.first_treated != 0), data.first_treated, np.inf)
    _check_rows(data, first_by_row, mistakes)
    if not known.any():
        mistakes.add("outcome", None, "is missing in every row")
    mistakes.raise_if_any(DataFileError, HEADING)
    units, starts, unit = np.unique(data.unit[known], return_index=True, return_inverse=True)
    periods, period = np.unique(data.time[known], return_inverse=True)
    values = np.full((len(units), len(periods)), np.nan)
    values[unit, period] = data.outcome[known]
    first = first_by_row[known][starts]
    seen = ~np.isnan(values)
    began = first <= np.where(seen, periods, np.inf).min(axis=1)
    late = np.isfinite(first) & (first > np.where(seen, periods, -np.inf).max(axis=1))
    first[late] = np.inf
    weight = np.ones(len(units)) if data.weight is None else data.weight[known][starts].astype(np.float64)
    cluster = units if data.cluster is None else data.cluster[known][starts]
    warnings = _own_warnings(int(began.sum()), int(late.sum()), data.unit_name)
    keep = ~began
    table = RolloutTable(
        values[keep], periods, first[keep], weight[keep], cluster[keep], data.cluster is not None, warnings
    )
    _check_table(data, table, mistakes)
    mistakes.raise_if_any(DataFileError, HEADING)
    return table


def _check_rows(data: RolloutData, first: Floats, mistakes: Mistakes) -> None:
    order = np.lexsort((data.time, data.unit))
    unit, time = data.unit[order], data.time[order]
    again = np.flatnonzero((unit[1:] == unit[:-1]) & (time[1:] == time[:-1]))
    if again.size:
        mistakes.add(
            data.unit_name,
            int(unit[again[0]]),
            f"stands more than once in period {int(time[again[0]])}; {again.size} rows too many in all",
            "Keep one row for each unit and period, or sum them.",
        )
    constants = {"first treated period": first, "weight": data.weight, "cluster": data.cluster}
    for name, column in constants.items():
        if column is not None and (wrong := _changing(data.unit, column)).size:
            mistakes.add(
                data.unit_name, int(wrong[0]), f"has more than one {name} ({wrong.size} units)", f"A {name} is fixed."
            )
    if data.weight is not None and not (np.isfinite(data.weight) & (data.weight > 0)).all():
        mistakes.add("weight", float(np.nanmin(data.weight)), "must be above 0 in every row")


def _changing(unit: Codes, column: NDArray) -> Codes:
    """The units for which the column takes more than one value."""
    order = np.argsort(unit, kind="stable")
    unit, column = unit[order], column[order]
    same_unit = unit[1:] == unit[:-1]
    return np.unique(unit[1:][same_unit & (column[1:] != column[:-1])])


def _check_table(data: RolloutData, table: RolloutTable, mistakes: Mistakes) -> None:
    if len(table.periods) < 2:
        mistakes.add("time", len(table.periods), "periods with an outcome; two are the fewest")
        return
    if not len(table.cohorts):
        mistakes.add("first treated", None, "nobody begins after the first period and by the last")
        return
    never = int(np.isinf(table.first).sum())
    if data.control == "never treated" and not never:
        mistakes.add("control", data.control, "but every unit is treated in the end", "Use 'not yet treated'.")
    if data.control == "not yet treated" and not never and len(table.cohorts) < 2:
        mistakes.add(
            "control", data.control, "but all units begin in the same period", "Nobody is left to compare with."
        )


def _own_warnings(began: int, late: int, unit_name: str) -> tuple[str, ...]:
    found = ()
    if began:
        found += (f"{began} {unit_name}(s) not seen before their own start were left out: there is nothing before.",)
    if late:
        found += (f"{late} {unit_name}(s) not seen after their own start count as never treated.",)
    return found
