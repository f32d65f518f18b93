"""One tablet, many people: nobody meets the one before, whichever button they press and however long it was left."""

from __future__ import annotations

import sqlite3

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from commonbeat.storage import Store
from commonbeat.storage.tables_listen import answers, participants, seats
from commonbeat.web.app import application
from commonbeat.web.respond import overwriting
from commonbeat.web.respond.overwriting import overwriter_of
from commonbeat.web.respond.seat import IDLE_SECONDS, WITHOUT_SCRIPT_SECONDS
from commonbeat.web.settings import Settings
from commonbeat.workflows import listen_seats
from commonbeat.workflows.listen_keep import arrive, open_link
from commonbeat.workflows.listen_seats import SILENCE_SECONDS, free_silent_seats, sit, stand_up, who_sits
from commonbeat.workflows.listen_tokens import hash_of
from tests.web.respond.walking import Walk, to_questions

PRESENT = "those-present"


class Clock:
    """A clock that a test sets."""

    def __init__(self, now: float = 1_800_000_000) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(listen_seats, "seconds_now", lambda: int(made.now))
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
    # Without a script the browser asks for the start by itself, after a time in which somebody can write; with one the page does.
    back = f'<noscript><meta http-equiv="refresh" content="{WITHOUT_SCRIPT_SECONDS};url={kiosk}"></noscript>'
    assert back in walk.text
    assert f'data-kiosk="{kiosk}" data-seat="{walk.form["action"]}" data-seconds="{IDLE_SECONDS}"' in walk.text
    assert '<noscript><p class="hint">After 10 min without' in walk.text
    assert "data-scripted hidden>After 3 min without" in walk.text
    assert SILENCE_SECONDS > WITHOUT_SCRIPT_SECONDS
    # Whoever writes until the browser would go back is still there, and is again as long with each page.
    for _ in range(2):
        clock.now += WITHOUT_SCRIPT_SECONDS
        before = walk.url
        walk.send(**{walk.page.asked[0]: "2"})
        assert (walk.heading, walk.url != before) == ("Please tell us", True)
    mine = walk.url
    clock.now += SILENCE_SECONDS + 1
    assert walk.open(mine).url == kiosk
    assert client.post(mine.rsplit("/", 2)[0], data={"doing": "answers"}).url.path == kiosk
    assert states(store) == ["consented"]


def test_a_sign_of_life_keeps_the_seat(client: TestClient, kiosk: str, clock: Clock) -> None:
    walk = to_questions(Walk(client, kiosk).send())
    seat = walk.form["action"]
    for _ in range(20):
        clock.now += 61
        assert client.head(seat).status_code == 200
    assert walk.open(walk.url).heading == "Please tell us"


def test_a_page_that_was_left_frees_the_seat_and_keeps_what_was_sent(
    client: TestClient, store: Store, kiosk: str
) -> None:
    walk = to_questions(Walk(client, kiosk).send())
    walk.send(**{walk.page.asked[0]: "2"})
    left = client.post(walk.form["action"], data={"doing": "leave"}, follow_redirects=False)
    assert (left.status_code, left.headers["location"]) == (303, kiosk)
    assert Walk(client, walk.url).url == kiosk
    assert states(store) == ["consented"]
    with store.reading() as connection:
        assert connection.execute(select(answers.c.value).where(answers.c.value == 2)).all()
        assert connection.execute(select(seats)).all() == []


def test_a_seat_outlives_the_server_and_is_good_at_another_one(settings: Settings, store: Store, kiosk: str) -> None:
    apps = [application(settings, store, tell=lambda _: None) for _ in range(2)]
    first, second = (TestClient(app, base_url="http://127.0.0.1") for app in apps)
    walk = to_questions(Walk(first, kiosk).send())
    walk.client = second
    before = walk.url
    walk.send(**{walk.page.asked[0]: "2"})
    assert (walk.heading, walk.url != before) == ("Please tell us", True)
    second.post(walk.form["action"], data={"doing": "stop"})
    assert Walk(first, before).url == kiosk


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
    clock.now += SILENCE_SECONDS + 1
    assert Walk(client, f"{kiosk}/{seat}").url == kiosk


def test_the_store_cannot_tell_whose_seat_it_is_and_forgets_it(store: Store, clock: Clock) -> None:
    tokens = [arrive(store, open_link(store, PRESENT, "kiosk")).token for _ in range(3)]
    words = [sit(store, "desk", token) for token in tokens]
    assert [who_sits(store, "desk", word) for word in words] == tokens
    assert who_sits(store, "another desk", words[0]) == ""
    assert who_sits(store, "desk", tokens[0]) == ""
    with store.reading() as connection:
        held = [tuple(row) for row in connection.execute(select(seats))]
    shown = b"".join(
        bytes(each) if isinstance(each, bytes | memoryview) else str(each).encode() for row in held for each in row
    )
    for secret in (*tokens, *words, *(hash_of(each) for each in (*tokens, *words, "desk"))):
        assert secret.encode() not in shown
    stand_up(store, "desk", words[0])
    assert [who_sits(store, "desk", word) for word in words] == ["", *tokens[1:]]
    clock.now += SILENCE_SECONDS
    assert who_sits(store, "desk", words[1]) == tokens[1]
    clock.now += 1
    assert who_sits(store, "desk", words[2]) == ""
    free_silent_seats(store)
    with store.reading() as connection:
        assert len(connection.execute(select(seats)).all()) == 1
    clock.now += SILENCE_SECONDS
    sit(store, "desk", tokens[0])
    with store.reading() as connection:
        assert len(connection.execute(select(seats)).all()) == 1


def test_traces_of_a_stop_that_another_program_held_are_emptied_later(
    client: TestClient, store: Store, kiosk: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = store.location.file
    if file is None:
        pytest.skip("PostgreSQL has no side file that another reader holds")
    walk = to_questions(Walk(client, kiosk).send())
    words = walk.form["fields"]["key"]  # kept with the page, and as much somebody's as what they wrote on it
    walk.send()
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN")
    other.execute("SELECT count(*) FROM answers").fetchone()
    monkeypatch.setattr(overwriting, "SOON_SECONDS", (0.01,) * 100)
    assert client.post(walk.form["action"], data={"doing": "stop"}).url.path == kiosk

    def held() -> bool:
        return any(words.encode() in path.read_bytes() for path in file.parent.glob(f"{file.name}*"))

    assert held()
    other.close()
    overwriter = overwriter_of(client.app)
    while overwriter._held:
        overwriter._wake.wait(0.01)
    assert [path.name for path in file.parent.glob(f"{file.name}*") if words.encode() in path.read_bytes()] == []
