"""Whoever tries passwords without end keeps out those who try from the same place, and nobody whose browser was let in before."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from commonbeat.storage.secrets import secrets_file
from commonbeat.web.app import application
from commonbeat.web.security.knocking import BY_NAME, NEAR, Knocking, network_of
from commonbeat.web.security.throttle import Throttle
from commonbeat.web.settings import settings_for
from commonbeat.workflows.web_users import set_user
from tests.web.core.browsers import PASSWORD, browser

WRONG = "another river dances"


@pytest.fixture
def team(app: Starlette) -> Starlette:
    """An app whose clock at the door stands still, with one user; a password is looked at without the work that it costs."""
    knocking = app.state.door.knocking
    for name in ("by_browser", "near", "by_name", "by_all"):
        bucket = getattr(knocking, name)
        setattr(knocking, name, Throttle(bucket.burst, bucket.seconds_each, lambda: 0.0))
    knocking.by_all = Throttle(1000, 1.0, lambda: 0.0)
    set_user(app.state.store, "mira", PASSWORD)
    return app


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """A password is compared as it stands: what is counted here is how often, and a sound hash takes long."""

    def role(_: object, name: str, password: str) -> str | None:
        return "owner" if (name, password) == ("mira", PASSWORD) else None

    monkeypatch.setattr("commonbeat.web.security.door.role_by_password", role)


def at(app: Starlette, host: str) -> TestClient:
    """A browser at that network address."""
    return TestClient(app, base_url="http://127.0.0.1:8000", follow_redirects=False, client=(host, 50_000))


def knock(client: TestClient, password: str, name: str = "mira") -> int:
    return client.post("/login", data={"name": name, "password": password}).status_code


@pytest.mark.usefixtures("cheap")
def test_who_tries_too_often_waits_and_others_do_not(team: Starlette) -> None:
    attacker = at(team, "192.0.2.7")
    assert [knock(attacker, WRONG) for _ in range(8)] == [401] * 6 + [429] * 2
    late = attacker.post("/login", data={"name": "mira", "password": PASSWORD})
    assert (late.status_code, int(late.headers["retry-after"]) > 0) == (429, True)
    assert knock(attacker, "x", "sam") == 429  # another name does not help
    assert knock(at(team, "192.0.2.8"), PASSWORD) == 303


@pytest.mark.usefixtures("cheap")
def test_many_addresses_that_try_one_name_wait_too(team: Starlette) -> None:
    tries = [knock(at(team, f"192.0.2.{number}"), WRONG) for number in range(BY_NAME[0] + 3)]
    assert tries == [401] * BY_NAME[0] + [429] * 3
    assert knock(at(team, "198.51.100.1"), PASSWORD) == 429
    assert knock(at(team, "198.51.100.1"), WRONG, "sam") == 401


@pytest.mark.usefixtures("cheap")
def test_a_browser_that_was_let_in_before_is_let_in_while_others_try(team: Starlette) -> None:
    known = at(team, "127.0.0.1")
    assert knock(known, PASSWORD) == 303
    known.cookies.delete("commonbeat-8000")
    attacker = at(team, "127.0.0.1")  # the same address: behind a proxy all have one
    while knock(attacker, WRONG) == 401:
        pass
    for number in range(BY_NAME[0]):
        knock(at(team, f"192.0.2.{number}"), WRONG)
    assert knock(at(team, "198.51.100.1"), PASSWORD) == 429
    assert knock(known, PASSWORD) == 303
    assert [knock(known, WRONG) for _ in range(7)] == [401] * 6 + [429]  # it may not try without end either


@pytest.mark.usefixtures("cheap")
def test_the_mark_of_one_name_or_of_another_project_helps_nobody(team: Starlette, tmp_path_factory) -> None:
    sam = at(team, "127.0.0.1")
    knock(sam, PASSWORD)
    mark = sam.cookies["commonbeat-known-8000"]
    other = application(settings_for(tmp_path_factory.mktemp("other")))
    assert Knocking().wait_of(_request(team, mark), "mira") == 0
    for app, name, value in (
        (team, "sam", mark),
        (other, "mira", mark),
        (team, "mira", f"{mark}0"),
        (team, "mira", "é"),
    ):
        counted = Knocking()
        tries = [counted.wait_of(_request(app, value), name) for _ in range(NEAR[0] + 1)]
        assert tries[-1] > 0
        assert counted.by_browser.wait_of(mark.partition(".")[0]) == 0  # counted as anybody's
        assert len(counted.near._left) == 1
    other.state.store.engine.dispose()


def test_the_mark_is_sent_to_the_door_alone_and_opens_nothing(team: Starlette) -> None:
    with browser(team) as client:
        response = client.post("/login", data={"name": "mira", "password": PASSWORD})
        cookie = next(
            each for each in response.headers.get_list("set-cookie") if each.startswith("commonbeat-known-8000=")
        )
        for flag in ("Path=/login", "HttpOnly", "SameSite=strict", "Max-Age=7776000"):
            assert flag in cookie
        client.cookies.delete("commonbeat-8000")
        assert client.get("/").status_code == 303
    assert secrets_file(team.state.settings.project).stat().st_mode & 0o077 == 0


@pytest.mark.usefixtures("cheap")
def test_secrets_that_cannot_be_used_keep_nobody_out(team: Starlette) -> None:
    secrets_file(team.state.settings.project).write_text("{}", encoding="utf-8")
    secrets_file(team.state.settings.project).chmod(0o644)
    client = at(team, "127.0.0.1")
    assert knock(client, PASSWORD) == 303
    assert "commonbeat-known-8000" not in client.cookies


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("127.0.0.1", ""),
        ("::1", ""),
        ("testclient", ""),
        ("", ""),
    ],
)
def test_a_household_is_one_network(host: str, network: str) -> None:
    assert network_of(host) == network


def test_whoever_is_quiet_long_enough_is_forgotten() -> None:
    now = [0.0]
    throttle = Throttle(2, 10.0, lambda: now[0])
    assert [throttle.wait_of("a"), throttle.wait_of("a"), throttle.wait_of("a")] == [0, 0, 10]
    now[0] = 19.0
    throttle.wait_of("b")
    assert list(throttle._left) == ["a", "b"]
    now[0] = 20.0
    throttle.wait_of("b")
    assert list(throttle._left) == ["b"]


def _request(app: Starlette, mark: str):
    from starlette.requests import Request

    headers = [(b"cookie", f"commonbeat-known-8000={mark}".encode("latin-1"))]
    return Request({"type": "http", "app": app, "headers": headers, "client": ("192.0.2.9", 1)})
