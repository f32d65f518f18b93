"""Which parameters the headline moves with."""

from __future__ import annotations

import numpy as np
import polars as pl
from scipy import stats

from commonbeat.results.measures.intervals import NORMAL_95

_COLUMNS = {
    "parameter": pl.String,
    "correlation": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "chance": pl.Float64,
    "chance_adjusted": pl.Float64,
    "parameter_sets": pl.Int64,
}


def drivers(headline: pl.DataFrame, parameters: pl.DataFrame) -> pl.DataFrame:
    """One row per parameter, the strongest first: its rank correlation with the headline over parameter sets.

    The headline (`draw`, `parameter_set`, `effect`) is averaged over the draws of a set, so luck weighs less.
    Spearman's r with the 90 % interval tanh(atanh r +- 1.645 sqrt((1 + r^2 / 2) / (n - 3))) (Bonett & Wright
    2000). `chance` is the two-sided p-value and `chance_adjusted` the same after Holm's allowance for having
    looked at all parameters: of fifty that do nothing, five will pass 10 % unadjusted. A parameter that did not
    vary has no correlation and stands last. With fewer than four sets the interval is all of -1 to 1.
    """
    means = headline.group_by("parameter_set").agg(pl.col("effect").mean(), pl.col("draw").min()).sort("parameter_set")
    values = means.join(parameters, on="draw").sort("parameter", "parameter_set")
    rows = []
    for (name,), table in values.group_by("parameter", maintain_order=True):
        rows.append((name, *_rank_correlation(table["value"].to_numpy(), table["effect"].to_numpy()), table.height))
    table = pl.DataFrame(
        [(*row[:5], None, row[5]) for row in rows],
        schema=_COLUMNS,
        orient="row",
    )
    return table.with_columns(_holm(table["chance"]).alias("chance_adjusted")).sort(
        pl.col("correlation").abs(),
        "parameter",
        descending=[True, False],
        nulls_last=True,
    )


def _rank_correlation(values: np.ndarray, effects: np.ndarray) -> tuple[float | None, ...]:
    count = values.size
    if count < 3 or np.ptp(values) == 0 or np.ptp(effects) == 0:
        return None, None, None, None
    found = stats.spearmanr(values, effects)
    correlation, chance = float(found.statistic), float(found.pvalue)  # type: ignore[attr-defined]
    if count < 4:
        return correlation, -1.0, 1.0, None
    middle = np.arctanh(np.clip(correlation, -1 + 1e-12, 1 - 1e-12))
    half = NORMAL_95 * np.sqrt((1 + correlation**2 / 2) / (count - 3))
    return correlation, float(np.tanh(middle - half)), float(np.tanh(middle + half)), chance


def _holm(chances: pl.Series) -> pl.Series:
    """Each p-value times how many are not smaller, never below that of a smaller one, at most 1."""
    adjusted = np.full(len(chances), np.nan)
    known = chances.is_not_null().to_numpy()
    numbers = chances.drop_nulls().to_numpy()
    order = np.argsort(numbers, kind="stable")
    stepped = np.minimum(1.0, np.maximum.accumulate(numbers[order] * np.arange(numbers.size, 0, -1)))
    kept = np.empty(numbers.size)
    kept[order] = stepped
    adjusted[known] = kept
    return pl.Series("chance_adjusted", adjusted).fill_nan(None)
