"""Children's smiles need consent that names face measures: a note says so, and a file of consent decides."""

from __future__ import annotations

import json

import pytest

from commonbeat.cli import run
from tests.record.coding.made import boris_document, write_boris
from tests.record.examples import ALL, a_consent


def project(folder, name, subject):
    document = boris_document(first=[[1.0, subject, "smiling", "", "", 1], [2.0, subject, "smiling", "", "", 2]])
    text = json.dumps(document).replace('"dance"', '"smiling"')
    return write_boris(folder / f"{name}.boris", json.loads(text)).name


@pytest.mark.parametrize("command", ["codes", "agree"])
def test_childrens_smiles_are_noted_and_enforced(tmp_path, monkeypatch, capsys, command):
    monkeypatch.chdir(tmp_path)
    names = ["ann"] if command == "codes" else ["ann", "bo"]
    children = [project(tmp_path, name, "child 2") for name in names]
    assert run(["record", command, *children]) == 0
    assert "agreed to 'face measures' by name" in " ".join(capsys.readouterr().out.split())
    (tmp_path / "no.json").write_text(json.dumps(a_consent()))
    (tmp_path / "yes.json").write_text(json.dumps(a_consent(scope=[*ALL, "face measures"])))
    assert run(["record", command, *children, "--consent", "no.json", "--out", "x.csv"]) == 2
    told = capsys.readouterr().err
    assert "does not allow that children's smiles are coded" in told
    assert "child 1" in told
    assert "officer" not in told.split("\n", 1)[1].replace("an officer may not", "")
    assert not (tmp_path / "x.csv").exists()
    (tmp_path / "other.json").write_text(json.dumps(a_consent(children=0, scope=[*ALL, "face measures"])))
    assert run(["record", command, *children, "--consent", "other.json"]) == 2
    assert "Is it the consent for this clip?" in capsys.readouterr().err
    assert run(["record", command, *children, "--consent", "yes.json"]) == 0
    assert "face measures" not in capsys.readouterr().out
    officers = [project(tmp_path, name, "officer 1") for name in names]
    assert run(["record", command, *officers, "--consent", "no.json"]) == 0
    assert run(["record", command, *officers]) == 0
    assert "face measures" not in capsys.readouterr().out
