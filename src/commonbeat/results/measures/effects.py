"""The paired effects of a run, summarised over its draws: over the year, at its end, and ring by ring."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from commonbeat.results.columns import BETTER_SIDE, RINGS
from commonbeat.results.measures.intervals import add_share, interval_of

if TYPE_CHECKING:
    from collections.abc import Sequence

ENCOUNTER_HELD = "encounter held"  # the thing itself; "encounter" counts the people who were present


def effects_over_year(daily: pl.DataFrame | pl.LazyFrame) -> pl.DataFrame:
    """One row per arm, group, outcome and day: mean and five points of the effect over the draws, in latent SD."""
    keys = ["arm", "group", "outcome", "day"]
    words = pl.col(keys[:3])  # as numbers while rows are grouped, which takes half the time of text
    table = (
        daily.lazy()
        .select(*keys, "effect")
        .with_columns(words.cast(pl.Categorical))
        .group_by(keys, maintain_order=True)
        .agg(pl.col("effect").mean().alias("mean"), *interval_of("effect"))
        .with_columns(words.cast(pl.String))
        .collect()
    )
    return table.sort(*(_first_seen(table, name) for name in keys[:3]), "day")


def effects_at(daily: pl.DataFrame | pl.LazyFrame, day: int | None = None) -> pl.DataFrame:
    """One row per arm, group and outcome at `day` (the last if none is named).

    Mean and five points of the effect, the number of draws, the probability that the effect is negative and that
    it leaves people worse off (absent for `reform`, which has no worse side), each with its 90 % interval.
    """
    rows = daily.lazy()
    rows = rows.filter(pl.col("day") == (pl.col("day").max() if day is None else day)).collect()
    return _with_chances(rows, ["arm", "group", "outcome"])


def headline(
    daily: pl.DataFrame | pl.LazyFrame,
    draws: pl.DataFrame,
    *,
    arm: str,
    group: str,
    outcome: str = "trust",
    day: int | None = None,
) -> pl.DataFrame:
    """One row per draw: `draw`, `parameter_set` and the `effect` of one arm on one group and outcome at one day."""
    rows = daily.lazy().filter(arm=arm, group=group, outcome=outcome)
    rows = (
        rows.filter(pl.col("day") == (pl.col("day").max() if day is None else day)).select("draw", "effect").collect()
    )
    return draws.select("draw", "parameter_set").join(rows, on="draw", how="inner").sort("draw")


def ring_table(rings: pl.DataFrame, day: int | None = None) -> pl.DataFrame:
    """One row per arm, ring, group and outcome at `day` (the last if none is named), the worst-off group first.

    People (median and 90 % of draws), the effect per person over those draws in which the ring held anybody,
    its chances as in `effects_at`, and the share of the ring with a negative or a positive difference: its mean over
    draws, each weighing as many people as it holds.
    A row whose ring is empty in every draw is left out.
    """
    keys = ["arm", "ring", "group", "outcome"]
    rows = rings.filter(pl.col("day") == (pl.col("day").max() if day is None else day))
    # An empty ring may have no row: it then counts as nobody, not as a draw that was not made.
    people = (
        rows.select(keys)
        .unique(maintain_order=True)
        .join(rows.select("draw").unique(), how="cross")
        .join(
            rows,
            on=[*keys, "draw"],
            how="left",
            maintain_order="left",
        )
        .with_columns(pl.col("people", "people_weighted").fill_null(0.0))
        .group_by(keys, maintain_order=True)
        .agg(
            *(
                pl.col("people").quantile(point, "linear").alias(name)
                for name, point in {"people": 0.5, "people_low": 0.05, "people_high": 0.95}.items()
            ),
            pl.col("people_weighted").median(),
            weighted_mean("share_negative"),
            weighted_mean("share_positive"),
            pl.len().alias("draws_asked"),
        )
    )
    table = people.join(_with_chances(rows.filter(pl.col("effect").is_not_null()), keys), on=keys, how="inner")
    return worst_off_first(table, ["arm", "ring", "outcome"])


def harmed_share(rings: pl.DataFrame, day: int | None = None) -> pl.DataFrame:
    """One row per arm, group and outcome: which share of all people ends worse off than without the moment.

    `harmed` and `helped` are means over draws (weighted by people), with the 90 % interval of `harmed` over draws; `harmed_of_changed`
    is the share of those whose outcome differs at all. Outcomes without a worse side do not appear.
    """
    rows = rings.filter(pl.col("day") == (pl.col("day").max() if day is None else day), ring="city")
    side = pl.col("outcome").replace_strict(BETTER_SIDE, return_dtype=pl.Int8)
    harmed = pl.when(side > 0).then("share_negative").otherwise("share_positive")
    helped = pl.when(side > 0).then("share_positive").otherwise("share_negative")
    return (
        rows.filter(side != 0)
        .with_columns(harmed.alias("harmed"), helped.alias("helped"))
        .group_by("arm", "group", "outcome", maintain_order=True)
        .agg(
            weighted_mean("harmed"),
            pl.col("harmed").quantile(0.05, "linear").alias("harmed_low"),
            pl.col("harmed").quantile(0.95, "linear").alias("harmed_high"),
            weighted_mean("helped"),
            (pl.col("harmed").sum() / (pl.col("harmed") + pl.col("helped")).sum())
            .fill_nan(None)
            .alias("harmed_of_changed"),
        )
    )


def dose_effects(
    daily: pl.DataFrame | pl.LazyFrame, occurrences: pl.DataFrame, *, group: str, outcome: str = "trust"
) -> pl.DataFrame:
    """One row per arm that held encounters: how many (`encounters`, median over draws) and the effect at the end."""
    held = encounters_held(occurrences).group_by("arm", maintain_order=True).agg(pl.col("encounters").median())
    effects = effects_at(daily.lazy().filter(group=group, outcome=outcome))
    return (
        held.filter(pl.col("encounters") > 0)
        .join(effects, on="arm", how="inner")
        .sort("encounters", maintain_order=True)
    )


def encounters_held(occurrences: pl.DataFrame) -> pl.DataFrame:
    """One row per draw and arm: how many encounters were held, 0 included."""
    arms = occurrences.select("draw", "arm").unique(maintain_order=True)
    held = (
        occurrences.filter(kind=ENCOUNTER_HELD).group_by("draw", "arm").agg(pl.col("count").sum().alias("encounters"))
    )
    return arms.join(held, on=["draw", "arm"], how="left", maintain_order="left").with_columns(
        pl.col("encounters").fill_null(0)
    )


def worst_off_first(table: pl.DataFrame, within: Sequence[str]) -> pl.DataFrame:
    """The rows in the order of arms and rings, and within them the group whose median effect is least good first."""
    side = pl.col("outcome").replace_strict(BETTER_SIDE, return_dtype=pl.Int8)
    ring_order = {ring: index for index, ring in enumerate(RINGS)}
    order = [pl.col(name).replace_strict(ring_order) if name == "ring" else _first_seen(table, name) for name in within]
    return table.sort(*order, pl.col("median") * pl.when(side == 0).then(1).otherwise(side), maintain_order=True)


def _with_chances(rows: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    side = pl.col("outcome").replace_strict(BETTER_SIDE, return_dtype=pl.Int8)
    table = rows.group_by(keys, maintain_order=True).agg(
        pl.col("effect").mean().alias("mean"),
        *interval_of("effect"),
        pl.len().alias("draws"),
        (pl.col("effect") < 0).sum().alias("_negative"),
        (pl.col("effect") > 0).sum().alias("_positive"),
    )
    worse = pl.when(side > 0).then("_negative").when(side < 0).then("_positive").alias("_worse")
    table = add_share(table.with_columns(worse), "_negative", "draws", "probability_negative")
    known = np.array([BETTER_SIDE[outcome] != 0 for outcome in table["outcome"]], dtype=bool)
    table = add_share(table.with_columns(pl.col("_worse").fill_null(0)), "_worse", "draws", "probability_worse")
    names = [name for name in table.columns if name.startswith("probability_worse")]
    return table.with_columns(pl.when(pl.Series(known)).then(pl.col(name)).alias(name) for name in names).drop(
        "_negative", "_positive", "_worse"
    )


def weighted_mean(column: str, weight: str = "people_weighted") -> pl.Expr:
    """An expression for `agg`: the mean of a share over draws, each weighing as many people as it holds."""
    weights = pl.col(weight).filter(pl.col(column).is_not_null())
    return ((pl.col(column) * pl.col(weight)).sum() / weights.sum()).fill_nan(None).alias(column)


def _first_seen(table: pl.DataFrame, column: str) -> pl.Expr:
    """A sort key that keeps the words of a column in the order in which they first appear."""
    order = {word: place for place, word in enumerate(table[column].unique(maintain_order=True))}
    return pl.col(column).replace_strict(order, return_dtype=pl.Int32)
