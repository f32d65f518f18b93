"""For whom: the pre-declared groups, worst-off first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commonbeat.estimate.analysis import Section
from commonbeat.estimate.groups import effects_by_group, group_differences, holm_rows
from commonbeat.estimate.resampling import romano_wolf, trials_by_group
from commonbeat.estimate.sections.answer import named
from commonbeat.estimate.sections.chance import period_of

if TYPE_CHECKING:
    from commonbeat.estimate.design import Design
    from commonbeat.estimate.prepare import Comparison, Prepared
    from commonbeat.estimate.row import Estimate
    from commonbeat.estimate.sections.direction import Direction


def group_section(
    prepared: Prepared, design: Design, direction: Direction
) -> tuple[Section | None, tuple[Estimate, ...]]:
    """The main outcome by group, arm by arm: effects, differences between groups, and p values for a family; and the effects alone."""
    main = prepared.comparisons[0]
    if main.trial.group is None or design.by is None:
        return None, ()
    found = [
        _by_group(each, prepared, design, direction) for each in prepared.comparisons if each.outcome == main.outcome
    ]
    effects, differences, stepped = (tuple(row for part in parts for row in part) for parts in zip(*found, strict=True))
    family = holm_rows([row for row in effects if row.estimate is not None])
    notes = [
        "A group with an effect beside one without is no difference between groups; the rows on differences test that."
    ]
    if len({each.outcome for each in prepared.comparisons}) > 1:
        notes.append(f"For the main outcome, {main.outcome}, only.")
    section = Section(
        "groups",
        f"For whom: by {design.by}",
        "Does it differ between the groups that were declared beforehand? The worst-off group, by the control arm, comes first.",
        (*effects, *differences, *family, *stepped),
        tuple(notes),
    )
    return section, effects


def _by_group(
    comparison: Comparison, prepared: Prepared, design: Design, direction: Direction
) -> tuple[list[Estimate], list[Estimate], list[Estimate]]:
    """One comparison's effects by group, their differences, and step-down p values, naming the arm where there are several."""
    trial = comparison.trial
    effects = effects_by_group(trial, worst_off=direction.worst_off)
    shown = {row.estimand.removeprefix("intention to treat: ") for row in effects if row.estimate is not None}
    trials = [part for part in trials_by_group(trial, str(design.by)) if part.outcome_name in shown]
    stepped: tuple[Estimate, ...] = ()
    if design.assignment is not None and len(trials) > 1:
        stepped = romano_wolf(trials, design.assignment, seed=design.seed, period=period_of(comparison, design))
    differences = group_differences(trial, worst_off=direction.worst_off) if len(shown) > 1 else ()
    parts = [[named(row, comparison, prepared) for row in rows] for rows in (effects, differences, stepped)]
    return parts[0], parts[1], parts[2]
