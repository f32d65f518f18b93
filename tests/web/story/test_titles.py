"""A result is listed by the name that people gave it, and by its place where there is none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commonbeat.workflows.web_reports import results_of


@pytest.mark.parametrize(
    ("name", "content", "title"),
    [
        ("results.json", json.dumps({"title": "The dance-off in our street"}), "The dance-off in our street"),
        ("manifest.json", json.dumps({"title": "A short test"}), "A short test"),
        ("results.json", json.dumps({"title": 7}), "listening/asked"),
        ("results.json", "{", "listening/asked"),
        ("codebook.md", "", "listening/asked"),
    ],
)
def test_a_result_has_a_title(tmp_path: Path, name: str, content: str, title: str) -> None:
    folder = tmp_path / "listening" / "asked"
    folder.mkdir(parents=True)
    (folder / "report.html").write_text("<!DOCTYPE html>", encoding="utf-8")
    (folder / name).write_text(content, encoding="utf-8")
    assert [each.title for each in results_of(tmp_path)] == [title]
