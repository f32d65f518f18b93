"""Effects and what is retained of them, drawn together from cards that were measured after a delay.

    y_j ~ Normal(delta_e(j) * s_j * R_j + offset_o(j) * R_j + slope * b_j + deviation_s(j),  SE_j**2 + tau**2)
    R_j = average of R over the span that card j saw, with the durable share that belongs to effect e(j)
    q_j ~ Normal(R_j, SE_j**2)                      for cards that report delayed over immediate

delta: effects at the moment itself. offset: shared by readings of another outcome (transport). slope: small-study
bias, acting on b_j = SE_j, 0 for pre-registered studies. deviation: the common part of studies read more than once,
SD tau. s_j: an uncertain factor shared by a study's readings. Everything in latent SDs.

Dividing a late effect by a mean retention would be biased (the mean of a ratio is not the ratio of means), so (rho, T, H,
tau, s) are drawn from their priors, each draw is weighted by the marginal likelihood of the readings, and given a draw the
linear terms are normal in closed form. A retention is hardly known beyond the longest delay: that is meant to show.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np
from scipy.special import ndtri

from commonbeat.evidence.retention import mean_retained
from commonbeat.luck import PARAMETER, normals, uniforms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from commonbeat.evidence.blocks import Block
    from commonbeat.evidence.estimates import Reading

    Columns = dict[str, NDArray[np.float64]]

SAMPLES = 8192
PRIOR_SEED = 20_230_116  # fixes the cloud of prior samples: the posterior itself does not belong to any run
CHUNK = 2048  # keeps the design matrix of a chunk in the processor's cache


@dataclass(frozen=True, slots=True)
class JointPosterior:
    """Weighted samples [SAMPLES] of every part of a block, and how many equal-weight samples they are worth."""

    values: Columns
    weights: NDArray[np.float64]

    @property
    def effective_samples(self) -> float:
        """1 / sum of squared weights: the weights' own worth."""
        return float(1.0 / np.sum(self.weights**2))


def joint_posterior(block: Block, readings: Sequence[Reading], slope_sd: float) -> JointPosterior:
    """The posterior of a block's parts given these readings; with no readings, its prior.

    slope_sd: SD of the prior of the small-study slope; 0 makes no allowance.
    """
    address = _address(block)
    prior = _prior_samples(block)
    effects = [reading for reading in readings if reading.kind != "ratio"]
    log_weight = np.zeros(SAMPLES)
    for reading in readings:
        for retention in block.retentions:
            if reading.kind == "ratio" and retention in reading.informs:
                kept = _retained(reading, prior, prior[retention], block)
                log_weight += -0.5 * ((reading.effect - kept) / reading.latent_se) ** 2
    names, log_marginal, drawn = _linear_part(block, effects, prior, slope_sd)
    log_weight += log_marginal
    weights = np.exp(log_weight - log_weight.max())
    values = {part: prior[part] for part in block.parts if part in prior}
    values |= {name: drawn[:, k] for k, name in enumerate(names) if name in block.effects}
    for k, name in enumerate(block.next_place):
        # Another city is another draw from among the studies, not their mean.
        values[name] = values[name] + prior["tau"] * normals(PRIOR_SEED, PARAMETER, address, 100 + k, _samples())
    return JointPosterior(values, weights / weights.sum())


def _address(block: Block) -> int:
    return crc32(block.name.encode())


def _samples() -> NDArray[np.int64]:
    return np.arange(SAMPLES)


def _prior_samples(block: Block) -> Columns:
    address = _address(block)

    def u(dimension: int) -> NDArray[np.float64]:
        return uniforms(PRIOR_SEED, PARAMETER, address, dimension, _samples())

    name, low, high = block.transient
    drawn = {name: low + (high - low) * u(0)}
    name, low, high = block.half_life
    drawn[name] = np.exp(np.log(low) + np.log(high / low) * u(1))
    drawn["tau"] = block.spread * ndtri(0.5 + 0.5 * np.maximum(u(2), 1e-3))
    for k, (name, (low, high)) in enumerate(block.retentions.items()):
        drawn[name] = low + (high - low) * u(3 + k)
    return drawn


def _retained(reading: Reading, prior: Columns, rho: NDArray[np.float64], block: Block) -> NDArray[np.float64]:
    return mean_retained(
        reading.delay_days, reading.window_days, rho, prior[block.half_life[0]], prior[block.transient[0]]
    )


