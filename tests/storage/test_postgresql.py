"""The same store on PostgreSQL: records, the log that only grows, versions, and withdrawals."""

from __future__ import annotations

import subprocess
import sys

import pytest
from sqlalchemy import create_engine, inspect

from commonbeat.errors import StoreError
from commonbeat.storage import open_store, where_store
from commonbeat.storage.log import append, broken, entries
from commonbeat.storage.tables import metadata
from tests.storage.server import postgresql


@pytest.fixture(scope="module")
def server():
    with postgresql() as address:
        yield address


@pytest.fixture
def database(server):
    """The address of a server without tables."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    engine.dispose()
    return server


def test_migrations_make_the_tables_that_the_code_knows(database):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    for _ in range(2):
        with open_store(where_store(database=database), create=True) as store, store.reading() as connection:
            assert set(inspect(connection).get_table_names()) == {*metadata.tables, "alembic_version"}
            assert compare_metadata(MigrationContext.configure(connection), metadata) == []


@pytest.mark.parametrize("statement", ["UPDATE log SET subject = 'x'", "DELETE FROM log", "TRUNCATE log"])
def test_the_database_itself_refuses_changes(database, statement):
    with open_store(where_store(database=database), create=True) as store:
        with store.writing() as connection:
            append(connection, "import", "record")
            append(connection, "export", "record")
        with pytest.raises(StoreError, match="nothing in the log can be changed"), store.writing() as connection:
            connection.exec_driver_sql(statement)
        with store.reading() as connection:
            found = entries(connection)
    assert [each.act for each in found] == ["import", "export"]
    assert broken(found) == []


def test_a_newer_store_is_refused(database):
    with open_store(where_store(database=database), create=True) as store:
        with store.writing() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'answers_9'")
        with pytest.raises(StoreError, match="newer Common Beat"):
            open_store(where_store(database=database), create=False)


def test_writers_in_several_processes_seal_one_chain(database):
    code = (
        "import sys; from commonbeat.storage import open_store, where_store\n"
        "from commonbeat.storage.log import append\n"
        "with open_store(where_store(database=sys.argv[1]), create=True) as store:\n"
        "    for number in range(20):\n"
        "        with store.writing() as connection:\n"
        "            append(connection, 'import', f'record-{number}')"
    )
    made = [subprocess.Popen([sys.executable, "-c", code, database]) for _ in range(3)]
    assert [each.wait() for each in made] == [0, 0, 0]
    with open_store(where_store(database=database), create=False) as store, store.reading() as connection:
        found = entries(connection)
    assert len(found) == 60
    assert broken(found) == []


@pytest.mark.usefixtures("server")
def test_a_server_that_does_not_answer_is_told():
    address = "postgresql+psycopg://tests:a-secret@/postgres?host=/nowhere/at/all"
    with pytest.raises(StoreError, match=r"refused \(") as caught:
        open_store(where_store(database=address), create=True)
    assert "a-secret" not in str(caught.value)


def test_records_are_kept_exported_and_withdrawn(database, tmp_path):
    from commonbeat.workflows.record_check import check_store
    from commonbeat.workflows.record_export import export_records
    from commonbeat.workflows.record_import import import_records
    from commonbeat.workflows.record_list import list_records
    from commonbeat.workflows.record_withdraw import withdraw_record
    from tests.record.files import written
    from tests.record.test_keeping import DAY, about

    where = {"project": tmp_path, "database": database}
    for name in ("first", "second"):
        import_records(written(tmp_path, about(name), f"{name}.json"), on=DAY, **where)
    export_records(to=tmp_path / "out.csv", on=DAY, **where)
    check_store(on=DAY, **where)
    found = withdraw_record("first", **where)
    assert set(found.deleted) == {"first.json", "out.csv"}
    assert [row.identifier for row in list_records(on=DAY, **where)] == ["second"]
    check_store(on=DAY, **where)
