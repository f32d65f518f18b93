"""Power by formula, averaged over what the evidence leaves open on fading and hearsay.

The statistic is estimate / SE with SE from CR2 (or HC2). With V the true variance of the estimate and V^ its estimate:

    reject  when  |estimate| > t(1 - level / 2, df) * sqrt(V^);     V^ / V is about b * chi2(nu) / nu
    power   = P(|T| > t(1 - level / 2, df) * sqrt(b)),              T noncentral t, nu degrees, shift = difference / sqrt(V)

df: Satterthwaite's under the working model, as the analysis takes it; nu and b: degrees and bias of V^ under the declared
icc, by the moments of the quadratic form. Without clusters b is 1 and nu is df, and the formula is the usual one for t.
For two equal arms of people it gives 1,571 per arm at d = .10 and 253 at .25 (80 %, 5 %).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import special, stats

from commonbeat.estimate.power.batch import geometry
from commonbeat.estimate.power.dilution import effect_variance
from commonbeat.estimate.power.trials import assigned

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.estimate.power.comparison import Comparison
    from commonbeat.estimate.power.layout import Layout

    Floats = NDArray[np.float64]

ASSIGNMENTS = 24  # over which unequal clusters fall into the arms
BINS = 25  # of the draws of what is left: their means stand for them
EXACT_UNITS = 250  # beyond, degrees of freedom are so many that their moments need no matrix
CERTAIN = 30.0  # standard errors: the noncentral t has no digits left there
NORMAL_FROM = 2_000.0  # degrees of freedom


@dataclass(frozen=True, slots=True)
class Precision:
    """What the design gives one comparison before any effect: variance of the estimate, df, nu and b."""

    variance: float
    df: float
    true_df: float
    bias: float
    people: float
    units: int


def precision(question: Comparison, effect: float = 0.0) -> Precision:
    """The comparison's precision, over some ways in which units fall into arms; `effect` adds what unequal exposure adds."""
    layout, shares = question.layout, question.shares
    equal = bool(np.all(layout.sizes == layout.sizes[0]))
    luck = np.random.default_rng(7)
    ways = assigned(question, luck, 1 if equal else ASSIGNMENTS)
    answered = still_there(layout, ways, question.dilution.attrition)
    found = geometry(answered, ways, layout.block, layout.blocks)
    extra = np.where(ways, *effect_variance(question.dilution, effect)) if effect else 0.0
    of_sum = answered * (shares.unit * answered + shares.within) * shares.unexplained + answered * extra
    share = found.centred / found.information[:, None]
    variance = (share**2 * of_sum).sum(axis=1)
    people = float(answered.sum(axis=1).mean())
    if shares.baseline:
        variance = variance * (1 + 1 / max(people - layout.blocks - 3, 1.0))
    df = float(found.df.mean()) - (1.0 if shares.baseline else 0.0)
    bias, true_df = _moments(layout, answered, of_sum, found.centred, found.weight, found.information)
    true_df = true_df if true_df is not None else df
    return Precision(float(variance.mean()), max(df, 1.0), max(true_df, 1.0), bias, people, layout.units)


def still_there(layout: Layout, ways: NDArray[np.bool_], attrition: tuple[float, float]) -> Floats:
    """[ways, units]: answers to be expected of each unit; of single people some are gone, spread evenly over each arm."""
    lost = np.where(ways, *attrition)
    if layout.sizes[0] > 1:
        return layout.sizes * (1 - lost)
    rank = np.where(ways, np.cumsum(ways, axis=1), np.cumsum(~ways, axis=1))
    return (np.floor(rank * (1 - lost)) > np.floor((rank - 1) * (1 - lost))).astype(np.float64)


def _moments(
    layout: Layout, answered: Floats, of_sum: Floats, centred: Floats, weight: Floats, information: Floats
) -> tuple[float, float | None]:
    """E(V^) / V and 2 E(V^)**2 / Var(V^) for a normal outcome with the declared icc; (1, None) where it does not matter.

    V^ = s' W s over units' sums s with covariance D; both moments are traces: E = tr(W D), Var = 2 tr(W D W D).
    """
    if layout.units > EXACT_UNITS or layout.sizes[0] == 1:
        return 1.0, None
    same = layout.block[:, None] == layout.block[None, :]
    ratio, freedom = [], []
    for m, d, t, c, s in zip(answered, of_sum, centred, weight, information, strict=True):
        per_block = np.bincount(layout.block, weights=m, minlength=layout.blocks)[layout.block]
        hat = m[:, None] * (same / per_block[None, :] + np.outer(t, t) / s)
        turned = c[:, None] * (np.eye(len(m)) - hat) * np.sqrt(d)[None, :]
        product = turned @ turned.T
        trace = float(np.trace(product))
        ratio.append(trace / float(((t / s) ** 2 * d).sum()))
        freedom.append(trace**2 / float((product**2).sum()))
    return float(np.mean(ratio)), float(np.mean(freedom))


def power_at(question: Comparison, effect: float) -> float:
    """The chance that the trial sees `effect` (true SD, on somebody reached, at the moment itself)."""
    exact = precision(question, effect)
    shift = abs(effect) * binned(question.dilution.factor) / math.sqrt(exact.variance)
    return float(power_of_t(shift, exact, question.level).mean())


def power_range(question: Comparison, effect: float) -> tuple[float, float]:
    """Power where the evidence's draws leave little of the effect, and where they leave much: 5 % and 95 % points."""
    exact = precision(question, effect)
    shift = abs(effect) * np.quantile(np.abs(question.dilution.factor), [0.05, 0.95]) / math.sqrt(exact.variance)
    low, high = power_of_t(shift, exact, question.level)
    return float(low), float(high)


def power_of_difference(question: Comparison, difference: float) -> float:
    """The chance that the trial sees a difference of so many SDs of the answers between the arms."""
    exact = precision(question)
    return float(power_of_t(np.array([abs(difference) / math.sqrt(exact.variance)]), exact, question.level)[0])


def power_of_t(shift: Floats, exact: Precision, level: float) -> Floats:
    """P(|T| > bound) for each shift of a noncentral t."""
    bound = float(stats.t.isf(level / 2, exact.df)) * math.sqrt(exact.bias)
    if exact.true_df > NORMAL_FROM:
        # Student's t with many degrees is a normal whose bound is the t's own.
        return special.ndtr(shift - bound) + special.ndtr(-shift - bound)
    power = np.ones(len(shift))
    seen = np.flatnonzero(shift < bound + CERTAIN)
    for place in seen:
        upper = stats.nct.sf(bound, exact.true_df, shift[place])
        lower = stats.nct.cdf(-bound, exact.true_df, shift[place]) if shift[place] < 3 else 0.0
        power[place] = min(1.0, float(upper) + float(lower))
    return power


def binned(values: Floats) -> Floats:
    """The draws' magnitudes, sorted and averaged in bins of equal weight: a mean over them is one over the draws."""
    ordered = np.sort(np.abs(values))
    if ordered[0] == ordered[-1]:
        return ordered[:1]
    return np.array([part.mean() for part in np.array_split(ordered, BINS)])
