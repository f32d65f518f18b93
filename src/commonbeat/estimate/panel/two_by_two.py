"""Two groups, before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from commonbeat.estimate.linear import fit_linear
from commonbeat.estimate.row import Estimate, student_estimate
from commonbeat.estimate.trial import SMALLEST_CELL

if TYPE_CHECKING:
    from commonbeat.estimate.panel.data import TwoByTwo

PARALLEL = "Assumes that both groups would have moved in parallel; two points in time cannot show it."
FEW_CLUSTERS = 10
LONE = "One {which} cluster: whatever else happened there is in the estimate, and its spread cannot be seen, so no interval is given."
FEW = "{count} clusters in the smaller group: a rough interval; Satterthwaite's degrees of freedom say how rough."
HIDDEN = f"A group has fewer than {SMALLEST_CELL} respondents before or after: not shown."


def difference_in_differences(data: TwoByTwo) -> Estimate:
    """(mean after - mean before) in the group with the programme less the same in the other group.

    y = a + b group + c after + d group * after + e; the estimate is d, with HC2, or CR2 by cluster (or unit), and Satterthwaite's degrees of
    freedom. Clusters are what took up the programme as a whole: errors of a place before and after hang together. Raises DataFileError as
    TwoByTwo.known.
    """
    rows = data.known()
    clusters = rows.cluster if rows.cluster is not None else rows.unit
    estimand = f"difference in differences: {rows.outcome_name}"
    method = "difference in differences, " + ("HC2" if clusters is None else "CR2") + ", Satterthwaite"
    if rows.row_kind == "person" and _smallest_cell(rows) < SMALLEST_CELL:
        return Estimate(estimand, None, None, None, None, None, None, len(rows.outcome), None, method, (HIDDEN,))
    both = rows.group * rows.after
    table = np.column_stack([np.ones(len(both)), rows.group, rows.after, both])
    names = ("intercept", "group", "after", "both")
    fit = fit_linear(rows.outcome, table, weights=rows.weight, clusters=clusters, names=names)
    estimate, std_error, df = fit.of("both")
    smaller = None if clusters is None else _smaller_group(rows, clusters)
    if smaller is not None and smaller[0] == 1:
        std_error, df = float("nan"), 0.0
    row = student_estimate(
        estimand, estimate, std_error, df, level=rows.level, n=fit.n, clusters=fit.clusters, method=method
    )
    return row.with_warnings(PARALLEL, *_few(smaller))


def _smallest_cell(rows: TwoByTwo) -> int:
    return int(np.unique(2 * rows.group + rows.after, return_counts=True)[1].min())


def _smaller_group(rows: TwoByTwo, clusters: np.ndarray) -> tuple[int, str]:
    """Clusters in the group that has fewer, and which group that is."""
    counts = [(len(np.unique(clusters[rows.group == side])), name) for side, name in ((1.0, "treated"), (0.0, "other"))]
    return min(counts)


def _few(smaller: tuple[int, str] | None) -> tuple[str, ...]:
    if smaller is None or smaller[0] >= FEW_CLUSTERS:
        return ()
    count, which = smaller
    return (LONE.format(which=which),) if count == 1 else (FEW.format(count=count),)
