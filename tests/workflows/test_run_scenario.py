"""From a scenario to a run folder: whole, resumable, and the same whoever carries it."""

from __future__ import annotations

import json
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from commonbeat.errors import FailureError, InterruptedRunError, RunFolderError, ScenarioError, SocietyError, WriteError
from commonbeat.results.run_folder import open_run
from commonbeat.scenario import parse_scenario
from commonbeat.workflows import simulate
from commonbeat.workflows.demo import free_folder
from commonbeat.workflows.simulate import run_scenario

SCENARIO = """
title = "A short test"
seed = 3
days = 12
draws = 3
society = "small"
reference = "nothing"

[encounters.dance_off]
title = "A dance-off"
children = 4
bystanders = 6

[[arms]]
name = "nothing"
title = "Nothing"

[[arms]]
name = "outlet_clip"
title = "The clip, posted by an outlet"

[[arms.events]]
kind = "encounter"
encounter = "dance_off"
day = 1
clip = "outlet"
"""


class StopsAfter:
    """A narrator who presses Ctrl-C when so many draws are safe."""

    def __init__(self, draws: int) -> None:
        self.draws = draws
        self.said: list[str] = []

    def says(self, text: str) -> None:
        self.said.append(text)

    def progress(self, done: int, total: int) -> None:
        if done == self.draws:
            raise KeyboardInterrupt


