"""What is refused is told in the language that somebody chose, whatever their browser asks for, with a way on where there is one."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from commonbeat.storage import Store
from commonbeat.workflows.listen_keep import arrive, choose_language, invite
from tests.web.respond.walking import Walk

PRESENT = "those-present"


@pytest.fixture
def link(store: Store) -> str:
    """The address of somebody who reads Spanish and whose browser asks for English."""
    token = invite(store, PRESENT, 1, audience="adult")[0].token
    arrive(store, token)
    choose_language(store, token, "es")
    return f"/r/{token}"


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"origin": "http://evil.example"}, b"doing=answers", 403),
        ({}, b"doing=" + b"x" * 300_000, 413),
        ({}, b"doing=nothing", 400),
    ],
)
def test_a_refusal_is_read_in_the_chosen_language(
    client: TestClient, link: str, headers: dict[str, str], body: bytes, status: int
) -> None:
    kind = {"content-type": "application/x-www-form-urlencoded", "accept-language": "en"}
    page = client.post(link, content=body, headers={**kind, **headers})
    assert (page.status_code, 'lang="es"' in page.text) == (status, True)
    assert f'href="{link}"' in page.text


def test_whoever_is_in_a_hurry_reads_it_in_the_chosen_language_too(client: TestClient, link: str) -> None:
    statuses = []
    while 429 not in statuses:
        page = client.post(link, content=b"", headers={"accept-language": "en"})
        statuses.append(page.status_code)
    assert 'lang="es"' in page.text
    assert int(page.headers["retry-after"]) > 0


def test_a_link_that_nobody_knows_speaks_as_the_browser_asks(client: TestClient) -> None:
    walk = Walk(client, "/r/nobody-has-this-one", "es")
    assert (walk.status, walk.page.language) == (404, "es")
