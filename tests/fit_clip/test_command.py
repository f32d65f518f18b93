"""`commonbeat fit-clip` as a user meets it: the screen, JSON, the folder, the page; and what is never in them."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest
from cyclopts import App

from commonbeat.cli.fit_clip_command import register
from commonbeat.errors import DataFileError, RunFolderError
from commonbeat.fit.growth import ShareLog
from commonbeat.fit.growth.groups import reach_by_group
from commonbeat.report.clip_growth import render_clip
from commonbeat.workflows.fit_clip import fit_clip
from tests.fit_clip.clips import write_log
from tests.report.html_reading import read


def command(*words: str):
    app = App()
    register(app)
    app(["fit-clip", *words], result_action="return_value")


def test_json_is_one_document_and_nothing_else(tmp_path, capsys):
    command(str(write_log(tmp_path / "clip.csv")), "--observed", "3h", "--horizon", "5h", "--json")
    document = json.loads(capsys.readouterr().out)
    assert document["observed_hours"] == 3
    assert document["horizon_hours"] == 5
    end = document["forecast"]["shares"]
    assert document["shares"] <= end["low"] <= end["lower"] <= end["median"] <= end["upper"] <= end["high"]
    assert document["forecast"]["reach"]["median"] >= document["reach"]
    assert document["uses"] == {"followers": True, "time_of_day": False}
    assert {"branching_number_now", "memory_exponent"} <= {each["name"] for each in document["parameters"]}
    assert any(each["came"] is not None for each in document["steps"])
    assert document["repairs"] == []
    assert document["smaller_than_learnt"]
    assert any("too high" in each for each in document["cautions"])


def test_the_screen_begins_with_the_answer_and_names_repairs(tmp_path, capsys):
    path = write_log(tmp_path / "clip.csv")
    path.write_text(path.read_text() + "7,3\n")
    command(str(path))
    out = capsys.readouterr().out
    assert out.startswith("After ")
    assert "smaller than every clip that taught this forecast" in out
    assert "out of order" in out
    assert "Keep in mind" in out
    assert "a share is no attitude" in out


def test_the_folder_is_whole_or_not_there(tmp_path, monkeypatch):
    path, folder = write_log(tmp_path / "clip.csv", groups=True), tmp_path / "out"
    result = fit_clip(path, out=folder)
    assert sorted(each.name for each in folder.iterdir()) == [
        "clip.html",
        "forecast.csv",
        "forecast.json",
        "parameters.csv",
    ]
    rows = list(csv.DictReader((folder / "forecast.csv").read_text().splitlines()))
    assert float(rows[-1]["hours"]) == 168
    medians = [float(row["shares_median"]) for row in rows]
    assert medians == sorted(medians)
    assert json.loads((folder / "forecast.json").read_text()) == json.loads(json.dumps(result.document()))
    assert "branching_number_now" in (folder / "parameters.csv").read_text()
    with pytest.raises(RunFolderError):
        fit_clip(path, out=folder)

    def broken(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("commonbeat.report.clip_growth.render_clip", broken)
    with pytest.raises(OSError, match="No space"):
        fit_clip(path, out=tmp_path / "other")
    assert not (tmp_path / "other").exists()
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".")] == []


def test_a_refused_log_leaves_nothing(tmp_path):
    path = tmp_path / "one.csv"
    path.write_text("seconds\n0\n9\n")
    with pytest.raises(DataFileError, match="1 share"):
        fit_clip(path, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_who_shared_is_in_nothing_that_is_left(tmp_path, capsys):
    lines = write_log(tmp_path / "clip.csv").read_text().splitlines()
    named = [
        lines[0] + ",share_id,account",
        *(f"{line},secret{place},person{place}" for place, line in enumerate(lines[1:])),
    ]
    (tmp_path / "named.csv").write_text("\n".join(named) + "\n")
    command(str(tmp_path / "named.csv"), "--out", str(tmp_path / "out"), "--json")
    told = capsys.readouterr().out + "".join(each.read_text() for each in (tmp_path / "out").iterdir())
    assert "secret" not in told
    assert "person1" not in told


def test_the_page_is_well_formed_and_every_figure_has_a_claim(tmp_path):
    fit = fit_clip(write_log(tmp_path / "a <b> clip.csv", groups=True)).fit
    page = render_clip(fit)
    assert "a &lt;b&gt; clip.csv" in page
    elements = read(page).all
    pictures = [each for each in elements if each.attributes.get("class") == "picture"]
    assert len(pictures) == 1
    assert pictures[0].attributes["role"] == "img"
    figures = [each for each in elements if each.tag == "data"]
    assert len(figures) > 10
    assert all(each.attributes["data-claim"] == "C9" for each in figures)
    assert not [each for each in elements if each.attributes.get("src", "").startswith("http")]


def log_of(groups: dict[str, int]) -> ShareLog:
    words = np.array(["post", *(word for word, count in groups.items() for _ in range(count))])
    return ShareLog(np.arange(len(words), dtype=float), float(len(words)), np.full(len(words), 2.0), words)


@pytest.mark.parametrize(
    ("groups", "shown"),
    [
        ({"a": 30, "b": 20}, {"a": 30, "b": 20}),
        ({"a": 30, "b": 20, "c": 9, "d": 4}, {"a": 30, "b": 20, "all others": 13}),
        ({"a": 30, "b": 20, "c": 9}, {"a": 30, "all others": 29}),
        ({"a": 30, "b": 9}, {}),
        ({"a": 9, "": 5}, {}),
        ({"a": 40, "": 12}, {"a": 40, "not known": 12}),
    ],
)
def test_no_row_tells_of_fewer_than_ten(groups, shown):
    assert {each.group: each.shares for each in reach_by_group(log_of(groups))} == shown
    assert all(each.reach == 2 * each.shares for each in reach_by_group(log_of(groups)))
