"""The cube gives the priors: their margins, and in a block their dependence."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import ks_2samp, spearmanr

from commonbeat.errors import LedgerError
from commonbeat.evidence.priors import block_samples, prior_quantile
from commonbeat.evidence.sample import ParameterSample
from commonbeat.fit.sensitivity.inputs import Inputs, parameter_names

MANY = 20_000


@pytest.fixture(scope="module")
def points() -> np.ndarray:
    return np.random.default_rng(5).random((MANY, len(parameter_names())))


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    return Inputs(order=("trust_durable_half_life_days", "stop_trust"))


@pytest.fixture(scope="module")
def values(inputs: Inputs, points: np.ndarray) -> np.ndarray:
    return inputs.values(points)


def test_a_parameter_drawn_alone_is_its_priors_quantile(inputs: Inputs, points: np.ndarray, values: np.ndarray) -> None:
    for name in ("watched_trust", "outlet_feed_chance", "direct_low_trust_gain", "participant_dose"):
        column = inputs.names.index(name)
        np.testing.assert_allclose(
            values[:500, column], prior_quantile(name)(points[:500, column]), rtol=2e-3, atol=1e-4
        )


@pytest.mark.parametrize("block", ["trust", "prejudice"])
def test_parts_of_a_block_have_the_margins_and_the_rank_correlations_of_the_posterior(
    inputs: Inputs, values: np.ndarray, block: str
) -> None:
    samples, weights = block_samples(block)
    picked = np.random.default_rng(6).choice(len(weights), MANY, p=weights)
    columns = [inputs.names.index(part) for part in samples if part in inputs.names]
    posterior = np.stack([samples[inputs.names[column]][picked] for column in columns], axis=1)
    for place, column in enumerate(columns):
        assert ks_2samp(values[:, column], posterior[:, place]).statistic < 0.025
    ours, theirs = spearmanr(values[:, columns])[0], spearmanr(posterior)[0]
    assert np.abs(ours - theirs).max() < 0.05
    assert np.abs(theirs - np.eye(len(columns))).max() > 0.1  # there is a dependence to be followed


def test_the_first_of_a_block_is_its_own_quantile_and_a_margin_moves_one_parameter_alone(inputs: Inputs) -> None:
    number = len(inputs.names)
    first, second = (inputs.names.index(name) for name in ("trust_durable_half_life_days", "stop_trust"))
    low, high = np.full((1, number), 0.5), np.full((1, number), 0.5)
    high[0, first] = 0.95
    together, alone = inputs.values(np.vstack([low, high])), inputs.margins(np.vstack([low, high]))
    assert together[1, first] == pytest.approx(alone[1, first])
    assert together[1, second] != together[0, second]
    np.testing.assert_array_equal(np.flatnonzero(alone[0] != alone[1]), [first])


def test_bands_are_kept_to() -> None:
    inputs = Inputs({"watched_trust": (0.0, 0.2), "direct_trust": (0.5, 1.0)})
    points = np.random.default_rng(7).random((4000, inputs.number))
    values = inputs.values(points)
    watched, direct = (values[:, inputs.names.index(name)] for name in ("watched_trust", "direct_trust"))
    assert watched.max() <= float(prior_quantile("watched_trust")(np.array([0.2]))[0]) + 1e-6
    assert direct.min() >= float(prior_quantile("direct_trust")(np.array([0.5]))[0]) - 0.02
    with pytest.raises(LedgerError, match="watched_trist"):
        Inputs({"watched_trist": (0.0, 0.5)})


def test_a_fits_sample_stands_in_place_of_priors_with_its_own_dependence(points: np.ndarray) -> None:
    random = np.random.default_rng(8)
    first = random.normal(0.2, 0.05, 2000)
    drawn = np.stack([first, 0.5 - 2 * (first - 0.2) + random.normal(0, 0.05, 2000), np.full(2000, 0.4)], axis=1)
    names = ("direct_trust", "generalisation", "told_fraction")
    sample = ParameterSample(names, drawn, np.full(2000, 1 / 2000))
    inputs = Inputs(sample=sample)
    values = inputs.values(points)
    ours = values[:, [inputs.names.index(name) for name in names]]
    assert spearmanr(ours[:, :2])[0] == pytest.approx(spearmanr(drawn[:, :2])[0], abs=0.03)
    assert ks_2samp(ours[:, 0], drawn[:, 0]).statistic < 0.03
    np.testing.assert_allclose(ours[:, 2], 0.4)
    # What the fit says nothing of stays as it was, and so does its dependence.
    assert [block.name for block in inputs.blocks] == ["the fit", "trust", "prejudice"]
    retention, half_life = (inputs.names.index(name) for name in ("contact_retention", "trust_durable_half_life_days"))
    assert spearmanr(values[:, [retention, half_life]])[0] == pytest.approx(-0.30, abs=0.05)
