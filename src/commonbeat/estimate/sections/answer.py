"""The study's own question: what being assigned changed, and what receiving it changed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from commonbeat.estimate.analysis import Section
from commonbeat.estimate.effects import complier_effect, intention_to_treat
from commonbeat.estimate.groups import holm_rows

if TYPE_CHECKING:
    from commonbeat.estimate.prepare import Comparison, Prepared
    from commonbeat.estimate.row import Estimate


def several_arms(prepared: Prepared) -> bool:
    """Whether more than one arm is compared with control, so that rows must name theirs."""
    return len({each.arm for each in prepared.comparisons}) > 1


def named(row: Estimate, comparison: Comparison, prepared: Prepared) -> Estimate:
    """The row, naming its arm where there are several, with the comparison's warnings."""
    words = f"{row.estimand}, {comparison.arm} against {comparison.trial.control_name}"
    return replace(row, estimand=words if several_arms(prepared) else row.estimand).with_warnings(*comparison.warnings)


def answer_section(prepared: Prepared) -> tuple[Section, tuple[Estimate, ...]]:
    """The effect of being assigned, one comparison after the other, and the first row of each: the pre-declared estimates."""
    found = [[named(row, each, prepared) for row in intention_to_treat(each.trial)] for each in prepared.comparisons]
    primary = tuple(rows[0] for rows in found)
    section = Section(
        "answer",
        "What being assigned changed",
        "Among all who were assigned, whatever they received: how much higher is the outcome in the treated arm?",
        tuple(row for rows in found for row in rows),
    )
    return section, primary


def several_section(primary: tuple[Estimate, ...]) -> Section | None:
    """The pre-declared estimates with p values for a family, where there is more than one."""
    if len(primary) < 2:
        return None
    return Section(
        "several",
        "More than one outcome or arm",
        "With so many comparisons, which would still stand out if none had an effect?",
        holm_rows(primary),
        ("Intervals hold one at a time.",),
    )


def complier_section(prepared: Prepared) -> Section | None:
    """The effect on those who received it because they were assigned, where receipt is known."""
    rows = [
        named(row, each, prepared)
        for each in prepared.comparisons
        if each.trial.complied is not None
        for row in complier_effect(each.trial)
    ]
    if not rows:
        return None
    return Section(
        "compliers",
        "What receiving it changed",
        "Among those who received it because they were assigned to it, and would not have otherwise: how much?",
        tuple(rows),
        ("This holds if being assigned works through receiving alone.",),
    )
