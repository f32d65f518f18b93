"""The five numbers of an assignment against plain formulas, at several tested effects."""

from __future__ import annotations

import numpy as np
import pytest

from commonbeat.kernels.permuted import BETWEEN, PLAIN, WITHIN, permuted_means, permuted_wedge

UNITS, BLOCKS = 14, 2
RANDOM = np.random.default_rng(4)
SIZE = RANDOM.uniform(0.5, 3.0, UNITS)
TOTAL, PULL = RANDOM.normal(size=UNITS), RANDOM.normal(size=UNITS)
BLOCK = np.repeat([0, 1], [6, 8]).astype(np.int64)
SHIFTS = (0.0, -0.7, 2.3)


def labels_of(draws: int) -> np.ndarray:
    return np.stack([np.concatenate([RANDOM.permutation([0, 0, 0, 1, 1, 1]), RANDOM.permutation([0] * 5 + [1] * 3)])
                     for _ in range(draws)]).astype(np.int16)  # fmt: skip


def means_plainly(label, total, spread):
    effects, errors, shares = [], [], []
    for block in range(BLOCKS):
        parts = []
        for arm in (1, 0):
            here = (block == BLOCK) & (label == arm)
            size, sums = SIZE[here], total[here]
            mean = sums.sum() / size.sum()
            off = sums - mean * size
            parts.append((mean, (off**2 / (1 - size / size.sum())).sum() / size.sum() ** 2))
        effects.append(parts[0][0] - parts[1][0])
        errors.append(parts[0][1] + parts[1][1])
        shares.append(SIZE[block == BLOCK].sum() / SIZE.sum())
    shares, effects = np.array(shares), np.array(effects)
    effect = shares @ effects
    if spread == BETWEEN:
        return effect, BLOCKS / (BLOCKS - 1) * (shares**2 * (effects - effect) ** 2).sum()
    return effect, 1.0 if spread == PLAIN else shares**2 @ np.array(errors)


def at(row, shift):
    return row[0] - shift * row[1], row[2] - 2 * shift * row[3] + shift**2 * row[4]


@pytest.mark.parametrize("spread", [WITHIN, BETWEEN, PLAIN])
def test_means_equal_the_plain_twin(spread):
    labels = labels_of(7)
    out = np.empty((7, 5))
    permuted_means(labels, SIZE, TOTAL, PULL, BLOCK, BLOCKS, spread, out)
    for row, label in zip(out, labels, strict=True):
        for shift in SHIFTS:
            assert at(row, shift) == pytest.approx(means_plainly(label, TOTAL - shift * PULL, spread), rel=1e-10)


def test_a_block_with_an_empty_arm_is_left_out_and_no_block_is_no_statistic():
    labels = np.array([[0] * 6 + [0, 1] * 4, [0] * 14], np.int16)
    out = np.empty((2, 5))
    permuted_means(labels, SIZE, TOTAL, PULL, BLOCK, BLOCKS, WITHIN, out)
    alone = np.empty((1, 5))
    permuted_means(
        np.ascontiguousarray(labels[:1, 6:]), SIZE[6:], TOTAL[6:], PULL[6:], np.zeros(8, np.int64), 1, WITHIN, alone
    )
    assert out[0] == pytest.approx(alone[0])
    assert np.isnan(out[1]).all()


def wedge_plainly(crossover, size, total):
    """Weighted least squares on treatment and a level for each period, over cells; clusters' scores for the variance."""
    clusters, periods = size.shape
    cluster, period = (each.ravel() for each in np.indices(size.shape))
    treated = (period >= crossover[cluster]).astype(float)
    weight = size.ravel()
    columns = np.column_stack([treated, period[:, None] == np.arange(periods)])
    outcome = np.where(weight > 0, total.ravel() / np.where(weight > 0, weight, 1), 0.0)
    bread = np.linalg.pinv(columns.T * weight @ columns)
    fitted = bread @ columns.T @ (weight * outcome)
    scores = (weight * (outcome - columns @ fitted))[:, None] * columns
    by_cluster = np.stack([scores[cluster == each].sum(axis=0) for each in range(clusters)])
    meat = by_cluster.T @ by_cluster
    return fitted[0], (bread @ meat @ bread)[0, 0] * clusters / (clusters - 1)


def test_the_wedge_equals_the_regression():
    random = np.random.default_rng(8)
    size = random.integers(0, 6, (9, 5)).astype(float)
    total, pull = (np.where(size > 0, random.normal(size=(9, 5)), 0.0) for _ in range(2))
    crossover = np.stack([random.permutation([1, 1, 2, 2, 3, 3, 4, 4, 5]) for _ in range(6)]).astype(np.int16)
    out = np.empty((6, 5))
    permuted_wedge(crossover, size, total, pull, out)
    for row, each in zip(out, crossover, strict=True):
        for shift in SHIFTS:
            assert at(row, shift) == pytest.approx(wedge_plainly(each, size, total - shift * pull), rel=1e-9)


def test_a_wedge_without_contrast_is_no_statistic():
    out = np.empty((1, 5))
    permuted_wedge(np.zeros((1, 4), np.int16), np.ones((4, 3)), np.ones((4, 3)), np.ones((4, 3)), out)
    assert np.isnan(out).all()
