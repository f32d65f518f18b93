"""Coming back: the next wave on its day, a way to be reached, and what officers are told."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from commonbeat.storage import Store
from commonbeat.storage.tables_listen import answers, contacts
from commonbeat.workflows.listen_keep import invite, open_study, register_study
from tests.web.respond import studies
from tests.web.respond.walking import Walk, to_questions


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch):
    """A call that makes it a later day."""

    def later(days: int) -> None:
        for module in ("listen_arrive", "listen_keep"):
            monkeypatch.setattr(f"commonbeat.workflows.{module}.today", lambda: studies.TODAY + dt.timedelta(days=days))

    return later


def test_the_next_wave_opens_on_its_day_and_asks_no_consent_again(client: TestClient, store: Store, day) -> None:
    walk = to_questions(Walk(client, f"/r/{invite(store, 'viewers', 1)[0].token}"))
    address = walk.form["action"]
    while walk.form:
        walk.send()
    assert walk.heading == "Please come back later"
    assert (studies.TODAY + dt.timedelta(days=21)).isoformat() in walk.words
    day(20)
    assert walk.open(address).heading == "Please come back later"
    day(21)
    assert walk.open(address).heading == "Please tell us"
    assert "<video" not in walk.text
    # A page of the first wave, by its old address: answered, and not what.
    assert Walk(client, f"{address}/first/2").heading == "Already answered"
    walk.send(**{walk.page.asked[0]: "5"})
    assert walk.heading == "Thank you"
    walk.send()
    assert walk.heading == "You have answered everything"
    with store.reading() as connection:
        waves = connection.execute(select(answers.c.wave).distinct()).scalars().all()
    assert sorted(waves) == ["first", "later"]


def test_a_wave_that_was_missed_has_passed(client: TestClient, store: Store, day) -> None:
    walk = to_questions(Walk(client, f"/r/{invite(store, 'viewers', 1)[0].token}"))
    day(40)
    assert walk.open(walk.form["action"]).heading == "The time for these questions has passed"
    day(80)
    assert walk.open(walk.url).heading == "This study is closed"


def test_officers_are_told_that_no_superior_learns_of_it_and_may_leave_an_address(
    client: TestClient, store: Store
) -> None:
    register_study(store, studies.officers())
    open_study(store, "officers")
    walk = Walk(client, f"/r/{invite(store, 'officers', 1)[0].token}")
    assert "Your superiors do not learn whether you took part" in walk.words
    assert "If you leave an address" in walk.words
    to_questions(walk)
    refused = client.post(walk.form["action"], data={"doing": "contact", "contact": "x" * 201})
    assert refused.status_code == 400
    while walk.heading != "Thank you":
        walk.send()
    kept = client.post(walk.form["action"], data={"doing": "contact", "contact": "sam@example.org"})
    assert "We keep that apart from your answers." in kept.text
    assert "sam@example.org" not in kept.text
    with store.reading() as connection:
        sealed = connection.execute(select(contacts.c.sealed)).scalars().all()
    assert len(sealed) == 1
    assert b"sam" not in bytes(sealed[0])
