"""A store keeps whole transactions, is of one version, and tells plainly what it cannot do."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
import threading

import pytest
from sqlalchemy import insert, inspect, select

from commonbeat.errors import CommonBeatError, FailureError, StoreError
from commonbeat.storage import open_store, where_store
from commonbeat.storage.log import append, entries
from commonbeat.storage.tables import derivatives, encounters, log, metadata, withdrawals


@pytest.fixture(autouse=True)
def no_other_store(monkeypatch):
    monkeypatch.delenv("COMMONBEAT_DATABASE", raising=False)


def opened(folder, **options):
    return open_store(where_store(folder), **{"create": True, **options})


def raw(folder) -> sqlite3.Connection:
    return sqlite3.connect(folder / "commonbeat.sqlite3", isolation_level=None)


def a_withdrawal(name: str) -> dict[str, str]:
    return {"encounter": name, "consent": name, "why": "asked", "at": "now"}


def test_the_store_has_the_settings_that_records_of_people_need(tmp_path):
    with opened(tmp_path) as store, store.reading() as connection:
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in SETTINGS}
        assert found == SETTINGS
    assert stat.S_IMODE((tmp_path / "commonbeat.sqlite3").stat().st_mode) == 0o600


SETTINGS = {"journal_mode": "wal", "foreign_keys": 1, "secure_delete": 1, "temp_store": 2, "synchronous": 2}


def test_migrations_make_the_tables_that_the_code_knows(tmp_path):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with opened(tmp_path) as store, store.reading() as connection:
        assert set(inspect(connection).get_table_names()) == {*metadata.tables, "alembic_version"}
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
        assert differences == []


def test_a_transaction_is_whole_or_not_at_all(tmp_path):
    def half_a_transaction(store):
        with store.writing() as connection:
            connection.execute(insert(withdrawals).values(a_withdrawal("one")))
            raise KeyboardInterrupt

    with opened(tmp_path) as store:
        with pytest.raises(KeyboardInterrupt):
            half_a_transaction(store)
        with store.writing() as connection:
            connection.execute(insert(withdrawals).values(a_withdrawal("two")))
        with store.reading() as connection:
            assert connection.execute(select(withdrawals.c.encounter)).scalars().all() == ["two"]


def test_a_missing_store_is_not_made_by_looking(tmp_path):
    with pytest.raises(StoreError, match=r"does not exist.*commonbeat record import") as caught:
        opened(tmp_path, create=False)
    assert caught.value.exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_a_newer_store_is_refused_and_left_alone(tmp_path):
    opened(tmp_path).engine.dispose()
    raw(tmp_path).execute("UPDATE alembic_version SET version_num = 'answers_9'")
    with pytest.raises(StoreError, match=r"newer Common Beat.*answers_9"):
        opened(tmp_path)
    assert raw(tmp_path).execute("SELECT version_num FROM alembic_version").fetchall() == [("answers_9",)]


def test_another_database_and_another_file_are_refused_and_left_alone(tmp_path):
    raw(tmp_path).execute("CREATE TABLE recipes (name)")
    with pytest.raises(StoreError, match="is a database, and not a store"):
        opened(tmp_path)
    other = tmp_path / "other"
    other.mkdir()
    (other / "commonbeat.sqlite3").write_bytes(b"a letter to my aunt" * 100)
    with pytest.raises(StoreError, match="is not a store, or is damaged"):
        opened(other)
    assert (other / "commonbeat.sqlite3").read_bytes().startswith(b"a letter")


def test_a_locked_store_is_told(tmp_path):
    opened(tmp_path).engine.dispose()
    other = raw(tmp_path)
    other.execute("BEGIN IMMEDIATE")
    with opened(tmp_path, patience_seconds=0.05) as store:
        with store.reading() as connection:  # readers are not kept out
            assert entries(connection) == []
        with pytest.raises(StoreError, match="locked by another program"), store.writing():
            pass
    other.execute("ROLLBACK")
    other.close()


def test_writers_wait_their_turn(tmp_path):
    def add(number: int) -> None:
        with opened(tmp_path) as store, store.writing() as connection:
            append(connection, "import", f"record-{number}")

    threads = [threading.Thread(target=add, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with opened(tmp_path) as store, store.reading() as connection:
        found = entries(connection)
    assert [each.number for each in found] == list(range(1, 9))
    assert {each.subject for each in found} == {f"record-{number}" for number in range(8)}


def test_processes_that_make_the_store_at_once_make_one(tmp_path):
    code = (
        "import sys; from commonbeat.storage import open_store, where_store\n"
        "from commonbeat.storage.log import append\n"
        "with open_store(where_store(sys.argv[1]), create=True) as store, store.writing() as connection:\n"
        "    append(connection, 'import', sys.argv[2])"
    )
    made = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path), f"record-{each}"]) for each in range(3)]
    assert [each.wait() for each in made] == [0, 0, 0]
    with opened(tmp_path) as store, store.reading() as connection:
        assert len(entries(connection)) == 3


def test_an_address_that_cannot_be_used_is_told():
    with pytest.raises(StoreError, match="is no address"):
        open_store(where_store(database="recipes"), create=True)
    with pytest.raises(StoreError, match="is no address"):
        open_store(where_store(database="nosuch://host/name"), create=True)


def test_a_missing_driver_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError, match=r"commonbeat\[postgresql\]"):
        open_store(where_store(database="postgresql+psycopg://somebody:secret@nowhere/x"), create=True)


def test_the_environment_names_a_store(tmp_path, monkeypatch):
    monkeypatch.setenv("COMMONBEAT_DATABASE", f"sqlite:///{tmp_path}/elsewhere.db")
    assert where_store(tmp_path).file == tmp_path / "elsewhere.db"
    open_store(where_store(tmp_path), create=True).engine.dispose()
    assert stat.S_IMODE((tmp_path / "elsewhere.db").stat().st_mode) == 0o600
    assert where_store(tmp_path, "postgresql+psycopg://host/name").file is None
    assert where_store(tmp_path, "sqlite:///x").url == "sqlite:///x"
    monkeypatch.delenv("COMMONBEAT_DATABASE")
    odd = tmp_path / "a?b#c %20"
    odd.mkdir()
    opened(odd).engine.dispose()
    assert [path.name for path in odd.iterdir()] == ["commonbeat.sqlite3"]


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "commonbeat.sqlite3").mkdir()
    with pytest.raises((CommonBeatError, OSError)):
        opened(tmp_path)


def test_deleted_content_is_nowhere_in_the_files(tmp_path):
    marker = "a-marker-of-somebody"
    with opened(tmp_path) as store:
        with store.writing() as connection:
            for number in range(50):
                row = {
                    "encounter": f"e{number}",
                    "consent": "c",
                    "path": marker * 40,
                    "kind": "k",
                    "holds_until": "",
                    "made_at": "",
                }
                connection.execute(insert(derivatives).values(row))
        assert any(marker.encode() in path.read_bytes() for path in tmp_path.iterdir())
        with store.writing() as connection:
            connection.execute(derivatives.delete())
        store.erase_traces()
        assert not any(marker.encode() in path.read_bytes() for path in tmp_path.iterdir())


def test_traces_that_another_program_holds_are_told(tmp_path, monkeypatch):
    opened(tmp_path).engine.dispose()
    reader = raw(tmp_path)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM encounters").fetchall()
    with opened(tmp_path, patience_seconds=0.05) as store:
        with store.writing() as connection:
            append(connection, "import", "record")
        with pytest.raises(FailureError, match="another program has the store open"):
            store.erase_traces()
        reader.execute("ROLLBACK")
        reader.close()
        store.erase_traces()


def test_tables_are_named_in_the_metadata():
    assert set(metadata.tables) >= {encounters.name, derivatives.name, withdrawals.name, log.name}
