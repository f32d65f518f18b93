"""The file for a day without a network: what it holds, and that what it sends is kept once."""

from __future__ import annotations

import json
import re
from importlib import resources
from typing import Any

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from commonbeat.errors import StudyError
from commonbeat.listen.study.pages import pages_of
from commonbeat.listen.study.reading import bank_of
from commonbeat.storage import Store
from commonbeat.storage.tables_listen import answers, participants
from commonbeat.web.respond.offline import offline_file
from commonbeat.web.respond.syncing import MOST_AT_ONCE
from commonbeat.workflows.listen_keep import close_study, open_link, revoke_link
from tests.web.respond import studies

PRESENT = "those-present"
NULL = {"origin": "null", "sec-fetch-site": "cross-site", "content-type": "text/plain;charset=UTF-8"}


def keyed(number: int) -> str:
    return f"{number:022d}"


def response(number: int, audience: str = "child", value: str = "3") -> dict[str, Any]:
    """A finished response as the file's script writes it."""
    study = studies.present()
    pages = []
    for place, page in enumerate(pages_of(study, bank_of(study), "there", audience, None)):
        entry: dict[str, Any] = {"wave": "there", "page": page.identifier, "key": keyed(number * 100 + place)}
        if page.kind in ("consent", "permission", "assent"):
            entry |= {"agreed": True, "by": "guardian" if page.kind == "permission" else "self"}
        elif page.kind == "questions":
            entry["answers"] = {item.identifier: value for item in page.items}
        else:
            continue
        pages.append(entry)
    code = f"ABCD-EFGH-JKMN-{number:04d}"
    return {"key": keyed(number), "audience": audience, "language": "es", "withdrawal_code": code, "pages": pages}


def document(*responses: dict[str, Any]) -> str:
    return json.dumps({"format": 1, "study": PRESENT, "responses": responses})


def test_a_refusal_of_the_store_names_nothing_of_this_machine(client: TestClient, store: Store) -> None:
    link = f"/offline/{open_link(store, PRESENT, 'offline')}"
    same_code = {**response(2), "withdrawal_code": response(1)["withdrawal_code"]}
    found = client.post(link, content=document(response(1), same_code), headers=NULL).json()
    assert (found["kept"], [each["key"] for each in found["refused"]]) == ([keyed(1)], [keyed(2)])
    close_study(store, PRESENT)
    late = client.post(link, content=document(response(3)), headers=NULL)
    assert late.status_code == 503
    for told in (found["refused"][0]["why"], late.json()["why"]):
        assert "send it again later" in told.lower()
        assert not any(word in told for word in ("sqlite", "postgresql", "UNIQUE", "unique", "/", "commonbeat"))


def test_sent_twice_is_kept_once(client: TestClient, store: Store) -> None:
    address = f"/offline/{open_link(store, PRESENT, 'offline')}"
    body = document(response(1), response(2, "adult", "2"), {**response(3), "audience": "officer"})
    first = client.post(address, content=body, headers=NULL)
    assert first.headers["access-control-allow-origin"] == "null"
    assert "access-control-allow-credentials" not in first.headers
    assert "set-cookie" not in first.headers
    found = first.json()
    assert (found["kept"], found["known"]) == ([keyed(1), keyed(2)], [])
    assert [each["key"] for each in found["refused"]] == [keyed(3)]
    again = client.post(address, content=body, headers=NULL).json()
    assert (again["kept"], again["known"]) == ([], [keyed(1), keyed(2)])
    with store.reading() as connection:
        assert connection.execute(select(func.count()).select_from(participants)).scalar_one() == 2
        kept = connection.execute(select(func.count()).select_from(answers)).scalar_one()
    taken = client.post("/withdraw", data={"code": "abcd efgh jkmn 0002"})
    assert taken.status_code == 200
    with store.reading() as connection:
        assert 0 < connection.execute(select(func.count()).select_from(answers)).scalar_one() < kept
    # Withdrawn, and still on a device that never heard that it was kept: it does not come back.
    assert client.post(address, content=body, headers=NULL).json()["kept"] == []


