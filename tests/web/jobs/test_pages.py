"""The pages of jobs: what they show, who may do what, and what is sent while the work goes on."""

from __future__ import annotations

import os
import re

import pytest

from commonbeat.web.jobs.asking import ask, environment_of, keeper_of
from commonbeat.web.jobs.folder import Outcome
from commonbeat.web.jobs.words import told
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


def test_what_the_work_said_and_found_is_for_those_who_can_mend_it(app, analyst) -> None:
    job, viewer = asked(app), Staff(app, "viewer")
    folder = keeper_of(app).folder(job.number)
    (folder.path / "log.txt").write_text("12:00:00  reading /srv/ada/visits.csv\n", encoding="utf-8")
    in_state(app, job.number, "running")
    assert "Now: reading /srv/ada/visits.csv" in analyst.get(f"/jobs/{job.number}").text
    for path in (f"/jobs/{job.number}", f"/jobs/{job.number}/live"):
        assert "visits.csv" not in viewer.get(path).text
    assert viewer.get(f"/jobs/{job.number}/log").status_code == 403
    folder.write_outcome(
        Outcome("failed", "It does not fit:", mistakes=(("trust", "", "is not a column", "Mend it."),))
    )
    in_state(app, job.number, "failed", message="It does not fit:")
    assert "is not a column" in analyst.get(f"/jobs/{job.number}").text
    text = viewer.get(f"/jobs/{job.number}").text
    assert "is not a column" not in text
    assert '<p class="said">It does not fit.</p>' in text


def test_work_that_keeps_nothing_at_a_stop_says_how_far_it_is_and_of_nothing_that_it_is_safe(app, analyst) -> None:
    made = web_jobs.add_job(
        app.state.store, "results", {"study": "a"}, folder="listening/a-{number}", total=20, asked_by="ada"
    )
    in_state(app, made.number, "running", done=10)
    for address in (f"/jobs/{made.number}", "/jobs", "/"):
        text = analyst.get(address).text
        assert "are safe" not in text
        assert "10 of 20" not in text
        assert 'max="20" value="10"' in text
    assert (
        told(web_jobs.find_job(app.state.store, made.number)) == "The report on a study is running; half of it is done."
    )


def test_whoever_waits_is_led_to_a_result_and_whoever_looks_is_not(app, analyst) -> None:
    made = web_jobs.add_job(
        app.state.store, "results", {"study": "a"}, folder="listening/a-{number}", total=0, asked_by="ada"
    )
    address = f"/jobs/{made.number}"
    in_state(app, made.number, "running")
    text = analyst.get(f"{address}?wait").text
    assert 'data-waits="yes"' in text
    assert "<progress aria-label" in text  # nothing to count, and still something to see
    assert '<a href="/listen" aria-current="true">' in text  # where it was asked for
    for path in (f"{address}?wait", f"{address}/live?wait="):
        assert "The result opens here by itself" in analyst.get(path).text
    assert 'data-waits="yes"' not in analyst.get(address).text
    in_state(app, made.number, "finished")
    assert analyst.get(f"{address}?wait").headers["location"] == "/reports/open/listening/a-1/report.html"
    assert 'href="/reports/open/listening/a-1/report.html"' in analyst.get(address).text
    in_state(app, made.number, "failed", message="No.")
    assert "opens here by itself" not in analyst.get(f"{address}/live?wait=").text
    text = analyst.get(f"{address}?wait").text
    assert 'href="/listen/of/a"' in text
    assert "Begin again" in text


def test_the_log_is_sent_as_text(app, analyst) -> None:
    job = asked(app)
    folder = keeper_of(app).folder(job.number)
    (folder.path / "log.txt").write_bytes(b"<script>alert(1)</script>\xff" + b"x" * 70_000)
    response = analyst.get(f"/jobs/{job.number}/log")
    assert response.headers["content-type"].startswith("text/plain")
    assert len(response.text) == 64_000
    assert "<script>alert" not in analyst.get(f"/jobs/{job.number}").text


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