def _linear_part(
    block: Block, readings: Sequence[Reading], prior: Columns, slope_sd: float
) -> tuple[list[str], NDArray[np.float64], NDArray[np.float64]]:
    """Names of the linear terms [K], log marginal likelihood [S], one posterior draw of each [S, K]."""
    address = _address(block)
    studies = [reading.study for reading in readings]
    repeated = sorted({study for study in studies if studies.count(study) > 1})
    offsets = sorted({reading.outcome for reading in readings} & set(block.transport))
    names = [*block.effects, *offsets, "slope", *repeated]
    precision = np.empty((SAMPLES, len(names)))
    sds = [*block.effects.values(), *(block.transport[o] for o in offsets), max(slope_sd, 1e-9)]
    precision[:, : len(sds)] = np.array(sds) ** -2.0
    precision[:, len(sds) :] = (prior["tau"] ** -2.0)[:, None]
    design = _design(block, readings, prior, names)
    noise = normals(PRIOR_SEED, PARAMETER, address, 50, _samples()[:, None], np.arange(len(names))[None, :])
    own = np.array([_spreads(block, reading) and reading.study not in repeated for reading in readings], dtype=float)
    se = np.array([reading.latent_se for reading in readings])
    variance = se**2 + np.multiply.outer(prior["tau"] ** 2, own)
    y = np.array([reading.latent_effect for reading in readings])
    log_marginal, drawn = np.empty(SAMPLES), np.empty((SAMPLES, len(names)))
    for start in range(0, SAMPLES, CHUNK):
        part = slice(start, start + CHUNK)
        log_marginal[part], drawn[part] = conjugate(design[part], y, variance[part], precision[part], noise[part])
    return names, log_marginal, drawn


def _spreads(block: Block, reading: Reading) -> bool:
    return not set(block.next_place).isdisjoint(reading.informs)


def _design(block: Block, readings: Sequence[Reading], prior: Columns, names: list[str]) -> NDArray[np.float64]:
    """What each linear term does to each reading [S, J, K]."""
    address = _address(block)
    design = np.zeros((SAMPLES, len(readings), len(names)))
    for j, reading in enumerate(readings):
        effect = next(name for name in block.effects if name in reading.informs)
        kept = _retained(reading, prior, prior[block.retention_of[effect]], block)
        if reading.scale_sd:
            study = crc32(reading.study.encode())
            kept = kept * np.exp(reading.scale_sd * normals(PRIOR_SEED, PARAMETER, address, study, _samples()))
        design[:, j, names.index(effect)] = kept
        if reading.outcome in block.transport:
            design[:, j, names.index(reading.outcome)] = kept
        design[:, j, names.index("slope")] = reading.selection_se
        if reading.study in names:
            design[:, j, names.index(reading.study)] = 1.0
    return design


def conjugate(
    design: NDArray[np.float64],
    y: NDArray[np.float64],
    variance: NDArray[np.float64],
    prior_precision: NDArray[np.float64],
    noise: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Log marginal likelihood [S] and one posterior draw [S, K] of b in y ~ Normal(X b, variance), b ~ Normal(0, 1/p).

    design X [S, J, K], y [J], variance [S, J], prior_precision p [S, K], noise [S, K] standard normal.
    """
    weighted = design / variance[:, :, None]
    posterior_precision = np.swapaxes(weighted, 1, 2) @ design
    diagonal = np.arange(design.shape[2])
    posterior_precision[:, diagonal, diagonal] += prior_precision
    root = np.linalg.cholesky(posterior_precision)
    projected = np.swapaxes(weighted, 1, 2) @ y
    mean = np.linalg.solve(posterior_precision, projected[:, :, None])[:, :, 0]
    draw = mean + np.linalg.solve(np.swapaxes(root, 1, 2), noise[:, :, None])[:, :, 0]
    log_determinant = 2.0 * np.log(root[:, diagonal, diagonal]).sum(axis=1) - np.log(prior_precision).sum(axis=1)
    fit = (y**2 / variance).sum(axis=1) - (projected * mean).sum(axis=1)
    return -0.5 * (fit + log_determinant + np.log(variance).sum(axis=1)), draw
