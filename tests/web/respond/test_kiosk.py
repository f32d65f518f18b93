"""One tablet, many people: nobody meets the one before, whichever button they press and however long it was left."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from commonbeat.storage import Store
from commonbeat.storage.tables_listen import answers, participants
from commonbeat.web.respond.desk import IDLE_SECONDS, MOST_SEATS, Desk
from commonbeat.workflows.listen_keep import open_link
from commonbeat.workflows.listen_tokens import hash_of
from tests.web.respond.walking import Walk, to_questions

PRESENT = "those-present"


class Clock:
    """A clock that a test sets."""

    def __init__(self, now: float = 1000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr("commonbeat.web.respond.addresses.Desk", lambda: Desk(clock=made))
    return made


@pytest.fixture
def kiosk(store: Store) -> str:
    """The kiosk's address."""
    return f"/k/{open_link(store, PRESENT, 'kiosk')}"


def states(store: Store) -> list[str]:
    with store.reading() as connection:
        return list(connection.execute(select(participants.c.state).order_by(participants.c.number)).scalars())


def test_one_person_after_another(client: TestClient, store: Store, kiosk: str) -> None:
    for person in range(2):
        walk = Walk(client, kiosk)
        assert len(states(store)) == person
        assert "Nobody sees what somebody else has answered." in walk.words
        to_questions(walk.send())
        while walk.heading == "Please tell us":
            walk.send()
        code = next(words for words in walk.page.words if words.count("-") == 3)
        mine = walk.url
        walk.send()
        assert (walk.url, walk.heading) == (kiosk, "Thank you, that was all")
        assert walk.page.links == [kiosk]
        back = Walk(client, mine)
        assert (back.url, back.heading) == (kiosk, "Would you like to answer some questions?")
        assert code not in back.text
    assert states(store) == ["finished", "finished"]


def test_back_after_stopping_finds_the_start_and_what_was_sent_is_gone(
    client: TestClient, store: Store, kiosk: str
) -> None:
    walk = to_questions(Walk(client, kiosk).send())
    walk.send(**{walk.page.asked[0]: "2"})
    mine, action = walk.url, walk.form["action"]
    stopped = client.post(action, data={"doing": "stop"})
    assert stopped.url.path == kiosk
    assert Walk(client, mine).url == kiosk
    assert client.post(action, data={"doing": "language", "language": "es"}).url.path == kiosk
    assert states(store) == ["withdrawn"]
    with store.reading() as connection:
        assert connection.execute(select(answers)).all() == []


def test_a_tablet_that_was_left_goes_back_to_its_start(
    client: TestClient, store: Store, kiosk: str, clock: Clock
) -> None:
    walk = to_questions(Walk(client, kiosk).send())
    # Without a script the browser asks for the start by itself, with one the page does.
    assert f'<noscript><meta http-equiv="refresh" content="{IDLE_SECONDS};url={kiosk}"></noscript>' in walk.text
    assert f'data-kiosk="{kiosk}" data-seconds="{IDLE_SECONDS}"' in walk.text
    clock.now += IDLE_SECONDS - 1
    assert walk.open(walk.url).heading == "Please tell us"
    clock.now += IDLE_SECONDS - 1
    assert walk.open(walk.url).heading == "Please tell us"
    mine = walk.url
    clock.now += IDLE_SECONDS + 1
    assert walk.open(mine).url == kiosk
    assert client.post(mine.rsplit("/", 2)[0], data={"doing": "answers"}).url.path == kiosk


def test_a_link_is_good_for_one_thing_alone(client: TestClient, store: Store, kiosk: str) -> None:
    token = kiosk.removeprefix("/k/")
    opened, offline = open_link(store, PRESENT), open_link(store, PRESENT, "offline")
    assert Walk(client, f"/r/{token}").url == kiosk
    assert [Walk(client, f"/k/{each}").status for each in (opened, offline)] == [404, 404]
    assert [client.get(f"/offline/{each}").status_code for each in (opened, token)] == [404, 404]
    assert client.post(f"/r/{offline}", data={"doing": "begin"}).status_code == 404
    assert states(store) == []
    # A personal link from elsewhere is no seat here.
    walk = Walk(client, f"/r/{opened}").send()
    assert Walk(client, f"{kiosk}/{walk.url.split('/')[2]}").url == kiosk


def test_what_stands_in_the_history_of_the_tablet_opens_nothing(
    client: TestClient, store: Store, kiosk: str, clock: Clock
) -> None:
    walk = to_questions(Walk(client, kiosk).send())
    while walk.heading == "Please tell us":
        walk.send()
    assert any(words.count("-") == 3 for words in walk.page.words)  # the code stands there
    seat = walk.url.split("/")[3]
    for links in (f"/r/{seat}", f"/r/{seat}/there/1"):
        assert client.get(links).status_code == 404
    assert client.post(f"/r/{seat}", data={"doing": "answers"}).status_code == 404
    with store.reading() as connection:
        hashes = connection.execute(select(participants.c.token_hash)).scalars().all()
    assert hash_of(seat) not in hashes
    clock.now += IDLE_SECONDS + 1
    assert Walk(client, f"{kiosk}/{seat}").url == kiosk


def test_there_is_an_end_to_the_seats() -> None:
    clock = Clock()
    desk, seats = Desk(clock=clock), []
    for each in range(MOST_SEATS + 5):
        clock.now += 0.001
        seats.append(desk.sit("desk", str(each)))
    assert desk.who("desk", seats[0]) == ""
    assert desk.who("desk", seats[-1]) == str(MOST_SEATS + 4)
    assert desk.who("another desk", seats[-1]) == ""
