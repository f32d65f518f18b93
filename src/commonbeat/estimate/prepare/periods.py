"""Periods of a series or a roll-out: dates or whole numbers, in order."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from commonbeat.datafile import DateColumn, date_column
from commonbeat.estimate.prepare.checks import counted, some

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.errors import Mistakes
    from commonbeat.estimate.prepare.columns import Columns
    from commonbeat.estimate.trial import Codes, Floats


@dataclass(frozen=True, slots=True, eq=False)
class Periods:
    """The periods of a column, in order.

    number [n]: the position of a row's period among all periods, -1 where it is missing. labels: words for the periods; starts: as numbers;
    warnings: what was presumed. dates: the column as it was read, where its periods are dates.
    """

    number: Codes
    labels: tuple[str, ...]
    starts: Floats
    warnings: tuple[str, ...] = ()
    dates: DateColumn | None = None

    def position(self, written: object) -> int | None:
        """The position of the first period at or after what is written, or None when it is no period."""
        day = self.dates.parse(str(written)) if self.dates is not None else None
        wanted = float(day.toordinal()) if day is not None else _number(written)
        if wanted is None:
            return None
        return int(np.searchsorted(self.starts, wanted))


def find_periods(columns: Columns, role: str, name: str) -> Periods | None:
    """The periods of a column of whole numbers or dates, or None after mistakes were noted."""
    if not columns.has(role, name):
        return None
    if columns.file.frame[name].dtype.is_numeric():
        values = columns.numbers(role, name)
        if values is None:
            return None
        starts, labels, presumed, dates = np.unique(values[~np.isnan(values)]), None, (), None
    else:
        dates = date_column(columns.file, name, missing=columns.missing)
        dates.tell(columns.file, name, columns.mistakes)
        if dates.offending:
            return None
        days = dates.dates.cast(pl.Int32).cast(pl.Float64) + dt.date(1970, 1, 1).toordinal()
        values = days.fill_null(float("nan")).to_numpy()
        starts = np.unique(values[~np.isnan(values)])
        labels = tuple(dt.date.fromordinal(int(day)).isoformat() for day in starts)
        presumed = dates.warnings
    number = np.where(np.isnan(values), -1, np.searchsorted(starts, np.nan_to_num(values)))
    return Periods(number.astype(np.int64), labels or tuple(f"{start:g}" for start in starts), starts, presumed, dates)


def first_treated(columns: Columns, name: str, periods: Periods | None) -> Floats | None:
    """The first treated period of each row's unit in the numbering of `own_numbers`; nan for never."""
    if periods is None or not columns.has("rollout.first_treated", name):
        return None
    if columns.file.frame[name].dtype.is_numeric() or columns.file.frame[name].null_count() == columns.rows:
        return columns.numbers("rollout.first_treated", name)
    dates = date_column(columns.file, name, missing=columns.missing)
    dates.tell(columns.file, name, columns.mistakes)
    days = dates.dates.cast(pl.Int32).cast(pl.Float64) + dt.date(1970, 1, 1).toordinal()
    values = days.fill_null(float("nan")).to_numpy()
    return np.where(np.isnan(values), np.nan, 1.0 + np.searchsorted(periods.starts, np.nan_to_num(values)))


def own_numbers(periods: Periods) -> Codes:
    """The numbers that stand for the periods: their own where they are whole, else 1, 2, 3 in order."""
    dated = any("-" in label[1:] for label in periods.labels)
    whole = np.all(periods.starts == np.round(periods.starts))
    return (np.arange(1, periods.starts.size + 1) if dated or not whole else periods.starts).astype(np.int64)


def start_position(periods: Periods | None, written: object, mistakes: Mistakes) -> int:
    """The position of the first period after the event; 0 after a mistake was noted."""
    position = periods.position(written) if periods is not None else 0
    if position is None:
        mistakes.add(
            "series.start", written, "is neither a date nor a number", "Write it as in the column, 2024-05-31."
        )
        return 0
    if periods is not None and not 0 < position < len(periods.labels):
        span = f"{periods.labels[0]} to {periods.labels[-1]}" if periods.labels else "nothing"
        mistakes.add(
            "series.start", written, f"does not lie inside the series ({span})", "Name the first period after it."
        )
    return position


def check_even(periods: Periods, mistakes: Mistakes) -> None:
    """A mistake is noted where a period is left out; months and years are even though their days are not."""
    steps = np.diff(periods.starts)
    if steps.size and steps.max() >= 2 * steps.min() and steps.min() > 0:
        after = periods.labels[int(steps.argmax())]
        rule = f"leaves periods out: after {after} comes {periods.labels[int(steps.argmax()) + 1]}"
        mistakes.add("series.time", None, rule, "A series needs every period, with 0 where nothing happened.")


def _number(value: object) -> float | None:
    try:
        return float(str(value))
    except ValueError:
        return None


def check_gaps(columns: Columns, codes: dict[str, NDArray[np.int64] | None]) -> None:
    """A mistake is noted for each role whose column is missing in some rows."""
    for role, found in codes.items():
        if found is not None and (found < 0).any():
            rows = columns.file.row_numbers[found < 0]
            rule = f"is missing in {counted(rows.size, columns.file.row_word)} ({some(rows)})"
            columns.mistakes.add(role, None, rule, "Fill it in, or take the rows away.")
