"""From a scenario to a job in a browser: begun, changed, checked, run; its arms compared; its reports opened."""

from __future__ import annotations

import shutil
import tomllib

import pytest

from commonbeat.report.number import UNITS
from commonbeat.results.run_folder import open_run
from commonbeat.web.jobs.asking import keeper_of
from commonbeat.web.jobs.folder import Outcome
from commonbeat.web.jobs.picture import pictures_of
from commonbeat.web.security.headers import REPORT_POLICY
from commonbeat.web.simulate.pages import slug
from commonbeat.workflows.web_bands import FEWEST_FOR_BANDS, of_run, so_far
from commonbeat.workflows.web_jobs import find_job, list_jobs
from commonbeat.workflows.web_reports import inside, result_in, results_of
from tests.web.jobs.signed_in import Staff, app_of
from tests.web.jobs.work import SCENARIO
from tests.web.simulate.runs import stopped_run, whole_run

DRAWS = FEWEST_FOR_BANDS + 1
PLACE = "runs/short"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A project with a stopped run's draws and the whole run, and what the first two draws said."""
    project = tmp_path_factory.mktemp("project")
    partial = stopped_run(project, DRAWS, 2)
    early = so_far(partial, "nothing")
    shutil.copytree(partial, project / "kept")
    whole_run(project)
    return project, early


@pytest.fixture
def project(made, tmp_path):
    """A copy of the whole run in a project of the test's own."""
    shutil.copytree(made[0] / PLACE, tmp_path / PLACE)
    return tmp_path


@pytest.fixture
def app(project):
    with app_of(project) as app:
        yield app


@pytest.fixture
def analyst(app):
    return Staff(app)


def test_few_draws_are_lines_and_no_interval_is_made_up(made) -> None:
    _, early = made
    assert (early.draws, early.finished, early.group, early.outcome) == (2, 2, "All residents", "trust")
    assert [arm.name for arm in early.arms] == ["outlet_clip"]
    assert early.arms[0].bands is None
    assert len(early.arms[0].lines) == 2
    (picture,) = pictures_of(early, {"outlet_clip": "The clip"}, 12)
    assert picture.body.count('class="so-far"') == 2
    assert "band" not in picture.body
    assert "Too few for an interval" in picture.words


def test_the_lines_are_the_draws_own_effects(made) -> None:
    project, early = made
    daily = open_run(project / PLACE).table("daily")
    rows = daily.filter(arm="outlet_clip", group="All residents", outcome="trust", draw=1).sort("day")
    assert early.arms[0].lines[1] == tuple(rows.select("day", "effect").iter_rows())


def test_a_whole_run_has_the_bands_of_all_its_draws(made) -> None:
    project, _ = made
    run = open_run(project / PLACE)
    found = of_run(run, group="Officers", outcome="regard")
    assert (found.draws, found.group, found.outcome) == (DRAWS, "Officers", "regard")
    effects = run.table("daily").filter(arm="outlet_clip", group="Officers", outcome="regard", day=12)["effect"]
    bands = found.arms[0].bands.tail(1).to_dicts()[0]
    assert bands["median"] == pytest.approx(effects.median())
    assert bands["low"] == pytest.approx(effects.quantile(0.05, "linear"))
    (picture,) = pictures_of(of_run(run), {}, 12)
    assert UNITS["thousandths"].word in picture.words
    assert "wide-band" in picture.body


def test_what_is_asked_for_and_is_not_there_is_replaced_by_the_usual(made) -> None:
    run = open_run(made[0] / PLACE)
    found = of_run(run, group="<script>", outcome="happiness")
    assert (found.group, found.outcome) == ("All residents", "trust")


def test_damaged_and_missing_draws_are_stepped_over(made, tmp_path) -> None:
    assert so_far(tmp_path / "nowhere", "nothing") is None
    shutil.copytree(made[0] / "kept", tmp_path / "kept")
    (tmp_path / "kept" / "draw-000000.zip").write_bytes(b"PK not a zip")
    (tmp_path / "kept" / ".draw-000002.zip.0a0a0a0a.writing").write_bytes(b"half")
    assert so_far(tmp_path / "kept", "nothing").draws == 1
    assert (tmp_path / "kept" / "draw-000000.zip").exists()  # the worker's to mend


