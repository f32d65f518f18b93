"""No error of a database shows what somebody answered, in whatever it is printed; and a server that was started anew is no error."""

from __future__ import annotations

import logging
import traceback

import pytest
from sqlalchemy import insert, select, text

from commonbeat.errors import StoreError
from commonbeat.storage import Store, engine
from commonbeat.storage.tables_listen import answers
from tests.storage.conftest import Place

WORDS = "what somebody wrote"
ANSWER = {"participant": 1, "wave": "first", "item": "trust-1", "value": None, "text": WORDS}


def refused_by(store: Store, row: dict) -> str:
    """Everything that a traceback of the refusal says."""
    with pytest.raises(StoreError) as caught, store.writing() as connection:
        connection.execute(insert(answers), row)
    return "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("row", [{**ANSWER, "skipped": None}, {**ANSWER, "skipped": False, "wave": None}])
def test_no_answer_stands_in_a_traceback(store: Store, row: dict) -> None:
    told = refused_by(store, row)
    assert "answers" in told
    assert WORDS not in told


def test_no_answer_stands_in_what_the_database_layer_logs(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="sqlalchemy"):
        logging.getLogger("sqlalchemy.engine").setLevel(logging.DEBUG)
        try:
            refused_by(store, {**ANSWER, "skipped": None})
        finally:
            logging.getLogger("sqlalchemy.engine").setLevel(logging.NOTSET)
    assert WORDS not in caplog.text


def test_connections_that_the_server_ended_while_they_rested_are_replaced(
    place: Place, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not place.database:
        pytest.skip("about a server")
    with store.reading() as connection:
        connection.execute(select(answers)).all()
    with (
        place.open() as another,
        another.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
    ):
        ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        assert connection.execute(text(ended)).scalars().all() == [True]
    monkeypatch.setattr(engine, "RESTED_SECONDS", 0.0)
    with store.reading() as connection:
        assert connection.execute(select(answers)).all() == []
