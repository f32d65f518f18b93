"""A staggered roll-out from rows to results."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from commonbeat.errors import DataFileError, Mistake
from commonbeat.estimate.analysis import Curve
from commonbeat.estimate.rollout import combine
from commonbeat.estimate.rollout.certainty import band_factor, degrees_of_freedom, standard_error, wald_before
from commonbeat.estimate.rollout.group_time import GroupTime, group_time_effects
from commonbeat.estimate.rollout.table import HEADING, RolloutData, RolloutTable, tabulate_rollout
from commonbeat.estimate.row import Estimate, student_estimate
from commonbeat.estimate.trial import SMALLEST_CELL

if TYPE_CHECKING:
    from commonbeat.estimate.rollout.combine import Combined

FEW_CLUSTERS = 10
ONE_CLUSTER = (
    "One treated or one comparison {unit} only: how much it would have varied cannot be seen, so no interval is given."
)
FEW = "{count} treated or comparison {unit}s at the least: intervals from so few are rough; t on {df} degrees is used."
SINGLE_COHORT = (
    "{count} cohort(s) of one {unit} are in this mean; their own spread cannot be seen, so the interval is too narrow."
)
PASSING = (
    "A test that finds nothing before the start does not show that the trends would have stayed parallel after it."
)
FEW_BEFORE = f"Cohorts of fewer than {FEW_CLUSTERS}: a rough test with little power."
HIDDEN = f"Fewer than {SMALLEST_CELL} people: not shown."


@dataclass(frozen=True, slots=True)
class RolloutResult:
    """overall: first the effect on the average treated unit, then the mean over all treated unit-periods and over times since the start.

    before: the test of the time before the start, None where there is nothing to test. curve: the event study.
    """

    overall: tuple[Estimate, ...]
    by_time_since_start: tuple[Estimate, ...]
    by_cohort: tuple[Estimate, ...]
    by_period: tuple[Estimate, ...]
    group_time: tuple[Estimate, ...]
    before: Estimate | None
    curve: Curve
    warnings: tuple[str, ...]


def staggered_rollout(data: RolloutData) -> RolloutResult:
    """The effects of a programme that units took up at different times, as Callaway and Sant'Anna estimate them.

    Assumes that, without the programme, treated and comparison units would have moved in parallel, and that nobody reacts before the start.
    Errors: DataFileError with all mistakes in the rows (`tabulate_rollout`), or when no cohort can be compared after its start.
    """
    table = tabulate_rollout(data)
    effects = group_time_effects(table, data.control, data.base, data.gaps)
    if not any(part.after and not np.isnan(part.effect) for part in effects):
        nobody = Mistake("outcome", None, "no cohort and its comparison are both known before and after a start")
        raise DataFileError(HEADING, [nobody])
    cohorts = combine.by_cohort(effects)
    since = combine.by_time_since_start(table, effects)
    whole = (
        (combine.over_cohorts(table, cohorts), ""),
        (combine.over_all(table, effects), ", mean over treated unit-periods"),
        (
            combine.combine_evenly([part for part in since if (part.key or 0) >= 0]),
            ", mean over periods since the start",
        ),
    )
    warnings = (*table.warnings, *_missing_warning(effects), *_gap_warning(table, data))
    return RolloutResult(
        tuple(_row(data, table, part, words).with_warnings(*warnings) for part, words in whole),
        tuple(_row(data, table, part, f", {_since(part)}") for part in since if _moves(part)),
        tuple(_row(data, table, part, f", began in {_period(part.key)}") for part in cohorts),
        tuple(_row(data, table, part, f", in {_period(part.key)}") for part in combine.by_period(table, effects)),
        tuple(_group_time_row(data, table, part) for part in effects if part.time != part.base),
        _before(data, table, effects),
        _event_study(data, table, since),
        warnings,
    )


def _row(data: RolloutData, table: RolloutTable, part: GroupTime | Combined, words: str) -> Estimate:
    df = degrees_of_freedom(table, part)
    used = part.treated | part.controls
    clusters = len(np.unique(table.cluster[used])) if table.clustered else None
    error = standard_error(table, part) if df > 0 else float("nan")
    estimand = f"effect on the treated: {data.outcome_name}{words}"
    n = int(used.sum())
    if _hidden(data, table, part):
        return Estimate(estimand, None, None, None, None, None, None, n, clusters, _method(data), (HIDDEN,))
    row = student_estimate(
        estimand, part.effect, error, df, level=data.level, n=n, clusters=clusters, method=_method(data)
    )
    return row.with_warnings(*_weak(data, table, part, df))


def _hidden(data: RolloutData, table: RolloutTable, part: GroupTime | Combined) -> bool:
    """Whether one of the means that were compared is of fewer than ten people, treated or not."""
    if data.unit_kind != "person":
        return False
    arms = (part.treated, part.controls)
    if isinstance(part, GroupTime):
        known = [~np.isnan(table.at(period)) for period in {part.time, part.base}]
        return min(int((arm & there).sum()) for arm in arms for there in known) < SMALLEST_CELL
    return min(int(arm.sum()) for arm in arms) < SMALLEST_CELL


def _group_time_row(data: RolloutData, table: RolloutTable, part: GroupTime) -> Estimate:
    words = f", began in {_period(part.cohort)}, in {part.time}"
    if np.isnan(part.effect):
        text = "Nobody to compare with, or nobody known in both periods."
        estimand = f"effect on the treated: {data.outcome_name}{words}"
        return Estimate(estimand, None, None, None, None, None, None, 0, None, _method(data), (text,))
    return _row(data, table, part, words)


def _method(data: RolloutData) -> str:
    rows = "" if data.gaps == "pairs" else ", all rows"
    cluster = "cluster" if data.cluster is not None else data.unit_name
    return f"Callaway-Sant'Anna, {data.control}, {data.base} base{rows}, influence function by {cluster}"


def _weak(data: RolloutData, table: RolloutTable, part: GroupTime | Combined, df: int) -> tuple[str, ...]:
    unit = "cluster" if table.clustered else data.unit_name
    if df < 1:
        return (ONE_CLUSTER.format(unit=unit),)
    found = [FEW.format(count=df + 1, unit=unit, df=df)] if df + 1 < FEW_CLUSTERS else []
    cohorts = part.cohorts if not isinstance(part, GroupTime) else ()
    alone = sum(int((table.first[part.treated] == cohort).sum()) == 1 for cohort in cohorts)
    if alone:
        found.append(SINGLE_COHORT.format(count=alone, unit=data.unit_name))
    return tuple(found)


def _before(data: RolloutData, table: RolloutTable, effects: tuple[GroupTime, ...]) -> Estimate | None:
    found = wald_before(table, effects)
    if found is None:
        return None
    statistic, df, p_value = found
    estimand = f"no difference before the start (Wald statistic): {data.outcome_name}"
    n = len(table.first)
    clusters = len(np.unique(table.cluster)) if table.clustered else None
    method = f"Wald test of all group-time effects before the start, {data.base} base"
    arms = [degrees_of_freedom(table, part) for part in effects if not part.after and not np.isnan(part.effect)]
    few = (FEW_BEFORE,) if min((df for df in arms if df > 0), default=0) + 1 < FEW_CLUSTERS else ()
    return Estimate(estimand, statistic, None, df, None, None, p_value, n, clusters, method, (PASSING, *few))


def _event_study(data: RolloutData, table: RolloutTable, since: tuple[Combined, ...]) -> Curve:
    factor = band_factor(table, since, data.level, data.seed)
    halves = [_half(data, table, part, factor) for part in since]
    hidden = [_hidden(data, table, part) for part in since]
    shown = list(zip(since, halves, hidden, strict=True))
    return Curve(
        name="event study",
        title=f"Effect on {data.outcome_name} by time since the start, band for the whole curve at {1 - data.level:.0%}",
        x_label="periods since the start",
        y_label=data.outcome_name,
        x=tuple(float(part.key or 0) for part in since),
        estimate=tuple(None if hide else part.effect for part, _, hide in shown),
        low=tuple(None if hide or half is None else part.effect - half for part, half, hide in shown),
        high=tuple(None if hide or half is None else part.effect + half for part, half, hide in shown),
        reference=0.0,
    )


def _half(data: RolloutData, table: RolloutTable, part: Combined, factor: float) -> float | None:
    """Half the band's width at one point, never narrower than the point's own interval."""
    df = degrees_of_freedom(table, part)
    if df < 1 or not _moves(part):
        return None if df < 1 else 0.0
    return max(factor, float(stats.t.isf(data.level / 2, df))) * standard_error(table, part)


def _missing_warning(effects: tuple[GroupTime, ...]) -> tuple[str, ...]:
    lost = sum(part.after and np.isnan(part.effect) for part in effects)
    return (f"{lost} group-time effects after a start have nobody to compare with and are left out.",) if lost else ()


def _gap_warning(table: RolloutTable, data: RolloutData) -> tuple[str, ...]:
    gaps = int(np.isnan(table.values).sum())
    if not gaps:
        return ()
    rule = (
        "left out of the comparisons that need them"
        if data.gaps == "pairs"
        else "in the means of the periods they have"
    )
    return (f"{gaps} of {table.values.size} unit-periods are missing; their units are {rule}.",)


def _moves(part: Combined) -> bool:
    """Whether there is something to estimate; the universal base itself is zero by construction."""
    return bool(np.abs(part.influence).max() > 0)


def _since(part: Combined) -> str:
    periods = int(part.key or 0)
    ahead = f"{-periods} before the start" if periods < 0 else f"{periods} after the start"
    return "in the first period" if periods == 0 else ahead


def _period(value: float | None) -> str:
    return f"{value:g}"
