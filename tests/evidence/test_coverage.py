"""Simulated studies of known truth: intervals of the joint posterior cover it as often as they say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from commonbeat.evidence import load_blocks, load_estimates, mean_retained
from commonbeat.evidence.posterior import joint_posterior
from commonbeat.evidence.shapes import from_sample

REPEATS = 60


def test_intervals_of_effect_and_retention_cover_the_truth() -> None:
    """Truths are drawn from the block's own prior, studies from the truths; 90 % intervals should hold about 90 %."""
    rng = np.random.default_rng(20)
    block = replace(
        next(b for b in load_blocks() if b.name == "prejudice"), effects={"direct_prejudice_reduction": 0.4}
    )
    base = next(r for r in load_estimates() if r.id == "trial_hull_72")
    delays = (0, 2, 7, 14, 30, 60, 90, 180, 360)
    inside = {"direct_prejudice_reduction": 0, "prejudice_retention": 0}
    for _ in range(REPEATS):
        truth = rng.normal(0, 0.4)
        rho, half, mean = rng.uniform(0.15, 0.95), np.exp(rng.uniform(np.log(49), np.log(5000))), rng.uniform(10, 14)
        tau = abs(rng.normal(0, block.spread))
        studies = []
        for k, delay in enumerate(delays):
            seen = truth * float(mean_retained(delay, 0, rho, half, mean)) + rng.normal(0, np.hypot(0.1, tau))
            studies.append(
                replace(
                    base,
                    id=f"s{k}",
                    study=f"s{k}",
                    effect=seen,
                    se=0.1,
                    sd_basis="latent",
                    delay_days=delay,
                    programme_days=0.0,
                    selection_se=0.0,
                    informs=("direct_prejudice_reduction",),
                )
            )
        posterior = joint_posterior(block, studies, 0.0)
        target = {"direct_prejudice_reduction": truth + tau * rng.standard_normal(), "prejudice_retention": rho}
        for name, true in target.items():
            low, high = from_sample(posterior.values[name], posterior.weights)(np.array([0.05, 0.95]))
            inside[name] += bool(low <= true <= high)
    for name, count in inside.items():
        assert 0.80 <= count / REPEATS <= 0.98, (name, count)


def test_dividing_by_a_mean_retention_would_be_too_sure() -> None:
    """The joint posterior of a late effect is wider than the effect's interval over the mean retention."""
    block = next(b for b in load_blocks() if b.name == "prejudice")
    late = replace(
        next(r for r in load_estimates() if r.id == "trial_hull_72"),
        effect=0.3,
        se=0.05,
        sd_basis="latent",
        delay_days=180.0,
        programme_days=0.0,
        selection_se=0.0,
    )
    posterior = joint_posterior(replace(block, next_place=()), [late], 0.0)
    kept = mean_retained(
        180.0,
        0.0,
        posterior.values["prejudice_retention"],
        posterior.values["prejudice_durable_half_life_days"],
        posterior.values["prejudice_transient_mean_days"],
    )
    low, high = from_sample(posterior.values["direct_prejudice_reduction"], posterior.weights)(np.array([0.05, 0.95]))
    assert high - low > 2 * 1.645 * 0.05 / kept.mean() * 1.2
