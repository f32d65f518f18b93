"""P values by full enumeration and the wild cluster bootstrap against loops in R."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from commonbeat.estimate.design import Assignment
from commonbeat.estimate.resampling import randomisation_inference, wild_cluster_bootstrap
from commonbeat.estimate.trial import Trial
from tests.r import run_r


def clustered_people() -> pl.DataFrame:
    random = np.random.default_rng(31)
    cluster = np.repeat(np.arange(7), [4, 9, 6, 12, 5, 7, 10])
    treatment = np.isin(cluster, [1, 2, 5]).astype(float)
    age, base = random.normal(40, 12, len(cluster)), random.normal(size=len(cluster))
    outcome = 0.3 * treatment + 0.02 * age + 0.5 * base + random.normal(size=7)[cluster] * 0.4
    return pl.DataFrame(
        {
            "cluster": cluster,
            "block": (cluster > 3).astype(int),
            "treatment": treatment,
            "age": age,
            "base": base,
            "weight": random.uniform(0.4, 3.0, len(cluster)),
            "outcome": outcome + random.normal(size=len(cluster)),
        }
    )


def trial_of(people: pl.DataFrame, name: str, *, weighted: bool) -> Trial:
    columns = {name: people[name].to_numpy() for name in people.columns}
    trial = Trial(columns["outcome"], columns["treatment"], cluster=columns["cluster"])
    if weighted:
        trial = replace(trial, weight=columns["weight"])
    if name == "covariates":
        both = np.column_stack([columns["age"], columns["base"]])
        return replace(trial, covariates=both, covariate_names=("age", "base"))
    if name == "blocks":
        age = columns["age"][:, None]
        return replace(trial, block=columns["block"], covariates=age, covariate_names=("age",))
    return trial


def test_the_wild_bootstrap_with_all_signs_equals_a_loop_over_lm():
    people = clustered_people()
    told = run_r("resampling_wild", people=people)
    assert len(told["rows"]) == 12
    for row in told["rows"]:
        trial = trial_of(people, row["name"], weighted=row["weighted"])
        trial = replace(trial, outcome=trial.outcome - row["null"] * trial.treatment)
        found = wild_cluster_bootstrap(trial, seed=1)
        assert "all 128 signs" in found.method
        assert found.p_value == pytest.approx(row["p"], abs=1e-12)
        assert found.p_value > 0.02  # a p value at the edge would show nothing
        columns, n = {"plain": 2, "covariates": 4, "blocks": 4}[row["name"]], len(people)
        from_crude = np.sqrt(7 / 6 * (n - 1) / (n - columns))
        assert abs(found.estimate / found.std_error) * from_crude == pytest.approx(row["t"], rel=1e-9)
    with_covariates = wild_cluster_bootstrap(trial_of(people, "covariates", weighted=False), seed=1)
    assert with_covariates.std_error == pytest.approx(told["stata"], rel=1e-9)


def small_frames() -> dict[str, pl.DataFrame]:
    random = np.random.default_rng(77)
    people = pl.DataFrame({"treatment": [1, 0, 1, 0, 0, 1, 0, 1, 0, 0, 1], "outcome": random.normal(size=11)})
    people = people.with_columns(outcome=pl.col("outcome") + 0.6 * pl.col("treatment"))
    arms = [1, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0, 0, 1, 1]
    blocks = pl.DataFrame({"block": [0] * 5 + [1] * 5 + [2] * 4, "treatment": arms, "outcome": random.normal(size=14)})
    cluster = np.repeat(np.arange(8), [3, 5, 2, 6, 4, 4, 7, 2])
    towns = pl.DataFrame(
        {
            "cluster": cluster,
            "treatment": np.isin(cluster, [0, 3, 5]).astype(int),
            "outcome": random.normal(size=33) + 0.5 * random.normal(size=8)[cluster],
        }
    )
    place = np.repeat(np.arange(6), 12)
    period = np.tile(np.repeat(np.arange(4), 3), 6)
    treated = (period >= np.array([1, 1, 2, 2, 3, 3])[place]).astype(int)
    outcome = random.normal(size=72) + 0.4 * random.normal(size=6)[place] + 0.2 * period + 0.4 * treated
    wedge = pl.DataFrame({"cluster": place, "period": period, "treatment": treated, "outcome": outcome})
    # Cells of unequal size, and one cluster that was not asked in one period.
    keep = random.random(72) < 0.8
    keep &= ~((place == 4) & (period == 1))
    return {"people": people, "blocks": blocks, "towns": towns, "wedge": wedge.filter(pl.Series(keep))}


def arrays(frame: pl.DataFrame, *names: str) -> list[np.ndarray]:
    return [frame[name].to_numpy().astype(float if name in {"outcome", "treatment"} else np.int64) for name in names]


def test_exact_p_values_equal_full_lists_in_r():
    frames = small_frames()
    told = run_r("resampling_exact", **frames)
    outcome, treatment = arrays(frames["people"], "outcome", "treatment")
    people = Trial(outcome, treatment)
    found = randomisation_inference(people, Assignment(kind="complete"), seed=1)
    assert (found.p_value, found.method) == (
        pytest.approx(told["complete"], abs=1e-12),
        "randomisation inference, complete, all 462 assignments",
    )
    shifted = replace(people, outcome=outcome - 0.5 * treatment)
    assert randomisation_inference(shifted, Assignment(kind="complete"), seed=1).p_value == pytest.approx(
        told["shifted"]
    )
    outcome, treatment, block = arrays(frames["blocks"], "outcome", "treatment", "block")
    blocks = Trial(outcome, treatment, block=block)
    found = randomisation_inference(blocks, Assignment(kind="blocked"), seed=1)
    assert found.p_value == pytest.approx(told["blocked"], abs=1e-12)
    outcome, treatment, cluster = arrays(frames["towns"], "outcome", "treatment", "cluster")
    found = randomisation_inference(Trial(outcome, treatment, cluster=cluster), Assignment(kind="clustered"), seed=1)
    assert found.p_value == pytest.approx(told["clustered"], abs=1e-12)
    assert found.clusters == 8
    outcome, treatment, cluster, period = arrays(frames["wedge"], "outcome", "treatment", "cluster", "period")
    wedge = Trial(outcome, treatment, cluster=cluster)
    found = randomisation_inference(wedge, Assignment(kind="stepped wedge"), seed=1, period=period)
    assert found.p_value == pytest.approx(told["wedge"], abs=1e-12)
    assert found.estimate == pytest.approx(told["wedge_estimate"], rel=1e-9)
    assert "all 90 assignments" in found.method
