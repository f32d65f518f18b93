"""Who may see what, and that a form was sent from one of our pages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from commonbeat.web.app import refuse_unguarded
from commonbeat.web.forms import texts_of
from commonbeat.web.security.guard import MARK, needs, open_to_all
from commonbeat.workflows.web_sessions import begin_session, session_of
from tests.web.core.browsers import browser

ROLES = ("viewer", "analyst", "owner")


@needs("viewer")
def for_viewers(request: Request) -> Response:
    return PlainTextResponse("seen")


@needs("analyst")
async def for_analysts(request: Request) -> Response:
    return PlainTextResponse(texts_of(request.state.form).get("words", ""))


@needs("owner")
def for_owners(request: Request) -> Response:
    return PlainTextResponse("done")


@pytest.fixture
def guarded(app: Starlette) -> Starlette:
    app.router.routes += [
        Route("/t/viewers", for_viewers),
        Route("/t/analysts", for_analysts, methods=["POST"]),
        Route("/t/owners", for_owners, methods=["POST", "DELETE"]),
    ]
    return app


def signed_in(app: Starlette, role: str) -> tuple[TestClient, str]:
    token = begin_session(app.state.store, "somebody", role)
    client = browser(app)
    client.cookies.set("commonbeat-8000", token)
    session = session_of(app.state.store, token)
    assert session is not None
    return client, session.csrf


@pytest.mark.parametrize("role", ROLES)
def test_each_role_goes_as_far_as_it_should(guarded: Starlette, role: str) -> None:
    client, csrf = signed_in(guarded, role)
    statuses = (
        client.get("/t/viewers").status_code,
        client.post("/t/analysts", data={"csrf": csrf}).status_code,
        client.post("/t/owners", data={"csrf": csrf}).status_code,
    )
    rank = ROLES.index(role)
    assert statuses == (200, 200 if rank >= 1 else 403, 200 if rank >= 2 else 403)


def test_a_role_that_is_too_low_is_told_which_is_needed(guarded: Starlette) -> None:
    client, csrf = signed_in(guarded, "viewer")
    assert "needs the role owner" in client.post("/t/owners", data={"csrf": csrf}).text


@pytest.mark.parametrize("given", [{}, {"csrf": ""}, {"csrf": "x"}, {"csrf": "é"}, {"CSRF": "right"}])
def test_a_form_without_the_token_is_refused(guarded: Starlette, given: dict[str, str]) -> None:
    client, _ = signed_in(guarded, "owner")
    assert client.post("/t/owners", data=given).status_code == 403
    assert client.request("DELETE", "/t/owners").status_code == 403


def test_the_token_of_another_session_is_refused(guarded: Starlette) -> None:
    client, _ = signed_in(guarded, "owner")
    _, other = signed_in(guarded, "owner")
    assert client.post("/t/owners", data={"csrf": other}).status_code == 403


def test_a_file_in_place_of_the_token_is_refused(guarded: Starlette) -> None:
    client, _ = signed_in(guarded, "owner")
    assert client.post("/t/owners", files={"csrf": ("x", b"y")}).status_code == 403


def test_the_token_may_come_in_a_header(guarded: Starlette) -> None:
    client, csrf = signed_in(guarded, "analyst")
    assert client.post("/t/analysts", data={"words": "a"}, headers={"X-CSRF-Token": csrf}).text == "a"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://127.0.0.1:8000"}, 200),
        ({"Origin": "http://localhost:8000", "Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "http://127.0.0.1:9000"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
def test_a_form_comes_from_one_of_our_pages(guarded: Starlette, headers: dict[str, str], status: int) -> None:
    client, csrf = signed_in(guarded, "analyst")
    assert client.post("/t/analysts", data={"csrf": csrf}, headers=headers).status_code == status


def test_what_is_sent_without_a_session_is_refused(guarded: Starlette) -> None:
    with browser(guarded) as client:
        assert client.post("/t/owners", data={"csrf": "x"}).status_code == 401
        assert client.get("/t/viewers", headers={"HX-Request": "true"}).status_code == 401
        assert client.get("/t/viewers").headers["location"] == "/login?next=/t/viewers"


@pytest.mark.parametrize("words", ["a\0b", "\0"])
def test_what_no_database_holds_is_refused(guarded: Starlette, words: str) -> None:
    client, csrf = signed_in(guarded, "analyst")
    assert client.post("/t/analysts", data={"csrf": csrf, "words": words}).status_code == 400
    assert client.post("/t/analysts", files={"words": (None, words)}, headers={"X-CSRF-Token": csrf}).status_code == 400


def test_every_endpoint_of_the_app_says_to_whom_it_answers(app: Starlette) -> None:
    def leaves(routes: list) -> Iterator[Route]:
        for route in routes:
            if isinstance(route, Mount):
                yield from leaves(route.routes)
            else:
                yield route

    marks = {route.path: getattr(route.endpoint, MARK, None) for route in leaves(app.routes)}
    assert marks["/"] == "viewer"
    for path, mark in marks.items():
        answering = path.startswith(("/r/", "/k/", "/offline/", "/withdraw", "/static/", "/favicon.ico"))
        assert mark is not None or answering, path


def test_forgetting_to_say_so_stops_the_app() -> None:
    def anybody(request: Request) -> Response:
        return PlainTextResponse("")

    with pytest.raises(TypeError, match="/secret"):
        refuse_unguarded([Mount("/deep", routes=[Route("/secret", anybody)])])
    refuse_unguarded([Route("/open", open_to_all(anybody))])
