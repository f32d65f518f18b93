"""Nobody comes in without the key from our terminal or a password; a session ends, and by itself too."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from commonbeat.storage import Store
from commonbeat.storage.log import broken, entries
from commonbeat.storage.tables_web import sessions
from commonbeat.web.app import application
from commonbeat.web.security.door import inside
from commonbeat.web.settings import settings_for
from commonbeat.workflows.web_sessions import IDLE_SECONDS, MOST_SECONDS, begin_session, end_session, session_of
from commonbeat.workflows.web_users import set_user
from tests.web.core.browsers import PASSWORD, browser, csrf_of


def test_a_page_leads_to_the_door_and_sends_nothing(stranger: TestClient) -> None:
    response = stranger.get("/")
    assert (response.status_code, response.headers["location"], response.content) == (303, "/login?next=/", b"")
    assert "set-cookie" not in response.headers


def test_the_key_opens_once_and_a_new_one_is_told(app: Starlette, stranger: TestClient, said: list[str]) -> None:
    first = app.state.door.key.address
    response = stranger.get(first)
    assert (response.status_code, response.headers["location"]) == (303, "/")
    cookie = response.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Secure" not in cookie
    assert stranger.get("/").status_code == 200
    second = app.state.door.key.address
    assert second != first
    assert said == [f"Opened. For another browser: {second}"]
    with browser(app) as other:
        assert other.get(first).status_code == 401
        assert other.get("/").status_code == 303
        assert other.get(second).status_code == 303


@pytest.mark.parametrize("key", ["", "x", "%00", "%ff%fe", "é", "x" * 5000])
def test_a_wrong_key_opens_nothing(stranger: TestClient, key: str) -> None:
    response = stranger.get(f"/start?key={key}")
    assert response.status_code == 401
    assert "set-cookie" not in response.headers


def test_behind_another_address_there_is_no_key(tmp_path: Path) -> None:
    app = application(settings_for(tmp_path, host="0.0.0.0"))  # noqa: S104
    with browser(app) as client:
        assert client.get("/start?key=").status_code == 404
        assert "commonbeat web" not in client.get("/login").text


def test_behind_https_the_cookie_stays_there(tmp_path: Path) -> None:
    app = application(settings_for(tmp_path, address="https://listen.example.org"))
    set_user(app.state.store, "owner", PASSWORD)
    with browser(app, "https://listen.example.org") as client:
        response = client.post("/login", data={"name": "owner", "password": PASSWORD})
        cookie = response.headers["set-cookie"]
        assert cookie.startswith("__Host-commonbeat=")
        assert "Secure" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie
        assert response.headers["strict-transport-security"]


def test_a_password_opens_and_a_wrong_one_does_not(app: Starlette, stranger: TestClient) -> None:
    set_user(app.state.store, "mira", PASSWORD)
    wrong = stranger.post("/login", data={"name": "mira", "password": "another river dances"})
    unknown = stranger.post("/login", data={"name": "nobody", "password": PASSWORD})
    assert (wrong.status_code, unknown.status_code) == (401, 401)
    assert wrong.text.replace("mira", "") == unknown.text.replace("nobody", "")  # a name cannot be guessed
    right = stranger.post("/login", data={"name": "mira", "password": PASSWORD, "next": "/?a=1"})
    assert (right.status_code, right.headers["location"]) == (303, "/?a=1")
    assert "mira, owner" in stranger.get("/").text


def test_a_planted_cookie_is_replaced(app: Starlette, stranger: TestClient) -> None:
    stranger.cookies.set("commonbeat-8000", "planted")
    stranger.get(app.state.door.key.address)
    assert stranger.cookies.get("commonbeat-8000", domain="127.0.0.1") != "planted"
    assert session_of(app.state.store, "planted") is None


def test_leaving_ends_the_session_in_the_store(app: Starlette, owner: TestClient) -> None:
    token = owner.cookies.get("commonbeat-8000")
    assert session_of(app.state.store, token or "") is not None
    response = owner.post("/leave", data={"csrf": csrf_of(owner.get("/").text)})
    assert (response.status_code, response.headers["location"]) == (303, "/login")
    assert session_of(app.state.store, token or "") is None


@pytest.mark.parametrize(
    ("path", "where"),
    [
        ("/record?x=1", "/record?x=1"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("", "/"),
        ("/a\r\nSet-Cookie: x", "/"),
        ("/é", "/"),
    ],
)
def test_the_door_leads_nowhere_else(path: str, where: str) -> None:
    assert inside(path) == where


def test_sessions_end_by_themselves(both: Store) -> None:
    token = begin_session(both, "mira", "analyst", now=1_000_000)
    found = session_of(both, token, now=1_000_030)
    assert found is not None
    assert (found.user, found.role) == ("mira", "analyst")
    assert session_of(both, token, now=1_000_000 + IDLE_SECONDS) is None
    moment = 1_000_000
    while moment < 1_000_000 + MOST_SECONDS - IDLE_SECONDS // 2:
        moment += IDLE_SECONDS // 2
        alive = session_of(both, token, now=moment)
        assert (alive is not None) == (moment < 1_000_000 + MOST_SECONDS)
    assert session_of(both, token, now=1_000_000 + MOST_SECONDS) is None


def test_the_store_holds_no_token(both: Store) -> None:
    token = begin_session(both, "mira", "viewer")
    with both.reading() as connection:
        row = connection.execute(select(sessions)).one()
        log = entries(connection)
    assert token not in str(row)
    assert row.csrf != token
    assert session_of(both, row.token_hash) is None
    assert [(each.act, each.subject, each.scope) for each in log] == [("signed in", "mira", "viewer")]
    assert broken(log) == []
    end_session(both, token)
    assert session_of(both, token) is None


@pytest.mark.parametrize("token", ["", "x", "é", "\udcff", "a" * 100_000])
def test_no_token_is_no_session(both: Store, token: str) -> None:
    assert session_of(both, token) is None


def test_old_sessions_are_swept_out(both: Store) -> None:
    begin_session(both, "mira", "viewer", now=1_000_000)
    begin_session(both, "mira", "viewer", now=1_000_000 + IDLE_SECONDS)
    with both.reading() as connection:
        assert len(connection.execute(select(sessions)).all()) == 1


def test_the_store_is_private(app: Starlette) -> None:
    mode = stat.S_IMODE(app.state.settings.location.file.stat().st_mode)
    assert mode == 0o600
