"""Blocks of which some have a single unit in an arm: the effect weighs blocks by size as ever, the missing variances come from elsewhere."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from commonbeat.estimate.effects.pairs import differences
from commonbeat.estimate.effects.units import renumbered
from commonbeat.estimate.linear import Contrast, fit_linear

if TYPE_CHECKING:
    from commonbeat.estimate.trial import Floats, Trial

    Numbers = np.ndarray

FEWEST_TO_POOL = 4  # degrees of freedom behind a variance that is lent to others: below, it is hardly known
POOLED = "{} of {} {}s have a single unit in an arm: their variance is taken from the other units of that arm, as if those varied alike."
BETWEEN = (
    "{} of {} {}s have a single unit in an arm: their variance is that between their differences, which is too large where effects differ "
    "between them."
)
ALIKE = "{} of {} {}s have a single unit in an arm: their variance is taken from both arms' other units, as if all varied alike."
NOWHERE = "{} of {} {}s have a single unit in an arm, and nothing else tells how much units vary: there is no interval."


class Part(NamedTuple):
    """A part of the variance, what it would be if all people varied by 1, and its degrees of freedom."""

    variance: float
    expected: float
    df: float


class Cells(NamedTuple):
    """What is known of each arm of each block [B, 2], and of each block [B].

    units: how many. unevenness: sum of squared shares of the units. variance, df: of the mean, nan for a single unit. expected: the mean's
    variance if all people varied by 1. share: the block's of all people or weights. difference: treated less control.
    """

    units: Numbers
    unevenness: Floats
    variance: Floats
    df: Floats
    expected: Floats
    share: Floats
    difference: Floats


def size_weighted(trial: Trial) -> tuple[Contrast, str]:
    """The blocks' differences weighted by their share of people (of weights), and a sentence on where single units got their variance.

    Blocks with two units of each arm have a variance of their own (HC2, CR2). For the others, by the counts alone: the mean variance of a
    unit over the arm's other cells, weighted by their df, where that has a df for each single unit and at least FEWEST_TO_POOL; else the
    variance between the blocks' differences d_b, with s_b the share among them, m the weighted mean and k = sum s_b**2 / (1 - 2 s_b):
    sum s_b**2 / ((1 - 2 s_b)(1 + k)) (d_b - m)**2, unbiased for independent d_b with one mean, however their variances differ, and too large
    where effects differ; else one variance for both arms. Pashley and Miratrix (2021), J. Educ. Behav. Stat. 46: 271. Degrees of freedom are
    Satterthwaite's. No cluster may lie in more than one block or arm.
    """
    cells = _cells(trial)
    estimate = float(cells.share @ cells.difference)
    small = (cells.units == 1).any(axis=1)
    parts, sentence = _parts(cells, small)
    said = sentence.format(int(small.sum()), len(small), trial.block_word)
    if not parts:
        return Contrast(estimate, math.nan, 0.0), said
    variance = sum(part.variance for part in parts)
    slack = sum(part.expected**2 / part.df for part in parts)
    df = sum(part.expected for part in parts) ** 2 / slack if slack > 0 else 0.0
    return Contrast(estimate, math.sqrt(variance), df), said


def _parts(cells: Cells, small: Numbers) -> tuple[list[Part], str]:
    """Parts of the effect's variance, none where it cannot be told; and the sentence."""
    single = cells.units == 1
    free = np.where(single, 0, cells.units - 1).sum(axis=0)
    if all(free[arm] >= max(FEWEST_TO_POOL, single[:, arm].sum()) or not single[:, arm].any() for arm in (0, 1)):
        return [part for arm in (0, 1) for part in _lent(cells, (arm,))], POOLED
    inside = cells.share[small] / cells.share[small].sum()
    if small.sum() > 2 and inside.max() < 0.5:
        return [*_own(cells, ~small), _between(cells, small)], BETWEEN
    return (_lent(cells, (0, 1)), ALIKE) if free.sum() > 0 else ([], NOWHERE)


