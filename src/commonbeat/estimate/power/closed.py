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

from commonbeat.estimate.power.batch import Geometry, geometry
from commonbeat.estimate.power.dilution import effect_variance
from commonbeat.estimate.power.trials import assigned

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.estimate.power.comparison import Comparison
    from commonbeat.estimate.power.layout import Layout

    Floats = NDArray[np.float64]

WAYS = 24  # in which units fall into arms and answers are lost
MOST_CELLS = 2_000_000  # of units over all ways: more units need fewer ways
BINS = 25  # of the draws of what is left: their means stand for them
EXACT_UNITS = 250  # beyond, degrees of freedom are so many that their moments need no matrix
CERTAIN = 30.0  # standard errors: the noncentral t has no digits left there
NORMAL_FROM = 20_000.0  # degrees of freedom
TELLS = 1e-6  # information below which losses have left nothing to compare


@dataclass(frozen=True, slots=True)
class Precision:
    """What the design gives one comparison.

    variance: of the estimate before any effect. per_extra: what each unit of added variance in the answers of the treated and of the
    comparison arm adds to it. df, true_df, bias: see above. people: answers to be expected in both arms.
    """

    variance: float
    per_extra: tuple[float, float]
    df: float
    true_df: float
    bias: float
    people: float


def precision(question: Comparison) -> Precision:
    """The comparison's precision: the mean over some ways in which units fall into arms and answers are lost."""
    layout, shares = question.layout, question.shares
    ways, answered = ways_of(question)
    found = geometry(answered, ways, layout.block, layout.blocks)
    tells = found.information > TELLS
    if not tells.any():
        return Precision(math.inf, (0.0, 0.0), 1.0, 1.0, 1.0, float(answered.sum(axis=1).mean()))
    ways, answered, found = ways[tells], answered[tells], Geometry._make(part[tells] for part in found)
    of_sum = answered * (shares.unit * answered + shares.within) * shares.unexplained
    share = (found.centred / found.information[:, None]) ** 2
    people = float(answered.sum(axis=1).mean())
    # Having fitted a slope on answers before costs a little.
    fitted = 1 + 1 / max(people - layout.blocks - 3, 1.0) if shares.baseline else 1.0
    df = float(found.df.mean()) - (1.0 if shares.baseline else 0.0)
    bias, true_df = _moments(layout, answered, of_sum, found)
    return Precision(
        variance=float((share * of_sum).sum(axis=1).mean()) * fitted,
        per_extra=(float((share * answered * ways).sum(1).mean()), float((share * answered * ~ways).sum(1).mean())),
        df=max(df, 1.0),
        true_df=max(df if true_df is None else true_df, 1.0),
        bias=bias,
        people=people,
    )


def variance_with(question: Comparison, exact: Precision, effect: float) -> float:
    """The variance of the estimate when the effect is there and does not reach everybody alike."""
    extra = effect_variance(question.dilution, effect)
    return exact.variance + extra[0] * exact.per_extra[0] + extra[1] * exact.per_extra[1]


def ways_of(question: Comparison) -> tuple[NDArray[np.bool_], Floats]:
    """Who is treated and how many of each unit answer, [ways, units]; one even way where all ways are alike."""
    layout, attrition = question.layout, question.dilution.attrition
    luck = np.random.default_rng(7)
    equal = bool(np.all(layout.sizes == layout.sizes[0]))
    if equal and not any(attrition):
        ways = assigned(question, luck, 1)
        return ways, np.broadcast_to(layout.sizes, ways.shape).astype(np.float64)
    if layout.sizes[0] == 1 and layout.blocks == 1:
        ways = assigned(question, luck, 1)
        return ways, still_there(ways, attrition)
    ways = assigned(question, luck, int(np.clip(MOST_CELLS // layout.units, 1, WAYS)))
    sizes = np.broadcast_to(layout.sizes, ways.shape)
    return ways, luck.binomial(sizes, 1 - np.where(ways, *attrition)).astype(np.float64)


def still_there(ways: NDArray[np.bool_], attrition: tuple[float, float]) -> Floats:
    """[ways, people]: 1 for those who answer, 0 for the share of each arm that is lost, spread evenly over it."""
    kept = 1 - np.where(ways, *attrition)
    rank = np.where(ways, np.cumsum(ways, axis=1), np.cumsum(~ways, axis=1))
    return (np.floor(rank * kept) > np.floor((rank - 1) * kept)).astype(np.float64)


def _moments(layout: Layout, answered: Floats, of_sum: Floats, found: Geometry) -> tuple[float, float | None]:
    """E(V^) / V and 2 E(V^)**2 / Var(V^) for a normal outcome with the declared icc; (1, None) where it does not matter.

    V^ = s' W s over units' sums s with covariance D; both moments are traces: E = tr(W D), Var = 2 tr(W D W D).
    """
    if layout.units > EXACT_UNITS or layout.sizes[0] == 1:
        return 1.0, None
    same = layout.block[:, None] == layout.block[None, :]
    ratio, freedom = [], []
    for way, (m, d) in enumerate(zip(answered, of_sum, strict=True)):
        t, c, s = found.centred[way], found.weight[way], found.information[way]
        per_block = found.per_block[way][layout.block]
        hat = m[:, None] * (same * per_block[None, :] + np.outer(t, t) / s)
        turned = c[:, None] * (np.eye(len(m)) - hat) * np.sqrt(d)[None, :]
        product = turned @ turned.T
        trace, norm = float(np.trace(product)), float((product**2).sum())
        if norm == 0:
            continue
        ratio.append(trace / float(((t / s) ** 2 * d).sum()))
        freedom.append(trace**2 / norm)
    return (float(np.mean(ratio)), float(np.mean(freedom))) if ratio else (1.0, 1.0)


def power_at(question: Comparison, effect: float, exact: Precision | None = None) -> float:
    """The chance that the trial sees `effect` (true SD, on somebody reached, at the moment itself)."""
    exact = exact or precision(question)
    shift = abs(effect) * binned(question.dilution.factor) / math.sqrt(variance_with(question, exact, effect))
    return float(power_of_t(shift, exact, question.level).mean())


def power_range(question: Comparison, effect: float, exact: Precision) -> tuple[float, float]:
    """Power where the evidence's draws leave little of the effect, and where they leave much: 5 % and 95 % points."""
    ends = np.quantile(np.abs(question.dilution.factor), [0.05, 0.95])
    shift = abs(effect) * ends / math.sqrt(variance_with(question, exact, effect))
    low, high = power_of_t(shift, exact, question.level)
    return float(low), float(high)


def power_of_difference(question: Comparison, difference: float, exact: Precision) -> float:
    """The chance that the trial sees a difference of so many SDs of the answers between the arms."""
    shift = np.array([abs(difference) / math.sqrt(exact.variance)])
    return float(power_of_t(shift, exact, question.level)[0])


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
