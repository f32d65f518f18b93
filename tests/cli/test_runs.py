"""Questions to runs, and how a command ends."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from commonbeat.cli import run
from commonbeat.cli.output import plain
from tests.results.synthetic import make_synthetic_run


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A made-up run."""
    place = tmp_path_factory.mktemp("runs") / "made-up"
    make_synthetic_run(place)
    return str(place)


def test_sql_answers(folder: str, capsys) -> None:
    question = "select arm, count(*) as days from daily where draw = 0 and outcome = 'trust' group by arm order by arm"
    assert run(["sql", folder, question, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert {"arm", "days"} == set(rows[0])
    assert run(["sql", folder, question]) == 0
    assert "weekly_half_year" in capsys.readouterr().out


def test_sql_only_reads(folder: str, capsys) -> None:
    assert run(["sql", folder, "drop table daily"]) == 2
    assert "must be one SELECT" in capsys.readouterr().err


def test_long_answers_say_that_they_are_cut(folder: str, capsys) -> None:
    assert run(["sql", folder, "select * from daily limit 300"]) == 0
    assert "200 of 300 rows" in capsys.readouterr().err


def test_a_run_compared_with_itself_differs_by_nothing(folder: str, capsys) -> None:
    assert run(["compare", folder, folder, "--json"]) == 0
    comparison = json.loads(capsys.readouterr().out)
    assert comparison["differences"] == []
    assert {row["difference_median"] for row in comparison["effects"]} == {0.0}
    assert run(["compare", folder, folder]) == 0
    assert "fewer_stops" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["simulat"], 2, 'Did you mean "simulate"'),
        (["simulate", "x.toml"], 2, "--out"),
        (["simulate", "x.toml", "--out", "y", "--draws", "two"], 2, "unable to convert"),
        (["simulate", "x.toml", "--out", "y", "--drwas", "2"], 2, "Did you mean --draws"),
        (["simulate", "x.toml", "--out", "y"], 2, "no such file"),
        (["simulate", "dance-off", "--out", "y", "--draws", "0"], 2, "draws: 0 is below 1"),
        (["simulate", "dance-off", "--out", "y", "--seed", "-1"], 2, "seed: -1 is below 0"),
        (["simulate", "dance-off", "--out", "y", "--workers", "0"], 2, "workers: 0 is below 1"),
        (["demo", "--out", ".", "--json"], 2, "exists already"),
        (["report", "nowhere"], 2, "is not a folder"),
        (["sql", "nowhere", "select 1", "--json"], 2, "is not a folder"),
        (["compare", "nowhere", "elsewhere"], 2, "is not a folder"),
    ],
)
def test_wrong_input_ends_with_2_and_a_plain_sentence(words, code, said, capsys, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(words) == code
    shown = capsys.readouterr()
    assert shown.out == ""
    assert said in " ".join(shown.err.split())
    assert "Traceback" not in shown.err
    assert list(tmp_path.iterdir()) == []


def test_the_command_runs_as_a_module(tmp_path) -> None:
    command = [sys.executable, "-m", "commonbeat", "report", str(tmp_path)]
    outcome = subprocess.run(command, capture_output=True, text=True, check=False)
    assert outcome.returncode == 2
    assert outcome.stdout == ""
    assert "manifest.json" in outcome.stderr


def test_a_reader_who_leaves_early_is_no_error() -> None:
    command = f"{sys.executable} -m commonbeat evidence --json | head -c 10"
    outcome = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)  # noqa: S602
    assert outcome.stderr == ""


def test_numbers_that_json_does_not_know_become_null() -> None:
    assert plain({"a": float("nan"), "b": [float("inf"), 1.5], "c": (1, None, "x")}) == {
        "a": None,
        "b": [None, 1.5],
        "c": [1, None, "x"],
    }
