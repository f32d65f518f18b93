"""Owners look after the team in the app; nobody else sees the page."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from commonbeat.workflows.web_sessions import begin_session
from commonbeat.workflows.web_users import list_users, role_by_password, set_user
from tests.web.core.browsers import PASSWORD, browser, csrf_of


def filled(owner: TestClient, **given: str) -> dict[str, str]:
    form = {"name": "sam", "role": "analyst", "password": PASSWORD, "again": PASSWORD, **given}
    return {"csrf": csrf_of(owner.get("/team").text), **form}


def test_a_user_is_made_and_removed(owner: TestClient, app: Starlette) -> None:
    assert "Nobody has a password yet" in owner.get("/team").text
    set_user(app.state.store, "mira", PASSWORD)
    assert owner.post("/team/set", data=filled(owner)).status_code == 303
    assert role_by_password(app.state.store, "sam", PASSWORD) == "analyst"
    text = owner.get("/team").text
    assert "sam" in text
    assert "user made" in text
    removed = owner.post("/team/remove", data={"csrf": csrf_of(text), "name": "sam"})
    assert removed.status_code == 303
    assert [each.name for each in list_users(app.state.store)] == ["mira"]


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({"again": "another one entirely"}, "was typed differently twice"),
        ({"password": "short", "again": "short"}, "must have 10 letters"),
        ({"role": "king"}, "is no role"),
        ({"name": "<script>"}, "is no name for a user"),
    ],
)
def test_mistakes_stand_on_the_page_without_the_password(owner: TestClient, given: dict[str, str], rule: str) -> None:
    response = owner.post("/team/set", data=filled(owner, **given))
    assert response.status_code == 400
    assert rule in response.text
    assert PASSWORD not in response.text
    assert "<script>" not in response.text


def test_the_last_owner_stays(owner: TestClient, app: Starlette) -> None:
    set_user(app.state.store, "mira", PASSWORD)
    response = owner.post("/team/remove", data={"csrf": csrf_of(owner.get("/team").text), "name": "mira"})
    assert response.status_code == 400
    assert "would leave nobody as an owner" in response.text


@pytest.mark.parametrize("role", ["viewer", "analyst"])
def test_others_do_not_see_it(app: Starlette, role: str) -> None:
    client = browser(app)
    client.cookies.set("commonbeat-8000", begin_session(app.state.store, "sam", role))
    response = client.get("/team")
    assert response.status_code == 403
    assert "needs the role owner" in response.text
    assert "/team" not in client.get("/").text
