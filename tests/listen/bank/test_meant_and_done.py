"""What people meant to do and what they did stand in one row, and the difference between arms can be estimated from it."""

from __future__ import annotations

import polars as pl
import pytest

from commonbeat.datafile import read_data_file
from commonbeat.estimate.design import make_design
from commonbeat.estimate.prepare import prepare
from commonbeat.estimate.sections.answer import answer_section
from commonbeat.listen.results.wide import wide_data
from tests.listen.results.made import collected


@pytest.fixture(scope="module")
def rows() -> pl.DataFrame:
    return wide_data(collected(people=160)).scored()


def test_each_row_has_a_persons_intentions_and_what_came_of_them(rows):
    meant = [name for name in rows.columns if name.startswith("willing_start")]
    done = [name for name in rows.columns if name.startswith("engaged_started")]
    assert len(meant) == len(done) == 1
    both = rows.drop_nulls([*meant, *done])
    assert both.height > 40
    assert both["respondent"].n_unique() == both.height
    wave = done[0].removeprefix("engaged_started")
    assert {f"{each}{wave}" for each in ("engaged_joined", "engaged_because", "engaged_with")} <= set(rows.columns)
    assert wave != meant[0].removeprefix("willing_start")


def test_encounters_started_are_compared_between_arms(rows, tmp_path):
    """Started encounters, shared among those who started them, are an outcome like any other: the first factor of R_e."""
    started = next(name for name in rows.columns if name.startswith("engaged_started"))
    together = started.replace("started", "with")
    rows = rows.with_columns(share=pl.col(started) / (1 + pl.col(together).fill_null(0)))
    path = tmp_path / "answers.csv"
    rows.select("respondent", "arm", "share").write_csv(path)
    keys = {
        "title": "Encounters that cause encounters",
        "outcome": ("share",),
        "population": "viewers",
        "treatment": "arm",
        "control": "control_clip",
        "treated": ("clip",),
        "person": "respondent",
        "seed": 1,
        "assignment": {"kind": "complete"},
    }
    _, (row, *_) = answer_section(prepare(read_data_file(path), make_design(keys)))
    control = rows.filter(pl.col("arm") == "control_clip")["share"].drop_nulls().mean()
    clip = rows.filter(pl.col("arm") == "clip")["share"].drop_nulls().mean()
    assert row.estimate == pytest.approx(clip - control)
    assert row.ci_low < row.estimate < row.ci_high
