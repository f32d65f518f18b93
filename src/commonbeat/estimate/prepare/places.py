"""Places over time: the rows of a roll-out or of a series, as the estimators want them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from commonbeat.errors import DataFileError, Mistakes, did_you_mean
from commonbeat.estimate.analysis import DataAccount
from commonbeat.estimate.prepare.checks import check_weights
from commonbeat.estimate.prepare.columns import Columns
from commonbeat.estimate.prepare.periods import (
    Periods,
    check_even,
    check_gaps,
    find_periods,
    first_treated,
    own_numbers,
    start_position,
)
from commonbeat.estimate.rollout import RolloutData
from commonbeat.estimate.series import PlaceSeries, SeriesData

if TYPE_CHECKING:
    from commonbeat.datafile import DataFile
    from commonbeat.estimate.design import Design
    from commonbeat.estimate.trial import Codes, Floats

    Named = tuple[Codes, tuple[str, ...]]

HEADING = "{name} cannot be analysed with this design:"
PER = 1_000  # people, for rates


def prepare_rollout(file: DataFile, design: Design) -> tuple[tuple[RolloutData, ...], DataAccount]:
    """One roll-out per outcome. Raises DataFileError with every mistake in the columns."""
    assert design.rollout is not None  # noqa: S101 - the caller looked at the design's shape
    mistakes = Mistakes()
    columns = Columns(file, design.missing, mistakes)
    unit = columns.categories("rollout.unit", design.rollout.unit)
    periods = find_periods(columns, "rollout.time", design.rollout.time)
    first = first_treated(columns, design.rollout.first_treated, periods)
    weight = columns.numbers("weight", design.weight) if design.weight else None
    check_weights(weight, file.row_numbers, f"weight {design.weight}", mistakes)
    cluster = columns.categories("cluster", design.cluster) if design.cluster else None
    outcomes = [columns.numbers("outcome", name) for name in design.outcome]
    check_gaps(columns, {"rollout.unit": None if unit is None else unit[0], "rollout.time": periods and periods.number})
    mistakes.raise_if_any(DataFileError, HEADING.format(name=file.name))
    assert unit is not None  # noqa: S101 - a missing column was raised
    assert periods is not None  # noqa: S101
    assert first is not None  # noqa: S101
    found = tuple(
        RolloutData(
            outcome=values,
            unit=unit[0],
            time=own_numbers(periods)[periods.number],
            first_treated=first,
            weight=weight,
            cluster=cluster[0] if cluster else None,
            control=design.rollout.control,
            base=design.rollout.base,
            unit_kind=design.rollout.unit_kind,
            outcome_name=name,
            unit_name=design.rollout.unit,
            level=design.level,
            seed=design.seed,
        )
        for name, values in zip(design.outcome, outcomes, strict=True)
        if values is not None
    )
    return found, DataAccount(file.name, file.sha256, file.rows, file.rows, (), (*file.warnings, *periods.warnings))


def prepare_series(
    file: DataFile, design: Design
) -> tuple[tuple[SeriesData, ...], tuple[PlaceSeries, ...], DataAccount]:
    """For each outcome the series of the place where it happened, and of all places where there are others.

    Raises DataFileError with every mistake in the columns.
    """
    assert design.series is not None  # noqa: S101 - the caller looked at the design's shape
    mistakes = Mistakes()
    columns = Columns(file, design.missing, mistakes)
    shape = design.series
    periods = find_periods(columns, "series.time", shape.time)
    unit = columns.categories("series.unit", shape.unit) if shape.unit else (np.zeros(file.rows, np.int64), ("",))
    people = columns.numbers("series.population", shape.population) if shape.population else None
    values = {name: columns.numbers("outcome", name) for name in design.outcome}
    start = start_position(periods, shape.start, mistakes)
    treated = _treated(unit, shape.treated_unit, mistakes)
    check_gaps(columns, {"series.time": periods and periods.number, "series.unit": None if unit is None else unit[0]})
    if periods is not None:
        check_even(periods, mistakes)
    tables = _tables(values, people, unit, periods, mistakes)
    events = _tables(values, None, unit, periods, mistakes) if people is not None else {}
    mistakes.raise_if_any(DataFileError, HEADING.format(name=file.name))
    assert unit is not None  # noqa: S101 - a missing column was raised
    assert periods is not None  # noqa: S101
    rate = f" per {PER:,}" if people is not None else ""
    named = {f"{name}{rate}": table for name, table in tables.items()}
    counts = [events[name][treated] if name in events else None for name in tables]
    alone = tuple(
        _alone(name, table[treated], count, periods, start, design)
        for (name, table), count in zip(named.items(), counts, strict=True)
    )
    places = tuple(
        PlaceSeries(table, unit[1], periods.labels, treated, start, name, shape.unit or "place", design.level)
        for name, table in named.items()
        if len(unit[1]) > 1
    )
    return (
        alone,
        places,
        DataAccount(file.name, file.sha256, file.rows, file.rows, (), (*file.warnings, *periods.warnings)),
    )


def _tables(
    values: dict[str, Floats | None],
    people: Floats | None,
    unit: Named | None,
    periods: Periods | None,
    mistakes: Mistakes,
) -> dict[str, Floats]:
    """Each outcome by place and period, as a rate where the people at risk are known."""
    if unit is None or periods is None or mistakes.found:
        return {}
    found = {
        name: value if people is None else PER * value / people for name, value in values.items() if value is not None
    }
    return {name: _table(value, unit, periods, name, mistakes) for name, value in found.items()}


def _alone(
    name: str, values: Floats, counts: Floats | None, periods: Periods, start: int, design: Design
) -> SeriesData:
    assert design.series is not None  # noqa: S101 - the caller looked
    return SeriesData(
        outcome=values,
        periods=periods.labels,
        start=start,
        season_periods=design.series.season_periods,
        lags=design.series.lags,
        counts=counts,
        outcome_name=name,
        period_name=design.series.time,
        level=design.level,
    )


def _treated(unit: Named | None, wanted: object, mistakes: Mistakes) -> int:
    if unit is None or wanted is None:
        return 0
    if str(wanted) not in unit[1]:
        mistakes.add("series.treated_unit", wanted, "is not a place of the data", did_you_mean(str(wanted), unit[1]))
        return 0
    return unit[1].index(str(wanted))


def _table(values: Floats, unit: Named, periods: Periods, name: str, mistakes: Mistakes) -> Floats:
    """The values by place and period; a mistake is noted for two rows in one cell."""
    table = np.full((len(unit[1]), len(periods.labels)), np.nan)
    cells, counts = np.unique(np.column_stack([unit[0], periods.number]), axis=0, return_counts=True)
    if (counts > 1).any():
        place, period = cells[counts > 1][0]
        where = f"{unit[1][place]} {periods.labels[period]}".strip()
        mistakes.add(
            name, where, f"stands {counts.max()} times ({int((counts > 1).sum())} such)", "Keep one row, or sum them."
        )
    table[unit[0], periods.number] = values
    return table
