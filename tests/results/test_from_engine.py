"""What the engine yields fits the schema, and the measures read it."""

from __future__ import annotations

import polars as pl
import pytest

from commonbeat.results.draw_store import DrawStore
from commonbeat.results.measures import break_even, break_even_arms, break_even_summary, effects_at, ring_table
from commonbeat.simulate.arms import run_arms
from commonbeat.simulate.columns import exposures_of, tables_of
from tests.simulate.worlds import scenario, world_of

DAYS = 30


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    setting = scenario("unfilmed", "outlet", "weekly", "fewer", days=DAYS)
    store = DrawStore(tmp_path_factory.mktemp("engine") / "run.partial", {"seed": 7})
    for draw in (1, 0):
        arms = run_arms(world_of(setting, seed=11 + draw), follow_twins=1)
        store.keep(draw, {**tables_of(arms, draw), "exposures": exposures_of(arms, draw)})
    return store.collect()


def test_every_table_fits(tables):
    assert {"daily", "channels", "rings", "places", "reach", "occurrences", "twins", "area", "exposures"} <= set(tables)
    assert tables["daily"]["draw"].unique().to_list() == [0, 1]
    assert tables["reach"]["views"].max() > 0
    assert tables["exposures"].height > 0


def test_channels_sum_to_the_daily_effect(tables):
    keys = ["draw", "arm", "group", "outcome", "day"]
    summed = tables["channels"].group_by(keys).agg(pl.col("account").sum())
    both = summed.join(tables["daily"], on=keys)
    assert both.height == summed.height
    assert (both["account"] - both["effect"]).abs().max() < 1e-9
    assert both["effect"].abs().max() > 0


def test_rings_and_break_even_can_be_read(tables):
    assert set(ring_table(tables["rings"])["ring"]) >= {"present", "city"}
    arms = break_even_arms(tables["occurrences"], "nothing")
    assert arms is not None
    assert (arms.programme, arms.moment, arms.fewer_stops) == ("weekly", "unfilmed", "fewer")
    summary = break_even_summary(break_even(tables["area"], tables["occurrences"], tables["rings"], arms, days=DAYS))
    assert summary.height
    assert effects_at(tables["daily"])["draws"].unique().to_list() == [2]
