"""Whether a prediction passes, why, and how it scores beside two dull rivals.

The score of a number is the continuous ranked probability score (CRPS; Gneiting & Raftery 2007, doi 10.1198/016214506000001437),

    CRPS(F, y) = E|X - y| - E|X - X'| / 2,        X, X' independent from F, in the unit of y: lower is better.

For a finding that is a yes or a no (a sign, a null, a range) the same score of the 0-1 forecast is (1 - probability)**2, since what
was published happened.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.validate.target import Finding, Rival, Target

    Floats = NDArray[np.float64]

SURE = 0.8
MOST_WITHOUT = 0.2  # of the draws that may have no statistic


@dataclass(frozen=True, slots=True)
class Verdict:
    """A finding, what was predicted of it, and whether the prediction passed.

    published: the number, or the sign, margin or range in words. predicted, low, high: median and 90 % interval of the statistic over the
    draws. probability: of what was published, for a yes or no. miss: "" if it passed, "wrong" if the model says otherwise (a number outside
    the interval, a chance below .2), "open" if it says too little. score, no_effect, pooled_mean: CRPS of the model and of the rivals.
    """

    id: str
    target: str
    title: str
    card: str
    kind: str
    what: str
    unit: str
    published: float | str
    predicted: float
    low: float
    high: float
    probability: float | None
    passed: bool
    miss: str
    why: str
    score: float
    no_effect: float
    pooled_mean: float
    draws: int
    draws_without: int


def judge(target: Target, finding: Finding, drawn: Floats) -> Verdict:
    """The verdict on a finding, from the statistic in each draw (nan where the study would have had none)."""
    known = drawn[np.isfinite(drawn)]
    without = len(drawn) - len(known)
    low, middle, high = np.quantile(known, [0.05, 0.5, 0.95]) if len(known) else (math.nan,) * 3
    chance = probability(finding, known) if len(known) else math.nan
    passed, why = _rule(finding, (float(low), float(middle), float(high)), chance)
    if len(drawn) and without > MOST_WITHOUT * len(drawn):
        passed, why = False, f"{without} of {len(drawn)} draws had no such statistic"
    return Verdict(
        id=finding.id,
        target=target.id,
        title=target.title,
        card=finding.card,
        kind=finding.kind,
        what=finding.what,
        unit=finding.unit,
        published=published_words(finding),
        predicted=float(middle),
        low=float(low),
        high=float(high),
        probability=None if finding.kind == "number" else chance,
        passed=passed,
        miss="" if passed else _miss(finding, (float(low), float(high)), chance),
        why=why,
        score=_score(finding, known, chance),
        no_effect=_rival_score(finding, finding.no_effect),
        pooled_mean=_rival_score(finding, finding.pooled_mean),
        draws=len(drawn),
        draws_without=without,
    )


def published_words(finding: Finding) -> float | str:
    """What was published: a number as it is, anything else in words."""
    if finding.published is not None:
        return finding.published
    if finding.margin is not None:
        return f"nothing beyond {finding.margin:g}"
    if finding.sign is not None:
        return "above 0" if finding.sign > 0 else "below 0"
    return f"{finding.published_low:g} to {finding.published_high:g}"


def happened(finding: Finding, values: Floats) -> NDArray[np.bool_]:
    """In which draws the published thing happened, for a finding that is a yes or a no."""
    if finding.margin is not None:
        return np.abs(values) < finding.margin
    if finding.sign is not None:
        return finding.sign * values > 0
    low, high = _range(finding)
    return (values >= low) & (values <= high)


def probability(finding: Finding, values: Floats) -> float:
    """The share of draws in which what was published happened; for a number, nan."""
    return math.nan if finding.kind == "number" else float(np.mean(happened(finding, values)))


def crps(values: Floats, published: float) -> float:
    """The score of a sample as a forecast of the published number."""
    ordered = np.sort(values)
    count = len(ordered)
    # E|X - X'| of the sample in one pass over the sorted values.
    between = 2.0 * np.sum((2 * np.arange(1, count + 1) - count - 1) * ordered) / count**2
    return float(np.mean(np.abs(ordered - published)) - between / 2)


def crps_normal(rival: Rival, published: float) -> float:
    """The score of a normal forecast, in closed form."""
    z = (published - rival.mean) / rival.sd
    density = math.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    return rival.sd * (z * (2 * float(ndtr(z)) - 1) + 2 * density - 1 / math.sqrt(math.pi))


def _range(finding: Finding) -> tuple[float, float]:
    low, high = finding.published_low, finding.published_high
    return (-math.inf if low is None else low), (math.inf if high is None else high)


def _rule(finding: Finding, interval: tuple[float, float, float], chance: float) -> tuple[bool, str]:
    """Whether the finding's own rule is met, and why."""
    if finding.kind == "sign":
        return chance > SURE, f"{chance:.1%} of the draws have this sign; more than {SURE:.0%} is wanted"
    if finding.kind == "null":
        return chance >= SURE, f"{chance:.1%} of the draws lie within {finding.margin:g}; {SURE:.0%} is wanted"
    low, _, high = interval
    if finding.published is not None:
        inside, outside = low <= finding.published <= high, "outside the 90 % predictive interval"
    else:
        inside, outside = chance >= SURE, f"{chance:.1%} of the draws lie in the range; {SURE:.0%} is wanted"
    if not inside:
        return False, outside
    if high - low <= (finding.widest or 0.0):
        also = "; no effect lies inside too" if low <= finding.no_effect.mean <= high else ""
        return True, f"inside, and narrow enough to have failed{also}"
    return False, f"inside, but {high - low:.2g} wide: above {finding.widest:g} it could hardly have failed"


def _miss(finding: Finding, interval: tuple[float, float], chance: float) -> str:
    """What kind of a miss it is, of a finding that did not pass."""
    if finding.published is not None:
        return "wrong" if not interval[0] <= finding.published <= interval[1] else "open"
    return "wrong" if chance < 1 - SURE else "open"


def _score(finding: Finding, known: Floats, chance: float) -> float:
    if not len(known):
        return math.nan
    return crps(known, finding.published) if finding.published is not None else (1.0 - chance) ** 2


def _rival_score(finding: Finding, rival: Rival) -> float:
    if finding.published is not None:
        return crps_normal(rival, finding.published)

    def below(value: float) -> float:
        return float(ndtr((value - rival.mean) / rival.sd))

    if finding.margin is not None:
        chance = below(finding.margin) - below(-finding.margin)
    elif finding.sign is not None:
        chance = 1.0 - below(0.0) if finding.sign > 0 else below(0.0)
    else:
        low, high = _range(finding)
        chance = below(high) - below(low)
    return (1.0 - chance) ** 2
