"""A planned study from file to folder: the verdict, Ctrl-C, going on, the page, the screen, JSON."""

from __future__ import annotations

import json
import re

import pytest

from commonbeat.cli.show_power import show_power
from commonbeat.errors import DesignError, RunFolderError
from commonbeat.workflows.power import partial_of, plan_power
from tests.report.html_reading import read

DESIGN = """
title = "A small <trial>"
claim = "C5"
[[arms]]
name = "control"
[[arms]]
name = "dance"
effect = 0.5
[sample]
people = 240
[[waves]]
delay_days = 3
attrition = 0.1
[[waves]]
delay_days = 21
[simulation]
trials = 400
sizes = [120, 480]
[society]
name = "small"
draws = 3
trials_per_draw = 2
"""


class Listener:
    """Hears everything, and presses Ctrl-C after so many steps."""

    def __init__(self, stop_after: int | None = None) -> None:
        self.said: list[str] = []
        self.steps: list[tuple[int, int]] = []
        self.stop_after = stop_after

    def says(self, text: str) -> None:
        self.said.append(text)

    def progress(self, done: int, total: int) -> None:
        self.steps.append((done, total))
        if self.stop_after is not None and done >= self.stop_after:
            raise KeyboardInterrupt


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    place = tmp_path_factory.mktemp("designs") / "small.toml"
    place.write_text(DESIGN, encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def whole(path, tmp_path_factory):
    listener = Listener()
    return plan_power(path, tmp_path_factory.mktemp("out") / "study", listener), listener


def test_everything_is_answered(whole) -> None:
    result, listener = whole
    study = result.study
    assert study.complete
    assert [(each.units, each.delay_days) for each in study.curve] == [
        (120, 3), (240, 3), (480, 3), (120, 21), (240, 21), (480, 21)
    ]  # fmt: skip
    assert len(study.answers) == 2
    assert len(study.society) == 2
    assert listener.steps[-1] == (9, 9)
    assert sorted(file.name for file in result.folder.iterdir()) == [
        "curve.csv",
        "design.toml",
        "power.html",
        "power.json",
    ]
    assert not partial_of(result.folder).exists()


def test_the_document_is_json_and_says_the_verdict(whole) -> None:
    result, _ = whole
    kept = json.loads((result.folder / "power.json").read_text(encoding="utf-8"))
    assert kept == json.loads(json.dumps(result.document()))
    assert kept["verdict"] == result.study.verdict
    assert set(kept["curve"][0]) >= {"units", "closed", "simulated", "error", "low", "high", "trials"}
    rows = (result.folder / "curve.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) == 1 + len(kept["curve"])


def test_the_page_is_whole(whole) -> None:
    result, _ = whole
    text = (result.folder / "power.html").read_text(encoding="utf-8")
    page = read(text)
    assert not re.search(r"(?:src|href)=\"http", text)
    assert "A small &lt;trial&gt;" in text
    sections = [each.attributes["id"] for each in page.all if each.tag == "section"]
    assert sections == ["sees", "cards", "curve", "society", "limits"]
    pictures = [each for each in page.all if each.attributes.get("class") == "picture"]
    assert len(pictures) == 3
    assert all(each.attributes["role"] == "img" for each in pictures)
    ids = [each.attributes["id"] for each in page.all if "id" in each.attributes]
    assert len(ids) == len(set(ids))
    for number in (each for each in page.all if each.tag == "data"):
        assert number.attributes["data-claim"] == "C5"
        assert number.attributes["data-source"]


def test_the_screen_and_json_tell_it(whole, capsys) -> None:
    result, _ = whole
    show_power(result, as_json=False)
    told = capsys.readouterr().out
    assert told.startswith(result.study.verdict)
    assert "On the simulator's people" in told
    show_power(result, as_json=True)
    assert json.loads(capsys.readouterr().out)["complete"] is True


def test_control_c_keeps_what_is_done_and_the_same_call_goes_on(path, tmp_path, whole) -> None:
    folder = tmp_path / "study"
    listener = Listener(stop_after=4)
    stopped = plan_power(path, folder, listener)
    assert not stopped.study.complete
    assert len(stopped.study.curve) == 4
    assert stopped.folder == partial_of(folder)
    assert (stopped.folder / "power.html").is_file()
    assert not folder.exists()
    assert "the same command goes on" in listener.said[-1]
    listener = Listener()
    again = plan_power(path, folder, listener)
    assert any("Going on from 4 points" in line for line in listener.said)
    assert again.study.complete
    assert again.document() == whole[0].document()
    assert not partial_of(folder).exists()


def test_control_c_before_anything_is_done_still_ends_well(path, capsys) -> None:
    class AtOnce(Listener):
        def progress(self, done: int, total: int) -> None:
            raise KeyboardInterrupt

    stopped = plan_power(path, narrator=AtOnce())
    assert not stopped.study.complete
    assert stopped.study.answers
    show_power(stopped, as_json=False)
    assert "Stopped before the end" in capsys.readouterr().out


def test_what_another_design_kept_is_not_used(path, tmp_path) -> None:
    folder = tmp_path / "study"
    plan_power(path, folder, Listener(stop_after=2))
    other = tmp_path / "other.toml"
    other.write_text(DESIGN.replace("effect = 0.5", "effect = 0.4"), encoding="utf-8")
    listener = Listener(stop_after=1)
    plan_power(other, folder, listener)
    assert not any("Going on" in line for line in listener.said)


def test_nothing_is_written_over(path, whole) -> None:
    with pytest.raises(RunFolderError, match="exists already"):
        plan_power(path, whole[0].folder)


def test_a_bad_design_is_refused_before_anything_is_done(tmp_path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text('claim = "C5"\n', encoding="utf-8")
    with pytest.raises(DesignError) as raised:
        plan_power(bad, tmp_path / "study")
    assert raised.value.exit_code == 2
    assert not (tmp_path / "study").exists()
    assert not partial_of(tmp_path / "study").exists()
