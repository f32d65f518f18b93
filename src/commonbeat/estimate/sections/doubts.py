"""What may be wrong with the answer: people who did not answer, margins, ties between arms, a few people who carry it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from commonbeat.estimate.analysis import Section
from commonbeat.estimate.attrition import balance_of_answered, lee_bounds, response_rates, response_weighted_effects
from commonbeat.estimate.equivalence import margin_test
from commonbeat.estimate.robustness import breakdown_point, e_values, leave_one_cluster_out, people_who_carry
from commonbeat.estimate.sections.answer import named
from commonbeat.estimate.sections.direction import direction_of

if TYPE_CHECKING:
    from commonbeat.estimate.design import Design
    from commonbeat.estimate.prepare import Comparison, Prepared
    from commonbeat.estimate.row import Estimate

QUESTIONS = {
    "equivalent": "Is the effect too small to matter, in either direction?",
    "no worse": "Is the treated arm no worse than control by more than the margin?",
    "no better": "Is the treated arm no better than control by more than the margin?",
}


def margin_section(prepared: Prepared, design: Design) -> Section | None:
    """The tests against the declared margin, one per comparison."""
    if design.equivalence is None:
        return None
    margin, favourable = design.equivalence, direction_of(design).favourable
    rows = tuple(named(margin_test(each.trial, margin, favourable), each, prepared) for each in prepared.comparisons)
    unit = "SD of the control arm" if margin.unit == "SD" else "points of the outcome"
    note = f"The margin, {margin.margin:g} {unit}, was declared; finding no difference would not have shown that there is none."
    better = f"{favourable.capitalize()} values of the outcome are taken as better, for every outcome (favourable, in the design)."
    notes = (note,) if margin.question == "equivalent" else (note, better)
    return Section("margin", "Too small to matter?", QUESTIONS[margin.question], rows, notes)


def attrition_section(prepared: Prepared) -> Section | None:
    """Who answered by arm, and what the effect could be with those who did not; None where everybody answered."""
    rows: list[Estimate] = []
    for each in prepared.comparisons:
        if not np.isnan(each.trial.outcome).any():
            continue
        found = [*response_rates(each.trial), *balance_of_answered(each.trial)]
        found += [*lee_bounds(each.trial), *response_weighted_effects(each.trial, predictors_of(each, prepared))]
        rows += [named(row, each, prepared) for row in found]
    if not rows:
        return None
    question = "Who did not answer, did it differ by arm, and what could the effect be with them?"
    return Section("attrition", "Those who did not answer", question, tuple(rows))


def predictors_of(comparison: Comparison, prepared: Prepared) -> np.ndarray | None:
    """The declared predictors of answering in the comparison's rows; None where the covariates serve."""
    return None if prepared.predictors is None else prepared.predictors[comparison.rows]


def robustness_section(prepared: Prepared) -> Section:
    """What it would take to undo the main estimate; its rows name the arm where there are several."""
    main = prepared.comparisons[0]
    trial = main.trial
    rows = [*e_values(trial), *breakdown_point(trial), *people_who_carry(trial)]
    if trial.cluster is not None:
        rows += leave_one_cluster_out(trial)
    question = "How strong would something unmeasured have to be, and how few people or clusters carry the result?"
    notes = (
        (f"For {main.outcome} in {main.arm} against {trial.control_name} only.",)
        if len(prepared.comparisons) > 1
        else ()
    )
    return Section(
        "robustness", "What would undo it", question, tuple(named(row, main, prepared) for row in rows), notes
    )
