"""`commonbeat estimate` as a user meets it: standard output, standard error, exit codes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from commonbeat.cli import run
from tests.workflows.studies import trial_table

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def desk(tmp_path, monkeypatch) -> Path:
    """A folder to work in, with a study in it."""
    monkeypatch.chdir(tmp_path)
    trial_table().write_csv(tmp_path / "visits.csv")
    return tmp_path


def said(capsys, *words: str) -> tuple[int, str, str]:
    code = run(["estimate", "visits.csv", *words])
    heard = capsys.readouterr()
    return code, heard.out, heard.err


def test_json_is_a_list_of_rows_and_nothing_else(desk, capsys) -> None:
    code, out, _ = said(capsys, "--outcome", "trust", "--treatment", "visited", "--cluster", "street", "--json")
    assert code == 0
    rows = json.loads(out)
    assert rows[0]["estimand"] == "intention to treat: trust"
    assert rows[0]["clusters"] == 30
    assert all(isinstance(row["warnings"], list) for row in rows)


def test_the_table_has_headings_and_notes(desk, capsys) -> None:
    code, out, err = said(capsys, "--outcome", "trust,coop", "--treatment", "visited", "--covariates", "race,before")
    assert code == 0
    assert out.startswith("On trust, people assigned to ")
    assert "What being assigned changed" in out
    assert "What would undo it (" in out
    assert "Lin-adjusted for race = " in out
    assert "Notes" in out
    assert "What weakens the answer" in out
    assert "420 of 420 rows are compared" in err


def test_every_mistake_is_told_and_the_code_is_two(desk, capsys) -> None:
    code, out, err = said(
        capsys, "--outcome", "trusst", "--treatment", "visited", "--cluster", "stret", "--out", "report"
    )
    assert (code, out) == (2, "")
    assert "Did you mean 'trust'?" in err
    assert "Did you mean 'street'?" in err
    assert not (desk / "report").exists()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.csv", b"", "empty"),
        ("heads.csv", b"trust,visited\n", "no rows"),
        ("notes.pdf", b"%PDF", "pdf"),
    ],
)
def test_files_without_data_are_refused(desk, capsys, name, content, words) -> None:
    (desk / name).write_bytes(content)
    code = run(["estimate", name, "--outcome", "trust", "--treatment", "visited"])
    assert code == 2
    assert words in capsys.readouterr().err.lower()


def test_a_missing_file_is_refused(desk, capsys) -> None:
    assert run(["estimate", "none.csv", "--outcome", "trust", "--treatment", "visited"]) == 2
    assert "none.csv" in capsys.readouterr().err


def test_a_plan_does_not_open_the_data(desk, capsys) -> None:
    code = run(["estimate", "not-yet.csv", "--outcome", "trust", "--treatment", "visited", "--plan"])
    out = capsys.readouterr().out
    assert code == 0
    assert out.startswith("#")
    assert "not-yet.csv" in out


def test_a_script_is_printed(desk, capsys) -> None:
    code, out, _ = said(capsys, "--outcome", "trust", "--treatment", "visited", "--code", "r")
    assert code == 0
    assert "visits.csv" in out


def test_a_finding_is_saved_and_counted(desk, capsys) -> None:
    code, out, _ = said(capsys, "--outcome", "trust", "--treatment", "visited", "--claim", "C1", "--title", "June")
    assert code == 0
    assert "Finding saved: findings/june-c1-trust-visits.csv" in out
    assert run(["claims", "--json"]) == 0
    judged = json.loads(capsys.readouterr().out)
    assert any(finding["study"] == "June" for finding in judged[0]["findings"])
    assert run(["claims", "--json", "--project", "elsewhere"]) == 0
    assert "June" not in capsys.readouterr().out


def test_all_rows_are_printed_when_asked_for(desk, capsys) -> None:
    code, out, _ = said(capsys, "--outcome", "trust", "--treatment", "visited", "--all")
    assert code == 0
    assert "E-value of the estimate" in out
    assert "With --all" not in out


@pytest.mark.parametrize("pair", [("--plan", "--json"), ("--code", "r", "--json"), ("--plan", "--code", "r")])
def test_what_wants_standard_output_for_itself_stands_alone(desk, capsys, pair) -> None:
    code, out, err = said(capsys, "--outcome", "trust", "--treatment", "visited", *pair)
    assert (code, out) == (2, "")
    assert "does not go together" in err


def test_a_claim_that_does_not_exist_is_named(desk, capsys) -> None:
    code, _, err = said(capsys, "--outcome", "trust", "--treatment", "visited", "--claim", "c5")
    assert code == 2
    assert "'c5' is no claim. Did you mean 'C5'?" in err


def test_a_project_that_cannot_keep_findings_is_refused_before_the_work(desk, capsys) -> None:
    words = ("--outcome", "trust", "--treatment", "visited", "--claim", "C5", "--project", "nowhere", "--out", "report")
    code, _, err = said(capsys, *words)
    assert code == 2
    assert "is not a folder" in err
    assert not (desk / "report").exists()


def test_long_names_do_not_break_the_disk(desk, capsys) -> None:
    title = "How much would you say that you trust the officers who came to your door " * 6
    code, _out, _ = said(capsys, "--outcome", "trust", "--treatment", "visited", "--claim", "C5", "--title", title)
    assert code == 0
    assert len(list((desk / "findings").iterdir())) == 1


def test_what_is_odd_about_the_data_stands_in_the_json(desk, capsys) -> None:
    code, out, _ = said(capsys, "--outcome", "trust", "--treatment", "visited", "--json")
    assert code == 0
    assert any("how the arms were drawn" in warning for warning in json.loads(out)[0]["warnings"])


def test_people_are_no_groups(desk, capsys) -> None:
    code, _, err = said(capsys, "--outcome", "trust", "--treatment", "visited", "--by", "person")
    assert code == 2
    assert "has 420 different values" in err
