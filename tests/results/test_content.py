"""The content hash hears values and nothing else."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from commonbeat.results.content import content_hash, table_hash
from tests.results.synthetic import synthetic_tables


def test_encoding_and_clock_do_not_count(tmp_path):
    tables = synthetic_tables(1)
    before = content_hash(tables)
    for number, (name, table) in enumerate(tables.items()):
        path = tmp_path / f"{number}.parquet"
        table.write_parquet(path, compression="uncompressed" if number % 2 else "gzip", row_group_size=50)
        tables[name] = pl.read_parquet(path)
    tables["draws"] = tables["draws"].with_columns(pl.col("seconds") + 5)
    tables["daily"] = tables["daily"].with_columns(pl.col("arm").cast(pl.Categorical))
    assert content_hash(dict(reversed(tables.items()))) == before


def test_every_kind_of_change_counts():
    table = pl.DataFrame({"a": [1, 2, None], "b": ["x", "yz", ""], "c": [0.5, None, 1.5]})
    changed = [
        table,
        table.reverse(),
        table.select("b", "a", "c"),
        table.rename({"a": "d"}),
        table.with_columns(pl.col("a").fill_null(0)),
        table.with_columns(pl.Series("b", ["xy", "z", ""])),
        table.with_columns(pl.Series("b", ["x", "yz", None])),
        table.with_columns(pl.col("c") + 1e-15),
        table.with_columns(pl.col("a").cast(pl.Int32)),
        table.head(2),
        table.with_columns(pl.col("c").fill_null(float("nan"))),
    ]
    hashes = [table_hash("daily", variant) for variant in changed]
    assert len(set(hashes)) == len(changed)


def test_equal_zeros_hash_alike():
    assert table_hash("daily", pl.DataFrame({"a": [0.0]})) == table_hash("daily", pl.DataFrame({"a": [-0.0]}))


@given(
    st.lists(st.tuples(st.integers(-(2**31), 2**31 - 1), st.text(max_size=4), st.floats(allow_nan=False)), max_size=8)
)
def test_the_hash_does_not_depend_on_chunks(rows):
    schema = {"draw": pl.Int64, "arm": pl.String, "effect": pl.Float64}
    whole = pl.DataFrame(rows, schema=schema, orient="row")
    chunks = (
        pl.concat([pl.DataFrame([row], schema=schema, orient="row") for row in rows], rechunk=False) if rows else whole
    )
    assert table_hash("daily", chunks) == table_hash("daily", whole)
