"""From targets to a folder that simulate can use: whole, resumable, and true to what the targets were made of."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from commonbeat.errors import DataFileError, InputError, InterruptedRunError, LedgerError, RunFolderError
from commonbeat.evidence import draw_parameters
from commonbeat.fit.posterior import posterior as module
from commonbeat.fit.posterior.bank import BankItem, BankTask, bank_scenario, run_item
from commonbeat.fit.posterior.reading import read_targets
from commonbeat.fit.posterior.statistics import statistics_of
from commonbeat.report.fit import render_fit
from commonbeat.report.sources import made_of
from commonbeat.results.compare import compare_runs
from commonbeat.results.run_folder import open_run
from commonbeat.simulate.world import Workplace
from commonbeat.society import open_society
from commonbeat.workflows.fit import fit_targets
from commonbeat.workflows.simulate import run_scenario
from tests.fit.posterior.towns import HEADER, SURVEY, TOWN, USEFUL, known, town, written


class StopsAfter:
    """A narrator who presses Ctrl-C when so many runs are safe, and remembers how many were safe at first."""

    def __init__(self, runs: int) -> None:
        self.runs = runs
        self.heard: list[int] = []

    def says(self, text: str) -> None:
        pass

    def progress(self, done: int, total: int) -> None:
        self.heard.append(done)
        if done == self.runs:
            raise KeyboardInterrupt


TRUE = draw_parameters(1, 3) | {"participant_dose": 0.9, "direct_trust": 0.5, "watched_prejudice_reduction": 0.2}
PRECISE = (
    HEADER
    + "effect,moment,All,present,trust,7,{0},0.01,latent SD,,120,,,,\n"
    + "effect,outlet_clip,All,watched,prejudice,7,{1},0.01,latent SD,,300,,,,\n"
    + "count,nothing,All residents,,,40,{2},,,,,other contact,,,\n"
)


def seen(folder: Path) -> str:
    """Targets as a town would have them in which the parameters are TRUE."""
    targets = read_targets(written(folder, PRECISE.format(0, 0, 99), "questions.csv"), known())
    asked = statistics_of(targets.targets, town())
    task = BankTask(bank_scenario(town(), asked), "small", tuple(TRUE), asked.statistics)
    workplace = Workplace(open_society("small"))
    return PRECISE.format(*run_item(workplace, task, BankItem("bank", 90_001, 0, tuple(TRUE.values()))))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory):
    """A fit of the town to what it would see if TRUE were true, stopped once and taken up again."""
    folder = tmp_path_factory.mktemp("fit")
    written(folder, TOWN, "town.toml")
    written(folder, seen(folder))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "FIRST_SAMPLES", 1 << 14)
        settings = {"out": folder / "out", "draws": 120, "checks": 20, "workers": 1}
        with pytest.raises(InterruptedRunError, match="30 finished runs are kept"):
            fit_targets(folder / "town.toml", folder / "targets.csv", narrator=StopsAfter(30), **settings)
        again = StopsAfter(-1)
        result = fit_targets(folder / "town.toml", folder / "targets.csv", narrator=again, **settings)
    return result, again


@pytest.mark.slow
def test_a_fit_that_was_stopped_goes_on(whole) -> None:
    result, again = whole
    assert again.heard[0] == 30
    assert again.heard[-1] == 140
    assert not result.folder.with_name("out.partial").exists()


@pytest.mark.slow
def test_known_parameters_are_found_again(whole) -> None:
    rows = {each.parameter: each for each in whole[0].fitted.learnt}
    found = rows["watched_prejudice_reduction"]
    assert found.informed
    assert found.shrinkage > 0.8
    assert found.posterior.low < TRUE["watched_prejudice_reduction"] < found.posterior.high
    dose = rows["participant_dose"]
    assert dose.informed
    assert dose.shift > 0.3
    assert dose.posterior.low < 0.9 < dose.posterior.high


@pytest.mark.slow
def test_pairs_that_only_their_product_shows_are_told(whole) -> None:
    tied = {frozenset((each.first, each.second)) for each in whole[0].fitted.trades}
    assert any("participant_dose" in pair and pair & {"direct_trust", "generalisation"} for pair in tied)


@pytest.mark.slow
def test_the_folder_holds_everything_and_its_tables_agree(whole) -> None:
    result = whole[0]
    names = {path.name for path in result.folder.iterdir()}
    assert names == {
        "bank.csv", "check.csv", "fit.html", "fit.json", "informed.csv", "manifest.json", "posterior.csv", "priors.csv",
        "scenario.toml", "targets.csv",
    }  # fmt: skip
    with (result.folder / "priors.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert sum(float(row["weight"]) for row in rows) == pytest.approx(1)
    column = [float(row["watched_prejudice_reduction"]) for row in rows]
    mean = np.average(column, weights=[float(row["weight"]) for row in rows])
    found = next(each for each in result.fitted.learnt if each.parameter == "watched_prejudice_reduction")
    assert mean == pytest.approx(found.posterior.mean, abs=0.01)
    told = json.loads((result.folder / "fit.json").read_text(encoding="utf-8"))
    assert len(told["informed"]) + len(told["stayed_at_prior"]) == len(result.fitted.learnt)
    assert len(told["check"]) == 3


@pytest.mark.slow
def test_the_page_tells_what_was_learnt_and_what_stayed(whole) -> None:
    page = render_fit(whole[0].fitted)
    assert "Watched prejudice reduction" in page
    assert "What stayed as it was" in page
    assert page.count('class="picture"') == len(whole[0].fitted.informed) + 1


@pytest.mark.slow
def test_simulate_draws_from_the_fit_and_says_so(whole, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("commonbeat.workflows.report.write_report", lambda run: {})
    result = whole[0]
    scenario = result.folder / "scenario.toml"
    run = run_scenario(scenario, out=tmp_path / "run", workers=1, priors=result.folder / "priors.csv")
    run_scenario(scenario, out=tmp_path / "other", workers=1)
    drawn = run.table("parameters").filter(parameter="watched_prejudice_reduction")["value"].to_numpy()
    assert abs(drawn - 0.2).max() < 0.1
    assert "watched" in run.manifest["priors"]["fitted_to"][1]
    assert any(name == "Parameters fitted" for name, _ in made_of(dict(run.manifest), 6, 40))
    told = compare_runs(open_run(tmp_path / "run"), open_run(tmp_path / "other"))
    assert len(told.fitted) == 1
    assert "first run" in told.fitted[0]
    assert "priors.fitted_to" in told.differences["entry"].to_list()
    with pytest.raises(RunFolderError, match="exists already"):
        run_scenario(scenario, out=tmp_path / "other", workers=1)


def test_bands_and_a_priors_file_do_not_go_together(tmp_path: Path) -> None:
    written(tmp_path, "share_chance,weight\n0.02,1\n", "priors.csv")
    bands = "[priors.direct_trust]\nfrom_quantile = 0.0\nto_quantile = 0.5\n"
    path = written(tmp_path, TOWN.replace("[encounters", f"{bands}\n[encounters", 1), "town.toml")
    with pytest.raises(InputError, match="cannot stand beside the scenario's bands on direct_trust"):
        run_scenario(path, out=tmp_path / "out", priors=tmp_path / "priors.csv")
    with pytest.raises(LedgerError, match="cannot be read"):
        run_scenario(written(tmp_path, TOWN, "t.toml"), out=tmp_path / "out", priors=tmp_path / "none.csv")


def test_what_cannot_be_fitted_is_refused_before_anything_runs(tmp_path: Path) -> None:
    scenario, out = written(tmp_path, TOWN, "town.toml"), tmp_path / "out"
    alone = written(tmp_path, HEADER + SURVEY.format(day=4, estimate=40, error=1, n=90))
    with pytest.raises(DataFileError, match="a single wave says nothing"):
        fit_targets(scenario, alone, out=out)
    useful = written(tmp_path, USEFUL)
    with pytest.raises(InputError, match="draws: 20 is below 120"):
        fit_targets(scenario, useful, out=out, draws=20)
    with pytest.raises(InputError, match="check: 10 is below 20"):
        fit_targets(scenario, useful, out=out, checks=10)
    (tmp_path / "there").mkdir()
    with pytest.raises(RunFolderError, match="exists already"):
        fit_targets(scenario, useful, out=tmp_path / "there")
    assert not out.with_name("out.partial").exists()


def test_runs_of_other_questions_are_not_taken_up(tmp_path: Path) -> None:
    scenario, targets = written(tmp_path, TOWN, "town.toml"), written(tmp_path, USEFUL)
    with pytest.raises(InterruptedRunError):
        fit_targets(scenario, targets, out=tmp_path / "out", workers=1, narrator=StopsAfter(1))
    written(tmp_path, USEFUL.replace("present", "told"))
    with pytest.raises(RunFolderError, match="targets: was another when these runs were begun"):
        fit_targets(scenario, targets, out=tmp_path / "out", workers=1)
