"""The pages of jobs: what they show, who may do what, and what is sent while the work goes on."""

from __future__ import annotations

import asyncio
import json
import os
import re

import pytest

from commonbeat.web.jobs import events
from commonbeat.web.jobs.asking import ask, environment_of, keeper_of
from commonbeat.web.jobs.folder import JobFolder, Outcome, WorkOrder
from commonbeat.web.settings import settings_for
from commonbeat.workflows import web_jobs
from tests.web.jobs.signed_in import Staff, app_of


@pytest.fixture
def app(tmp_path):
    with app_of(tmp_path) as app:
        yield app


@pytest.fixture
def analyst(app):
    return Staff(app)


def asked(app, title: str = "A short test", total: int = 4):
    arguments = {"title": title, "days": 10, "reference": "nothing", "arms": {"nothing": "Nothing"}}
    files = {"scenario.toml": b"title = 1\n", "given.toml": b"title = 1\n"}
    return ask(keeper_of(app), "simulate", arguments, files, folder="runs/a-{number}", total=total, asked_by="ada")


def in_state(app, number: int, state: str, **values: object) -> None:
    with app.state.store.writing() as connection:
        states = (*web_jobs.OPEN, *web_jobs.ENDED)
        assert web_jobs._change(connection, number, states, state=state, **values)


def test_a_job_is_listed_and_shown_with_its_state(app, analyst) -> None:
    job = asked(app, "<b>Bold</b>")
    in_state(app, job.number, "running", done=1)
    for path in ("/jobs", f"/jobs/{job.number}"):
        text = analyst.get(path).text
        assert "&lt;b&gt;Bold&lt;/b&gt;" in text
        assert "<b>Bold" not in text
        assert "1 of 4 draws" in text
        assert 'http-equiv="refresh"' in text  # without a script it still moves on
        assert "What this page does not know" in text


def test_a_job_that_is_not_there_is_404(app, analyst) -> None:
    for path in ("/jobs/7", "/jobs/7/live", "/jobs/7/events", "/jobs/7/log"):
        assert analyst.get(path).status_code == 404
    assert analyst.post("/jobs/7/stop").status_code == 404
    assert analyst.get("/jobs/99999999999999999999999").status_code == 404


def test_a_viewer_looks_and_changes_nothing(app) -> None:
    job = asked(app)
    viewer = Staff(app, "viewer")
    assert viewer.get(f"/jobs/{job.number}").status_code == 200
    assert 'id="stop"' not in viewer.get(f"/jobs/{job.number}").text
    for act in ("stop", "end", "again"):
        assert viewer.post(f"/jobs/{job.number}/{act}").status_code == 403
    assert web_jobs.find_job(app.state.store, job.number).state == "waiting"


def test_nothing_is_changed_without_the_token_of_the_session(app, analyst) -> None:
    job = asked(app)
    assert analyst.post(f"/jobs/{job.number}/stop", {"csrf": "wrong"}).status_code == 403
    assert web_jobs.find_job(app.state.store, job.number).state == "waiting"


def test_a_job_is_stopped_and_waits_again(app, analyst) -> None:
    job = asked(app)
    response = analyst.post(f"/jobs/{job.number}/stop")
    assert (response.status_code, response.headers["location"]) == (303, f"/jobs/{job.number}")
    assert web_jobs.find_job(app.state.store, job.number).state == "stopped"
    assert "Begin again" in analyst.get(f"/jobs/{job.number}").text
    analyst.post(f"/jobs/{job.number}/again")
    assert web_jobs.find_job(app.state.store, job.number).state == "waiting"
    in_state(app, job.number, "running")
    analyst.post(f"/jobs/{job.number}/stop")
    assert "end it now" in analyst.get(f"/jobs/{job.number}").text


def test_what_a_worker_found_wrong_is_told_with_its_way_out(app, analyst) -> None:
    job = asked(app)
    found = (("encounters.a.children", "200", "is more than there are", "There are at most 12."),)
    keeper_of(app).folder(job.number).write_outcome(Outcome("failed", "It does not fit:", mistakes=found))
    in_state(app, job.number, "failed", message="It does not fit:")
    text = analyst.get(f"/jobs/{job.number}").text
    assert "encounters.a.children" in text
    assert "There are at most 12." in text
    assert f"/simulate/new?job={job.number}" in text


def heard(store, number: int, changes) -> list[str]:
    """What a listener gets while the changes happen, one between two looks."""

    async def listen() -> list[str]:
        lines, waiting = [], list(changes)
        async for line in events.lines(store, number):
            lines.append(line)
            if line.startswith("event: moved") and waiting:
                waiting.pop(0)()
        return lines

    return asyncio.run(listen())


