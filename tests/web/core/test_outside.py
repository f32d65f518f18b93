"""What every request meets first: our name, our headers, our limits; and that nothing leads elsewhere."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.testclient import TestClient

from commonbeat.web.app import application
from commonbeat.web.security.arrivals import Arrivals
from commonbeat.web.security.bodies import USUAL, limit_of
from commonbeat.web.security.headers import CONTENT_POLICY, REPORT_POLICY
from commonbeat.web.security.throttle import MOST_BUCKETS, Throttle
from commonbeat.web.settings import settings_for
from commonbeat.web.static_files import static_files
from tests.web.core.browsers import browser

ELSEWHERE = re.compile(r"(?:https?:)?//[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.IGNORECASE)
NAMES = ("http://www.w3.org/",)  # names of vocabularies, which nothing fetches


def reaches_out(text: str) -> list[str]:
    """Addresses of other machines in a page, a style sheet or a script."""
    return [found for found in ELSEWHERE.findall(text) if not (found + "/").startswith(NAMES)]


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8000", 200),
        ("localhost:8000", 200),
        ("[::1]:8000", 200),
        ("LOCALHOST:8000", 200),
        ("evil.example:8000", 421),
        ("evil.example", 421),
        ("127.0.0.1:9000", 421),
        ("127.0.0.1", 421),
        ("127.0.0.1.evil.example:8000", 421),
        ("evil@127.0.0.1:8000@evil.example", 421),
        ("", 421),
        ("127.0.0.1:x", 421),
        ("[::1", 421),
        ("192.168.1.5:8000", 421),
    ],
)
def test_only_our_names_are_answered(stranger: TestClient, host: str, status: int) -> None:
    assert stranger.get("/login", headers={"Host": host}).status_code == status


def test_other_addresses_have_other_names(tmp_path: Path) -> None:
    wide = settings_for(tmp_path, host="0.0.0.0")  # noqa: S104
    assert wide.answers_to("192.168.1.5:8000")
    assert not wide.answers_to("evil.example:8000")
    behind = settings_for(tmp_path, address="https://listen.example.org")
    assert behind.answers_to("listen.example.org")
    assert behind.answers_to("listen.example.org:443")
    assert not behind.answers_to("example.org")
    assert behind.secure
    assert not behind.local


@pytest.mark.parametrize("path", ["/", "/login", "/nothing", "/static/base.css", "/start?key=x"])
def test_every_answer_has_the_headers(stranger: TestClient, path: str) -> None:
    headers = stranger.get(path).headers
    assert headers["content-security-policy"] == CONTENT_POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["x-frame-options"] == "DENY"
    assert "no-store" in headers["cache-control"] or path.startswith("/static/")
    assert "server" not in headers


def test_a_stranger_to_our_name_gets_the_headers_too(stranger: TestClient) -> None:
    response = stranger.get("/", headers={"Host": "evil.example"})
    assert response.headers["content-security-policy"] == CONTENT_POLICY


@pytest.mark.parametrize("policy", [CONTENT_POLICY, REPORT_POLICY])
def test_no_policy_lets_a_page_run_foreign_or_inline_scripts(policy: str) -> None:
    rules = dict(each.strip().split(" ", 1) for each in policy.split(";") if " " in each.strip())
    assert rules["default-src"] == "'none'"
    assert rules.get("script-src", "'none'") in ("'none'", "'self'")
    assert rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    assert "http" not in policy
    assert "*" not in policy


def test_our_pages_hold_nothing_inline(owner: TestClient, stranger: TestClient) -> None:
    for text in (owner.get("/").text, stranger.get("/login").text, owner.get("/nothing").text):
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:|<script(?![^>]*\ssrc=)", text)


def test_nothing_leads_to_another_machine(owner: TestClient) -> None:
    for path in ("/", "/login", "/nothing"):
        assert reaches_out(owner.get(path).text) == []
    for name, file in static_files().items():
        if name != "htmx.js":  # it asks where its attributes say, and ours say our own paths
            assert reaches_out(file.content.decode()) == [], name
    assert reaches_out('<img src="//cdn.example.org/x.png">') == ["//cdn.example.org"]


def test_htmx_comes_from_its_package_and_django_is_not_started(owner: TestClient) -> None:
    response = owner.get("/static/htmx.js")
    assert response.status_code == 200
    assert len(response.content) > 20_000
    assert "django" not in sys.modules
    assert not list(Path(__file__).parents[3].glob("src/**/htmx*.js"))


def test_a_file_that_is_known_is_not_sent_again(stranger: TestClient) -> None:
    tag = stranger.get("/static/base.css").headers["etag"]
    again = stranger.get("/static/base.css", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/static/../settings.py",
        "/static/..%2fsettings.py",
        "/static/%2e%2e/settings.py",
        "/static/....//settings.py",
        "/static/base.css%00.js",
        "/static//etc/passwd",
        "/static/%2fetc%2fpasswd",
        "/static/",
        "/static/base.css/",
        "//static/base.css",
    ],
)
def test_tricks_with_paths_find_nothing(stranger: TestClient, path: str) -> None:
    assert stranger.get(path).status_code == 404


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "POST", "FOO"])
def test_wrong_methods_are_refused(owner: TestClient, method: str) -> None:
    for path in ("/", "/static/base.css", "/start"):
        assert owner.request(method, path).status_code == 405


def test_a_body_that_says_it_is_too_large_is_not_read(stranger: TestClient) -> None:
    response = stranger.post("/login", content=b"a" * (USUAL + 1))
    assert response.status_code == 413
    assert "Too large" in response.text


def test_a_body_that_turns_out_too_large_is_refused(stranger: TestClient) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(1000):
            yield b"name=" + b"a" * 65_536

    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert stranger.post("/login", content=endless(), headers=headers).status_code == 413


@pytest.mark.parametrize("length", ["-1", "x", "1e9", "", "9" * 30])
def test_a_length_that_is_none_is_refused(stranger: TestClient, length: str) -> None:
    response = stranger.post("/login", content=b"a=b", headers={"Content-Length": length})
    assert response.status_code in (400, 413)


def test_uploads_may_be_larger_than_forms() -> None:
    assert limit_of("/estimate/upload") > limit_of("/offline/x") > limit_of("/login") == limit_of("/r/token")


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.binary(max_size=300),
    kind=st.sampled_from(
        [
            "application/x-www-form-urlencoded",
            "application/x-www-form-urlencoded; charset=utf-7",
            "multipart/form-data",
            "multipart/form-data; boundary=x",
            "multipart/form-data; boundary=x; charset=nonsense",
            "application/json",
            "text/plain",
            "\xff",
        ]
    ),
)
@example(
    body=b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\n\xff\r\n--x--\r\n',
    kind="multipart/form-data; boundary=x",
)
@example(body=b"name=%00&password=%ff", kind="application/x-www-form-urlencoded")
@example(body=b"&" * 5000, kind="application/x-www-form-urlencoded")
@example(body=b"a=b&" * 5000, kind="application/x-www-form-urlencoded")
def test_no_body_breaks_the_door(app: Starlette, body: bytes, kind: str) -> None:
    app.state.door.knocking.near = app.state.door.knocking.by_name = app.state.door.knocking.by_all = Throttle(
        10**6, 1.0
    )
    response = browser(app).post("/login", content=body, headers={b"Content-Type": kind.encode("latin-1")})
    assert response.status_code in (400, 401, 413)


@hypothesis_settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.text(max_size=60), query=st.text(max_size=40))
def test_no_address_breaks_the_app(app: Starlette, path: str, query: str) -> None:
    from urllib.parse import quote

    address = f"/{quote(path, errors='surrogatepass')}?next={quote(query, errors='surrogatepass')}"
    assert browser(app).get(address).status_code in (200, 303, 401, 404, 405)


def test_a_machine_in_a_hurry_waits_at_one_link_only(tmp_path: Path) -> None:
    app = application(settings_for(tmp_path))
    app.user_middleware = [
        each if each.cls is not Arrivals else type(each)(Arrivals, rates={"r": (3, 3600.0)})
        for each in app.user_middleware
    ]
    with browser(app) as client:
        found = [client.post("/r/one/begin").status_code for _ in range(5)]
        other = client.post("/r/two/begin").status_code
        reading = [client.get("/r/one").status_code for _ in range(5)]
        last = client.post("/r/one/other-page")
    assert found[3:] == [429, 429]
    assert 429 not in (*found[:3], other, *reading)
    assert last.status_code == 429
    assert int(last.headers["retry-after"]) > 0
    assert "Please wait a little" in last.text


def test_a_throttle_fills_again_and_forgets_the_quietest() -> None:
    now = [0.0]
    throttle = Throttle(2, 10.0, lambda: now[0])
    assert [throttle.wait_of("a") for _ in range(3)] == [0, 0, 10]
    now[0] = 9.0
    assert throttle.wait_of("a") == 1
    now[0] = 10.0
    assert throttle.allows("a")
    assert not throttle.allows("a")
    throttle.forget("a")
    assert throttle.allows("a")
    for number in range(MOST_BUCKETS + 5):
        throttle.allows(str(number))
    assert len(throttle._left) == MOST_BUCKETS


def test_a_link_is_what_others_can_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    monkeypatch.setattr(socket, "gethostname", lambda: "Library-Laptop")
    wide = settings_for(tmp_path, host="0.0.0.0")  # noqa: S104
    assert wide.base == "http://Library-Laptop:8000"
    assert wide.answers_to("library-laptop:8000")
    assert wide.answers_to("library-laptop.local:8000")
    assert not settings_for(tmp_path).answers_to("library-laptop:8000")
    assert settings_for(tmp_path, host="::1").base == "http://[::1]:8000"
    assert settings_for(tmp_path, address="https://listen.example.org/").base == "https://listen.example.org"


def test_without_staff_only_those_who_answer_find_something(tmp_path: Path) -> None:
    app = application(settings_for(tmp_path, staff=False))
    with browser(app) as client:
        for path in ("/", "/login", "/start?key=x", "/record", "/listen", "/jobs", "/reports"):
            assert client.get(path).status_code == 404, path
        assert client.get("/static/base.css").status_code == 200
        assert client.get("/withdraw").status_code == 200
        assert "Home" not in client.get("/record").text


@pytest.mark.parametrize("path", ["/r/token", "/k/token", "/offline/token", "/withdraw"])
def test_those_who_answer_are_refused_in_their_language(stranger: TestClient, path: str) -> None:
    for language, heading in (("es-MX,es;q=0.9", "Revise esto, por favor"), ("en", "Please look at this again")):
        response = stranger.post(path, content=b"a" * 5_000_000, headers={"Accept-Language": language})
        assert response.status_code == 413
        assert f'lang="{language[:2]}"' in response.text
        assert heading in response.text
        assert "Common Beat" not in response.text
        assert "cookie" not in str(response.headers)


def test_a_browser_finds_the_sign_that_no_page_names(stranger: TestClient) -> None:
    found = stranger.get("/favicon.ico")
    assert (found.status_code, found.headers["content-type"]) == (200, "image/svg+xml")
    assert found.content == stranger.get("/static/icon.svg").content