@pytest.fixture(autouse=True)
def _no_report(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests are about the run; the report has its own."""
    monkeypatch.setattr("commonbeat.workflows.report.write_report", lambda run: {})


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    path = tmp_path / "short.toml"
    path.write_text(SCENARIO, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory):
    """The run of SCENARIO in one go."""
    folder = tmp_path_factory.mktemp("whole")
    (folder / "short.toml").write_text(SCENARIO, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("commonbeat.workflows.report.write_report", lambda run: {})
        return run_scenario(folder / "short.toml", out=folder / "run", workers=1)


def test_a_run_is_whole_and_opens(whole) -> None:
    run = open_run(whole.folder)
    assert run.manifest["draws"] == 3
    assert [arm["name"] for arm in run.manifest["arms"]] == ["nothing", "outlet_clip"]
    assert run.table("draws").height == 3
    assert set(run.table("daily")["arm"]) == {"nothing", "outlet_clip"}
    assert run.table("stops")["count"].sum() > 0
    assert run.table("account").height > 0
    assert not whole.folder.with_name("run.partial").exists()


def test_the_reference_differs_from_itself_by_nothing(whole) -> None:
    assert whole.sql("select max(abs(effect)) as most from daily where arm = 'nothing'")["most"].item() == 0.0


def test_the_saved_scenario_gives_the_run_again(whole, tmp_path) -> None:
    again = run_scenario(whole.folder / "scenario.toml", out=tmp_path / "again", workers=1)
    assert again.manifest["content_hash"] == whole.manifest["content_hash"]


def test_ctrl_c_keeps_what_is_finished_and_the_same_command_goes_on(whole, scenario, tmp_path) -> None:
    out = tmp_path / "run"
    with pytest.raises(InterruptedRunError, match=r"1 of 3 draws are kept in .*run\.partial; the same command"):
        run_scenario(scenario, out=out, workers=1, narrator=StopsAfter(1))
    assert not out.exists()
    listener = StopsAfter(-1)
    run = run_scenario(scenario, out=out, workers=1, narrator=listener)
    assert "1 of 3 draws were finished before; going on with the rest" in listener.said
    assert run.manifest["content_hash"] == whole.manifest["content_hash"]
    assert not out.with_name("run.partial").exists()


def test_a_worker_that_dies_is_a_failure_with_a_way_on(scenario, tmp_path, monkeypatch) -> None:
    def dies(*_: object, **__: object) -> None:
        raise BrokenProcessPool

    monkeypatch.setattr("commonbeat.simulate.ensemble.run_ensemble", dies)
    with pytest.raises(FailureError, match=r"No draw was finished, and nothing is kept") as caught:
        run_scenario(scenario, out=tmp_path / "run")
    assert [path.name for path in tmp_path.iterdir()] == ["short.toml"]
    assert caught.value.exit_code == 1


def test_draws_of_another_run_are_not_taken_up(scenario, tmp_path) -> None:
    with pytest.raises(InterruptedRunError):
        run_scenario(scenario, out=tmp_path / "run", workers=1, narrator=StopsAfter(1))
    with pytest.raises(RunFolderError, match="belong to another run") as caught:
        run_scenario(scenario, out=tmp_path / "run", settings={"seed": 4, "draws": 2}, workers=1)
    assert "seed: 3 then, 4 now" in str(caught.value)
    assert "draws: 3 then, 2 now" in str(caught.value)
    scenario.write_text(SCENARIO.replace("day = 1", "day = 2"), encoding="utf-8")
    with pytest.raises(RunFolderError) as caught:
        run_scenario(scenario, out=tmp_path / "run", workers=1)
    assert [mistake.place for mistake in caught.value.mistakes] == ["arms[1].events[0].day"]


def test_a_disk_that_refuses_the_first_draw_leaves_nothing(scenario, tmp_path, monkeypatch) -> None:
    def refuses(*_: object) -> None:
        raise WriteError("full.")

    monkeypatch.setattr("commonbeat.results.draw_store.DrawStore.keep", refuses)
    with pytest.raises(WriteError, match=r"full\. No draw was finished"):
        run_scenario(scenario, out=tmp_path / "run", workers=1)
    assert [path.name for path in tmp_path.iterdir()] == ["short.toml"]


def test_a_report_that_fails_leaves_the_run_whole_and_says_how_to_go_on(scenario, tmp_path, monkeypatch) -> None:
    def refuses(_: object) -> None:
        raise WriteError("The disk is full.")

    monkeypatch.setattr("commonbeat.workflows.report.write_report", refuses)
    with pytest.raises(FailureError, match=r"The run is whole in .*run; make the report with: commonbeat report"):
        run_scenario(scenario, out=tmp_path / "run", settings={"draws": 1}, workers=1)
    assert open_run(tmp_path / "run").manifest["draws"] == 1


@pytest.mark.slow
def test_the_number_of_workers_changes_nothing(whole, scenario, tmp_path) -> None:
    run = run_scenario(scenario, out=tmp_path / "run", workers=2)
    assert run.manifest["content_hash"] == whole.manifest["content_hash"]


def test_settings_are_saved_with_the_run(scenario, tmp_path) -> None:
    run = run_scenario(scenario, out=tmp_path / "run", settings={"draws": 1, "seed": 9}, workers=1)
    saved = parse_scenario(run.scenario_text, source="saved")
    assert (saved.draws, saved.seed) == (1, 9)
    assert json.loads((run.folder / "manifest.json").read_text())["seed"] == 9


def test_exposures_are_written_on_request(scenario, tmp_path) -> None:
    run = run_scenario(scenario, out=tmp_path / "run", settings={"draws": 1}, workers=1, provenance="exposures")
    views = run.sql("select sum(views) as views from reach")["views"].item()
    assert run.table("exposures").height == views > 0


def test_a_folder_that_exists_is_refused_before_any_work(scenario, tmp_path, monkeypatch) -> None:
    (tmp_path / "run").mkdir()
    monkeypatch.setattr("commonbeat.workflows.simulate.opened", lambda *_: pytest.fail("work was begun"))
    with pytest.raises(RunFolderError, match="exists already"):
        run_scenario(scenario, out=tmp_path / "run")


def test_a_scenario_must_fit_its_society(scenario, tmp_path) -> None:
    scenario.write_text(SCENARIO.replace("children = 4", 'children = 4\nchildren_group = "Blue"'), encoding="utf-8")
    with pytest.raises(ScenarioError, match="is not a group of this society"):
        run_scenario(scenario, out=tmp_path / "run")
    scenario.write_text(SCENARIO.replace('"small"', '"nowhere"'), encoding="utf-8")
    with pytest.raises(SocietyError, match="neither a shipped society nor a folder"):
        run_scenario(scenario, out=tmp_path / "run")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["short.toml"]


def test_an_encounter_larger_than_the_society_is_refused(scenario, tmp_path) -> None:
    scenario.write_text(SCENARIO.replace("children = 4", "children = 200"), encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"children: 200 is more than .* There are at most \d+"):
        run_scenario(scenario, out=tmp_path / "run")


def test_a_society_is_looked_for_beside_the_scenario(scenario) -> None:
    (scenario.parent / "town").mkdir()
    scenario.write_text(SCENARIO.replace('"small"', '"town"'), encoding="utf-8")
    order = simulate.place_order(scenario, Path("x"), {})
    assert simulate.society_of(order) == str((scenario.parent / "town").resolve())


@pytest.mark.parametrize(("written", "meant"), [("small", "small"), ("./small", None)])
def test_a_folder_does_not_take_the_name_of_a_shipped_society(scenario, written, meant) -> None:
    folder = scenario.parent / "small"
    folder.mkdir()
    scenario.write_text(SCENARIO.replace('"small"', f'"{written}"'), encoding="utf-8")
    order = simulate.place_order(scenario, Path("x"), {})
    assert simulate.society_of(order) == (meant or str(folder.resolve()))


def test_the_demo_takes_the_first_free_folder(tmp_path) -> None:
    assert free_folder(tmp_path / "a").name == "a"
    (tmp_path / "a").mkdir()
    (tmp_path / "a-2").mkdir()
    assert free_folder(tmp_path / "a").name == "a-3"
