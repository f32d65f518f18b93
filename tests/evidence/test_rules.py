"""The rules against closed forms, quadrature and brute force."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import ndtr

from commonbeat.evidence import load_estimates, load_parameters, mean_retained, pool_cards, retained
from commonbeat.evidence.pooling import MEAN_PRIOR_SD, error_covariance, pool
from commonbeat.evidence.posterior import conjugate
from commonbeat.evidence.rules import RULES, gain_by_baseline, judged
from commonbeat.evidence.shapes import (
    build,
    from_sample,
    half_normal,
    log_normal,
    log_uniform,
    mixture_of_normals,
    normal,
)

SHARES = st.floats(0.0, 1.0)
HALF_LIVES = st.floats(20.0, 5000.0)
MEANS = st.floats(5.0, 30.0)


@given(SHARES, HALF_LIVES, MEANS, st.floats(0, 400), st.floats(0.01, 400))
def test_average_retention_equals_quadrature(rho: float, half: float, mean: float, start: float, span: float) -> None:
    area, _ = quad(lambda t: float(retained(t, rho, half, mean)), start, start + span)
    assert float(mean_retained(start, span, rho, half, mean)) == pytest.approx(area / span, rel=1e-6, abs=1e-12)


@given(SHARES, HALF_LIVES, MEANS, st.floats(0, 900), st.floats(0, 900))
def test_retention_starts_at_one_and_never_rises(
    rho: float, half: float, mean: float, one: float, other: float
) -> None:
    assert float(retained(0, rho, half, mean)) == pytest.approx(1)
    early, late = sorted((one, other))
    assert float(retained(late, rho, half, mean)) <= float(retained(early, rho, half, mean)) + 1e-12
    assert float(mean_retained(early, 0, rho, half, mean)) == pytest.approx(float(retained(early, rho, half, mean)))


@given(SHARES, HALF_LIVES, MEANS, st.integers(2, 30))
def test_spread_doses_equal_the_mean_over_many_single_doses(rho: float, half: float, mean: float, weeks: int) -> None:
    """A dose spread over a programme is what many small doses leave, one after another."""
    moments = (np.arange(20_000) + 0.5) / 20_000 * 7 * weeks
    summed = retained(moments, rho, half, mean).mean()
    assert float(mean_retained(0, 7 * weeks, rho, half, mean)) == pytest.approx(summed, rel=1e-5)


def test_pooling_without_spread_is_inverse_variance_weighting() -> None:
    d, se = np.array([0.1, 0.4, -0.2]), np.array([0.1, 0.2, 0.15])
    pooled = pool(d, np.diag(se**2), spread=0.0)
    precision = (se**-2).sum() + MEAN_PRIOR_SD**-2
    assert pooled.mean == pytest.approx((d / se**2).sum() / precision)
    assert pooled.sd == pytest.approx(precision**-0.5)


def test_pooling_equals_brute_force_over_mean_and_spread() -> None:
    d, se, spread = np.array([0.3, 0.05, 0.5, 0.1]), np.array([0.1, 0.08, 0.2, 0.12]), 0.2
    mu, tau = np.linspace(-2, 2, 2001)[:, None], np.linspace(0, 1.2, 601)[None, :]
    log_density = -0.5 * (mu / MEAN_PRIOR_SD) ** 2 - 0.5 * (tau / spread) ** 2
    for one, error in zip(d, se, strict=True):
        log_density = log_density - 0.5 * (one - mu) ** 2 / (error**2 + tau**2) - 0.5 * np.log(error**2 + tau**2)
    density = np.exp(log_density - log_density.max())
    density /= density.sum()
    mean = float((density * mu).sum())
    pooled = pool(d, np.diag(se**2), spread)
    assert pooled.mean == pytest.approx(mean, abs=2e-3)
    assert pooled.sd == pytest.approx(float((density * (mu - mean) ** 2).sum()) ** 0.5, abs=3e-3)


@given(st.lists(st.floats(-1, 1), min_size=2, max_size=6), st.floats(0.03, 0.3))
@settings(max_examples=25, deadline=None)
def test_the_next_place_is_less_sure_than_the_mean(effects: list[float], se: float) -> None:
    pooled = pool(effects, np.diag(np.full(len(effects), se**2)), spread=0.15)
    ends = np.array([0.05, 0.95])
    assert np.ptp(pooled.next_place()(ends)) > np.ptp(pooled.average()(ends))
    assert min([*effects, 0]) - 1e-9 <= pooled.mean <= max([*effects, 0]) + 1e-9


def test_arms_with_one_control_share_half_of_their_error() -> None:
    arms = [r for r in load_estimates() if "violent_clip_trust" in r.informs]
    covariance = error_covariance(arms, {})
    correlation = covariance[0, 1] / covariance[0, 0]
    assert len(arms) == 4
    assert correlation == pytest.approx(0.5)


def test_adjacent_readings_share_one_offset() -> None:
    clips = [r for r in load_estimates() if "watched_trust" in r.informs]
    apart, together = error_covariance(clips, {}), error_covariance(clips, {"prejudice": 0.1})
    widened = np.diag(together - apart)
    assert sorted(widened.round(6)) == [0, 0, 0, 0.01]


def test_leaving_all_cards_of_a_pool_out_has_no_answer() -> None:
    with pytest.raises(ValueError, match="no reading is left"):
        pool_cards(["E063"], leave_out=["E063"])
    assert pool_cards(["E062", "E063"]).sd < pool_cards(["E062", "E063"], leave_out=["E063"]).sd


def test_conjugate_step_equals_a_grid() -> None:
    rng = np.random.default_rng(11)
    design, y, variance = np.array([[0.9], [0.5], [0.3]]), np.array([0.4, 0.3, 0.05]), np.array([0.01, 0.02, 0.03])
    noise = rng.standard_normal((20_000, 1))
    shape = (noise.shape[0],)
    log_marginal, drawn = conjugate(
        np.broadcast_to(design, (*shape, 3, 1)),
        y,
        np.broadcast_to(variance, (*shape, 3)),
        np.full((*shape, 1), 4.0),
        noise,
    )
    grid = np.linspace(-3, 3, 60_001)
    log_prior = -0.5 * grid**2 * 4.0 + 0.5 * np.log(4.0 / (2 * np.pi))
    log_likelihood = -0.5 * (((y[:, None] - design * grid) ** 2) / variance[:, None]).sum(axis=0)
    log_likelihood -= 0.5 * np.log(variance).sum()
    density = np.exp(log_prior + log_likelihood)
    evidence = density.sum() * (grid[1] - grid[0])
    mean = (density * grid).sum() / density.sum()
    sd = ((density * (grid - mean) ** 2).sum() / density.sum()) ** 0.5
    assert log_marginal[0] == pytest.approx(np.log(evidence), abs=1e-6)
    assert drawn.mean() == pytest.approx(mean, abs=4 * sd / noise.size**0.5)
    assert drawn.std() == pytest.approx(sd, rel=0.03)


@pytest.mark.parametrize(
    ("quantile", "low", "median", "high"),
    [
        (log_normal(1, 5), 1, 5**0.5, 5),
        (log_uniform(0.01, 1), 10**-1.9, 0.1, 10**-0.1),
        (normal(1, 2), 1 - 2 * 1.6448536, 1, 1 + 2 * 1.6448536),
        (half_normal(-0.1), -0.1 * 1.959964, -0.1 * 0.67449, -0.1 * 0.0627068),
    ],
)
def test_shapes_have_their_points(quantile, low: float, median: float, high: float) -> None:
    assert quantile(np.array([0.05, 0.5, 0.95])) == pytest.approx([low, median, high], rel=1e-4)


@given(st.floats(-2, 2), st.floats(0.05, 2), st.floats(0.02, 0.98))
def test_a_mixture_inverts_its_distribution_function(mean: float, sd: float, level: float) -> None:
    found = mixture_of_normals(np.array([mean, mean + 1]), np.array([sd, sd]), np.array([3.0, 1.0]))(np.array([level]))[
        0
    ]
    reached = 0.75 * ndtr((found - mean) / sd) + 0.25 * ndtr((found - mean - 1) / sd)
    assert reached == pytest.approx(level, abs=1e-3)


def test_a_weighted_sample_gives_its_weighted_median() -> None:
    assert from_sample(np.array([3.0, 1.0, 2.0]), np.array([1.0, 1.0, 8.0]))(np.array([0.5]))[0] == pytest.approx(2.0)


def test_hard_limits_hold() -> None:
    quantile = build({"shape": "uniform", "low": -0.2, "high": 1.9, "floor": 0.0, "ceiling": 1.0})
    assert quantile(np.array([0.0, 1.0])).tolist() == [0.0, 1.0]


def test_a_judged_prior_is_forgotten_with_any_one_of_its_cards() -> None:
    ratio = next(p for p in load_parameters() if p.name == "negative_to_positive_ratio")
    ends = np.array([0.05, 0.95])
    assert judged(ratio, {"E045"})(ends) == pytest.approx([1.0, 5.0])
    for card in ratio.cards:
        assert judged(ratio, {card})(ends) == pytest.approx([0.5, 10.0])


def test_the_gain_by_baseline_carries_the_ratio_it_was_made_from() -> None:
    parameter = next(p for p in load_parameters() if p.name == "direct_low_trust_gain")
    gain = float(gain_by_baseline(parameter, ())(np.array([1.0]))[0])
    latent_sd = 26.8 * 0.8**0.5
    black, white = (68.6 - 49.6) / latent_sd, (68.6 - 73.5) / latent_sd
    assert (1 + gain * black) / (1 + gain * white) == pytest.approx(2.0)
    assert float(gain_by_baseline(parameter, ())(np.array([0.0]))[0]) == 0


def test_every_rule_gives_rising_quantiles() -> None:
    levels = np.linspace(0.001, 0.999, 200)
    for parameter in load_parameters():
        if parameter.rule in RULES:
            values = RULES[parameter.rule](parameter, frozenset())(levels)
            assert np.isfinite(values).all(), parameter.name
            assert (np.diff(values) >= 0).all(), parameter.name
