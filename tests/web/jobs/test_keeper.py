"""Long work goes on in processes of its own: it is begun, heard, stopped, taken up again, and found after a restart."""

from __future__ import annotations

import os
import signal
import time

import pytest

from commonbeat.results.run_folder import open_run
from commonbeat.web.jobs.keeper import ENDED_FROM_OUTSIDE, JobKeeper
from commonbeat.web.jobs.processes import end_all, marked, worker_of
from commonbeat.workflows import web_jobs
from tests.web.jobs.keepers import kept
from tests.web.jobs.work import SCENARIO, ask, ended, row, until

pytestmark = pytest.mark.slow
LONG = 400  # draws: far more than a test waits for


@pytest.fixture
def keeper(tmp_path):
    with kept(tmp_path) as keeper:
        yield keeper


def safe_draws(keeper: JobKeeper, number: int) -> list[str]:
    partial = keeper.project / f"{row(keeper, number).folder}.partial"
    return sorted(path.name for path in partial.glob("draw-*.zip"))


def mark_of(keeper: JobKeeper, number: int) -> str:
    return keeper.folder(number).order().mark


def test_a_simulation_is_begun_heard_and_finished(keeper) -> None:
    for name in ("numpy.py", "commonbeat.py", "json.py"):  # a project may hold anything
        (keeper.project / name).write_text("raise SystemExit('taken for a library')")
    job = ask(keeper)
    assert (job.state, job.folder) == ("waiting", f"runs/test-{job.number}")
    done = until(keeper, job.number, ended)
    assert (done.state, done.done, done.total, done.message) == ("finished", 3, 3, "The simulation is finished.")
    folder = keeper.project / done.folder
    assert open_run(folder).manifest["draws"] == 3
    assert (folder / "report.html").is_file()
    assert (folder / "report-print.html").is_file()
    counted = keeper.folder(job.number).progress()
    assert counted is not None
    assert (counted.done, counted.total, counted.first) == (3, 3, 1)
    assert counted.since <= counted.at
    assert "3 draws" not in keeper.folder(job.number).log()
    assert "Opening the society 'small'" in keeper.folder(job.number).log()
    assert done.begun_at is not None
    assert done.ended_at is not None


def test_a_stop_keeps_finished_draws_and_the_same_job_goes_on_from_them(keeper) -> None:
    job = ask(keeper, draws=LONG)
    until(keeper, job.number, lambda job: job.done >= 1)
    assert web_jobs.ask_to_stop(keeper.store, job.number, "ada") == "stopping"
    stopped = until(keeper, job.number, ended)
    assert stopped.state == "stopped"
    kept = safe_draws(keeper, job.number)
    assert 1 <= len(kept) < LONG
    assert f"{len(kept)} of {LONG} draws are kept" in stopped.message
    assert marked(mark_of(keeper, job.number)) == []
    assert web_jobs.release_job(keeper.store, job.number)
    again = until(keeper, job.number, lambda job: job.done > len(kept))
    assert again.state == "running"
    assert set(kept) < set(safe_draws(keeper, job.number))
    assert f"{len(kept)} of {LONG} draws were finished before" in keeper.folder(job.number).log()


def test_a_worker_that_is_killed_is_told_and_goes_on_from_what_it_kept(keeper) -> None:
    keeper.workers = 2
    job = ask(keeper, draws=LONG)
    until(keeper, job.number, lambda job: job.done >= 1)
    mark = mark_of(keeper, job.number)
    worker = worker_of(mark)
    assert worker is not None
    assert len(marked(mark)) > 1
    os.kill(worker, signal.SIGKILL)
    failed = until(keeper, job.number, ended)
    assert (failed.state, failed.message) == ("failed", ENDED_FROM_OUTSIDE)
    assert marked(mark) == []  # its helpers did not stay behind
    kept = len(safe_draws(keeper, job.number))
    web_jobs.release_job(keeper.store, job.number)
    assert until(keeper, job.number, lambda job: job.done > kept).state == "running"


def test_a_new_server_finds_the_work_of_the_old_one(keeper) -> None:
    job = ask(keeper, draws=LONG)
    until(keeper, job.number, lambda job: job.done >= 1)
    keeper.close()
    after = JobKeeper(keeper.store, keeper.project, most=1, workers=1)
    seen = row(after, job.number).done
    assert until(after, job.number, lambda job: job.done > seen).state == "running"
    web_jobs.ask_to_stop(after.store, job.number, "ada")
    assert until(after, job.number, ended).state == "stopped"


