"""What is sent while a job goes on: every change, how long the rest may take, its end; and nothing to whoever was signed out."""

from __future__ import annotations

import asyncio
import json
import time

import pytest

from commonbeat.web.jobs import events
from commonbeat.web.jobs.asking import keeper_of
from commonbeat.web.jobs.folder import Progress
from commonbeat.web.jobs.words import left_of, opens, told
from commonbeat.web.security.cookies import cookie_name
from commonbeat.workflows import web_jobs
from commonbeat.workflows.web_sessions import IDLE_SECONDS, begin_session, end_session, is_signed_in, session_of
from tests.web.jobs.signed_in import Staff, app_of
from tests.web.jobs.test_pages import asked, in_state


@pytest.fixture
def app(tmp_path, monkeypatch):
    monkeypatch.setattr(events, "SECONDS_BETWEEN_LOOKS", 0.01)
    with app_of(tmp_path) as app:
        yield app


def heard(app, number: int, changes, token: str = "") -> list[str]:
    """What a listener gets while the changes happen, one between two looks."""

    async def listen() -> list[str]:
        lines, waiting = [], list(changes)
        async for line in events.lines(keeper_of(app), number, token):
            lines.append(line)
            if line.startswith("event: moved") and waiting:
                waiting.pop(0)()
        return lines

    return asyncio.run(listen())


def data_in(lines: list[str]) -> list[dict]:
    return [json.loads(line.partition("data: ")[2]) for line in lines if line.startswith("event: moved")]


def test_a_listener_hears_every_change_and_the_end(app) -> None:
    job, store = asked(app), app.state.store
    changes = [
        lambda: web_jobs.claim_job(store, 1, "long"),
        lambda: web_jobs.note_progress(store, job.number, 2, 4),
        lambda: web_jobs.end_job(store, job.number, "finished", "Done."),
    ]
    lines = heard(app, job.number, changes)
    data = data_in(lines)
    assert [(each["state"], each["done"]) for each in data] == [
        ("waiting", 0),
        ("running", 0),
        ("running", 2),
        ("finished", 2),
    ]
    assert data[2]["told"] == "The simulation is running; half of it is safe."
    assert len({each["mark"] for each in data}) == 4
    assert lines[-1] == 'event: ended\ndata: {"opens": ""}\n\n'


def test_a_listener_hears_that_the_work_said_something(app) -> None:
    job, folder = asked(app), keeper_of(app).folder(1)

    def says() -> None:
        (folder.path / "log.txt").write_text("12:00:00  reading visits.csv\n", encoding="utf-8")

    data = data_in(heard(app, job.number, [says, lambda: web_jobs.ask_to_stop(app.state.store, job.number, "ada")]))
    assert [each["state"] for each in data] == ["waiting", "waiting", "stopped"]
    assert data[0]["mark"] == data[1]["mark"]  # nothing to read aloud


def test_the_end_of_a_quick_job_tells_what_opens(app) -> None:
    store = app.state.store
    job = web_jobs.add_job(store, "results", {"study": "a"}, folder="listening/a-{number}", total=0, asked_by="ada")
    in_state(app, job.number, "finished")
    assert heard(app, job.number, [])[-1] == (
        'event: ended\ndata: {"opens": "/reports/open/listening/a-1/report.html"}\n\n'
    )
    in_state(app, job.number, "failed")
    assert opens(web_jobs.find_job(store, job.number)) == ""


def test_whoever_was_signed_out_hears_nothing_more(app, monkeypatch) -> None:
    monkeypatch.setattr(events, "SECONDS_BETWEEN_ASKING_WHO", 0.0)
    job, store = asked(app), app.state.store
    token = begin_session(store, "ada", "viewer")
    lines = heard(app, job.number, [lambda: end_session(store, token)], token)
    assert lines[-1] == "event: left\ndata: {}\n\n"
    assert [each["state"] for each in data_in(lines)] == ["waiting"]


def test_listening_keeps_no_session_awake(app) -> None:
    store, began = app.state.store, time.time() - IDLE_SECONDS + 30
    token = begin_session(store, "ada", "viewer", now=began)
    assert is_signed_in(store, token)
    assert session_of(store, token, now=began + IDLE_SECONDS) is None  # a page would have moved that moment
    assert not is_signed_in(store, "")


def test_the_stream_of_an_ended_job_ends_at_once(app) -> None:
    job, analyst = asked(app), Staff(app)
    analyst.post(f"/jobs/{job.number}/stop")
    response = analyst.get(f"/jobs/{job.number}/events")
    assert response.headers["content-type"].startswith("text/event-stream")
    assert "event: ended" in response.text
    assert app.state.job_listeners == 0


def test_too_many_listeners_are_sent_away(app) -> None:
    job = asked(app)
    app.state.job_listeners = events.MOST_LISTENERS
    assert Staff(app).get(f"/jobs/{job.number}/events").status_code == 503


def test_a_stranger_hears_nothing(app) -> None:
    job = asked(app)
    stranger = Staff(app)
    stranger.browser.cookies.delete(cookie_name(app.state.settings))
    assert stranger.get(f"/jobs/{job.number}/events").status_code == 303
    assert stranger.get(f"/jobs/{job.number}/log").headers["location"].startswith("/login")


@pytest.mark.parametrize(
    ("progress", "later", "words"),
    [
        (None, 0, ""),
        (Progress(0, 40), 0, ""),
        (Progress(4, 40, 1, 0.0, 60.0), 0, ""),  # three steps are no pace yet
        (Progress(9, 40, 1, 0.0, 8.0), 0, ""),  # nor are some seconds
        (Progress(9, 40, 1, 0.0, 80.0), 0, "about 5 minutes left"),
        (Progress(9, 40, 1, 0.0, 80.0), 240, "about 1 minute left"),
        (Progress(9, 40, 1, 0.0, 80.0), 600, "less than a minute left"),
        (Progress(29, 40, 21, 0.0, 80.0), 0, "about 2 minutes left"),  # twenty were finished by an attempt before
        (Progress(9, 400, 1, 0.0, 800.0), 0, "about 11 hours left"),
        (Progress(40, 40, 1, 0.0, 80.0), 0, ""),
    ],
)
def test_how_long_the_rest_takes_goes_by_the_pace_of_this_attempt(app, progress, later: float, words: str) -> None:
    job = asked(app)
    in_state(app, job.number, "running")
    running = web_jobs.find_job(app.state.store, job.number)
    assert left_of(running, progress, (progress.at if progress else 0) + later) == words
    in_state(app, job.number, "stopping")
    assert left_of(web_jobs.find_job(app.state.store, job.number), progress, 0) == ""


def test_the_time_that_is_left_is_told_with_a_quarter(app) -> None:
    job = asked(app)
    in_state(app, job.number, "running", done=1)
    running = web_jobs.find_job(app.state.store, job.number)
    assert told(running, "about 5 minutes left") == (
        "The simulation is running; a quarter of it is safe, about 5 minutes left."
    )
    in_state(app, job.number, "running", done=0)
    assert told(web_jobs.find_job(app.state.store, job.number), "about 5 minutes left") == "The simulation is running."
