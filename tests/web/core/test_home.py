"""Home tells the story first, with every verdict; then the work and the reports; and what it does not know."""

from __future__ import annotations

import os
import re

from starlette.applications import Starlette
from starlette.testclient import TestClient

from commonbeat.claims import Finding, findings_text, load_story
from commonbeat.workflows.claims import judge_claims
from commonbeat.workflows.web_jobs import add_job, release_job


def test_every_sentence_stands_there_with_its_verdicts(owner: TestClient, app: Starlette) -> None:
    text = owner.get("/").text
    story = load_story()
    assert text.count("<details") == len(story.sentences)
    for sentence in story.sentences:
        assert sentence.text in text
    verdicts = {each.claim.id: each.verdict.status for each in judge_claims(app.state.settings.project)}
    shown = re.findall(r'<span class="about"><span class="verdict [^"]+">([^<]+)</span>', text)
    assert shown == [verdicts[name] for sentence in story.sentences for name in sentence.claims]
    assert "What this page does not know" in text
    assert "Nothing is running, no report yet" in text


def test_findings_that_cannot_be_read_are_told(owner: TestClient, app: Starlette) -> None:
    folder = app.state.settings.project / "findings"
    folder.mkdir()
    assert "no finding of its own yet" in owner.get("/").text
    (folder / "broken.csv").write_text("not,a,finding\n1,2,3\n", encoding="utf-8")
    response = owner.get("/")
    assert response.status_code == 400
    assert "broken.csv" in response.text


def test_work_under_way_is_shown_and_escaped(owner: TestClient, app: Starlette) -> None:
    job = add_job(app.state.store, "simulate", {}, folder="runs/{number}", total=40, asked_by="mira")
    release_job(app.state.store, job.number)
    text = owner.get("/").text
    assert "1 under way" in text
    assert '<progress max="40" value="0"' in text


def test_the_last_reports_lead_to_their_pages(owner: TestClient, app: Starlette) -> None:
    for number in range(8):
        folder = app.state.settings.project / "runs" / f"run-{number}"
        folder.mkdir(parents=True)
        (folder / "report.html").write_text("", encoding="utf-8")
        os.utime(folder / "report.html", (1_700_000_000 + number * 86_400,) * 2)
    text = owner.get("/").text
    assert "last report 2023-11-21" in text
    links = re.findall(r'href="(/reports/of/[^"]+)"', text)
    assert links == [f"/reports/of/runs/run-{number}" for number in range(7, 1, -1)]
    assert owner.get(links[0]).status_code == 200


def test_names_of_folders_are_escaped(owner: TestClient, app: Starlette) -> None:
    folder = app.state.settings.project / "<script>alert(1)<"
    folder.mkdir()
    (folder / "report.html").write_text("", encoding="utf-8")
    text = owner.get("/").text
    assert "&lt;script&gt;alert(1)&lt;" in text
    assert "<script>alert" not in text


def test_own_findings_are_counted_and_judged_with(owner: TestClient, app: Starlette) -> None:
    assert "no finding of its own yet" in owner.get("/").text
    own = Finding(
        "C1", "joy", 0.4, 0.1, 0.7, "our study", "those present", "study", "Joy, measured", "SD", study="ours"
    )
    folder = app.state.settings.project / "findings"
    folder.mkdir()
    (folder / "ours.csv").write_text(findings_text([own]), encoding="utf-8")
    text = owner.get("/").text
    assert "1 finding of this project" in text
    assert "our study" in text