def test_a_child_whose_guardian_was_not_asked_is_refused(client: TestClient, store: Store) -> None:
    address = f"/offline/{open_link(store, PRESENT, 'offline')}"
    alone = response(1)
    alone["pages"] = alone["pages"][1:]
    found = client.post(address, content=document(alone), headers=NULL).json()
    assert (found["kept"], len(found["refused"])) == ([], 1)


def test_the_question_before_is_answered_and_foreign_pages_are_not(client: TestClient, store: Store) -> None:
    address = f"/offline/{open_link(store, PRESENT, 'offline')}"
    before = client.options(address, headers={"origin": "null", "access-control-request-method": "POST"})
    assert (before.status_code, before.headers["access-control-allow-methods"]) == (204, "POST")
    foreign = client.post(address, content=document(response(1)), headers={**NULL, "origin": "https://example.org"})
    assert foreign.status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"null",
        b"[]",
        b"{" * 5000,
        b"[" * 100_000,
        b'{"format": 1}',
        b'{"format": NaN}',
        b'{"format": 1, "study": "those-present", "responses": [1, null, "x", {}]}',
        b'{"format": 1, "study": "\\ud800", "responses": []}',
        b'{"format": 1, "study": "\\u0000", "responses": []}',
        b'{"format": ' + b"9" * 5000 + b"}",
    ],
)
def test_a_damaged_document_is_refused(client: TestClient, store: Store, body: bytes) -> None:
    address = f"/offline/{open_link(store, PRESENT, 'offline')}"
    answer = client.post(address, content=body, headers=NULL)
    assert answer.status_code in (200, 400)
    assert "kept" not in answer.json() or answer.json()["kept"] == []


def test_a_link_that_is_gone_or_closed_says_so_and_the_device_keeps_its_own(client: TestClient, store: Store) -> None:
    token = open_link(store, PRESENT, "offline")
    close_study(store, PRESENT)
    closed = client.post(f"/offline/{token}", content=document(response(1)), headers=NULL)
    assert (closed.status_code, "kept" in closed.json()) == (503, False)
    revoke_link(store, PRESENT, token)
    gone = client.post(f"/offline/{token}", content=document(response(1)), headers=NULL)
    assert (gone.status_code, gone.headers["access-control-allow-origin"]) == (404, "null")


def test_the_file_is_whole_and_asks_nobody_else(client: TestClient, store: Store) -> None:
    token = open_link(store, PRESENT, "offline", audience="child")
    sent = client.get(f"/offline/{token}")
    assert sent.headers["content-disposition"] == 'attachment; filename="those-present.html"'
    found = set(re.findall(r"https?://[^\s\"'<>;]+", sent.text))
    base = "http://127.0.0.1"  # as this browser reached it
    drawings = {each for each in found if each.startswith("http://www.w3.org/")}
    assert found - drawings == {base, f"{base}/offline/{token}", f"{base}/withdraw"}
    assert not re.search(r"(src|href)=\"(?!#)", sent.text)
    assert 'data-audience="adult"' not in sent.text
    assert {"Cuéntanos", "Tell us"} <= set(re.findall(r"<h1>([^<]+)</h1>", sent.text))


def test_arms_are_not_drawn_in_a_file(store: Store, tmp_path) -> None:
    viewers = studies.viewers(tmp_path / "study")
    with pytest.raises(StudyError) as refused:
        offline_file(viewers, bank_of(viewers), "token", ["en", "fr"], address="", today=studies.TODAY)
    assert [each.place for each in refused.value.mistakes] == ["arms", "languages"]


def test_more_at_once_than_the_file_sends_are_refused_whole(client: TestClient, store: Store) -> None:
    address = f"/offline/{open_link(store, PRESENT, 'offline')}"
    script = resources.files("commonbeat.web").joinpath("templates", "respond", "offline", "offline.js").read_text()
    assert f"batch = {MOST_AT_ONCE}," in script
    many = [response(each) for each in range(MOST_AT_ONCE + 1)]
    refused = client.post(address, content=document(*many), headers=NULL)
    assert (refused.status_code, "Send them in parts." in refused.json()["why"]) == (413, True)
    with store.reading() as connection:
        assert connection.execute(select(func.count()).select_from(participants)).scalar_one() == 0
    assert len(client.post(address, content=document(*many[1:]), headers=NULL).json()["kept"]) == MOST_AT_ONCE
