"""Trials with little in them: every method answers with rows or with none, never with a crash or a warning of a library."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from commonbeat.estimate.attrition import balance_of_answered, lee_bounds, response_rates, response_weighted_effects
from commonbeat.estimate.design import Equivalence
from commonbeat.estimate.equivalence import margin_test
from commonbeat.estimate.groups import effects_by_group, group_differences
from commonbeat.estimate.robustness import breakdown_point, e_values, leave_one_cluster_out, people_who_carry
from commonbeat.estimate.trial import Trial

METHODS = (
    effects_by_group,
    group_differences,
    response_rates,
    balance_of_answered,
    lee_bounds,
    response_weighted_effects,
    breakdown_point,
    e_values,
    leave_one_cluster_out,
    people_who_carry,
    lambda trial: (margin_test(trial, Equivalence(margin=0.2)),),
)
PEOPLE = np.arange(120)
CLUSTER = PEOPLE // 6
WHOLE = (CLUSTER % 2).astype(float)


def made() -> Trial:
    luck = np.random.default_rng(3)
    z, x = PEOPLE % 2.0, luck.normal(size=120)
    y = np.where(luck.random(120) < 0.2, np.nan, 0.3 * z + x + luck.normal(size=120))
    baseline = np.where(luck.random(120) < 0.1, np.nan, x)
    return Trial(y, z, covariates=x[:, None], covariate_names=("x",), baseline=baseline, group=PEOPLE % 3)


def only(trial: Trial, kept: np.ndarray) -> Trial:
    return replace(trial, outcome=np.where(kept, trial.outcome, np.nan))


EDGES: dict[str, Callable[[Trial], Trial]] = {
    "as it is": lambda trial: trial,
    "constant": lambda trial: replace(trial, outcome=np.where(np.isnan(trial.outcome), np.nan, 3.0)),
    "treated silent": lambda trial: only(trial, trial.treatment == 0),
    "controls silent": lambda trial: only(trial, trial.treatment == 1),
    "all silent": lambda trial: only(trial, PEOPLE < 0),
    "one treated answer": lambda trial: only(trial, (trial.treatment == 0) | (PEOPLE == 1)),
    "all answered": lambda trial: replace(trial, outcome=np.nan_to_num(trial.outcome)),
    "four people": lambda trial: trial.rows(PEOPLE < 4),
    "yes or no": lambda trial: replace(trial, outcome=np.where(np.isnan(trial.outcome), np.nan, trial.outcome > 0)),
    "weights": lambda trial: replace(trial, weight=1.0 + PEOPLE),
    "clusters": lambda trial: replace(trial, cluster=CLUSTER, treatment=WHOLE),
    "clusters across arms": lambda trial: replace(trial, cluster=CLUSTER),
    "weighted clusters": lambda trial: replace(trial, cluster=CLUSTER, treatment=WHOLE, weight=1.0 + PEOPLE),
    "clusters within groups": lambda trial: replace(trial, cluster=CLUSTER, treatment=WHOLE, group=CLUSTER % 3),
    "two clusters": lambda trial: replace(trial, cluster=PEOPLE // 60, treatment=(PEOPLE // 60).astype(float)),
    "a silent cluster": lambda trial: only(replace(trial, cluster=CLUSTER, treatment=WHOLE), CLUSTER != 3),
    "pairs": lambda trial: replace(trial, block=PEOPLE // 2),
    "pairs of clusters": lambda trial: replace(trial, cluster=CLUSTER, treatment=WHOLE, block=CLUSTER // 2),
    "blocks": lambda trial: replace(trial, block=PEOPLE // 20),
    "one-armed block": lambda trial: replace(trial, block=np.where(trial.treatment == 1, PEOPLE % 3, PEOPLE % 2)),
    "people without a group": lambda trial: replace(trial, group=np.where(PEOPLE < 10, -1, 0)),
}


@pytest.mark.parametrize("edge", EDGES)
def test_every_method_answers(edge: str) -> None:
    trial = EDGES[edge](made())
    for method in METHODS:
        for row in method(trial):
            shown = row.as_row()
            assert shown["estimand"]
            if shown["ci_low"] is not None and shown["estimate"] is not None:
                assert shown["ci_low"] <= shown["estimate"] <= shown["ci_high"]
            if shown["p_value"] is not None:
                assert 0 <= shown["p_value"] <= 1
