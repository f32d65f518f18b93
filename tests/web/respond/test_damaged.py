"""Whatever is sent, by whatever method, in whatever encoding: never an error of ours, and nothing kept that was not asked."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from starlette.testclient import TestClient

from commonbeat.storage import Store
from commonbeat.storage.tables_listen import answers
from commonbeat.workflows.listen_keep import invite, open_link
from tests.web.respond.walking import Walk, to_questions

PRESENT = "those-present"
DOINGS = ("begin", "language", "audience", "consent", "answers", "contact", "stop", "", "x")
NAMES = ("doing", "wave", "page", "key", "agreed", "language", "audience", "contact", "code", "enjoyed")
FORM = "application/x-www-form-urlencoded"
KINDS = (
    FORM,
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "text/plain",
    "application/json",
    FORM + "; charset=utf-16",
)
fields = st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=12), st.text(max_size=60), max_size=8)
rarely = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def addresses(client: TestClient, store: Store) -> list[str]:
    """Every kind of address, with links that are good."""
    token = invite(store, PRESENT, 1, audience="adult")[0].token
    to_questions(Walk(client, f"/r/{token}"))
    kiosk, file, opened = (open_link(store, PRESENT, kind) for kind in ("kiosk", "offline", "open"))
    below = [
        "",
        "/material",
        "/captions",
        "/there/1",
        "/there/2",
        "/there/-1",
        "/%00/1",
        "/there/999999999999999999999",
    ]
    seated = Walk(client, f"/k/{kiosk}").send().form["action"]
    kinds = [f"/r/{token}{each}" for each in below] + [f"/r/{opened}", f"/k/{kiosk}", seated, f"{seated}/material"]
    return [*kinds, "/withdraw", f"/offline/{file}", "/r/%ff%fe", "/k/%00", "/offline/..%2f", "/r/" + "A" * 5000]


@rarely
@given(sent=fields, doing=st.sampled_from(DOINGS), place=st.integers(0, 40))
def test_forms_of_any_words(client: TestClient, addresses: list[str], sent: dict, doing: str, place: int) -> None:
    address = addresses[place % len(addresses)]
    answer = client.post(address, data={**sent, "doing": doing})
    assert answer.status_code < 500, (address, answer.text)


@rarely
@given(body=st.binary(max_size=300), kind=st.sampled_from(KINDS), place=st.integers(0, 40))
def test_bodies_of_any_bytes(client: TestClient, addresses: list[str], body: bytes, kind: str, place: int) -> None:
    address = addresses[place % len(addresses)]
    answer = client.post(address, content=body, headers={"content-type": kind})
    assert answer.status_code < 500, (address, answer.text)


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"])
def test_any_method(client: TestClient, addresses: list[str], method: str) -> None:
    found = {address: client.request(method, address).status_code for address in addresses}
    assert {address: status for address, status in found.items() if status >= 500} == {}
    if method in ("PUT", "DELETE", "PATCH", "TRACE", "BREW"):
        assert set(found.values()) <= {400, 404, 405}


def test_a_field_that_is_far_too_large_is_refused_and_the_page_is_still_there(client: TestClient, store: Store) -> None:
    walk = to_questions(Walk(client, f"/r/{invite(store, PRESENT, 1, audience='adult')[0].token}"))
    item, form = walk.page.asked[0], walk.form
    assert client.post(form["action"], data={**form["fields"], item: "1" * 2_000_000}).status_code == 413
    assert client.post(form["action"], data={**form["fields"], item: "1" * 200_000}).status_code == 400
    many = {f"{item}{number}": "1" for number in range(11_000)}
    assert client.post(form["action"], data={**form["fields"], **many}).status_code in (400, 413)
    assert (
        client.post(form["action"], content=b"\xff=\xfe&doing=answers", headers={"content-type": FORM}).status_code
        == 400
    )
    with store.reading() as connection:
        assert connection.execute(select(answers)).all() == []
    assert walk.open(walk.url).heading == "Please tell us"
