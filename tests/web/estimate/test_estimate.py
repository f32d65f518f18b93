"""Estimate in the app: a file is dropped, its columns are named, the answer comes with its warnings; wrong designs are told beside their fields."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from starlette.applications import Starlette
from starlette.testclient import TestClient

from commonbeat.errors import DesignError
from commonbeat.web.estimate.form import design_of
from commonbeat.web.filling.sent import Sent
from commonbeat.web.jobs.asking import keeper_of
from commonbeat.web.jobs.keeper import JobKeeper
from tests.web.core.browsers import csrf_of
from tests.web.forms import HEADERS, Form
from tests.web.jobs.waiting import led_to
from tests.web.jobs.work import ended, until

ORIGIN = {"origin": HEADERS["origin"]}


def drop(client: TestClient, content: bytes, name: str = "visits.csv") -> Any:
    files = {"file": (name, content, "text/csv")}
    return client.post("/estimate", data={"csrf": csrf_of(client.get("/estimate").text)}, files=files, headers=ORIGIN)


def design(client: TestClient, content: bytes) -> tuple[str, Form]:
    where = drop(client, content).headers["location"]
    return where, Form(client.get(where).text, where)


def test_columns_are_told_and_rare_values_are_not(owner: TestClient, visits: bytes) -> None:
    where = drop(owner, visits).headers["location"]
    text = owner.get(where).text
    assert "600 rows, 6 columns" in text
    assert "0 (300), 1 (300)" in text
    assert "usual (597), 1 in fewer than ten rows each" in text
    assert "rare" not in text.replace("1 in fewer than ten rows each", "")
    assert "<script>alert(0)" not in text
    assert "&lt;script&gt;alert(0)" in text


def test_an_answer_stands_with_its_warnings_its_report_and_its_scripts(
    app: Starlette, owner: TestClient, visits: bytes
) -> None:
    where, form = design(owner, visits)
    form.put(
        outcome="trust", treatment="visited", cluster="street", baseline="before", assignment="clustered", claim="C5"
    )
    assert led_to(owner, form.send(owner)) == "/estimate/of/visits-1"
    text = owner.get("/estimate/of/visits-1").text
    assert "<h1>visits</h1>" in text
    assert "600 of 600 rows were compared" in text
    assert "One measure stands for the whole outcome" in text
    assert text.index("Be careful with it") < text.index("The main figures") < text.index("Read the report")
    assert owner.get("/reports/open/estimates/visits-1/report.html").status_code == 200
    script = owner.get("/reports/file/estimates/visits-1/analysis.R").text
    assert "visits.csv" in script
    project: Path = app.state.settings.project
    assert str(project) not in script
    assert len(list((project / "findings").glob("*.csv"))) == 1
    for path in ("/estimate", "/reports", "/"):
        listed = owner.get(path).text
        assert re.search(r'href="/estimate/of/visits-1">visits</a>', listed), path
        assert "did not change" in listed or "changed" in listed or "higher" in listed, path
    assert Form(owner.get(where).text, f"{where}/delete").send(owner).headers["location"] == "/estimate"
    assert owner.get(where).status_code == 404
    assert not list((project / "estimates" / ".data").iterdir())


def test_mistakes_of_a_design_stand_beside_their_fields_and_no_work_is_begun(owner: TestClient, visits: bytes) -> None:
    _, form = design(owner, visits)
    form.put(outcome="trust", treatment="visited", covariates="befroe", assignment="blocked", control="7")
    text = form.send(owner)
    assert text.status_code == 400
    assert 'aria-describedby="at-assignment-about"' in text.text
    assert "needs a block" in text.text
    assert "<code>befroe</code> is not a column of visits.csv" in text.text
    assert "Did you mean &#39;before&#39;?" in text.text
    assert owner.get("/jobs/1").status_code == 404


def test_an_index_of_several_columns_is_no_unknown_column(owner: TestClient, visits: bytes) -> None:
    _, form = design(owner, visits)
    form.put(outcomes="mood", treatment="visited", more="[scales.mood]\nitems = ['trust', 'before']")
    assert form.send(owner).status_code == 303


def test_what_only_the_file_shows_is_told_by_the_work_with_a_way_back_to_the_filled_form(
    owner: TestClient, visits: bytes
) -> None:
    where, form = design(owner, visits)
    form.put(outcome="trust", treatment="visited", control="7", title="A visit", claim="C5")
    place = led_to(owner, form.send(owner))
    assert place == "/jobs/1?wait"
    text = owner.get(place).text
    assert f'href="{where}?job=1"' in text
    assert "is not a value of the column" in text
    again = owner.get(f"{where}?job=1")
    assert again.status_code == 200
    filled = Form(again.text, where)
    assert [filled.value(name) for name in ("outcome", "treatment", "control", "title", "claim")] == [
        "trust",
        "visited",
        "7",
        "A visit",
        "C5",
    ]
    assert 'href="#at-control"' in again.text
    assert re.search(r'id="at-control"[^>]*aria-invalid="true"', again.text)
    assert led_to(owner, filled.put(control="").send(owner)) == "/estimate/of/a-visit-2"


def test_a_form_is_filled_from_jobs_on_the_same_file_only(app: Starlette, owner: TestClient, visits: bytes) -> None:
    where, form = design(owner, visits)
    other = drop(owner, visits, "other.csv").headers["location"]
    assert form.put(outcome="trust", treatment="visited", title="A visit").send(owner).status_code == 303
    assert "A visit" in owner.get(f"{where}?job=1").text
    for address in (f"{other}?job=1", f"{where}?job=2", f"{where}?job=x", f"{where}?job={'9' * 40}", f"{where}?job=²"):
        assert owner.get(address).status_code == 200
        assert "A visit" not in owner.get(address).text
    (app.state.settings.project / "jobs" / "1" / "form.json").write_text("{", encoding="utf-8")
    assert "A visit" not in owner.get(f"{where}?job=1").text


def test_a_file_that_was_deleted_before_its_turn_came_is_told(app: Starlette, owner: TestClient, visits: bytes) -> None:
    where, form = design(owner, visits)
    keeper_of(app).close()  # nobody begins it
    assert form.put(outcome="trust", treatment="visited").send(owner).status_code == 303
    Form(owner.get(where).text, f"{where}/delete").send(owner)
    keeper = JobKeeper(app.state.store, app.state.settings.project)
    job = until(keeper, 1, ended)
    assert (job.state, job.message) == ("failed", "There is nothing to estimate from:")


def test_nothing_chosen_is_told_at_the_outcome(owner: TestClient, visits: bytes) -> None:
    _, form = design(owner, visits)
    text = form.send(owner).text
    assert 'href="#at-outcome"' in text


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (b"a,b\n1,2\n", "data.exe", "is of no known kind"),
        (b"PK\x03\x04 broken", "data.xlsx", "cannot"),
        (b"", "data.csv", "empty"),
        (b"\x00\x01\x02" * 50, "data.parquet", "cannot"),
    ],
)
def test_what_is_no_data_is_refused_and_not_kept(
    app: Starlette, owner: TestClient, content: bytes, name: str, told: str
) -> None:
    answer = drop(owner, content, name)
    assert answer.status_code == 400
    assert told in answer.text
    folder = app.state.settings.project / "estimates" / ".data"
    assert not folder.exists() or not list(folder.iterdir())


@pytest.mark.parametrize(
    "path", ["/estimate/data/0000000000000000", "/estimate/data/..%2f..", "/estimate/of/..%2f.data", "/estimate/of/x"]
)
def test_what_is_not_there_is_not_found(owner: TestClient, path: str) -> None:
    assert owner.get(path).status_code == 404


@pytest.mark.parametrize(
    "key", ["plan = '/etc/passwd'", "[interference]\nties = '/etc/passwd'", "plan = '../store.toml'"]
)
def test_a_design_cannot_name_other_files(key: str) -> None:
    with pytest.raises(DesignError, match="names another file"):
        design_of(Sent({"more": (key,)}))


def test_a_panel_is_described_as_text() -> None:
    sent = Sent({"outcome": ("trust",), "more": ("[panel]\nperson = 'who'\ntime = 'wave'\nexposure = 'met'",)})
    assert design_of(sent) == {"outcome": ["trust"], "panel": {"person": "who", "time": "wave", "exposure": "met"}}


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=some.dictionaries(
        some.sampled_from(
            [
                "outcome",
                "outcomes",
                "treatment",
                "control",
                "treated",
                "missing",
                "more",
                "assignment",
                "claim",
                "title",
                "level",
            ]
        ),
        some.one_of(
            some.text(max_size=30), some.sampled_from(["a,,b", "level = inf", "seed = 1e99", "[[[", ",", "C99"])
        ),
    )
)
def test_no_form_is_more_than_a_design_or_its_mistakes(values: dict[str, str]) -> None:
    from commonbeat.estimate.design import make_design

    with contextlib.suppress(DesignError):
        assert make_design(design_of(Sent({name: (text,) for name, text in values.items()}))).outcome
