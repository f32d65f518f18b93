"""Taking everything back by code stays open to those who have one, whoever else tries."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from commonbeat.storage import Store
from commonbeat.web.respond import overwriting
from commonbeat.web.respond.overwriting import overwriter_of
from commonbeat.workflows.listen_export_log import note_export
from commonbeat.workflows.listen_keep import invite
from tests.web.respond.walking import Walk, to_questions

PRESENT = "those-present"
WORDS = "words that somebody took back"


def answered(client: TestClient, store: Store) -> tuple[str, str]:
    """A personal link whose study was answered in words, and the code that was shown at the end."""
    (invited,) = invite(store, PRESENT, 1)
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
    monkeypatch.setattr(overwriting, "SOON_SECONDS", (0.01, 0.01) if stays else (0.01,) * 100)
    assert client.post("/withdraw", data={"code": code}).status_code == 200
    assert WORDS in words_of(file)
    overwriter = overwriter_of(client.app)
    if not stays:
        other.close()
    while overwriter._held:
        time.sleep(0.01)
    assert (WORDS in words_of(file)) is stays
    assert ("traces are left" in caplog.text) is stays
    other.close()


def words_of(file: Path) -> str:
    """Everything in the files of the store, as far as it is text."""
    return "".join(path.read_bytes().decode("latin-1") for path in file.parent.glob(f"{file.name}*"))


def test_the_page_says_what_is_left_and_where_it_does_not_reach(client: TestClient, store: Store) -> None:
    (_, first), (_, second) = answered(client, store), answered(client, store)
    said = client.post("/withdraw", data={"code": first}).text
    assert "is overwritten within a day" in said
    assert "copied out of the study" not in said
    note_export(store, PRESENT, "csv")
    said = client.post("/withdraw", data={"code": second}).text
    assert "Answers were copied out of the study before." in said
    assert "ask Ana, 555 0100 to delete yours there too" in said
