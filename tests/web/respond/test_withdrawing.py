"""Taking everything back by code stays open to those who have one, whoever else tries."""

from __future__ import annotations

from starlette.testclient import TestClient

from commonbeat.storage import Store
from commonbeat.workflows.listen_keep import invite
from tests.web.respond.walking import Walk, to_questions


def test_a_stranger_who_tries_codes_keeps_nobody_from_withdrawing(client: TestClient, store: Store) -> None:
    (invited,) = invite(store, "those-present", 1)
    walk = to_questions(Walk(client, f"/r/{invited.token}"))
    while walk.heading == "Please tell us":
        walk.send()
    code = next(words for words in walk.page.words if words.count("-") == 3)
    tried = {client.post("/withdraw", data={"code": f"{each:016d}"}).status_code for each in range(60)}
    assert tried == {404}
    assert client.post("/withdraw", data={"code": code}).status_code == 200
    assert client.get(f"/r/{invited.token}").text.count(code) == 0