def test_a_shipped_scenario_becomes_a_form(analyst) -> None:
    assert "/simulate/new?from=dance-off" in analyst.get("/simulate").text
    text = analyst.get("/simulate/new?from=dance-off").text
    assert 'name="value:arms[3].events[0].clip"' in text
    assert "[[arms.events]]" in text


@pytest.mark.parametrize("query", ["", "?from=../x", "?job=1", "?job=-1", "?job=%00", "?run=runs/none", "?run=../.."])
def test_a_source_that_is_none_is_404(analyst, query) -> None:
    assert analyst.get(f"/simulate/new{query}").status_code == 404


def test_a_scenario_is_uploaded_or_pasted(analyst) -> None:
    files = {"file": ("mine.toml", SCENARIO.encode())}
    assert 'value="A short test"' in analyst.post("/simulate/new", files=files).text
    assert 'value="A short test"' in analyst.post("/simulate/new", {"pasted": SCENARIO}).text
    hostile = SCENARIO.replace("A short test", "</textarea><script>alert(1)</script>").replace(
        'title = "<', "title = '<"
    )
    hostile = hostile.replace('script>"', "script>'")
    response = analyst.post("/simulate/new", {"pasted": hostile})
    assert response.status_code == 200
    assert "<script>alert" not in response.text


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00x", b"title = 1\0"])
def test_what_is_no_text_is_refused(analyst, content) -> None:
    assert analyst.post("/simulate/new", files={"file": ("mine.toml", content)}).status_code == 400


def test_too_much_is_refused_before_it_is_read(analyst) -> None:
    assert analyst.post("/simulate/new", {"pasted": "#" * (3 << 20)}).status_code == 413
    assert "is larger than" in analyst.post("/simulate/new", {"pasted": "#" * 250_000}).text


def test_what_is_changed_in_the_form_stands_in_the_text_and_mistakes_beside_it(analyst) -> None:
    fields = {"text": SCENARIO, "value:days": "0", "value:title": "Another"}
    response = analyst.post("/simulate/check", fields)
    assert response.status_code == 200
    assert 'id="at-days-wrong-1"' in response.text
    assert 'aria-invalid="true"' in response.text
    assert 'href="#at-days"' in response.text
    assert "days = 0" in response.text
    assert "Another" in response.text


def test_a_button_adds_an_arm_and_opens_it(analyst) -> None:
    text = analyst.post("/simulate/check", {"text": SCENARIO, "do": "add_arm:programme"}).text
    assert 'id="arm-2" open' in text
    assert 'name="value:arms[2].events[0].every_days" value="7"' in text
    assert "could not be made" not in text
    assert analyst.post("/simulate/check", {"text": SCENARIO, "do": "add_arm:gold"}).status_code == 200


def test_a_scenario_with_mistakes_is_not_run(app, analyst) -> None:
    response = analyst.post("/simulate/run", {"text": SCENARIO, "value:draws": "none"})
    assert response.status_code == 400
    assert "is not a whole number" in response.text
    assert list_jobs(app.state.store) == []


def test_a_sound_scenario_waits_as_a_job_with_its_text(app, analyst) -> None:
    response = analyst.post("/simulate/run", {"text": SCENARIO.replace("\n", "\r\n"), "value:draws": "5"})
    assert response.status_code == 303
    number = int(response.headers["location"].removeprefix("/jobs/"))
    job = find_job(app.state.store, number)
    assert (job.kind, job.state, job.total, job.folder) == ("simulate", "waiting", 5, f"runs/a-short-test-{number}")
    assert job.arguments["arms"] == {"nothing": "Nothing", "outlet_clip": "The clip, posted by an outlet"}
    folder = keeper_of(app).folder(number)
    written = (folder.path / "scenario.toml").read_text()
    assert tomllib.loads(written)["draws"] == 5
    assert "\r" not in written
    folder.write_outcome(Outcome("failed", "It does not fit:", mistakes=(("days", "12", "is not enough", "More."),)))
    again = analyst.get(f"/simulate/new?job={number}").text
    assert "is not enough" in again
    assert 'id="at-days-wrong-1"' in again


