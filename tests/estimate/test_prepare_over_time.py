"""What a design says of rows over time reaches the estimators: what a unit is, and the events behind a rate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from commonbeat.datafile import read_data_file
from commonbeat.estimate.design import make_design
from commonbeat.estimate.prepare.places import prepare_rollout, prepare_series
from commonbeat.estimate.prepare.repeated import prepare_before_after

if TYPE_CHECKING:
    from pathlib import Path

    from commonbeat.datafile import DataFile


def written(folder: Path, **columns: object) -> DataFile:
    path = folder / "rows.csv"
    pl.DataFrame(columns).write_csv(path)
    return read_data_file(path)


def test_a_roll_out_says_whether_its_units_are_people(tmp_path) -> None:
    who, year = np.repeat(np.arange(12), 3), np.tile([2001, 2002, 2003], 12)
    file = written(tmp_path, who=who, year=year, first=np.where(who < 6, 2002, 0), trust=np.arange(36.0) % 7)
    shape = {"unit": "who", "time": "year", "first_treated": "first"}
    kinds = []
    for more in ({}, {"unit_kind": "person"}):
        (data,), _ = prepare_rollout(file, make_design({"outcome": ["trust"], "rollout": {**shape, **more}}))
        kinds.append(data.unit_kind)
    assert kinds == ["place", "person"]


def test_before_and_after_says_whether_its_rows_are_places(tmp_path) -> None:
    rows = np.arange(24)
    file = written(tmp_path, group=rows % 2, after=rows // 12, calls=np.sqrt(rows))
    shape = {"group": "group", "after": "after"}
    kinds = []
    for more in ({}, {"row_kind": "place"}):
        (data,), _ = prepare_before_after(file, make_design({"outcome": ["calls"], "before_after": {**shape, **more}}))
        kinds.append(data.row_kind)
    assert kinds == ["person", "place"]


def test_a_rate_keeps_its_events_so_that_small_counts_are_told(tmp_path) -> None:
    week = np.arange(1, 41)
    calls = np.random.default_rng(1).poisson(2.0, 40)
    file = written(tmp_path, week=week, calls=calls, people=np.full(40, 700))
    shape = {"time": "week", "start": 25}
    (plain,), _, _ = prepare_series(file, make_design({"outcome": ["calls"], "series": shape}))
    (rate,), _, _ = prepare_series(
        file, make_design({"outcome": ["calls"], "series": {**shape, "population": "people"}})
    )
    assert plain.counts is None
    assert rate.counts is not None
    assert (rate.counts == calls).all()
    assert np.allclose(rate.outcome, 1_000 * calls / 700)
