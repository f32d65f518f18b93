"""Alpha, omega and item checks against R's psych, on items with and without holes."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from commonbeat.estimate.scales import (
    alpha_interval,
    cronbach_alpha,
    fit_one_factor,
    item_rest_correlations,
    pairwise_covariance,
)
from tests.r import run_r


def answers(seed: int, people: int, loadings: tuple[float, ...], missing: float = 0.0) -> np.ndarray:
    """Answers from 1 to 7 that one factor and the items' own noise bring about, a share of them left out."""
    luck = np.random.default_rng(seed)
    factor = luck.normal(size=(people, 1))
    noise = luck.normal(size=(people, len(loadings)))
    given = np.clip(np.round(4 + 1.4 * (factor * np.array(loadings) + 0.7 * noise)), 1, 7)
    given[luck.random(given.shape) < missing] = np.nan
    return given


CASES = {
    "complete": answers(1, 240, (0.8, 0.7, 0.6, 0.5, 0.9)),
    "holes": answers(2, 300, (0.8, 0.7, 0.6, 0.5), missing=0.1),
    "three items": answers(3, 150, (0.9, 0.8, 0.7)),
    "one runs against": answers(4, 200, (0.8, 0.7, 0.6, -0.4)),
    "unequal spread": answers(5, 200, (0.8, 0.7, 0.6, 0.5)) * np.array([1, 5, 0.2, 30]),
}


@pytest.mark.parametrize("case", CASES)
def test_reliability_is_that_of_psych(case: str) -> None:
    items = CASES[case]
    frame = pl.DataFrame({f"item{place}": column for place, column in enumerate(items.T)}).fill_nan(None)
    expected = run_r("scales_psych", items=frame)
    covariance = pairwise_covariance(items)
    np.testing.assert_allclose(covariance, expected["covariance"], rtol=1e-10)
    alpha = cronbach_alpha(covariance)
    assert alpha == pytest.approx(expected["alpha"], abs=1e-10)
    low, high = alpha_interval(alpha, *items.shape)
    assert (low, high) == pytest.approx((expected["low"], expected["high"]), abs=1e-8)
    without = [cronbach_alpha(np.delete(np.delete(covariance, j, 0), j, 1)) for j in range(items.shape[1])]
    assert without == pytest.approx(expected["without"], abs=1e-10)
    factor = fit_one_factor(covariance)
    assert factor is not None
    np.testing.assert_allclose(factor.loadings / np.sqrt(np.diag(covariance)), expected["loadings"], atol=1e-6)
    assert factor.omega == pytest.approx(expected["omega"], abs=1e-6)
    assert factor.omega == pytest.approx(expected["omega_psych"], abs=3e-6)  # psych stops its search earlier
    np.testing.assert_allclose(item_rest_correlations(covariance), expected["rest"], atol=1e-8)
