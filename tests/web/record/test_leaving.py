"""What consent lets be seen, taken away and deleted."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from commonbeat.record import load_record
from commonbeat.workflows.record_derivatives import remember_in
from commonbeat.workflows.record_files import shipped_record
from tests.web.core.browsers import csrf_of
from tests.web.forms import HEADERS, Form

NAME = "dance-off-encounter"
ONE = f"/record/of/{NAME}"
ORIGIN = {"origin": HEADERS["origin"]}


def take(client: TestClient, text: str, name: str = "record.toml", **fields: str) -> object:
    page = client.get("/record").text
    files = {"file": (name, text.encode(), "application/octet-stream")}
    return client.post("/record/import", data={"csrf": csrf_of(page), **fields}, files=files, headers=ORIGIN)


def text_without(*scopes: str) -> str:
    text = shipped_record(NAME).read_text(encoding="utf-8")
    for scope in scopes:
        text = text.replace(f', "{scope}"', "")
    return text


@pytest.fixture
def shared(owner: TestClient) -> TestClient:
    assert take(owner, text_without()).status_code == 303  # type: ignore[attr-defined]
    return owner


def test_a_record_that_may_not_be_shown_tells_what_may_be_done_and_nothing_else(owner: TestClient) -> None:
    assert take(owner, text_without("show", "share")).headers["location"] == ONE  # type: ignore[attr-defined]
    text = owner.get(ONE).text
    assert "Powderhorn" not in text
    assert "stays closed" in text
    assert "does not name &#39;show&#39;" in text
    assert "Powderhorn" not in owner.get("/record").text
    assert owner.get(f"{ONE}/change").status_code == 400


def test_obscured_frames_are_shown_only_while_showing_is_allowed(app: Starlette, owner: TestClient) -> None:
    project: Path = app.state.settings.project
    (project / "clip.review.jpg").write_bytes(b"\xff\xd8 a picture")
    for scopes, status in (((), 200), (("show",), 404)):
        take(owner, text_without(*scopes), replace="yes")
        consent = load_record(shipped_record(NAME)).consent
        with app.state.store.writing() as connection:
            remember_in(connection, project, consent, project / "clip.review.jpg", "obscured copy")
        assert owner.get(f"{ONE}/frames/0").status_code == status
        assert (f"{ONE}/frames/0" in owner.get(ONE).text) == (status == 200)


def test_an_export_leaves_out_what_is_not_to_be_shared(app: Starlette, owner: TestClient) -> None:
    take(owner, text_without("share"))
    page = Form(owner.get("/record").text, "/record/export").put(kind=".csv")
    text = page.send(owner).text
    assert "Nothing was exported" in text
    assert "does not name &#39;share&#39;" in text
    assert not list((app.state.settings.project / "exports").iterdir())


def test_an_export_is_saved_and_a_withdrawal_deletes_it(app: Starlette, shared: TestClient) -> None:
    text = Form(shared.get("/record").text, "/record/export").put(kind=".json", record=NAME).send(shared).text
    (file,) = (app.state.settings.project / "exports").iterdir()
    assert f"/record/exports/{file.name}" in text
    assert shared.get(f"/record/exports/{file.name}").json()[0]["identifier"] == NAME
    asked = shared.get(f"{ONE}/withdraw").text
    assert f"exports/{file.name}" in asked
    form = Form(asked, f"{ONE}/withdraw")
    assert form.send(shared).status_code == 400
    assert file.exists()
    gone = form.put(word=NAME).send(shared)
    assert gone.status_code == 200
    assert not file.exists()
    assert shared.get(ONE).status_code == 404
    back = take(shared, text_without())
    assert back.status_code == 400  # type: ignore[attr-defined]
    assert "What was withdrawn does not come back" in back.text  # type: ignore[attr-defined]


def test_an_officer_cannot_take_a_record_away(shared: TestClient) -> None:
    form = Form(shared.get(f"{ONE}/withdraw").text, f"{ONE}/withdraw").put(word=NAME, slot="officer 1")
    answer = form.send(shared)
    assert answer.status_code == 400
    assert "is an officer on duty" in answer.text
    assert shared.get(ONE).status_code == 200


@pytest.mark.parametrize(
    ("text", "name", "told"),
    [
        ("schema = 1\n", "record.toml", "is missing"),
        ("[", "record.toml", "is not TOML"),
        ("{}", "record.exe", "is of no known kind"),
        ("x" * 3_000_000, "record.toml", "is too large"),
        ("identifier\n=cmd()\n", "record.csv", "cannot be used"),
    ],
)
def test_files_that_are_no_records_are_refused_with_every_mistake(
    owner: TestClient, text: str, name: str, told: str
) -> None:
    answer = take(owner, text, name)
    assert answer.status_code == 400  # type: ignore[attr-defined]
    assert told in answer.text  # type: ignore[attr-defined]
    assert ".commonbeat." not in answer.text  # type: ignore[attr-defined]


def test_no_file_is_no_failure(owner: TestClient) -> None:
    page = owner.get("/record").text
    answer = owner.post("/record/import", data={"csrf": csrf_of(page)}, headers=ORIGIN)
    assert answer.status_code == 400
