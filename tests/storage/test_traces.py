"""What is deleted leaves nothing in the files that hold the store, whatever happened to its rows before; and nobody is kept waiting for nothing."""

from __future__ import annotations

import random
import secrets
import threading

import pytest
from sqlalchemy import bindparam, insert, select, update

from commonbeat.errors import FailureError
from commonbeat.storage import Store
from commonbeat.storage.tables import derivatives, withdrawals
from tests.storage.conftest import Place


def row(name: str, words: str, times: int) -> dict:
    same = {"kind": "k", "holds_until": "", "made_at": "", "consent": name}
    return {"encounter": name, "path": f"{words} " * times, **same}


def lives(store: Store, count: int, seed: int) -> tuple[set[str], set[str]]:
    """(words of rows that are there, words of rows that are gone), after rows came, grew and went in a wild order."""
    luck, here, gone = random.Random(seed), {}, set()
    grow = update(derivatives).where(derivatives.c.encounter == bindparam("name"))
    for _ in range(count):
        name, words = secrets.token_hex(32), f"words-{secrets.token_hex(8)}"
        what = luck.random() if here else 0.0

        def work(connection, name=name, words=words, what=what) -> None:
            if what < 0.5:
                connection.execute(insert(derivatives), row(name, words, luck.randint(1, 30)))
                here[name] = words
                return
            one = luck.choice(sorted(here))
            if what < 0.7:
                values = {"path": f"{here[one]} " * luck.randint(1, 60)}
                connection.execute(grow.values(values), {"name": one})
            else:
                connection.execute(derivatives.delete().where(derivatives.c.encounter == one))
                gone.add(here.pop(one))

        with store.writing() as connection:
            work(connection)
    return set(here.values()), gone


def everything(place: Place, store: Store) -> bytes:
    place.holds(store, "")
    return b"".join(path.read_bytes() for path in place.tables.rglob("*") if path.is_file())


def test_nothing_of_what_is_gone_is_left_when_the_files_are_written_anew(place: Place, store: Store) -> None:
    here, gone = lives(store, 1500, seed=4)
    assert len(gone) > 200
    store.erase_traces()
    found = everything(place, store)
    assert [words for words in gone if words.encode() in found] == []
    assert all(words.encode() in found for words in here)


def test_at_once_the_words_are_in_no_page_and_in_no_side_file(place: Place, store: Store) -> None:
    if place.database:
        pytest.skip("PostgreSQL leaves deleted rows in their pages until they are written anew")
    words = "a-marker-of-somebody"
    for each in range(50):
        with store.writing() as connection:
            connection.execute(insert(derivatives), row(f"e{each}", words, 40))
    with store.writing() as connection:
        connection.execute(derivatives.delete())
    assert place.holds(store, words), "the scan must be able to find it"
    store.empty_side_file()
    assert not place.holds(store, words)


def test_an_ordinary_vacuum_of_postgresql_is_not_enough(place: Place, store: Store) -> None:
    if not place.database:
        pytest.skip("about PostgreSQL")
    words = "a-marker-of-somebody"
    with store.writing() as connection:
        connection.execute(insert(derivatives), [row("one", words, 5), row("two", "another", 5)])
    with store.writing() as connection:
        connection.execute(derivatives.delete().where(derivatives.c.encounter == "one"))
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM derivatives")
    assert place.holds(store, words), "then nobody would have to wait for tables to be written anew"
    store.erase_traces()
    assert not place.holds(store, words)


def test_writers_wait_for_files_that_are_written_anew_and_do_not_run_out_of_patience(place: Place) -> None:
    if place.database:
        pytest.skip("PostgreSQL's writers wait for as long as it takes")
    came: list[str] = []

    def put(connection) -> None:
        connection.execute(insert(withdrawals).values(encounter="e", consent="c", why="asked", at="now"))

    with place.open(patience_seconds=0.01) as store:
        writer = threading.Thread(target=lambda: (store.write(put), came.append("written")))

        def work() -> None:
            writer.start()
            while not store._together._waiting:
                threading.Event().wait(0.005)
            threading.Event().wait(0.1)  # ten times its patience
            came.append("anew")

        store._together.alone(work)
        writer.join()
        with store.reading() as connection:
            assert connection.execute(select(withdrawals.c.encounter)).scalars().all() == ["e"]
    assert came == ["anew", "written"]


def test_a_reader_who_stays_is_not_waited_for(place: Place) -> None:
    with place.open(patience_seconds=0.05) as store, place.open() as another:
        with another.reading() as reader:
            reader.execute(select(derivatives)).all()
            with store.writing() as connection:
                connection.execute(insert(derivatives), row("one", "words", 1))
            with pytest.raises(FailureError, match="another program has the store open"):
                store.erase_traces()
        store.erase_traces()
        with store.writing() as connection:  # the settings of a connection that worked on files are as before
            connection.execute(derivatives.delete())
        with store.engine.connect() as connection:
            asked = "PRAGMA busy_timeout" if not place.database else "SHOW lock_timeout"
            assert str(connection.exec_driver_sql(asked).scalar_one()) == ("50" if not place.database else "0")