def test_a_listener_hears_every_change_and_the_end(app, monkeypatch) -> None:
    monkeypatch.setattr(events, "SECONDS_BETWEEN_LOOKS", 0.01)
    job, store = asked(app), app.state.store
    changes = [
        lambda: web_jobs.claim_job(store, 1),
        lambda: web_jobs.note_progress(store, job.number, 2, 4),
        lambda: web_jobs.end_job(store, job.number, "finished", "Done."),
    ]
    lines = heard(store, job.number, changes)
    data = [json.loads(line.partition("data: ")[2]) for line in lines if line.startswith("event: moved")]
    assert [(each["state"], each["done"]) for each in data] == [
        ("waiting", 0),
        ("running", 0),
        ("running", 2),
        ("finished", 2),
    ]
    assert data[2]["told"] == "The simulation is running; half of it is safe."
    assert lines[-1].startswith("event: ended")


def test_the_stream_of_an_ended_job_ends_at_once(app, analyst) -> None:
    job = asked(app)
    analyst.post(f"/jobs/{job.number}/stop")
    response = analyst.get(f"/jobs/{job.number}/events")
    assert response.headers["content-type"].startswith("text/event-stream")
    assert "event: ended" in response.text
    assert app.state.job_listeners == 0


def test_too_many_listeners_are_sent_away(app, analyst) -> None:
    job = asked(app)
    app.state.job_listeners = events.MOST_LISTENERS
    assert analyst.get(f"/jobs/{job.number}/events").status_code == 503


def test_a_stranger_hears_nothing(app) -> None:
    job = asked(app)
    stranger = Staff(app)
    stranger.browser.cookies.clear()
    assert stranger.get(f"/jobs/{job.number}/events").status_code == 303
    assert stranger.get(f"/jobs/{job.number}/log").headers["location"].startswith("/login")


def test_the_log_is_sent_as_text(app, analyst) -> None:
    job = asked(app)
    folder = keeper_of(app).folder(job.number)
    (folder.path / "log.txt").write_bytes(b"<script>alert(1)</script>\xff" + b"x" * 70_000)
    response = analyst.get(f"/jobs/{job.number}/log")
    assert response.headers["content-type"].startswith("text/plain")
    assert len(response.text) == 64_000
    assert "<script>alert" not in analyst.get(f"/jobs/{job.number}").text


def test_damaged_files_of_a_folder_mean_nothing(tmp_path) -> None:
    folder = JobFolder(tmp_path)
    folder.prepare(WorkOrder("simulate", {}, "out", 1, "mark"))
    assert (folder.progress(), folder.outcome(), folder.is_held()) == (None, None, False)
    (tmp_path / "progress.json").write_text('["a", 1]')
    (tmp_path / "outcome.json").write_text('{"state": "splendid"}')
    assert (folder.progress(), folder.outcome()) == (None, None)
    folder.write_progress(2, 5)
    folder.write_outcome(Outcome("stopped", "Stopped."))
    assert folder.progress() == (2, 5)
    assert folder.outcome() == Outcome("stopped", "Stopped.")
    folder.prepare(folder.order())
    assert (folder.progress(), folder.outcome()) == (None, None)


def test_a_damaged_folder_ends_its_job_and_holds_up_no_other(app, monkeypatch) -> None:
    begun = []
    monkeypatch.setattr("commonbeat.web.jobs.keeper.JobKeeper._start", lambda _, job: begun.append(job.number))
    first, second = asked(app), asked(app)
    keeper = keeper_of(app)
    keeper.most = 1
    keeper.look()
    in_state(app, first.number, "stopping")
    folder = keeper.folder(first.number)
    (folder.path / "order.json").write_text("{}")
    held = folder.hold()
    keeper.look()
    os.close(held)
    found = web_jobs.find_job(app.state.store, first.number)
    assert (found.state, begun) == ("failed", [first.number, second.number])
    assert "cannot be read" in found.message


def test_a_worker_learns_of_a_store_elsewhere_and_of_no_other(tmp_path) -> None:
    assert environment_of(settings_for(tmp_path)) == {}
    address = "postgresql+psycopg://ada@localhost/town"
    assert environment_of(settings_for(tmp_path, address)) == {"COMMONBEAT_DATABASE": address}


def test_the_pages_ask_nothing_of_anybody_else(app, analyst) -> None:
    job = asked(app)
    for path in ("/jobs", f"/jobs/{job.number}", "/simulate", "/simulate/new?from=dance-off", "/reports"):
        text = analyst.get(path).text
        assert not re.findall(r'(?:src|href|action)="(?:https?:)?//[^"]*"', text)
        assert " style=" not in text
        assert not re.search(r"<script(?![^>]* src=)|\son\w+=", text)