def test_a_viewer_compares_and_does_not_run(app) -> None:
    viewer = Staff(app, "viewer")
    assert "Begin with one" not in viewer.get("/simulate").text
    assert viewer.get("/simulate/new?from=dance-off").status_code == 403
    assert viewer.post("/simulate/run", {"text": SCENARIO}).status_code == 403
    assert viewer.get(f"/simulate/runs/{PLACE}").status_code == 200
    assert viewer.post(f"/simulate/study/{PLACE}").status_code == 403


def test_the_arms_of_a_run_stand_side_by_side(analyst) -> None:
    text = analyst.get(f"/simulate/runs/{PLACE}?group=Officers&outcome=regard").text
    assert "Effect on regard, Officers" in text
    assert "The clip, posted by an outlet" in text
    assert f"of {DRAWS}</td>" in text
    assert "What this page does not know" in text


def test_a_run_that_was_changed_is_not_compared(project, analyst) -> None:
    (project / PLACE / "scenario.toml").write_text("title = 1")
    response = analyst.get(f"/simulate/runs/{PLACE}")
    assert response.status_code == 400
    assert "is not the scenario that was run" in response.text


def test_a_study_of_a_run_waits_as_a_job(app, analyst) -> None:
    response = analyst.post(f"/simulate/study/{PLACE}")
    job = find_job(app.state.store, int(response.headers["location"].removeprefix("/jobs/")))
    assert (job.kind, job.folder) == ("sensitivity", f"studies/a-short-test-{job.number}")
    assert (keeper_of(app).folder(job.number).path / "scenario.toml").is_file()


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("A dance-off!", "a-dance-off"),
        ("../../etc", "etc"),
        ("{number}", "number"),
        ("日本", "run"),
        ("x" * 90, "x" * 40),
    ],
)
def test_a_title_becomes_a_plain_name(title, name) -> None:
    assert slug(title) == name


def test_reports_are_listed_opened_and_sent(project, analyst) -> None:
    assert [result.place for result in results_of(project)] == [PLACE]
    assert f"/reports/of/{PLACE}" in analyst.get("/reports").text
    assert "tables/daily.parquet" in analyst.get(f"/reports/of/{PLACE}").text
    page = analyst.get(f"/reports/open/{PLACE}/report.html")
    assert page.headers["content-security-policy"] == REPORT_POLICY
    assert "script-src" not in REPORT_POLICY
    written = (project / PLACE / "report.html").read_text()
    begun = written.index(">", written.index("<body")) + 1
    assert (page.text[:begun], page.text[-len(written) + begun :]) == (written[:begun], written[begun:])
    assert (
        f'href="/reports/of/{PLACE}"' in page.text[begun : -len(written) + begun]
    )  # the way back, and the file knows nothing of it
    sent = analyst.get(f"/reports/file/{PLACE}/tables/daily.parquet")
    assert sent.headers["content-disposition"].startswith("attachment")
    assert sent.content == (project / PLACE / "tables" / "daily.parquet").read_bytes()


def test_the_pages_for_printing_are_made_on_request(project, analyst) -> None:
    assert not (project / PLACE / "report-print.html").exists()
    response = analyst.post(f"/reports/print/{PLACE}")
    assert response.headers["location"] == f"/reports/open/{PLACE}/report-print.html"
    assert analyst.get(response.headers["location"]).status_code == 200


def test_a_viewer_reads_pages_and_takes_no_data(app) -> None:
    viewer = Staff(app, "viewer")
    assert viewer.get(f"/reports/open/{PLACE}/report.html").status_code == 200
    assert viewer.get(f"/reports/file/{PLACE}/report.html").status_code == 200
    assert viewer.get(f"/reports/file/{PLACE}/tables/daily.parquet").status_code == 403
    assert viewer.post(f"/reports/print/{PLACE}").status_code == 403


