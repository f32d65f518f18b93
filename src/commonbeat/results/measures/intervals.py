"""What many draws say about one number: where the middle half and the middle nine tenths of them lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy.special import ndtri

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

QUANTILES = {"low": 0.05, "lower": 0.25, "median": 0.5, "upper": 0.75, "high": 0.95}
INTERVAL_COLUMNS = tuple(QUANTILES)
NORMAL_95 = float(ndtri(0.95))  # one tail of 5 %, so that every interval here holds 90 %


@dataclass(frozen=True, slots=True)
class Interval:
    """The 5, 25, 50, 75 and 95 % points of the draws; all NaN when there were none."""

    low: float
    lower: float
    median: float
    upper: float
    high: float


@dataclass(frozen=True, slots=True)
class Share:
    """A share of draws, with the 90 % interval that so few draws leave it."""

    share: float
    low: float
    high: float
    draws: int


def interval(values: ArrayLike) -> Interval:
    """The five points of `values`; absent ones (NaN) are left out, infinite ones count as what they are.

    Points lie on the straight line between neighbouring draws, as everywhere here. Beside an infinite value there
    is no such line, so the points are then draws themselves.
    """
    numbers = np.asarray(values, dtype=np.float64).ravel()
    numbers = numbers[~np.isnan(numbers)]
    if not numbers.size:
        return Interval(*(float("nan"),) * 5)
    method = "linear" if np.isfinite(numbers).all() else "inverted_cdf"
    points = np.quantile(numbers, list(QUANTILES.values()), method=method)
    return Interval(*(float(point) for point in points))


def share_of(hits: ArrayLike) -> Share:
    """How large a share of draws is a hit, with Wilson's 90 % interval, which is right near 0 and 1 as well.

    centre = (p + z^2/2n) / (1 + z^2/n);  half = z sqrt(p(1-p)/n + z^2/4n^2) / (1 + z^2/n)
    """
    counted = np.asarray(hits, dtype=bool).ravel()
    if not counted.size:
        return Share(float("nan"), 0.0, 1.0, 0)
    share, low, high = _wilson(float(counted.sum()), float(counted.size))
    return Share(share, low, high, int(counted.size))


def probability_negative(values: ArrayLike) -> Share:
    """The share of draws below zero; a draw of exactly zero is not negative, and an absent one does not count."""
    numbers = np.asarray(values, dtype=np.float64).ravel()
    return share_of(numbers[~np.isnan(numbers)] < 0)


def interval_of(column: str) -> list[pl.Expr]:
    """Expressions for `agg` that give `column` the five points, named as in `INTERVAL_COLUMNS`."""
    # Adding zero turns -0.0, which a difference of equal numbers with a sign may be, into 0.0.
    return [(pl.col(column) + 0.0).quantile(point, "linear").alias(name) for name, point in QUANTILES.items()]


def add_share(table: pl.DataFrame, hits: str, draws: str, name: str) -> pl.DataFrame:
    """The table with `name`, `name`_low and `name`_high, the share that `hits` are of `draws`, row by row."""
    counts = table.select(hits, draws).cast(pl.Float64).to_numpy()
    rows: Sequence[tuple[float, float, float]] = [_wilson(hit, total) for hit, total in counts]
    points = np.array(rows, dtype=np.float64).reshape(-1, 3)
    named = {f"{name}{ending}": points[:, index] for index, ending in enumerate(("", "_low", "_high"))}
    return table.with_columns(pl.Series(title, values).fill_nan(None) for title, values in named.items())


def _wilson(hits: float, total: float) -> tuple[float, float, float]:
    if total == 0:
        return float("nan"), 0.0, 1.0
    share, square = hits / total, NORMAL_95**2
    centre = (share + square / (2 * total)) / (1 + square / total)
    half = NORMAL_95 * np.sqrt(share * (1 - share) / total + square / (4 * total**2)) / (1 + square / total)
    # At 0 and 1 the formula gives these ends up to rounding; say them exactly.
    low = 0.0 if hits == 0 else float(centre - half)
    return share, low, 1.0 if hits == total else float(centre + half)
