"""Tables fit the schema or every mistake is named at once."""

from __future__ import annotations

import polars as pl
import pytest

from commonbeat.errors import RunFolderError
from commonbeat.results.check import as_in_schema, required_tables
from commonbeat.results.schema import BY_NAME, TABLES
from tests.results.synthetic import synthetic_tables

TABLES_OF_ONE_DRAW = synthetic_tables(1)


def mistakes_in(tables, **options):
    with pytest.raises(RunFolderError) as caught:
        as_in_schema(tables, **options)
    return {mistake.place: mistake for mistake in caught.value.mistakes}


def test_the_made_up_run_fits():
    fitted = as_in_schema(TABLES_OF_ONE_DRAW, whole_run=required_tables())
    assert list(fitted) == [table.name for table in TABLES if table.name in fitted]
    for name, frame in fitted.items():
        assert dict(frame.schema) == {column.name: column.type for column in BY_NAME[name].columns}


def test_all_mistakes_come_at_once():
    daily = (
        TABLES_OF_ONE_DRAW["daily"]
        .head(3)
        .with_columns(
            pl.lit("trsut").alias("outcome"),
            pl.lit(None, pl.Float64).alias("change"),
            pl.lit(float("inf")).alias("effect"),
            pl.lit(0.5).alias("day"),
        )
    )
    reach = TABLES_OF_ONE_DRAW["reach"].drop("views").with_columns(pl.lit(1).alias("vews"))
    found = mistakes_in({"daily": daily, "reach": reach, "ring": reach}, whole_run=["area"])
    assert set(found) == {
        "daily.outcome",
        "daily.change[0]",
        "daily.effect[0]",
        "daily.day",
        "reach.views",
        "reach.vews",
        "tables.ring",
        "tables.area",
    }
    assert "Did you mean 'trust'?" in found["daily.outcome"].way_out
    assert "Did you mean 'views'?" in found["reach.vews"].way_out
    assert "Did you mean 'rings'?" in found["tables.ring"].way_out


def test_a_key_that_stands_twice_is_named():
    draws = TABLES_OF_ONE_DRAW["draws"]
    found = mistakes_in({"draws": pl.concat([draws, draws])})
    assert "stands in more than one row" in found["draws"].rule
    assert found["draws"].value == (0,)


def test_types_are_widened_and_narrowed_without_loss_only():
    draws = TABLES_OF_ONE_DRAW["draws"].with_columns(
        pl.col("draw").cast(pl.Int64), pl.col("luck_seed").cast(pl.Categorical)
    )
    assert (
        as_in_schema({"draws": draws})["draws"].schema
        == TABLES_OF_ONE_DRAW["draws"].cast({"draw": pl.Int32, "parameter_set": pl.Int32}).schema
    )
    too_large = draws.with_columns(pl.lit(2**40).alias("draw"))
    assert "does not fit Int32" in mistakes_in({"draws": too_large})["draws.draw"].rule


def test_not_a_number_is_absent_only_where_absence_has_a_meaning():
    rings = TABLES_OF_ONE_DRAW["rings"].head(1).with_columns(pl.lit(float("nan")).alias("effect"))
    assert as_in_schema({"rings": rings})["rings"]["effect"].to_list() == [None]
    daily = TABLES_OF_ONE_DRAW["daily"].head(1).with_columns(pl.lit(float("nan")).alias("effect"))
    assert "daily.effect[0]" in mistakes_in({"daily": daily})


def test_only_exposures_may_be_left_out():
    assert {table.name for table in TABLES} - set(required_tables()) == {"exposures"}


def test_every_key_is_made_of_columns():
    for table in TABLES:
        assert set(table.key) <= set(table.column_names)
        assert len(set(table.column_names)) == len(table.columns)
