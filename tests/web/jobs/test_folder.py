"""The folder that a server and a worker share, and numbers that a store gives out a second time."""

from __future__ import annotations

import pytest

from commonbeat.errors import WriteError
from commonbeat.web.jobs.asking import keeper_of
from commonbeat.web.jobs.folder import JobFolder, Outcome, Progress, WorkOrder
from tests.web.jobs.signed_in import app_of
from tests.web.jobs.test_pages import asked


def test_what_is_written_is_read_and_a_new_attempt_begins_without_it(tmp_path) -> None:
    folder = JobFolder(tmp_path)
    folder.prepare(WorkOrder("simulate", {}, "out", 1, "mark"))
    assert (folder.progress(), folder.outcome(), folder.is_held(), folder.said()) == (None, None, False, 0)
    folder.write_progress(Progress(2, 5, 1, 10.0, 20.0))
    folder.write_outcome(Outcome("stopped", "Stopped."))
    assert folder.progress() == Progress(2, 5, 1, 10.0, 20.0)
    assert folder.outcome() == Outcome("stopped", "Stopped.")
    folder.prepare(folder.order())
    assert (folder.progress(), folder.outcome()) == (None, None)


@pytest.mark.parametrize("content", ['["a", 1]', "{", '{"done": 1}', '{"done": "x", "total": 1}', "[2, 5]"])
def test_damaged_files_of_a_folder_mean_nothing(tmp_path, content: str) -> None:
    folder = JobFolder(tmp_path)
    (tmp_path / "progress.json").write_text(content)
    (tmp_path / "outcome.json").write_text('{"state": "splendid"}')
    assert (folder.progress(), folder.outcome()) == (None, None)


def test_a_number_that_was_given_out_before_finds_nothing_of_the_earlier_job(tmp_path) -> None:
    """A store that was restored counts again from where it was."""
    before = tmp_path / "jobs" / "1"
    before.mkdir(parents=True)
    (before / "outcome.json").write_text('{"state": "finished"}')
    (tmp_path / "runs" / "a-1").mkdir(parents=True)
    (tmp_path / "runs" / "a-1-2.partial").mkdir()
    with app_of(tmp_path) as app:
        job = asked(app)
        assert job.number == 1
        assert job.folder == "runs/a-1-3"
        folder = keeper_of(app).folder(job.number)
        assert folder.outcome() is None
        assert (folder.path / "scenario.toml").is_file()
    kept = [each for each in (tmp_path / "jobs").iterdir() if each.name.startswith("1-before-")]
    assert [(each / "outcome.json").is_file() for each in kept] == [True]


def test_a_disk_that_refuses_leaves_the_job_stopped(tmp_path, monkeypatch) -> None:
    def refuse(*_: object) -> None:
        raise WriteError("No room.")

    monkeypatch.setattr("commonbeat.web.jobs.asking.write_whole", refuse)
    with app_of(tmp_path) as app:
        with pytest.raises(WriteError):
            asked(app)
        from commonbeat.workflows.web_jobs import find_job

        assert find_job(app.state.store, 1).state == "stopped"
