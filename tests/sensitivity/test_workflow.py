"""From a scenario to a folder, and from there into a report: whole, resumable, refused where it does not belong."""

from __future__ import annotations

import csv
import html
import json
import re

import pytest
from cyclopts import App

from commonbeat.cli.sensitivity_command import register
from commonbeat.cli.show_sensitivity import show_sensitivity
from commonbeat.errors import InputError, InterruptedRunError, RunFolderError, ScenarioError
from commonbeat.report import render_print, render_report
from commonbeat.results.run_folder import Run
from commonbeat.workflows.report import report_run
from commonbeat.workflows.sensitivity import check_effort, study_sensitivity
from commonbeat.workflows.sensitivity_files import open_sensitivity
from commonbeat.workflows.simulate import run_scenario
from tests.report.test_browser import MEASURE, WIDTHS, browser, run_browser
from tests.report.test_page import naked_numerals

__all__ = ["browser"]  # a fixture that is used here as well

SCENARIO = """
title = "A small <street>"
seed = 5
days = 20
draws = 6
society = "small"
reference = "nothing"
[encounters.dance_off]
title = "Dance-off"
children = 8
bystanders = 25
[[arms]]
name = "nothing"
title = "The ordinary year"
[[arms]]
name = "outlet_clip"
title = "An outlet posts the clip"
[[arms.events]]
kind = "encounter"
encounter = "dance_off"
day = 0
clip = "outlet"
[[arms]]
name = "fewer_stops"
title = "Half the stops"
stops_factor = 0.5
"""
EFFORT = {"trajectories": 4, "rows": 8}
FILES = [
    "manifest.json",
    "scenario.toml",
    "screening.csv",
    "sensitivity.csv",
    "sensitivity.html",
    "sensitivity.json",
    "tipping.csv",
]


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
    place = tmp_path_factory.mktemp("scenarios") / "street.toml"
    place.write_text(SCENARIO, encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def stopped(path, tmp_path_factory):
    """A study that was stopped after six steps and taken up again."""
    folder = tmp_path_factory.mktemp("out") / "study"
    with pytest.raises(InterruptedRunError, match="6 steps are kept"):
        study_sensitivity(path, out=folder, workers=1, narrator=Listener(stop_after=6), **EFFORT)
    assert not folder.exists()
    listener = Listener()
    return study_sensitivity(path, out=folder, workers=1, narrator=listener, **EFFORT), listener


@pytest.fixture(scope="module")
def run(path, tmp_path_factory) -> Run:
    return run_scenario(path, out=tmp_path_factory.mktemp("runs") / "street", workers=1)


def table(folder, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_folder_holds_everything_and_nothing_is_left_beside_it(stopped) -> None:
    result, listener = stopped
    assert sorted(file.name for file in result.folder.iterdir()) == FILES
    assert [file.name for file in result.folder.parent.iterdir()] == ["study"]
    assert any("Going on from 6 steps" in line for line in listener.said)
    assert listener.steps[-1] == (12, 12)
    assert listener.steps[0] == (4, 12)  # the trajectories were finished before


@pytest.mark.slow
def test_stopping_and_going_on_changes_nothing(stopped, path, tmp_path) -> None:
    whole = study_sensitivity(path, out=tmp_path / "whole", workers=2, **EFFORT)
    first, second = ((folder / "sensitivity.json").read_bytes() for folder in (whole.folder, stopped[0].folder))
    assert first == second


def test_every_headline_has_its_parts(stopped) -> None:
    study = stopped[0].study
    assert [one.headline.arm for one in study.headlines] == ["outlet_clip", "outlet_clip", "fewer_stops"]
    assert [one.headline.group for one in study.headlines] == ["present", "Black residents", "Black residents"]
    for one in study.headlines:
        assert 1 <= len(one.drivers) <= 5
        assert one.parameters.value == pytest.approx(1 - one.luck.value)
        kinds = [each.kind for each in one.indices]
        assert kinds.count("luck") == kinds.count("others") == 1
        assert kinds.count("block") == 2
        shares = [each.index.total_of_rank.value for each in one.drivers]
        assert shares == sorted(shares, reverse=True)
    # What a clip does to trust says nothing of a year in which nobody posts one of an encounter.
    assert "stop_trust" in study.kept
    fewer = {row.parameter: row.mu_star for row in study.screening if row.headline.startswith("fewer_stops")}
    assert fewer["participant_dose"] == fewer["harassment_trust"] == 0
    assert fewer["stop_trust"] > 0


def test_tables_say_what_the_document_says(stopped) -> None:
    result = stopped[0]
    document = json.loads((result.folder / "sensitivity.json").read_text(encoding="utf-8"))
    indices, tipping = table(result.folder, "sensitivity.csv"), table(result.folder, "tipping.csv")
    assert len(indices) == sum(len(one["indices"]) for one in document["headlines"])
    assert len(tipping) == sum(len(one["drivers"]) for one in document["headlines"])
    first = document["headlines"][0]["drivers"][0]
    assert tipping[0]["parameter"] == first["parameter"]
    assert float(tipping[0]["at_high"]) == pytest.approx(first["tipping"]["at_high"], rel=1e-6)
    manifest = json.loads((result.folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["seed"] == 5
    assert manifest["rows"] == 8
    assert manifest["evaluations"] == result.study.evaluations
    assert {"parameter_ledger_hash", "scenario_hash", "society_hash"} < set(manifest)


def test_the_page_is_whole_and_says_where_each_figure_comes_from(stopped) -> None:
    page = (stopped[0].folder / "sensitivity.html").read_text(encoding="utf-8")
    assert naked_numerals(page) == []
    assert "A small &lt;street&gt;" in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert page.count('class="picture"') == 9


def test_the_page_fits_a_telephone_and_asks_for_nothing(browser, stopped, tmp_path) -> None:
    page = (stopped[0].folder / "sensitivity.html").read_text(encoding="utf-8")
    wrapped = MEASURE.replace("%s", json.dumps(WIDTHS)).replace("PAGE", json.dumps(page).replace("</", "<\\/"))
    (tmp_path / "measure.html").write_text(wrapped, encoding="utf-8")
    printed = run_browser(browser, tmp_path, "--dump-dom", f"file://{tmp_path / 'measure.html'}")
    found = re.search(r'<pre id="result">(.*?)</pre>', printed, re.DOTALL)
    assert found, printed[:400]
    for width, measured in json.loads(html.unescape(found.group(1))).items():
        assert measured["overflow"] == 0, (width, measured["wide"])
        assert measured["wide"] == [], width
        assert measured["requests"] == 0
        assert width != "360" or measured["small"] == 0


def test_a_report_takes_the_study_and_each_headline_says_what_would_change_it(stopped, run) -> None:
    written = report_run(run.folder, ["page", "print"], stopped[0].folder)
    drivers = [one.drivers[0].parameter.replace("_", " ") for one in stopped[0].study.headlines]
    for path in written.values():
        with open(path, encoding="utf-8") as file:  # noqa: PTH123 - a path as text, as the workflow hands it back
            answers = re.search(r'<ul class="answers">.*?</ul>', file.read(), re.DOTALL)
        assert answers
        parts = answers.group(0).split("<li>")[1:]
        assert len(parts) == 3
        for part, driver in zip(parts, drivers, strict=True):
            assert "What would change this:" in part
            assert driver in part
            assert "Luck is" in part


def test_without_a_study_every_headline_says_what_its_own_draws_show(run) -> None:
    for page in (render_report(run), render_print(run)):
        assert page.count("What would change this:</b>") == 3
        assert page.count("the draws do not show one") == 3


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("days = 20", "days = 21"), "scenario"),
        (("stops_factor = 0.5", "stops_factor = 0.6"), "scenario"),
    ],
)
def test_a_study_of_another_scenario_is_refused(stopped, run, change, words) -> None:
    other = Run(run.folder, run.manifest, run.scenario_text.replace(*change))
    with pytest.raises(RunFolderError, match=f"{words}: is another one than the run's"):
        open_sensitivity(stopped[0].folder, other)


def test_other_evidence_another_society_and_no_study_at_all_are_refused_at_once(stopped, run, tmp_path) -> None:
    other = Run(run.folder, {**run.manifest, "parameter_ledger_hash": "x", "society_hash": "y"}, run.scenario_text)
    with pytest.raises(RunFolderError) as caught:
        open_sensitivity(stopped[0].folder, other)
    assert [mistake.place for mistake in caught.value.mistakes] == ["evidence", "society"]
    fitted = Run(run.folder, {**run.manifest, "priors": {"sha256": "x"}}, run.scenario_text)
    with pytest.raises(RunFolderError, match="priors: are a fit's in one of the two"):
        open_sensitivity(stopped[0].folder, fitted)
    with pytest.raises(RunFolderError, match="is not the folder of a sensitivity study"):
        open_sensitivity(tmp_path, run)
    # Another seed and another number of draws are the same question.
    again = run.scenario_text.replace("draws = 6", "draws = 60").replace("seed = 5", "seed = 6")
    assert open_sensitivity(stopped[0].folder, Run(run.folder, run.manifest, again))["headlines"]


def test_effort_and_folder_are_refused_before_any_work(path, stopped) -> None:
    with pytest.raises(InputError) as caught:
        check_effort(1, 100)
    assert [mistake.place for mistake in caught.value.mistakes] == ["--trajectories", "--rows"]
    with pytest.raises(RunFolderError, match="exists already"):
        study_sensitivity(path, out=stopped[0].folder, **EFFORT)
    with pytest.raises(ScenarioError):
        study_sensitivity("no-such-scenario", out=stopped[0].folder.with_name("other"), **EFFORT)


def test_the_screen_shows_every_driver_and_json_is_one_document(stopped, capsys) -> None:
    result = stopped[0]
    show_sensitivity(result, as_json=False)
    shown = capsys.readouterr().out
    for one in result.study.headlines:
        assert one.headline.question in shown
        for each in one.drivers:
            assert each.parameter in shown
    assert shown.rstrip().endswith("sensitivity.html")
    show_sensitivity(result, as_json=True)
    document = json.loads(capsys.readouterr().out)
    assert document["folder"] == str(result.folder)
    assert len(document["headlines"]) == 3


def test_the_command_hands_its_options_to_the_workflow(stopped, monkeypatch, capsys) -> None:
    asked = {}

    def take(scenario, **options):
        asked.update(options, scenario=scenario)
        return stopped[0]

    monkeypatch.setattr("commonbeat.workflows.sensitivity.study_sensitivity", take)
    app = App(result_action="return_value")
    register(app)
    app(["sensitivity", "dance-off", "--out", "there", "--trajectories", "6", "--rows", "32", "--seed", "3", "--json"])
    assert json.loads(capsys.readouterr().out)["title"] == "A small <street>"
    expected = {"scenario": "dance-off", "trajectories": 6, "rows": 32, "seed": 3, "workers": None}
    assert expected.items() <= asked.items()


def test_a_scenario_without_encounters_and_one_in_which_nothing_changes_have_no_drivers_and_say_why(
    path, tmp_path
) -> None:
    head, _, rest = SCENARIO.partition('[[arms]]\nname = "outlet_clip"')
    text = (
        head
        + '[[arms]]\nname = "same"\ntitle = "The same"\n'
        + rest[rest.index("[[arms]]\nname") :].replace("0.5", "1.0")
    )
    place = tmp_path / "still.toml"
    place.write_text(text.replace("days = 20", "days = 3"), encoding="utf-8")
    result = study_sensitivity(place, out=tmp_path / "still", workers=1, **EFFORT)
    whys = [one.why_none for one in result.study.headlines]
    assert whys == ["nobody was there at some points", "it is the same at every point"]
    page = (result.folder / "sensitivity.html").read_text(encoding="utf-8")
    assert page.count("Nothing drives it:") == 4
    assert naked_numerals(page) == []
    json.loads((result.folder / "sensitivity.json").read_text(encoding="utf-8"))
