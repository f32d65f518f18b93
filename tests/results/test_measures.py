"""Measures against numbers that can be worked out by hand or are known from elsewhere."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonbeat.results.measures import (
    drivers,
    effects_at,
    effects_over_year,
    harmed_share,
    headline,
    interval,
    knowability,
    probability_negative,
    required_sample,
    ring_table,
    share_of,
    variance_shares,
)
from tests.results.synthetic import synthetic_tables
from tests.results.synthetic_city import ARMS

TABLES = synthetic_tables(6, days=30)
FINITE = st.floats(-1e6, 1e6)


def test_interval_of_a_known_row():
    points = interval(range(101))
    assert (points.low, points.lower, points.median, points.upper, points.high) == (5, 25, 50, 75, 95)


def test_interval_leaves_out_absent_and_keeps_infinite():
    assert interval([1.0, float("nan"), 3.0]).median == 2
    assert math.isnan(interval([]).median)
    points = interval([1.0, 2.0, math.inf, math.inf])
    assert (points.low, points.median, points.high) == (1, 2, math.inf)


@given(st.lists(FINITE, min_size=1, max_size=30), st.randoms())
def test_interval_is_ordered_and_does_not_depend_on_order(values, random):
    shuffled = random.sample(values, len(values))
    points = interval(values)
    assert points == interval(shuffled)
    assert min(values) <= points.low <= points.lower <= points.median <= points.upper <= points.high <= max(values)


def test_probability_negative_counts_only_below_zero():
    found = probability_negative([-1, 0.0, -0.0, 2, float("nan")])
    assert (found.share, found.draws) == (0.25, 4)
    assert found.low < 0.25 < found.high


def test_share_matches_wilson_as_published():
    statsmodels = pytest.importorskip("statsmodels.stats.proportion")
    for hits, total in ((0, 12), (3, 12), (12, 12), (31, 48)):
        low, high = statsmodels.proportion_confint(hits, total, alpha=0.1, method="wilson")
        found = share_of([True] * hits + [False] * (total - hits))
        assert (found.low, found.high) == (pytest.approx(low), pytest.approx(high))


def test_effects_over_year_equal_numpy():
    table = effects_over_year(TABLES["daily"])
    key = {"arm": "outlet_clip", "group": "White residents", "outcome": "trust"}
    values = TABLES["daily"].filter(day=20, **key)["effect"].to_numpy()
    row = table.row(
        by_predicate=pl.all_horizontal(pl.col(name) == value for name, value in {**key, "day": 20}.items()), named=True
    )
    assert row["low"] == pytest.approx(np.quantile(values, 0.05))
    assert row["mean"] == pytest.approx(values.mean())
    assert table["arm"].unique(maintain_order=True).to_list() == list(ARMS)


def test_effects_at_tells_negative_from_worse():
    table = effects_at(TABLES["daily"])
    assert table["draws"].unique().to_list() == [6]
    calm = table.filter(arm="fewer_stops", group="Black residents")
    trust, prejudice, reform = (
        calm.row(by_predicate=pl.col("outcome") == name, named=True) for name in ("trust", "prejudice", "reform")
    )
    assert (trust["probability_negative"], trust["probability_worse"]) == (0, 0)
    assert (prejudice["probability_negative"], prejudice["probability_worse"]) == (1, 0)
    assert reform["probability_worse"] is None


def test_rings_come_in_order_and_the_worst_off_first():
    table = ring_table(TABLES["rings"])
    trust = table.filter(arm="outlet_clip_then_violent", ring="city", outcome="trust")
    assert trust["median"].is_sorted()
    prejudice = table.filter(arm="fewer_stops", ring="city", outcome="prejudice")
    assert prejudice["median"].is_sorted(descending=True)
    assert table["arm"].unique(maintain_order=True).to_list() == list(ARMS)
    assert not table.filter(arm="nothing", ring="present").height


def test_a_ring_without_a_row_holds_nobody_in_that_draw():
    rows = [(draw, "a", 30, "watched", "All", "trust", 90.0, 90.0, 0.5, 0.0, 1.0) for draw in (0,)]
    rows += [(draw, "a", 30, "city", "All residents", "trust", 100.0, 100.0, 0.0, 0.0, 0.0) for draw in range(3)]
    table = ring_table(pl.DataFrame(rows, orient="row", schema=TABLES["rings"].schema))
    watched = table.row(by_predicate=pl.col("ring") == "watched", named=True)
    assert (watched["people"], watched["draws"], watched["draws_asked"]) == (0, 1, 3)
    assert watched["median"] == 0.5


def test_a_share_of_a_ring_weighs_draws_by_people():
    rows = [
        (draw, "a", 30, "watched", "All", "trust", count, count, 0.5, share, 0.0)
        for draw, count, share in ((0, 1.0, 1.0), (1, 99.0, 0.0))
    ]
    table = ring_table(pl.DataFrame(rows, orient="row", schema=TABLES["rings"].schema))
    assert table["share_negative"].item() == pytest.approx(0.01)


def test_harm_is_the_worse_side_of_each_outcome():
    rows = [
        (draw, "a", 30, "city", "All residents", outcome, 100.0, 100.0, 0.0, 0.1 + 0.1 * draw, 0.3)
        for draw in (0, 1)
        for outcome in ("trust", "prejudice", "reform")
    ]
    rings = pl.DataFrame(rows, orient="row", schema=TABLES["rings"].schema)
    table = {row["outcome"]: row for row in harmed_share(rings).iter_rows(named=True)}
    assert set(table) == {"trust", "prejudice"}
    assert table["trust"]["harmed"] == pytest.approx(0.15)
    assert table["trust"]["harmed_of_changed"] == pytest.approx(0.3 / 0.9)
    assert table["prejudice"]["harmed"] == pytest.approx(0.3)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_variance_shares_find_what_was_put_in(share):
    random = np.random.default_rng(3)
    sets = np.repeat(np.arange(400), 3)
    values = random.normal(size=400)[sets] * math.sqrt(share) + random.normal(size=1200) * math.sqrt(1 - share)
    found = variance_shares(values + 1e6, sets)
    assert found.parameters == pytest.approx(share, abs=0.07)
    assert found.parameters_low < share < found.parameters_high
    assert found.parameters + found.luck == pytest.approx(1)
    assert found.luck_low == pytest.approx(1 - found.parameters_high)


def test_variance_share_intervals_hold_their_promise_with_few_sets():
    random = np.random.default_rng(5)
    sets = np.repeat(np.arange(24), 2)
    covered = 0
    for _ in range(60):
        found = variance_shares(random.normal(size=24)[sets] + random.normal(size=48), sets)
        covered += found.parameters_low <= 0.5 <= found.parameters_high
    assert covered / 60 > 0.8


@pytest.mark.parametrize(
    ("values", "sets", "why"),
    [
        ([1, 2, 3, 4], [0, 0, 1, 1], "fewer than three"),
        ([1, 2, 3], [0, 1, 2], "run twice"),
        ([1, 1, 1, 1], [0, 0, 1, 2], "same value"),
        ([1, 2, math.inf, 1], [0, 0, 1, 2], "finite"),
    ],
)
def test_variance_shares_that_cannot_be_known_say_why(values, sets, why):
    found = variance_shares(values, sets)
    assert math.isnan(found.parameters)
    assert why in found.why_unknown


def test_drivers_find_the_parameter_that_moves_the_headline():
    random = np.random.default_rng(1)
    sets = np.arange(30)
    values = {"moves": random.normal(size=30), "idle": random.normal(size=30), "fixed": np.ones(30)}
    effects = values["moves"] ** 3 + 0.1 * random.normal(size=30)
    parameters = pl.DataFrame(
        [(int(draw), name, float(column[draw])) for name, column in values.items() for draw in sets],
        orient="row",
        schema=["draw", "parameter", "value"],
    )
    table = drivers(pl.DataFrame({"draw": sets, "parameter_set": sets, "effect": effects}), parameters)
    assert table["parameter"].to_list() == ["moves", "idle", "fixed"]
    moves, idle, fixed = table.iter_rows(named=True)
    assert moves["low"] > 0.7
    assert moves["chance_adjusted"] < 1e-6
    assert idle["low"] < 0 < idle["high"]
    assert idle["chance_adjusted"] >= idle["chance"]
    assert fixed["correlation"] is None


def test_drivers_average_over_the_luck_of_a_set():
    parameters = pl.DataFrame(
        {"draw": [0, 1, 2, 3, 4, 5, 6, 7], "parameter": ["p"] * 8, "value": [1.0, 1, 2, 2, 3, 3, 4, 4]}
    )
    effects = [1.0, 5, 4, 4, 5, 7, 9, 9]  # means 3, 4, 6, 9
    table = drivers(
        pl.DataFrame({"draw": range(8), "parameter_set": [0, 0, 1, 1, 2, 2, 3, 3], "effect": effects}), parameters
    )
    assert table["correlation"].item() == pytest.approx(1)
    assert table["parameter_sets"].item() == 4


def test_headline_is_one_row_per_draw():
    table = headline(TABLES["daily"], TABLES["draws"], arm="weekly_year", group="Black residents", day=7)
    assert table.columns == ["draw", "parameter_set", "effect"]
    assert table["draw"].to_list() == list(range(6))


def test_required_sample_as_tabled():
    assert (required_sample(0.10).normal, required_sample(0.10).student) == (1570, 1571)
    assert (required_sample(-0.25).normal, required_sample(0.25).student) == (252, 253)
    assert required_sample(0.25, reliability=0.8).student == 315
    assert required_sample(0.0).student == math.inf
    assert required_sample(1e-5).student == pytest.approx(15.7e10, rel=0.01)


def test_required_sample_agrees_with_statsmodels():
    power = pytest.importorskip("statsmodels.stats.power").TTestIndPower()
    for effect in (0.03, 0.2, 0.5, 0.8, 1.5):
        assert required_sample(effect).student == math.ceil(
            power.solve_power(effect_size=effect, power=0.8, alpha=0.05)
        )


def test_knowability_says_when_there_are_not_enough_people():
    effects = pl.DataFrame(
        {"median": [0.25, 0.25, 0.0], "low": [0.1, -0.1, 0.0], "high": [0.5, 0.5, 0.0]}
    ).with_columns(pl.Series("people", [9.0, 9.0, 9.0]), pl.Series("people_weighted", [630.0, 629.0, 1e9]))
    table = knowability(effects)
    assert table["sample_per_arm"].to_list() == [315, 315, math.inf]
    assert table["possible"].to_list() == [True, False, False]
    assert table["sample_if_low"].to_list()[1:] == [math.inf, math.inf]
    assert table["sample_if_high"][0] == 80
