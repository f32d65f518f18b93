"""From a trial and its declared assignment to something that can be drawn again, with every contradiction at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from commonbeat.errors import DesignError, Mistakes
from commonbeat.estimate.resampling.reassignment import Reassignment

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.estimate.trial import Codes, Trial


def plan_reassignment(trial: Trial, kind: str, *, period: Codes | None = None) -> Reassignment:
    """The assignment `kind` (a word of the design's `assignment.kind`), ready to be drawn again for this trial.

    period [n]: each row's period, 0 for the earliest, for a stepped wedge, in which blocks hold clusters that might have changed places
    (or are the periods themselves, and then all clusters might). Raises DesignError with all that does not fit: clusters or
    blocks that are missing, a treatment that varies within a cluster, clusters in more than one block, a wedge that turns back.
    """
    mistakes = Mistakes()
    clustered = kind in {"clustered", "blocked clustered", "stepped wedge"}
    if clustered and trial.cluster is None:
        mistakes.add(
            "assignment.kind", kind, "needs the clusters that were assigned", "Name the column with `cluster`."
        )
    if kind in {"blocked", "blocked clustered"} and trial.block is None:
        mistakes.add("assignment.kind", kind, "needs the blocks of the assignment", "Name the column with `block`.")
    if kind == "stepped wedge" and period is None:
        mistakes.add(
            "assignment.step", None, "a stepped wedge needs the period of each row", "Name its column with `step`."
        )
    mistakes.raise_if_any(DesignError, "The declared assignment cannot be drawn again:")
    rows = len(trial.outcome)
    unit = _codes(trial.cluster) if clustered and trial.cluster is not None else np.arange(rows)
    block = np.zeros(rows, np.int64)
    if trial.block is not None and kind not in {"complete", "clustered"}:
        # In a wedge periods may stand where blocks stand elsewhere; clusters then change places across all of them.
        block = np.zeros(rows, np.int64) if _same_parts(trial.block, period) else _codes(trial.block)
    if _varies_within(unit, block):
        name = trial.cluster_name
        mistakes.add(trial.block_name, None, f"'{name}' lies in more than one block", f"Give each {name} one block.")
    if kind == "stepped wedge" and period is not None:
        labels = _crossover(trial, unit, period, mistakes)
    else:
        labels = _arms(trial, unit, mistakes)
    mistakes.raise_if_any(DesignError, "The declared assignment does not fit the data:")
    block_of_unit = np.empty(unit.max() + 1, np.int64)
    block_of_unit[unit] = block
    members = np.argsort(block_of_unit, kind="stable")
    starts = np.concatenate([[0], np.cumsum(np.bincount(block_of_unit))]).astype(np.int64)
    if kind == "stepped wedge" and period is not None:
        return Reassignment(kind, unit, labels, members, starts, period.astype(np.int64), int(period.max()) + 1)
    return Reassignment(kind, unit, labels, members, starts)


def assignment_warnings(trial: Trial, plan: Reassignment) -> tuple[str, ...]:
    """What looks wrong about the declared assignment without contradicting it."""
    if trial.cluster is None or plan.kind not in {"complete", "blocked"}:
        return ()
    cluster = _codes(trial.cluster)
    if cluster.max() + 1 == len(cluster) or _varies_within(cluster, trial.treatment.astype(np.int64)):
        return ()
    warning = (
        f"the assignment is declared {plan.kind}, yet treatment never varies within '{trial.cluster_name}': if whole "
        "clusters were drawn, declare it clustered, or the p value is too small"
    )
    return (warning,)


def _arms(trial: Trial, unit: NDArray[np.int64], mistakes: Mistakes) -> NDArray[np.int16]:
    arm = trial.treatment.astype(np.int64)
    if _varies_within(unit, arm):
        rule = f"treatment varies within '{trial.cluster_name}', so whole clusters were not assigned"
        mistakes.add(
            "assignment.kind", None, rule, "Declare the assignment 'complete' or 'blocked', or mend the column."
        )
    labels = np.zeros(unit.max() + 1, np.int16)
    labels[unit] = arm
    if len(np.unique(labels)) < 2:
        mistakes.add("treatment", None, "has one arm only", "A comparison needs both.")
    return labels


def _crossover(
    trial: Trial, unit: NDArray[np.int64], period: NDArray[np.int64], mistakes: Mistakes
) -> NDArray[np.int16]:
    """Each cluster's first treated period; one past the last where it was never treated."""
    never = int(period.max()) + 1
    first = np.full(unit.max() + 1, never, np.int64)
    treated = trial.treatment > 0
    np.minimum.at(first, unit[treated], period[treated])
    if np.any(treated != (period >= first[unit])):
        rule = f"in some '{trial.cluster_name}' treatment stops again, or differs within a period"
        mistakes.add("assignment.kind", "stepped wedge", rule, "In a stepped wedge a cluster crosses over once.")
    if len(np.unique(first)) < 2:
        mistakes.add("assignment.kind", "stepped wedge", "all clusters cross over at once", "They must do so in turn.")
    elif not any(len(np.unique(trial.treatment[period == each])) == 2 for each in np.unique(period)):
        mistakes.add("assignment.step", None, "no period has both treated and untreated clusters", "Check the periods.")
    return first.astype(np.int16)


def _codes(values: Codes) -> NDArray[np.int64]:
    return np.unique(values, return_inverse=True)[1].astype(np.int64)


def _same_parts(block: Codes, period: Codes | None) -> bool:
    if period is None:
        return False
    block, period = _codes(block), _codes(period)
    return not (_varies_within(block, period) or _varies_within(period, block))


def _varies_within(unit: NDArray[np.int64], values: NDArray[np.int64]) -> bool:
    highest, lowest = np.full(unit.max() + 1, -1), np.full(unit.max() + 1, np.iinfo(np.int64).max)
    np.maximum.at(highest, unit, values)
    np.minimum.at(lowest, unit, values)
    return bool(np.any(highest != lowest))
