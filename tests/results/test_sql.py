"""SQL reads the run's own tables, and nothing else."""
# ruff: noqa: S608 - the texts below are attacks on purpose

from __future__ import annotations

import polars as pl
import pytest

from commonbeat.errors import QueryError


def test_an_answer_equals_the_same_in_polars(run):
    answer = run.sql(
        "select arm, sum(effect) as total, sum(day) as days from daily where \"group\" = 'Officers' group by arm order by arm"
    )
    expected = (
        run.table("daily")
        .filter(group="Officers")
        .group_by("arm")
        .agg(pl.col("effect").sum().alias("total"))
        .sort("arm")
    )
    assert answer["arm"].to_list() == expected["arm"].to_list()
    assert (answer["total"] - expected["total"]).abs().max() < 1e-12
    assert answer.schema["days"] == pl.Int64


@pytest.mark.parametrize(
    "text", ["describe daily", "show tables", "with d as (select 1 as one) select * from d", "from draws"]
)
def test_ways_of_reading_are_allowed(run, text):
    assert run.sql(text).height > 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("select * from dayly", "Did you mean 'daily'"),
        ("select efect from daily", "Did you mean 'effect'"),
        ("select d.efect from daily d", "Did you mean 'effect'"),
        ("select day from reach", "'day' is not a column of reach there. It is a column of daily, "),
        ("select latitud from places", "'latitud' is not a column of places there. Known: "),
        ("selec 1", "syntax error"),
        ("", "must be one SELECT, and is nothing"),
        ("select 1; select 2", "must be one SELECT, and is select and select"),
    ],
)
def test_a_slip_is_answered_with_help(run, text, words):
    with pytest.raises(QueryError) as caught:
        run.sql(text)
    assert words in str(caught.value)
    assert caught.value.exit_code == 2


def test_nothing_outside_the_run_is_read_or_written(run, tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_text("word\nhidden\n", encoding="utf-8")
    target = tmp_path / "target"
    before = sorted(path.name for path in run.folder.rglob("*"))
    outside = [
        f"select * from '{secret}'",
        f"select * from read_csv('{secret}')",
        f"select * from read_text('{secret}')",
        f"select * from glob('{tmp_path}/*')",
        f"copy daily to '{target}'",
        f"attach '{target}' as t",
        "install httpfs",
        "set enable_external_access = true",
        "create table t as select 1",
        "delete from daily",
        "drop view daily",
        f"select * from query('copy draws to ''{target}''')",
        "pragma enable_profiling",
        f"export database '{target}'",
        f"select * from parquet_metadata('{run.path('daily')}')",
        "select * from run",
    ]
    for text in outside:
        with pytest.raises(QueryError):
            run.sql(text)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["secret.csv"]
    assert sorted(path.name for path in run.folder.rglob("*")) == before
