"""Writers that wait for one another share a commit, and nobody's mistake is another's."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import OperationalError

from commonbeat.errors import StoreError
from commonbeat.storage import open_store, where_store
from commonbeat.storage.tables import withdrawals
from commonbeat.storage.together import MOST

EVERYBODY = 2 * MOST + 7


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.delenv("COMMONBEAT_DATABASE", raising=False)
    with open_store(where_store(tmp_path), create=True) as made:
        yield made


def put(name: str):
    def work(connection):
        connection.execute(insert(withdrawals).values(encounter=name, consent=name, why="asked", at="now"))
        return name

    return work


def kept(store) -> list[str]:
    with store.reading() as connection:
        return list(connection.execute(select(withdrawals.c.encounter).order_by(withdrawals.c.encounter)).scalars())


def at_once(store, works: dict) -> dict:
    """What came of each work: all of them wait while another writer has the store, and are then free to share."""
    came: dict = {}

    def one(name, work) -> None:
        try:
            came[name] = store.write(work)
        except Exception as error:  # noqa: BLE001 - looked at by the test
            came[name] = error

    threads = [threading.Thread(target=one, args=each) for each in works.items()]
    with store.writing():
        for thread in threads:
            thread.start()
        while len(store._together._waiting) < len(threads) - MOST:
            threading.Event().wait(0.01)
    for thread in threads:
        thread.join()
    return came


def count_commits(store) -> list[int]:
    from sqlalchemy import event

    counted = [0]

    def one_more(_):
        counted[0] += 1

    event.listen(store.engine, "commit", one_more)
    return counted


def test_those_who_wait_share_a_commit_and_each_hears_of_their_own(store):
    commits = count_commits(store)
    came = at_once(store, {f"{each:04}": put(f"{each:04}") for each in range(EVERYBODY)})
    assert came == {name: name for name in came}
    assert kept(store) == sorted(came)
    assert commits[0] < EVERYBODY / 4


def test_one_who_fails_takes_back_their_own_work_alone(store):
    def fails(connection):
        put("half")(connection)
        raise ValueError("mine")

    works = {f"{each:04}": put(f"{each:04}") for each in range(20)}
    came = at_once(store, {**works, "fails": fails, "twice": put("0003")})
    told = {name: came.pop(name) for name in ("fails", "twice")}
    assert isinstance(told["fails"], ValueError)
    # Two put the same key: whoever came second is refused, in our words, and no other.
    refused = [error for error in (told["twice"], came["0003"]) if isinstance(error, StoreError)]
    assert len(refused) == 1
    assert kept(store) == sorted(works)


def test_where_the_disk_refuses_nobody_is_told_that_it_is_kept(store, monkeypatch):
    def refuses(connection):
        put("full")(connection)
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    came = at_once(store, {"full": refuses, **{f"{each:04}": put(f"{each:04}") for each in range(20)}})
    acknowledged = sorted(name for name, result in came.items() if not isinstance(result, Exception))
    assert kept(store) == acknowledged
    assert isinstance(came["full"], Exception)
    assert store.write(put("later")) == "later"


def test_a_single_writer_needs_no_savepoint_and_is_whole_or_not_at_all(store):
    def half(connection):
        put("half")(connection)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.write(half)
    assert store.write(put("one")) == "one"
    assert kept(store) == ["one"]


def test_a_connection_is_used_again_by_another_thread(store):
    from sqlalchemy import event

    opened = []
    event.listen(store.engine, "connect", lambda *_: opened.append(1))
    for each in range(8):
        thread = threading.Thread(target=store.write, args=(put(str(each)),))
        thread.start()
        thread.join()
    assert len(opened) <= 1
    assert len(kept(store)) == 8


def test_an_idle_connection_of_the_pool_does_not_hold_the_side_file(store):
    readers = [threading.Thread(target=kept, args=(store,)) for _ in range(6)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    store.write(put("a-marker-of-somebody"))
    store.write(lambda connection: connection.execute(withdrawals.delete()))
    store.erase_traces()
    folder = store.location.file.parent
    assert not any(b"a-marker-of-somebody" in path.read_bytes() for path in folder.iterdir())
