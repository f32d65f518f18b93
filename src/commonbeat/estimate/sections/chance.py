"""Answers that do not lean on large samples: the assignment drawn again, the clusters' signs thrown again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from commonbeat.estimate.analysis import Section
from commonbeat.estimate.resampling import randomisation_inference, romano_wolf, wild_cluster_bootstrap
from commonbeat.estimate.sections.answer import named, several_arms

if TYPE_CHECKING:
    from commonbeat.estimate.design import Design
    from commonbeat.estimate.prepare import Comparison, Prepared
    from commonbeat.estimate.row import Estimate
    from commonbeat.estimate.trial import Codes

MOST_CLUSTERS_FOR_SIGNS = 60  # beyond, the regression's own interval is as good and nothing is learnt


def period_of(comparison: Comparison, design: Design) -> Codes | None:
    """The periods of a stepped wedge, which stand in for its blocks; None for other designs."""
    stepped = design.assignment is not None and design.assignment.kind == "stepped wedge"
    return comparison.trial.block if stepped else None


def chance_section(prepared: Prepared, design: Design) -> Section | None:
    """Randomisation inference for the declared assignment and the wild cluster bootstrap, where they apply."""
    rows: list[Estimate] = []
    for each in prepared.comparisons:
        if design.assignment is not None:
            found = randomisation_inference(
                each.trial, design.assignment, seed=design.seed, period=period_of(each, design)
            )
            rows.append(named(found, each, prepared))
        clusters = 0 if each.trial.cluster is None else np.unique(each.trial.cluster).size
        if 0 < clusters <= MOST_CLUSTERS_FOR_SIGNS:
            rows.append(named(wild_cluster_bootstrap(each.trial, seed=design.seed), each, prepared))
    rows += _family(prepared, design)
    if not rows:
        return None
    question = "If nothing had changed for anybody, how often would the draw alone give as much?"
    return Section("chance", "What chance could do", question, tuple(rows))


def _family(prepared: Prepared, design: Design) -> list[Estimate]:
    """Step-down p values over several outcomes of the same two arms."""
    if design.assignment is None or several_arms(prepared) or len(prepared.comparisons) < 2:
        return []
    trials = [each.trial for each in prepared.comparisons]
    period = period_of(prepared.comparisons[0], design)
    return list(romano_wolf(trials, design.assignment, seed=design.seed, period=period))
