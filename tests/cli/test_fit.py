"""The command that fits: what it prints, and how it ends when it is given too little or too much."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commonbeat.cli import run
from commonbeat.cli.show_fit import show_fit
from commonbeat.workflows.fit import FitResult
from tests.fit.posterior.towns import HEADER, TOWN, written
from tests.fit.posterior.toys import FIRST, fitted_toy


@pytest.fixture(scope="module")
def result() -> FitResult:
    return FitResult(fitted_toy(), Path("out"))


def test_the_template_is_a_table_to_begin_with(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["fit", "--template"]) == 0
    assert capsys.readouterr().out.startswith(HEADER.replace("sd,", "sd,reliability,"))


def test_all_that_is_missing_is_named_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["fit"]) == 2
    told = capsys.readouterr().err
    assert all(words in told for words in ("SCENARIO: is missing", "--to: is missing", "--out: is missing"))


def test_wrong_targets_end_with_two_and_leave_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scenario = written(tmp_path, TOWN, "town.toml")
    targets = written(tmp_path, HEADER + "effect,moment,Al,present,trust,70,0.1,-1,SD,,,,,,\n")
    assert run(["fit", str(scenario), "--to", str(targets), "--out", str(tmp_path / "out"), "--json"]) == 2
    heard = capsys.readouterr()
    assert heard.out == ""
    assert "line 2 group: 'Al' is not a group here. Did you mean 'All'?" in heard.err
    assert "line 2 day: 70 lies outside the scenario" in heard.err
    assert "line 2 std_error: -1.0 is not above 0" in heard.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["targets.csv", "town.toml"]


def test_doubts_come_first_and_the_priors_last(result: FitResult, capsys: pytest.CaptureFixture[str]) -> None:
    show_fit(result, as_json=False)
    told = capsys.readouterr().out
    assert told.startswith("! target 2: contradicts the model")
    assert "stayed at their priors" in told
    assert "contradicts the model" in told
    assert told.index("participant_dose") < told.index("Priors for simulate: out/priors.csv")


def test_json_is_one_document(result: FitResult, capsys: pytest.CaptureFixture[str]) -> None:
    show_fit(result, as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert FIRST in [each["parameter"] for each in told["informed"]]
    assert told["folder"] == "out"
    assert {"doubts", "trade_offs", "stayed_at_prior", "check", "emulators", "repairs", "unused"} <= told.keys()
