"""Rows measured more than once: panels of people, and two groups before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from commonbeat.errors import DataFileError, Mistakes
from commonbeat.estimate.analysis import DataAccount
from commonbeat.estimate.panel import PanelData, TwoByTwo
from commonbeat.estimate.prepare.checks import check_weights
from commonbeat.estimate.prepare.columns import Columns
from commonbeat.estimate.prepare.outcomes import gather_outcomes
from commonbeat.estimate.prepare.periods import check_gaps, find_periods

if TYPE_CHECKING:
    from commonbeat.datafile import DataFile
    from commonbeat.estimate.design import Design
    from commonbeat.estimate.trial import Codes, Floats

HEADING = "{name} cannot be analysed with this design:"


def prepare_panel(file: DataFile, design: Design) -> tuple[tuple[PanelData, ...], DataAccount]:
    """One panel per outcome. Raises DataFileError with every mistake in the columns."""
    assert design.panel is not None  # noqa: S101 - the caller looked at the design's shape
    mistakes = Mistakes()
    columns = Columns(file, design.missing, mistakes)
    person = columns.categories("panel.person", design.panel.person)
    periods = find_periods(columns, "panel.time", design.panel.time)
    exposure = columns.numbers("panel.exposure", design.panel.exposure)
    outcomes = gather_outcomes(design, columns, np.zeros(file.rows, dtype=bool), mistakes)
    weight, cluster = _weight_and_cluster(columns, design)
    check_gaps(columns, {"panel.person": person and person[0], "panel.time": periods and periods.number})
    mistakes.raise_if_any(DataFileError, HEADING.format(name=file.name))
    assert person is not None  # noqa: S101 - a missing column was raised
    assert periods is not None  # noqa: S101
    assert exposure is not None  # noqa: S101
    found = tuple(
        PanelData(
            outcome=values,
            exposure=exposure,
            person=person[0],
            time=periods.number,
            weight=weight,
            cluster=cluster,
            outcome_name=name,
            exposure_name=design.panel.exposure,
            level=design.level,
        )
        for name, values in zip(outcomes.names, outcomes.values, strict=True)
    )
    return found, DataAccount(
        file.name, file.sha256, file.rows, file.rows, (), (*file.warnings, *periods.warnings, *outcomes.warnings)
    )


def prepare_before_after(file: DataFile, design: Design) -> tuple[tuple[TwoByTwo, ...], DataAccount]:
    """One table of two groups before and after per outcome. Raises DataFileError with every mistake in the columns."""
    assert design.before_after is not None  # noqa: S101 - the caller looked at the design's shape
    mistakes = Mistakes()
    columns = Columns(file, design.missing, mistakes)
    shape = design.before_after
    group = columns.numbers("before_after.group", shape.group)
    after = columns.numbers("before_after.after", shape.after)
    unit = columns.categories("before_after.unit", shape.unit) if shape.unit else None
    outcomes = gather_outcomes(design, columns, np.zeros(file.rows, dtype=bool), mistakes)
    weight, cluster = _weight_and_cluster(columns, design)
    if unit is not None:
        check_gaps(columns, {"before_after.unit": unit[0]})
    mistakes.raise_if_any(DataFileError, HEADING.format(name=file.name))
    assert group is not None  # noqa: S101 - a missing column was raised
    assert after is not None  # noqa: S101
    found = tuple(
        TwoByTwo(
            outcome=values,
            group=group,
            after=after,
            unit=unit[0] if unit else None,
            cluster=cluster,
            weight=weight,
            row_kind=shape.row_kind,
            outcome_name=name,
            level=design.level,
        )
        for name, values in zip(outcomes.names, outcomes.values, strict=True)
    )
    return found, DataAccount(file.name, file.sha256, file.rows, file.rows, (), (*file.warnings, *outcomes.warnings))


def _weight_and_cluster(columns: Columns, design: Design) -> tuple[Floats | None, Codes | None]:
    weight = columns.numbers("weight", design.weight) if design.weight else None
    check_weights(weight, columns.file.row_numbers, f"weight {design.weight}", columns.mistakes)
    cluster = columns.categories("cluster", design.cluster) if design.cluster else None
    check_gaps(columns, {"cluster": cluster and cluster[0]})
    return weight, cluster[0] if cluster else None
