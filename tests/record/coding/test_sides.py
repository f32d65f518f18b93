"""Respect and hostility are counted by side, by role and never by person, in every kind of file."""

from __future__ import annotations

import json

import pytest

from commonbeat.cli import run
from commonbeat.errors import CodingError
from commonbeat.record.coding.codes_table import open_table, read_cells
from commonbeat.record.coding.event import CodedEvent
from commonbeat.record.coding.interval_codes import parted
from commonbeat.record.coding.sheet import shipped_sheet

CLIPS = shipped_sheet("clips")


def judged(subject, value="1", start_s=2.0, code="hostility"):
    return CodedEvent("c", "ann", code, start_s, start_s, subject, value, "", f"mark of {subject}")


def test_sides_of_one_interval_are_units_of_their_own():
    marks = [judged("officer", "2"), judged("child 2", "0"), judged("bystander", "1"), judged("officer 1", "3", 12.0)]
    kept, cells = parted(marks, CLIPS)
    assert kept == []
    assert [(each.group, each.unit, each.value) for each in cells] == [
        ("officer", "c 0 to 10 s", "2"),
        ("child", "c 0 to 10 s", "0"),
        ("adult", "c 0 to 10 s", "1"),
        ("officer", "c 10 to 20 s", "3"),
    ]


def test_two_people_of_a_side_have_one_value_and_others_are_no_side():
    with pytest.raises(CodingError) as caught:
        parted([judged("officer 1"), judged("officer 2", "3"), judged("dog")], CLIPS)
    told = str(caught.value)
    assert len(caught.value.mistakes) == 2
    assert "second judgement of c 0 to 10 s, officer" in told
    assert "the act furthest from 0" in told
    assert "'dog' is no side of hostility" in told


def test_tables_name_sides_by_their_subject(tmp_path):
    rows = "".join(
        f"c,{start},{who},hostility,{value},{side}\n"
        for start in (0, 10)
        for who in ("ann", "bo")
        for side, value in (("officer 1", 2), ("children", 0))
    )
    (tmp_path / "long.csv").write_text("clip,start,coder,code,value,subject\n" + rows)
    cells = read_cells([open_table(tmp_path / "long.csv")], CLIPS, None)
    assert {(each.group, each.value) for each in cells} == {("officer", "2"), ("child", "0")}
    wide = "clip,start,subject,hostility,respect\nc,0,officer,2,-1\nc,0,child,0,\n"
    for who in ("ann", "bo"):
        (tmp_path / f"{who}.csv").write_text(wide)
    cells = read_cells([open_table(tmp_path / f"{who}.csv") for who in ("ann", "bo")], CLIPS, None)
    assert len(cells) == 6
    assert {(each.code, each.group) for each in cells} == {
        ("hostility", "officer"),
        ("hostility", "child"),
        ("respect", "officer"),
    }


def test_agreement_counts_sides_and_tells_of_judgements_without_one(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    rows = "".join(
        f"c,{start},{who},hostility,{1 if side == 'child' else start // 10 % 2 * 2},{side}\n"
        for start in range(0, 100, 10)
        for who in ("ann", "bo")
        for side in ("officer", "child")
    )
    rows += "".join(f"d,{start},{who},hostility,0,\n" for start in (0, 10) for who in ("ann", "bo"))
    (tmp_path / "long.csv").write_text("clip,start,coder,code,value,subject\n" + rows)
    assert run(["record", "agree", "long.csv", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    found = {each["group"]: each["shares"] for each in document["agreement"]}
    assert found["officer"]["2"] == 0.5
    assert found["child"]["1"] == 1.0
    assert any("4 judgements of hostility name no side" in each for each in document["warnings"])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--subjects", "Ann", "--out", "s.eaf"], "is nobody who can be marked"),
        (["--subjects", "child 1,child 1", "--out", "s.boris"], "stands there twice"),
        (["--subjects", "child 1"], "are for files of BORIS and ELAN"),
        (["--subjects", "child 1", "--out", "s.html"], "are for files of BORIS and ELAN"),
        (["--subjects", "child 1", "--texts", "s.csv", "--out", "folder"], "are marked on clips"),
    ],
)
def test_subjects_that_cannot_be_are_refused(tmp_path, monkeypatch, capsys, words, told):
    monkeypatch.chdir(tmp_path)
    assert run(["record", "coding-sheet", *words]) == 2
    assert told in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_subjects_stand_in_the_files_of_both_programs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for ending in ("eaf", "etf", "boris"):
        words = ["--subjects", "child 1, Child 2,officer 1", "--out", f"s.{ending}"]
        assert run(["record", "coding-sheet", *words]) == 0
        content = (tmp_path / f"s.{ending}").read_text(encoding="utf-8")
        assert ("joining@child 2" in content) == (ending != "boris")
        assert "child 2" in content
