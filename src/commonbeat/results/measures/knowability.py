"""How many people a study would need to see an effect."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy import stats
from scipy.special import ndtri

if TYPE_CHECKING:
    from collections.abc import Iterable

MEASURE_RELIABILITY = 0.8  # assumed: a good short scale; the cards give none for trust
POWER = 0.8
LEVEL = 0.05
_EXACT_BELOW = 200_000  # beyond, Student's t and the normal differ by one person and the exact sum loses digits
_CERTAIN = 20.0  # standard errors: the noncentral t has no digits left there, and the power no room for any


@dataclass(frozen=True, slots=True)
class Sample:
    """People needed in each of two equal arms, by the normal approximation and by Student's t; inf for no effect."""

    normal: float
    student: float


def required_sample(effect: float, *, reliability: float = 1.0, power: float = POWER, level: float = LEVEL) -> Sample:
    """The smallest whole number of people per arm that sees `effect` with `power` in a two-sided test at `level`.

    `effect` is in SD of what is observed; with a `reliability` below 1 it is in latent SD, and what is observed
    is effect * sqrt(reliability), because errors of measurement widen the SD.
        normal: n = 2 (z(1 - level/2) + z(power))^2 / effect^2;  student: by the noncentral t with 2n - 2 degrees.
    """
    observed = abs(effect) * math.sqrt(reliability)
    if observed == 0 or math.isnan(observed):
        return Sample(math.inf, math.inf)
    exact = 2 * (ndtri(1 - level / 2) + ndtri(power)) ** 2 / observed**2
    if exact > _EXACT_BELOW:
        return Sample(float(math.ceil(exact)), float(math.ceil(exact + ndtri(1 - level / 2) ** 2 / 4)))
    normal = max(math.ceil(exact), 2)
    # Student's t never needs fewer, and only a few more, so counting up finds the smallest.
    student = next(people for people in itertools.count(normal) if _power(people, observed, level) >= power)
    return Sample(float(normal), float(student))


def knowability(effects: pl.DataFrame, people: str = "people_weighted") -> pl.DataFrame:
    """The rows of `effects` (as from `ring_table`) with the study that each would take.

    `sample_per_arm` sees the median effect, `sample_if_low` and `sample_if_high` the ends of its 90 % interval
    nearest to and farthest from zero (infinite when the interval holds zero), all by Student's t for a scale of
    reliability .8. `people_there` is how many real people there are, where the column that `people` names is given, and
    `possible` says whether two such arms would fit among them.
    """
    nearest = [
        0.0 if low <= 0 <= high else min(abs(low), abs(high)) for low, high in effects.select("low", "high").iter_rows()
    ]
    farthest = [max(abs(low), abs(high)) for low, high in effects.select("low", "high").iter_rows()]
    table = effects.with_columns(
        pl.Series("sample_per_arm", _samples(effects["median"])),
        pl.Series("sample_if_low", _samples(nearest)),
        pl.Series("sample_if_high", _samples(farthest)),
    )
    if people not in effects.columns:
        return table
    return table.with_columns(
        pl.col(people).alias("people_there"),
        (2 * pl.col("sample_per_arm") <= pl.col(people)).alias("possible"),
    )


def _samples(effects: Iterable[float]) -> np.ndarray:
    return np.array(
        [required_sample(effect, reliability=MEASURE_RELIABILITY).student for effect in effects], dtype=np.float64
    )


def _power(people: int, effect: float, level: float) -> float:
    """The power of a two-sided two-sample t test with `people` in each arm."""
    freedom = 2 * people - 2
    shift = effect * math.sqrt(people / 2)
    if shift > _CERTAIN:
        return 1.0
    bound = stats.t.ppf(1 - level / 2, freedom)
    return float(stats.nct.sf(bound, freedom, shift) + stats.nct.cdf(-bound, freedom, shift))