def _own(cells: Cells, blocks: Numbers) -> list[Part]:
    """One part for each cell of blocks that have variances of their own."""
    return [
        Part(
            cells.share[b] ** 2 * cells.variance[b, arm], cells.share[b] ** 2 * cells.expected[b, arm], cells.df[b, arm]
        )
        for b in np.flatnonzero(blocks)
        for arm in (0, 1)
    ]


def _lent(cells: Cells, arms: tuple[int, ...]) -> list[Part]:
    """One part for each cell of these arms with a variance of its own, which also carries its share of what is lent to single units."""
    columns = list(arms)
    known = (cells.units > 1)[:, columns]
    squared = np.repeat(cells.share[:, None] ** 2, len(columns), axis=1)
    unevenness, df = cells.unevenness[:, columns], cells.df[:, columns]
    lender = np.where(known, df, 0.0)
    lender = lender / lender.sum() if known.any() else lender
    needed = float((squared * unevenness)[~known].sum())
    # a cell's variance over its unevenness is a unit's
    factor = squared[known] + needed * lender[known] / unevenness[known]
    variance, expected = cells.variance[:, columns][known], cells.expected[:, columns][known]
    return [Part(*each) for each in zip(factor * variance, factor * expected, df[known], strict=True)]


def _between(cells: Cells, small: Numbers) -> Part:
    """The part of blocks with single units, from how their differences vary."""
    whole = cells.share[small].sum()
    share, difference = cells.share[small] / whole, cells.difference[small]
    factor = share**2 / (1 - 2 * share)
    factor = whole**2 * factor / (1 + factor.sum())
    spread = difference - share @ difference
    working = cells.expected[small].sum(axis=1)
    # covariance of the spreads under the working variances: D - 1 (D s)' - (D s) 1' + 1 (s' D s) 1'
    sides = np.column_stack([np.ones(len(share)), working * share])
    middle = np.array([[float(share @ (working * share)), -1.0], [-1.0, 0.0]])
    inner = np.einsum("bi,ij,bj->b", sides, middle, sides)
    outer = middle @ (sides.T @ (sides * factor[:, None]))
    norm = float((factor**2 * working * (working + 2 * inner)).sum() + np.trace(outer @ outer))
    trace = float(factor @ (working + inner))
    return Part(float(factor @ spread**2), trace, trace**2 / norm)


def _cells(trial: Trial) -> Cells:
    block = renumbered(np.zeros(len(trial.outcome), np.int64) if trial.block is None else trial.block)
    weight = np.ones(len(block)) if trial.weight is None else trial.weight / trial.weight.mean()
    mass, (difference,) = differences(trial, trial.outcome[:, None])
    shape = (len(mass), 2)
    units, found = (
        np.zeros(shape, np.int64),
        {name: np.full(shape, np.nan) for name in ("uneven", "variance", "df", "free")},
    )
    order = np.argsort(2 * block + (trial.treatment > 0), kind="stable")
    cell = (2 * block + (trial.treatment > 0))[order]
    for rows in np.split(order, np.flatnonzero(np.diff(cell)) + 1):
        at = block[rows[0]], int(trial.treatment[rows[0]] > 0)
        own = weight[rows] / weight[rows].sum()
        of_unit = own if trial.cluster is None else np.bincount(renumbered(trial.cluster[rows]), own)
        units[at], found["uneven"][at], found["free"][at] = len(of_unit), of_unit @ of_unit, own @ own
        if len(of_unit) > 1:
            fit = fit_linear(
                trial.outcome[rows],
                np.ones((len(rows), 1)),
                weights=None if trial.weight is None else trial.weight[rows],
                clusters=None if trial.cluster is None else trial.cluster[rows],
            )
            found["variance"][at], found["df"][at] = fit.covariance[0, 0], fit.df[0]
    return Cells(units, found["uneven"], found["variance"], found["df"], found["free"], mass / mass.sum(), difference)
