"""Every address that the app lists, with every method, as everybody: who is let in, and that nothing breaks."""

from __future__ import annotations

import pytest

from commonbeat.workflows.web_users import ROLES
from tests.web.fuzz.raw import FORM, ORIGIN
from tests.web.fuzz.world import NOBODY, VISITORS, World, open_to

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "BREW")
READING = ("GET", "HEAD")
FINE = {200, 204, 206, 303, 307, 400, 401, 403, 404, 405, 413, 416, 421, 429}


@pytest.mark.parametrize("visitor", VISITORS)
def test_every_method_at_every_address(world: World, visitor: str) -> None:
    wrong = []
    for path, route in world.routes():
        address = world.address(path, route)
        if visitor != NOBODY and open_to(route) == "all":
            continue  # those pages do not look who is signed in
        for method in METHODS:
            answer = world.ask(visitor, method, address)
            if answer.status not in FINE or b"Traceback" in answer.body:
                wrong.append((method, address, answer.status))
            if (
                method not in (route.methods or ())
                and method not in ("OPTIONS", "POST", *READING)
                and answer.status != 405
            ):
                wrong.append((method, address, answer.status, "should be 405"))
    assert wrong == []


def test_nobody_sees_a_page_of_the_team(world: World) -> None:
    seen = []
    for path, route in world.routes():
        if open_to(route) == "all":
            continue
        address = world.address(path, route)
        for method in route.methods or ():
            answer = world.ask(NOBODY, method, address)
            led_away = answer.status == 401 or (
                answer.status == 303 and answer.headers["location"].startswith("/login?")
            )
            if not led_away:
                seen.append((method, address, answer.status))
    assert seen == []


@pytest.mark.parametrize("visitor", ROLES)
def test_a_role_goes_as_far_as_it_goes(world: World, visitor: str) -> None:
    # With the form's token, so that what refuses is the role and nothing else.
    wrong = []
    for path, route in world.routes():
        needed = open_to(route)
        if needed == "all" or path == "/leave":
            continue
        too_low = ROLES.index(visitor) < ROLES.index(needed)
        for method in set(route.methods or ()) - {"HEAD"}:
            answer = world.ask(visitor, method, world.address(path, route), [FORM], csrf=True)
            if too_low != (answer.status == 403):
                wrong.append((method, path, needed, answer.status))
    assert wrong == []


def test_a_viewer_changes_nothing(world: World) -> None:
    posts = [(path, open_to(route)) for path, route in world.routes() if "POST" in (route.methods or ())]
    of_the_team = {path for path, needed in posts if needed != "all"}
    open_to_viewers = {path for path, needed in posts if needed == "viewer"}
    assert len(of_the_team) >= 5
    assert open_to_viewers == {"/leave"}


@pytest.mark.parametrize(
    "sent",
    [
        [],
        [ORIGIN],
        [ORIGIN, (b"x-csrf-token", b"")],
        [ORIGIN, (b"x-csrf-token", b"x" * 43)],
        [ORIGIN, (b"x-csrf-token", "é☺".encode())],
        [(b"origin", b"null")],
        [(b"origin", b"https://evil.example")],
        [(b"origin", b"http://127.0.0.1:8001")],
        [(b"origin", b"http://127.0.0.1:8000.evil.example")],
        [(b"origin", b"\xff\xfe")],
        [(b"sec-fetch-site", b"cross-site")],
        [(b"sec-fetch-site", b"same-site")],
    ],
)
def test_what_is_not_sent_from_a_page_of_the_session_is_refused(world: World, sent: list[tuple[bytes, bytes]]) -> None:
    # Where the origin is what is wrong, the token is right.
    right = [] if (b"x-csrf-token" in dict(sent) or not sent or sent == [ORIGIN]) else [token_of(world)]
    wrong = []
    for path, route in world.routes():
        if open_to(route) == "all" or "POST" not in (route.methods or ()):
            continue
        answer = world.ask("owner", "POST", world.address(path, route), [FORM, *right, *sent])
        if answer.status != 403:
            wrong.append((path, answer.status))
    assert wrong == []


def test_another_sessions_token_opens_no_form(world: World) -> None:
    answer = world.ask("owner", "POST", "/leave", [FORM, ORIGIN, token_of(world, "analyst")])
    assert answer.status == 403
    assert world.ask("owner", "GET", "/").status == 200


def token_of(world: World, role: str = "owner") -> tuple[bytes, bytes]:
    return b"x-csrf-token", world.session(role)[1].encode()
