"""For whom: the pre-declared groups, worst-off first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commonbeat.estimate.analysis import Section
from commonbeat.estimate.groups import effects_by_group, group_differences, holm_rows
from commonbeat.estimate.resampling import romano_wolf, trials_by_group
from commonbeat.estimate.sections.chance import period_of

if TYPE_CHECKING:
    from commonbeat.estimate.design import Design
    from commonbeat.estimate.prepare import Prepared
    from commonbeat.estimate.row import Estimate
    from commonbeat.estimate.sections.direction import Direction


def group_section(
    prepared: Prepared, design: Design, direction: Direction
) -> tuple[Section | None, tuple[Estimate, ...]]:
    """The main comparison by group: effects, differences between groups, and p values for a family; and the effects alone."""
    main = prepared.comparisons[0]
    if main.trial.group is None or design.by is None:
        return None, ()
    effects = effects_by_group(main.trial, worst_off=direction.worst_off)
    family = holm_rows([row for row in effects if row.estimate is not None])
    shown = {row.estimand.removeprefix("intention to treat: ") for row in family}
    trials = [trial for trial in trials_by_group(main.trial, design.by) if trial.outcome_name in shown]
    stepped: tuple[Estimate, ...] = ()
    if design.assignment is not None and len(trials) > 1:
        stepped = romano_wolf(trials, design.assignment, seed=design.seed, period=period_of(main, design))
    differences = group_differences(main.trial, worst_off=direction.worst_off) if len(family) > 1 else ()
    section = Section(
        "groups",
        f"For whom: by {design.by}",
        "Does it differ between the groups that were declared beforehand? The worst-off group, by the control arm, comes first.",
        (*effects, *differences, *family, *stepped),
        (
            "A group with an effect beside one without is no difference between groups; the rows on differences test that.",
        ),
    )
    return section, effects
