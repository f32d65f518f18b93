"""The estimator of many simulated trials at once: difference in means, with blocks, HC2 or CR2, Satterthwaite.

Treatment and blocks are the same for all of a unit's people, so the regression of answers on treatment and block dummies
needs of each unit only how many answered, m_j, and the sum of their answers. With t~_j the treatment less its mean in the
block, S = sum m t~**2, N_b the answers in block b and e the residuals (equations are worked out in docs/power.md):

    estimate    sum_j t~_j sum_i y_ij / S
    leverage    h_j = 1 / N_b + t~_j**2 / S                   of one answer on another of its unit
    variance    sum_j c_j**2 (sum_i e_ij)**2,   c_j = t~_j / (S sqrt(1 - m_j h_j))
    df          (sum_j G_jj)**2 / sum_jk G_jk**2,  G_jk = c_j c_k m_j (1[j = k] - m_k (1[b_j = b_k] / N_b + t~_j t~_k / S))

which is CR2 with the identity as working model (Bell & McCaffrey 2002; Pustejovsky & Tipton 2018,
doi 10.1080/07350015.2016.1247004), and HC2 with the degrees of freedom of Bell and McCaffrey where units are single people.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LEAST_LEFT = 1e-9  # a unit that alone decides its block's difference has no residual


class Geometry(NamedTuple):
    """What does not depend on the answers; arrays [trials, units], S and df [trials]."""

    centred: Floats
    information: Floats
    per_block: Floats
    weight: Floats
    df: Floats


class Batch(NamedTuple):
    """Estimates, standard errors and degrees of freedom, each [trials]."""

    estimate: Floats
    std_error: Floats
    df: Floats


def block_sums(values: Floats, block: NDArray[np.int64], blocks: int) -> Floats:
    """[trials, blocks]: sums of [trials, units]; units stand block by block and every block has some."""
    if blocks == 1:
        return values.sum(axis=1, keepdims=True)
    starts = np.searchsorted(block, np.arange(blocks))
    return np.add.reduceat(values, starts, axis=1)


def geometry(answered: Floats, treated: NDArray[np.bool_], block: NDArray[np.int64], blocks: int) -> Geometry:
    """The parts that follow from who answered and who was treated; units without answers and lost blocks count nothing."""
    count = np.maximum(block_sums(answered, block, blocks), LEAST_LEFT)
    mean = block_sums(answered * treated, block, blocks) / count
    centred = np.where(answered > 0, treated - mean[:, block], 0.0)
    squares = answered * centred**2
    information = np.maximum(squares.sum(axis=1), LEAST_LEFT)
    per_block = 1 / count
    leverage = answered * (per_block[:, block] + centred**2 / information[:, None])
    left = np.where(answered > 0, np.maximum(1 - leverage, LEAST_LEFT), 1.0)
    weight = centred / (information[:, None] * np.sqrt(left))
    df = _satterthwaite(weight**2, answered, centred, block, per_block, information)
    return Geometry(centred, information, per_block, weight, df)


def _satterthwaite(
    squared: Floats, answered: Floats, centred: Floats, block: NDArray[np.int64], per_block: Floats, information: Floats
) -> Floats:
    """(tr G)**2 / tr(G G), without ever writing G down."""
    a2 = squared * answered**2  # (c_j m_j)**2
    shared = per_block[:, block] + centred**2 / information[:, None]
    diagonal = squared * answered - a2 * shared
    blocks = per_block.shape[1]
    of_block = block_sums(a2, block, blocks) * per_block
    mixed = block_sums(a2 * centred, block, blocks)
    whole = (
        (of_block**2).sum(axis=1)
        + 2 * (mixed**2 * per_block).sum(axis=1) / information
        + (a2 * centred**2).sum(axis=1) ** 2 / information**2
    )
    # `whole` counts the pairs (j, j) as if they were any pair; the diagonal has its own value.
    pairs = whole - ((a2 * shared) ** 2).sum(axis=1) + (diagonal**2).sum(axis=1)
    return diagonal.sum(axis=1) ** 2 / np.maximum(pairs, 1e-300)


def estimate_batch(
    sums: Floats, answered: Floats, treated: NDArray[np.bool_], block: NDArray[np.int64], blocks: int
) -> Batch:
    """The estimates of all trials, from each unit's number of answers and their sum, [trials, units]."""
    shape = geometry(answered, treated, block, blocks)
    effect = (shape.centred * sums).sum(axis=1) / shape.information
    middle = block_sums(sums, block, blocks) * shape.per_block
    residual = sums - answered * (middle[:, block] + effect[:, None] * shape.centred)
    variance = ((shape.weight * residual) ** 2).sum(axis=1)
    return Batch(effect, np.sqrt(variance), shape.df)