def test_a_worker_that_died_while_no_server_was_there_is_told_by_the_next(keeper) -> None:
    job = ask(keeper, draws=LONG)
    until(keeper, job.number, lambda job: job.done >= 1)
    keeper.close()
    assert end_all(mark_of(keeper, job.number)) >= 1
    after = JobKeeper(keeper.store, keeper.project, most=1, workers=1)
    told = until(after, job.number, ended)
    assert (told.state, told.message) == ("failed", ENDED_FROM_OUTSIDE)


def test_a_scenario_with_mistakes_fails_with_all_of_them(keeper) -> None:
    wrong = SCENARIO.replace("children = 4", "children = 200")
    job = ask(keeper, wrong)
    failed = until(keeper, job.number, ended)
    assert failed.state == "failed"
    outcome = keeper.folder(job.number).outcome()
    assert outcome is not None
    assert [each[:2] for each in outcome.mistakes] == [("encounters.dance_off.children", "200")]
    assert not (keeper.project / failed.folder).exists()


def test_only_so_many_are_under_way_and_the_first_comes_first(keeper) -> None:
    first, second = ask(keeper, draws=LONG), ask(keeper, draws=LONG)
    keeper.look()
    assert (row(keeper, first.number).state, row(keeper, second.number).state) == ("running", "waiting")
    assert web_jobs.ask_to_stop(keeper.store, second.number, "ada") == "stopped"
    until(keeper, first.number, lambda job: job.done >= 1)
    keeper.end_now(first.number)
    assert until(keeper, first.number, ended).state == "failed"
    assert row(keeper, second.number).state == "stopped"


def test_a_job_whose_ending_is_forced_after_a_stop_is_stopped(keeper) -> None:
    job = ask(keeper, draws=LONG)
    until(keeper, job.number, lambda job: job.done >= 1)
    os.kill(worker_of(mark_of(keeper, job.number)) or 0, signal.SIGSTOP)  # it hears no Ctrl-C
    web_jobs.ask_to_stop(keeper.store, job.number, "ada")
    keeper.look()
    assert row(keeper, job.number).state == "stopping"
    keeper.end_now(job.number)
    assert until(keeper, job.number, ended).state == "stopped"


def test_a_run_that_was_whole_before_its_worker_died_only_gets_its_report(keeper) -> None:
    job = ask(keeper)
    done = until(keeper, job.number, ended)
    folder = keeper.project / done.folder
    written = (folder / "manifest.json").read_bytes()
    (folder / "report.html").unlink()
    with keeper.store.writing() as connection:
        web_jobs._change(connection, job.number, ("finished",), state="failed")
    web_jobs.release_job(keeper.store, job.number)
    assert until(keeper, job.number, ended).state == "finished"
    assert (folder / "report.html").is_file()
    assert (folder / "manifest.json").read_bytes() == written


def test_a_study_of_what_would_change_a_result_is_a_job_too(keeper) -> None:
    job = web_jobs.add_job(
        keeper.store,
        "sensitivity",
        {"trajectories": 4, "rows": 8},
        folder="studies/test-{number}",
        total=0,
        asked_by="ada",
    )
    place = keeper.folder(job.number).path
    place.mkdir(parents=True)
    (place / "scenario.toml").write_text(SCENARIO.replace("days = 12", "days = 4"), encoding="utf-8")
    web_jobs.release_job(keeper.store, job.number)
    under_way = until(keeper, job.number, lambda job: job.total > 0)
    assert under_way.total > 0
    web_jobs.ask_to_stop(keeper.store, job.number, "ada")
    stopped = until(keeper, job.number, ended)
    assert stopped.state in ("stopped", "finished"), stopped.message


def test_the_thread_does_it_all(keeper) -> None:
    job = ask(keeper)
    keeper.begin()
    try:
        end = time.monotonic() + 240
        while not ended(row(keeper, job.number)) and time.monotonic() < end:
            time.sleep(0.1)
        assert row(keeper, job.number).state == "finished"
    finally:
        keeper.close()
