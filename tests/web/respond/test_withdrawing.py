"""Taking everything back by code stays open to those who have one, whoever else tries."""

from __future__ import annotations

import sqlite3

import pytest
from starlette.testclient import TestClient

from commonbeat.storage import Store
from commonbeat.web.respond import withdrawing
from commonbeat.workflows.listen_keep import invite
from tests.web.respond.walking import Walk, to_questions

WORDS = "words that somebody took back"


def answered(client: TestClient, store: Store) -> tuple[str, str]:
    """A personal link whose study was answered in words, and the code that was shown at the end."""
    (invited,) = invite(store, "those-present", 1)
    walk = to_questions(Walk(client, f"/r/{invited.token}"))
    while walk.heading == "Please tell us":
        walk.send(**{name: WORDS for name in walk.page.asked if name.endswith("_words")})
    return f"/r/{invited.token}", next(words for words in walk.page.words if words.count("-") == 3)


def test_a_stranger_who_tries_codes_keeps_nobody_from_withdrawing(client: TestClient, store: Store) -> None:
    link, code = answered(client, store)
    tried = {client.post("/withdraw", data={"code": f"{each:016d}"}).status_code for each in range(60)}
    assert tried == {404}
    assert client.post("/withdraw", data={"code": code}).status_code == 200
    assert code not in client.get(link).text


@pytest.mark.parametrize("stays", [False, True])
def test_traces_that_another_program_held_are_erased_later_or_told(
    client: TestClient, store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, *, stays: bool
) -> None:
    file = store.location.file if store.location else None
    if file is None:
        pytest.skip("PostgreSQL has no side file that another reader holds")
    _, code = answered(client, store)
    other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN")
    other.execute("SELECT count(*) FROM answers").fetchone()
    monkeypatch.setattr(withdrawing, "PAUSES_SECONDS", (1.0,))
    monkeypatch.setattr(withdrawing.time, "sleep", lambda _: None if stays else other.close())
    assert client.post("/withdraw", data={"code": code}).status_code == 200
    held = any(WORDS.encode() in path.read_bytes() for path in file.parent.glob(f"{file.name}*"))
    assert held is stays
    assert ("traces are left" in caplog.text) is stays
    other.close()
