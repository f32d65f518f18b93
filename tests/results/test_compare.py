"""Two runs are compared in pairs where they share luck, and what differs in them is listed."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from commonbeat.errors import RunFolderError
from commonbeat.results.compare import compare_runs
from commonbeat.results.run_folder import write_run
from tests.results.synthetic import synthetic_tables
from tests.results.synthetic_city import MANIFEST, SCENARIO

DAYS = 30


def written(folder, tables, scenario=SCENARIO, **manifest):
    return write_run(
        folder, scenario_text=scenario, manifest={**MANIFEST, "draws": 4, "days": DAYS, **manifest}, tables=tables
    )


@pytest.fixture(scope="module")
def tables():
    return synthetic_tables(4, days=DAYS)


def test_pairs_cancel_shared_luck(tmp_path, tables):
    lifted = {**tables, "daily": tables["daily"].with_columns(pl.col("effect") + 0.25)}
    scenario = SCENARIO.replace("children = 8", "children = 9")
    compared = compare_runs(
        written(tmp_path / "a", tables), written(tmp_path / "b", lifted, scenario, society_hash="other")
    )
    assert (compared.day, compared.paired_draws) == (DAYS, 4)
    for point in ("low", "median", "high"):
        assert np.allclose(compared.effects[f"difference_{point}"], 0.25, atol=1e-12)
    assert compared.differences.rows() == [
        ("scenario", "encounters.dance_off.children", "8", "9"),
        ("manifest", "society_hash", "synthetic-society", "other"),
    ]


def test_other_luck_is_not_paired(tmp_path, tables):
    other = synthetic_tables(4, seed=8, days=DAYS)
    compared = compare_runs(written(tmp_path / "a", tables), written(tmp_path / "b", other, seed=8))
    assert compared.paired_draws == 0
    key = {"arm": "weekly_year", "group": "Black residents", "outcome": "trust"}
    one, two = (side["daily"].filter(day=DAYS, **key)["effect"].to_numpy() for side in (tables, other))
    all_pairs = [second - first for first in one for second in two]
    row = compared.effects.row(
        by_predicate=pl.all_horizontal(pl.col(name) == value for name, value in key.items()), named=True
    )
    assert row["difference_median"] == pytest.approx(np.median(all_pairs))
    assert row["first_median"] == pytest.approx(np.median(one))
    assert row["difference_high"] == pytest.approx(np.quantile(all_pairs, 0.95))


def test_a_run_compared_with_itself_differs_nowhere(run):
    compared = compare_runs(run, run, day=90)
    assert compared.day == 90
    assert (compared.effects["difference_high"] == 0).all()
    assert compared.differences.height == 0


def test_runs_that_share_nothing_are_refused(tmp_path, tables, run):
    renamed = {
        name: table.with_columns(pl.lit("x").alias("arm") + pl.col("arm")) if "arm" in table.columns else table
        for name, table in tables.items()
    }
    with pytest.raises(RunFolderError, match="share no arm"):
        compare_runs(run, written(tmp_path / "b", renamed))
    with pytest.raises(RunFolderError, match="not a day of both"):
        compare_runs(run, run, day=999)
