"""Questions that go beyond the two arms: who was reached through others, and along which path."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commonbeat.estimate.analysis import Section
from commonbeat.estimate.interference import exposed_controls, exposure_effects
from commonbeat.estimate.mediation import MediationData, mediate
from commonbeat.estimate.resampling import plan_reassignment

if TYPE_CHECKING:
    from commonbeat.estimate.design import Design
    from commonbeat.estimate.interference import Ties
    from commonbeat.estimate.prepare import Prepared

NO_ASSIGNMENT = (
    "How likely each exposure was cannot be told without the declared assignment: write [assignment] in the design."
)


def interference_section(prepared: Prepared, design: Design, ties: Ties | None) -> Section | None:
    """Effects of being reached through ties, directly, and both, where the design gives ties."""
    if design.interference is None or ties is None:
        return None
    trial = prepared.comparisons[0].trial
    title, question = (
        "Reached through others",
        "What did it change for people whose friends were treated, and for those treated?",
    )
    if design.assignment is None:
        exposed = exposed_controls(trial.treatment, ties)
        notes = (NO_ASSIGNMENT, *((exposed,) if exposed else ()))
        return Section("interference", title, question, (), notes)
    plan = plan_reassignment(trial, design.assignment.kind)
    found = exposure_effects(trial, ties, plan, seed=design.seed, permutations=design.interference.permutations)
    counts = tuple(
        f"{each.name}: {'fewer than ten' if each.people is None else f'{each.people:,}'} people, "
        f"likely with {each.mean_probability:.0%} on average"
        for each in found.conditions
    )
    return Section("interference", title, question, found.rows, (*found.warnings, *counts))


def mediation_section(prepared: Prepared, design: Design) -> Section | None:
    """How much of the effect runs through the mediator, and what hidden confounding would undo it."""
    if design.mediation is None or prepared.mediator is None:
        return None
    main = prepared.comparisons[0]
    trial = main.trial
    found = mediate(
        MediationData(
            treatment=trial.treatment,
            mediator=prepared.mediator[main.rows],
            outcome=trial.outcome,
            covariates=trial.covariates,
            covariate_names=trial.covariate_names,
            cluster=trial.cluster,
            weight=trial.weight,
            mediator_name=design.mediation.mediator,
            outcome_name=trial.outcome_name,
            level=design.level,
            draws=design.mediation.draws,
            seed=design.seed,
        )
    )
    question = f"How much of the effect on {trial.outcome_name} runs through {design.mediation.mediator}?"
    rows = (*found.rows, *found.by_arm, found.bounds)
    return Section(
        "mediation", f"Through {design.mediation.mediator}", question, rows, (found.sentence,), (found.curve,)
    )
