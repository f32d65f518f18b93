"""Lee bounds, the interval around them, weights for answering and shares, each against R."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from commonbeat.estimate.attrition import (
    lee_bounds,
    response_rates,
    response_weighted_effects,
    response_weights,
    wilson_interval,
)
from commonbeat.estimate.trial import Trial
from tests.r import run_r


def made(seed: int = 404, people: int = 400) -> tuple[Trial, pl.DataFrame]:
    """People in 50 groups; the treated answer more often, and answering depends on two things known before."""
    luck = np.random.default_rng(seed)
    group = luck.integers(0, 50, people)
    z = luck.permutation(np.arange(people) % 2).astype(float)
    known = luck.normal(size=(people, 2))
    y = np.round(2 * (known[:, 0] + 0.4 * z + luck.normal(size=50)[group] + luck.normal(size=people))) / 2  # many ties
    w = np.exp(0.4 * luck.normal(size=people))
    y[luck.random(people) > 1 / (1 + np.exp(-0.9 - 0.8 * z - 0.6 * known[:, 0] + 0.3 * z * known[:, 1]))] = np.nan
    trial = Trial(y, z, covariates=known, covariate_names=("a", "b"))
    columns = {"y": y, "z": z, "a": known[:, 0], "b": known[:, 1], "w": w, "g": group}
    return trial, pl.DataFrame(columns).with_columns(pl.col("y").fill_nan(None))


@pytest.fixture(scope="module")
def compared() -> tuple[Trial, pl.DataFrame, dict]:
    trial, people = made()
    return trial, people, run_r("robust_attrition", people=people)


def test_lee_bounds_are_lees_own(compared) -> None:
    trial, _, r = compared
    low, high, both = lee_bounds(trial)
    assert (low.estimate, high.estimate) == pytest.approx((r["low"], r["high"]), rel=1e-9)
    assert (low.std_error, high.std_error) == pytest.approx((r["low_error"], r["high_error"]), rel=1e-9)
    assert (both.ci_low, both.ci_high) == pytest.approx((r["interval_low"], r["interval_high"]), abs=1e-8)


def test_weights_for_answering_carry_their_own_uncertainty(compared) -> None:
    trial, people, r = compared
    weighted = replace(trial, weight=people["w"].to_numpy())
    row = response_weighted_effects(weighted)[0]
    assert row.estimate == pytest.approx(r["weighted"], rel=1e-9)
    assert row.std_error == pytest.approx(r["weighted_error"], rel=1e-6)
    clustered = response_weighted_effects(replace(weighted, cluster=people["g"].to_numpy()))[0]
    assert clustered.std_error == pytest.approx(r["weighted_clustered_error"], rel=1e-6)
    weights = response_weights(weighted)
    assert weights is not None
    assert weights.logit.probability[:5] == pytest.approx(r["chances"], abs=1e-9)


def test_shares_and_their_difference(compared) -> None:
    trial, _, r = compared
    control, treated, gap = response_rates(trial)
    assert (treated.ci_low, treated.ci_high) == pytest.approx(r["wilson"], abs=1e-12)
    assert gap.estimate == pytest.approx(treated.estimate - control.estimate)
    assert (gap.ci_low, gap.ci_high) == pytest.approx(r["gap"], abs=1e-9)
    assert wilson_interval(0, 20)[0] == 0
    assert wilson_interval(20, 20)[1] == 1
