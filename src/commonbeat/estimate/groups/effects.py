"""One effect for each pre-declared group."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from commonbeat.errors import DesignError, Mistake
from commonbeat.estimate.arms import arm_mean
from commonbeat.estimate.effects import primary_effect
from commonbeat.estimate.row import Estimate
from commonbeat.estimate.trial import SMALLEST_CELL

if TYPE_CHECKING:
    from commonbeat.estimate.trial import Trial

WorstOff = Literal["lowest", "highest"]
HIDDEN = f"Fewer than {SMALLEST_CELL} people of this group answered in one of the arms: not shown."


@dataclass(frozen=True, slots=True)
class Group:
    """A group's name, its part of the trial, and the control arm's mean among those who answered; shown: whether it is large enough."""

    name: str
    trial: Trial
    control_mean: float
    shown: bool


def effects_by_group(trial: Trial, *, worst_off: WorstOff = "lowest") -> tuple[Estimate, ...]:
    """One row per group, as `primary_effect` estimates it within the group; worst-off first, groups that may not be shown last.

    Worst-off is the group whose control arm has the lowest mean (or the highest, for outcomes of which less is better). p values and intervals
    are each group's own: see `holm_rows` for p values that count how many groups were looked at. A group with fewer than ten answers
    in an arm has a row without figures.
    """
    return tuple(group_row(each) for each in ordered_groups(trial, worst_off))


def group_row(group: Group) -> Estimate:
    """The group's row, or a row that says that the group is too small to be shown."""
    estimand = f"intention to treat: {group.trial.outcome_name}, {group.name}"
    if not group.shown:
        return Estimate(estimand, None, None, None, None, None, None, 0, None, "not shown", (HIDDEN,))
    return replace(primary_effect(group.trial), estimand=estimand)


def ordered_groups(trial: Trial, worst_off: WorstOff = "lowest") -> tuple[Group, ...]:
    """The groups, worst-off first; those too small to be shown last, in the order of their names. DesignError without groups."""
    if trial.group is None:
        mistake = Mistake(
            "by", None, "names no column: no groups were declared", "Declare groups before the data are seen."
        )
        raise DesignError("Effects by group cannot be estimated.", [mistake])
    found = [_group(trial, code) for code in np.unique(trial.group) if code >= 0]
    turn = 1.0 if worst_off == "lowest" else -1.0
    return tuple(
        sorted(
            found, key=lambda group: (not group.shown, turn * group.control_mean if group.shown else 0.0, group.name)
        )
    )


def _group(trial: Trial, code: int) -> Group:
    part = trial.rows(trial.group == code)
    arms = [int((part.answered().treatment == arm).sum()) for arm in (0.0, 1.0)]
    known = trial.group_names[code] if code < len(trial.group_names) else str(code)
    shown = min(arms) >= SMALLEST_CELL
    return Group(f"{trial.grouping_name} = {known}", part, arm_mean(part, 0.0) if shown else math.nan, shown)
