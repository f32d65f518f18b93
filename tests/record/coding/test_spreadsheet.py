"""Cells that spreadsheets would run as formulas are guarded, and reading gives back what was there."""

from __future__ import annotations

import csv
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonbeat.cli import run
from commonbeat.record.coding.spreadsheet import FORMULA, guarded, unguarded
from tests.record.coding.made import boris_document, write_boris


@given(st.text() | st.text(alphabet="'=+-@1.\t\rx"))
def test_what_is_guarded_comes_back_and_no_formula_is_left(text):
    written = guarded(text)
    assert unguarded(written) == text
    assert not written.startswith(FORMULA) or float(written) is not None


@pytest.mark.parametrize(
    ("text", "written"), [("=1+1", "'=1+1"), ("-1", "-1"), ("+2", "+2"), ("'=x", "''=x"), ("a", "a")]
)
def test_formulas_have_an_apostrophe_and_numbers_have_none(text, written):
    assert guarded(text) == written


def test_marks_leave_and_come_back(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    comments = ["=cmd()", "@home", "'=quoted", "-1", "+ later", "plain"]
    events = [[float(n), "officer 1", "approach", "", comment, n] for n, comment in enumerate(comments)]
    write_boris(tmp_path / "a.boris", boris_document(first=events))
    write_boris(tmp_path / "empty.boris", boris_document(first=[]))
    assert run(["record", "codes", "a.boris", "--out", "a.csv"]) == 0
    rows = list(csv.DictReader((tmp_path / "a.csv").read_text().splitlines()))
    assert [row["comment"] for row in rows] == ["'=cmd()", "'@home", "''=quoted", "-1", "'+ later", "plain"]
    assert run(["record", "codes", "empty.boris", "--coder", "a", "--add", "a.csv", "--out", "b.boris"]) == 0
    after = json.loads((tmp_path / "b.boris").read_bytes())["observations"]["first"]["events"]
    assert [event[4] for event in after] == comments
    assert run(["record", "codes", "empty.boris", "--add", "a.csv", "--out", "c.boris"]) == 2
    assert "'a' is another coder than empty" in capsys.readouterr().err
    assert not (tmp_path / "c.boris").exists()
