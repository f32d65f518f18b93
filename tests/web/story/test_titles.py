"""A result is listed by the name that people gave it, and by its place where there is none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commonbeat.workflows.web_reports import file_in, result_in, results_of


@pytest.mark.parametrize(
    ("name", "content", "title"),
    [
        ("results.json", json.dumps({"title": "The dance-off in our street"}), "The dance-off in our street"),
        ("manifest.json", json.dumps({"title": "A short test"}), "A short test"),
        ("results.json", json.dumps({"title": 7}), "listening/asked"),
        ("results.json", "{", "listening/asked"),
        ("codebook.md", "", "listening/asked"),
        ("answer.json", json.dumps({"title": "visits", "answer": "Trust rose."}), "visits"),
        ("design.toml", 'title = "Visits of officers"', "Visits of officers"),
        ("design.toml", "title = [", "listening/asked"),
        ("design.toml", "title = 3", "listening/asked"),
    ],
)
def test_a_result_has_a_title(tmp_path: Path, name: str, content: str, title: str) -> None:
    folder = tmp_path / "listening" / "asked"
    folder.mkdir(parents=True)
    (folder / "report.html").write_text("<!DOCTYPE html>", encoding="utf-8")
    (folder / name).write_text(content, encoding="utf-8")
    assert [each.title for each in results_of(tmp_path)] == [title]


def test_an_estimate_tells_its_answer_and_leads_to_its_own_page(tmp_path: Path) -> None:
    folder = tmp_path / "estimates" / "visits-2"
    folder.mkdir(parents=True)
    (folder / "report.html").write_text("<!DOCTYPE html>", encoding="utf-8")
    assert [(each.answer, each.home) for each in results_of(tmp_path)] == [("", "/reports/of/estimates/visits-2")]
    (folder / "answer.json").write_text(json.dumps({"title": "visits", "answer": "Trust rose."}), encoding="utf-8")
    assert [(each.answer, each.home) for each in results_of(tmp_path)] == [("Trust rose.", "/estimate/of/visits-2")]


def test_the_whole_estimate_below_what_a_study_says_is_no_result(tmp_path: Path) -> None:
    folder = tmp_path / "listening" / "asked"
    (folder / "estimate").mkdir(parents=True)
    for each in (folder, folder / "estimate"):
        (each / "report.html").write_text("<!DOCTYPE html>", encoding="utf-8")
    (folder / "estimate" / "estimates.json").write_text("{}", encoding="utf-8")
    assert file_in(tmp_path, "listening/asked/estimate/estimates.json") is not None
    (folder / "results.json").write_text("{}", encoding="utf-8")
    assert [each.place for each in results_of(tmp_path)] == ["listening/asked"]
    assert result_in(tmp_path, "listening/asked/estimate") is None
    assert file_in(tmp_path, "listening/asked/estimate/estimates.json") is None
    assert file_in(tmp_path, "listening/asked/report.html") is not None
