"""The schema drives the codebook and the views."""

from __future__ import annotations

import duckdb

from commonbeat.results.codebook import codebook
from commonbeat.results.run_folder import VIEWS
from commonbeat.results.schema import TABLES


def test_the_codebook_names_every_column_with_its_unit():
    text = codebook()
    for table in TABLES:
        section = text.split(f"## {table.name}\n")[1].split("## ")[0]
        for column in table.columns:
            assert f"| `{column.name}` | {column.type.__name__} | {column.unit or 'none'} |" in section


def test_anyone_with_duckdb_can_use_the_views(run, monkeypatch):
    monkeypatch.chdir(run.folder)
    with duckdb.connect(":memory:") as connection:
        connection.execute((run.folder / VIEWS).read_text(encoding="utf-8"))
        assert connection.sql("select count(*) from daily").fetchall() == [(run.table("daily").height,)]
        comments = dict(
            connection.sql("select column_name, comment from duckdb_columns() where table_name = 'rings'").fetchall()
        )
    assert "Absent: nobody was in the ring." in comments["effect"]
    assert "Unit: latent SD." in comments["effect"]