def test_no_trick_with_a_path_leads_out_of_a_result(project, analyst) -> None:
    (project / "secret.json").write_text("{}")
    (project / "plain").mkdir()
    (project / "plain" / "notes.csv").write_text("a\n")
    (project / "jobs" / "1").mkdir(parents=True)
    (project / "jobs" / "1" / "report.html").write_text("x")
    (project / PLACE / "other.html").write_text("<script>1</script>")
    (project / PLACE / ".hidden.csv").write_text("a\n")
    (project / PLACE / "key.pem").write_text("x")
    (project / PLACE / "link.json").symlink_to(project / "secret.json")
    (project / PLACE / "etc").symlink_to("/etc")
    (project / "runs" / "linked").symlink_to(project / PLACE)
    wrong = [
        "secret.json",
        "commonbeat.sqlite3",
        "plain/notes.csv",
        "jobs/1/report.html",
        f"{PLACE}/other.html",
        f"{PLACE}/.hidden.csv",
        f"{PLACE}/key.pem",
        f"{PLACE}/link.json",
        f"{PLACE}/etc/hosts.csv",
        "runs/linked/report.html",
        f"{PLACE}/%2e%2e/short/report.html",
        f"{PLACE}/..%2f..%2f..%2fsecret.json",
        f"{PLACE}//report.html",
        f"{PLACE}/report.html%00",
        f"{PLACE}\\report.html",
        "%2fetc/passwd.csv",
        f"{PLACE}/{'x' * 400}.csv",
        PLACE,
        "",
    ]
    for place in wrong:
        assert analyst.get(f"/reports/open/{place}").status_code == 404, place
        assert analyst.get(f"/reports/file/{place}").status_code == 404, place
    assert [result.place for result in results_of(project)] == [PLACE]
    assert result_in(project, "runs/linked") is None
    assert inside(project, f"{PLACE}/../short/report.html") is None
    assert inside(project, f"/{PLACE}") is None
    listed = analyst.get(f"/reports/of/{PLACE}").text
    for name in ("other.html", "link.json", "key.pem", ".hidden"):
        assert name not in listed


def test_a_manifest_that_is_none_breaks_no_page(project, analyst) -> None:
    for name, content in {"a": "[" * 100_000, "b": "[1]", "c": '{"title": 7}', "d": "\xff"}.items():
        (project / "odd" / name).mkdir(parents=True)
        (project / "odd" / name / "report.html").write_text("x")
        (project / "odd" / name / "manifest.json").write_text(content, encoding="latin-1")
    text = analyst.get("/reports").text
    assert all(f"/reports/of/odd/{name}" in text for name in "abcd")
    assert analyst.get("/simulate/runs/odd/a").status_code == 404


def test_a_fit_waits_as_a_job_with_its_targets(app, analyst) -> None:
    assert 'action="/simulate/fit"' in analyst.get("/simulate/fit").text
    table = analyst.get("/simulate/targets.csv").text
    files = {"targets": ("mine.csv", table.encode()), "file": ("mine.toml", SCENARIO.encode())}
    response = analyst.post("/simulate/fit", {"draws": "200", "checks": ""}, files=files)
    job = find_job(app.state.store, int(response.headers["location"].removeprefix("/jobs/")))
    assert (job.kind, job.state, job.folder) == ("fit", "waiting", f"fits/a-short-test-{job.number}")
    assert job.arguments["draws"] == 200
    assert (keeper_of(app).folder(job.number).path / "targets.csv").read_text() == table


def test_a_fit_tells_everything_that_is_missing_at_once(app, analyst) -> None:
    response = analyst.post("/simulate/fit", {"draws": "many", "checks": "-1"})
    assert response.status_code == 400
    for word in ("draws", "checks", "targets", "scenario"):
        assert f"<strong>{word}</strong>" in response.text
    assert list_jobs(app.state.store) == []


def test_rows_of_single_people_do_not_leave_by_way_of_a_report(project, app) -> None:
    folder = project / "listening" / "viewers"
    (folder / "private" / "estimate").mkdir(parents=True)
    names = ("report.html", "results.json", "viewers.csv", "private/open-answers.csv", "codebook.md")
    nested = ("private/estimate/report.html", "private/estimate/estimates.csv", "private/estimate/effects.svg")
    for name in (*names, *nested):
        (folder / name).write_text("{}")
    owner = Staff(app, "owner")
    text = owner.get("/reports/of/listening/viewers").text
    assert "What people said" in text
    assert "viewers.csv" not in text
    assert "open-answers" not in text
    sent = {name: owner.get(f"/reports/file/listening/viewers/{name}").status_code for name in names}
    assert sent == {
        "report.html": 200,
        "results.json": 200,
        "viewers.csv": 404,
        "private/open-answers.csv": 404,
        "codebook.md": 200,
    }
    assert {owner.get(f"/reports/file/listening/viewers/{name}").status_code for name in nested} == {404}
    assert [each.place for each in results_of(project) if "private" in each.place] == []
