"""The log only grows, and whoever goes round that shows."""

from __future__ import annotations

import sqlite3

import pytest

from commonbeat.errors import StoreError
from commonbeat.storage import open_store, where_store
from commonbeat.storage.log import append, broken, entries, head
from commonbeat.storage.triggers import append_only


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.delenv("COMMONBEAT_DATABASE", raising=False)
    with open_store(where_store(tmp_path), create=True) as store, store.writing() as connection:
        for number in range(5):
            append(connection, "import", f"record-{number}", scope="keep", fingerprint="0" * 64)
    return tmp_path


def read(folder):
    with open_store(where_store(folder), create=False) as store, store.reading() as connection:
        return entries(connection), head(connection)


def tamper(folder, statement: str) -> None:
    """What somebody does who has the file and a tool, and takes the guards off."""
    connection = sqlite3.connect(folder / "commonbeat.sqlite3")
    for trigger in ("log_no_update", "log_no_delete"):
        connection.execute(f"DROP TRIGGER {trigger}")
    connection.execute(statement)
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE log SET subject = 'another'",
        "DELETE FROM log WHERE number = 2",
        "DELETE FROM log",
        "INSERT OR REPLACE INTO log SELECT * FROM log",
    ],
)
def test_the_database_itself_refuses_changes(folder, statement):
    before = read(folder)
    with (
        pytest.raises(StoreError, match="nothing in the log can be changed"),
        open_store(where_store(folder), create=False) as store,
        store.writing() as connection,
    ):
        connection.exec_driver_sql(statement)
    assert read(folder) == before


def test_a_whole_log_is_whole(folder):
    found, sealed = read(folder)
    assert [each.number for each in found] == [1, 2, 3, 4, 5]
    assert broken(found) == []
    assert broken(found, sealed) == []
    assert found[-1].hash == sealed


@pytest.mark.parametrize(
    ("statement", "shows"),
    [
        ("UPDATE log SET subject = 'another' WHERE number = 3", "entry 3 was changed"),
        ("UPDATE log SET at = '2020' WHERE number = 1", "entry 1 was changed"),
        ("UPDATE log SET act = 'x', hash = previous WHERE number = 5", "entry 5 was changed"),
        ("DELETE FROM log WHERE number = 2", "entry 2 is missing"),
        ("DELETE FROM log WHERE number = 1", "entry 1 is missing"),
        ("UPDATE log SET previous = hash WHERE number = 4", "entry 4 does not follow"),
    ],
)
def test_tampering_shows(folder, statement, shows):
    tamper(folder, statement)
    assert any(shows in each for each in broken(read(folder)[0])), statement


def test_an_end_that_was_cut_off_shows_by_a_head_that_was_noted_down(folder):
    _, noted = read(folder)
    tamper(folder, "DELETE FROM log WHERE number > 3")
    found, _ = read(folder)
    assert broken(found) == []
    assert "does not stand in the log" in broken(found, noted)[0]


def test_the_same_is_written_for_postgresql():
    refuse, rows, whole = append_only("log", "postgresql")
    assert "RAISE EXCEPTION" in refuse
    assert "BEFORE UPDATE OR DELETE ON log FOR EACH ROW" in rows
    assert "BEFORE TRUNCATE ON log FOR EACH STATEMENT" in whole
