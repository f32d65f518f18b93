"""The made-up run obeys the identities that a real run obeys."""

from __future__ import annotations

import polars as pl
import pytest

from tests.results.synthetic import synthetic_tables
from tests.results.synthetic_city import REFERENCE

TABLES = synthetic_tables(4)


def test_reference_has_no_effect():
    reference = TABLES["daily"].filter(pl.col("arm") == REFERENCE)
    assert reference.height
    assert (reference["effect"] == 0).all()


def test_channels_sum_to_the_effect():
    keys = ["draw", "arm", "group", "outcome", "day"]
    summed = TABLES["channels"].group_by(keys).agg(pl.col("account").sum())
    both = summed.join(TABLES["daily"], on=keys)
    assert both.height == summed.height
    assert (both["account"] - both["effect"]).abs().max() < 1e-12
    assert both["effect"].abs().max() > 0


def test_area_sums_the_daily_effect():
    one = {"draw": 1, "arm": "weekly_year", "group": "Black residents", "outcome": "trust"}
    summed = TABLES["daily"].filter(pl.col("day") > 0, **one)["effect"].sum()
    assert TABLES["area"].filter(**one)["area_sd_days"].item() == pytest.approx(summed)
    assert summed > 0


def test_a_draw_does_not_depend_on_how_many_there_are():
    few = synthetic_tables(2)["daily"]
    assert TABLES["daily"].filter(pl.col("draw") < 2).equals(few)
