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
    assert "What being assigned changed" in out
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
