"""Whoever withdraws is gone: rows, words, contact, and their traces in the store's files. A tombstone and a log entry stay."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from commonbeat.errors import FailureError, LinkError, StoreError
from commonbeat.storage.log import broken, entries
from commonbeat.storage.tables_listen import answers, contacts, participants, strata, submissions, turns
from commonbeat.workflows.listen_erase import erase_study
from commonbeat.workflows.listen_keep import (
    arrive,
    close_study,
    invite,
    leave_contact,
    open_link,
    submit,
    synchronise,
    withdraw,
    withdraw_and_overwrite,
    withdraw_by_link,
)
from commonbeat.workflows.listen_status import study_status
from commonbeat.workflows.listen_traces import overwrite_traces, traces_left
from tests.listen.keeping.read_back import study_answers
from tests.listen.keeping.studies import DAY, LATER, agreed, filled, key, onward, opened, panel, to_the_end, viewers

WORDS = "a-marker-in-my-own-words"
CONTACT = "marker-contact@example.org"


def on_disk(place, store, words: str) -> bool:
    """Whether a file of the store's tables holds the words. PostgreSQL writes its pages when it is told to."""
    if store.engine.dialect.name == "postgresql":
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("CHECKPOINT")
    return any(words.encode() in path.read_bytes() for path in place.tables.rglob("*") if path.is_file())


def somebody(store, study, words: str = WORDS):
    return to_the_end(store, agreed(store, invite(store, study.identifier, 1)[0].token), words)


def test_nothing_of_the_words_is_in_the_files_and_a_tombstone_stays(place, store):
    study = opened(store, panel())
    others = [somebody(store, study, f"{number} another person's words") for number in range(12)]
    now = somebody(store, study)
    leave_contact(store, now.token, CONTACT, project=place.project)
    assert on_disk(place, store, WORDS), "the scan must be able to find it"
    assert on_disk(place, store, "another person's words")
    gone = withdraw(store, now.withdrawal_code.lower().replace("-", " "), on=LATER)
    assert (gone.study, gone.traces) == (study.identifier, "")
    assert gone.answers > 3
    gone.require_all()
    if place.database is None:  # PostgreSQL leaves the rows in their pages until the tables are written anew
        assert not on_disk(place, store, WORDS)
    assert traces_left(store)
    overwrite_traces(store)
    assert not traces_left(store)
    assert not on_disk(place, store, WORDS)
    assert on_disk(place, store, "another person's words")
    with store.reading() as connection:
        for table in (answers, submissions, turns, contacts):
            assert not connection.execute(select(table).where(table.c.participant == now.number)).first()
        stone = connection.execute(select(participants).where(participants.c.number == now.number)).one()._asdict()
        log = entries(connection)
    assert (stone["state"], stone["withdrawn_on"]) == ("withdrawn", str(LATER))
    for column in ("language", "stratum", "position", "arrived_on", "consented_on", "finished_on"):
        assert stone[column] is None
    assert broken(log) == []
    last = [(each.act, each.subject, each.scope) for each in log[-2:]]
    assert last == [("answers withdrawn", study.identifier, ""), ("traces overwritten", "store", str(log[-2].number))]
    assert log[-2].at == str(LATER)
    assert "T" not in log[-1].at, "the hour would tell that of the withdrawal before it"
    assert len(others) == study_answers(store, study.identifier).answers["participant"].n_unique()
    assert arrive(store, now.token, on=DAY).said == "withdrawn"
    assert submit(store, now.token, "first", "trust", key(), on=DAY).said == "withdrawn"
    assert withdraw(store, now.withdrawal_code).answers == 0


def test_a_code_that_is_not_known_withdraws_nothing(store):
    study = opened(store, panel())
    now = somebody(store, study)
    for code in ("", "0000-0000-0000-0000", now.token, now.withdrawal_code[:-1], "\ud800"):
        with pytest.raises(LinkError) as caught:
            withdraw(store, code)
        assert caught.value.exit_code == 2
    assert study_answers(store, study.identifier).answers.height > 0


def test_whoever_stops_on_the_way_takes_everything_back_by_their_link(place, store):
    study = opened(store, panel())
    now = agreed(store, invite(store, study.identifier, 1)[0].token)
    while "reflection" not in now.page.identifier:
        now = onward(store, now)
    now = onward(store, now, WORDS)
    assert on_disk(place, store, WORDS)
    assert withdraw_by_link(store, now.token, on=DAY).answers > 0
    overwrite_traces(store)
    assert not on_disk(place, store, WORDS)
    with pytest.raises(LinkError):
        withdraw_by_link(store, "x" * 22)


def test_a_place_in_a_stratum_is_not_given_again(store):
    study = opened(store, viewers())
    first = somebody(store, study)
    withdraw(store, first.withdrawal_code)
    somebody(store, study)
    people = study_answers(store, study.identifier).participants
    assert people["position"].to_list() == [None, 1]
    assert people["arm"].null_count() == 0
    with store.reading() as connection:
        assert connection.execute(select(strata.c.drawn)).scalars().all() == [2]


def test_a_program_that_holds_the_store_is_told_and_the_same_code_goes_on_later(tmp_path, monkeypatch):
    import sqlite3

    from commonbeat.storage import open_store, where_store

    monkeypatch.delenv("COMMONBEAT_DATABASE", raising=False)
    with open_store(where_store(tmp_path), create=True, patience_seconds=0.1) as store:
        now = somebody(store, opened(store, panel()))
        reader = sqlite3.connect(tmp_path / "commonbeat.sqlite3", isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM answers").fetchall()
        gone = withdraw(store, now.withdrawal_code)
        assert gone.answers > 0
        with pytest.raises(FailureError, match="another program has the store open"):
            gone.require_all()
        reader.execute("ROLLBACK")
        reader.close()
        assert withdraw(store, now.withdrawal_code).traces == ""
    assert not any(WORDS.encode() in path.read_bytes() for path in tmp_path.iterdir())


def test_a_command_leaves_nothing_or_says_what_is_in_the_way(place, store):
    study = opened(store, panel())
    first, second = somebody(store, study), somebody(store, study)
    gone = withdraw_and_overwrite(store, first.withdrawal_code)
    assert (gone.traces, traces_left(store)) == ("", False)
    with place.open() as another, another.reading() as reader:
        reader.execute(select(answers)).all()
        gone = withdraw_and_overwrite(store, second.withdrawal_code)
        assert gone.answers > 0
        with pytest.raises(FailureError, match="another program has the store open"):
            gone.require_all()
        assert traces_left(store)
    assert withdraw_and_overwrite(store, second.withdrawal_code).traces == ""
    assert not on_disk(place, store, WORDS)


def test_whatever_goes_wrong_with_the_files_the_answers_are_gone_and_it_is_said(store, monkeypatch):
    study = opened(store, panel())
    now = somebody(store, study)

    def refuses() -> None:
        raise StoreError("The store cannot be used:", [])

    monkeypatch.setattr(store, "empty_side_file", refuses)
    monkeypatch.setattr(store, "erase_traces", refuses)
    gone = withdraw(store, now.withdrawal_code)
    assert gone.answers > 0
    assert "cannot be used" in gone.traces
    assert "cannot be used" in withdraw_and_overwrite(store, now.withdrawal_code).traces
    close_study(store, study.identifier)
    assert "cannot be used" in erase_study(store, study.identifier).traces


def test_what_is_withdrawn_while_files_are_written_anew_is_left_for_the_next_time(store, monkeypatch):
    study = opened(store, panel())
    first, second = somebody(store, study), somebody(store, study)
    withdraw(store, first.withdrawal_code)
    write_anew = store.erase_traces
    monkeypatch.setattr(store, "erase_traces", lambda: (write_anew(), withdraw(store, second.withdrawal_code)))
    overwrite_traces(store)
    assert traces_left(store)
    monkeypatch.setattr(store, "erase_traces", write_anew)
    overwrite_traces(store)
    assert not traces_left(store)


def test_many_who_withdraw_at_once_are_all_gone(place, store):
    study = opened(store, panel())
    people = [somebody(store, study, f"{WORDS} number {each}") for each in range(8)]
    staying = somebody(store, study, "words that stay")
    came = []
    threads = [
        threading.Thread(target=lambda code=each.withdrawal_code: came.append(withdraw(store, code))) for each in people
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [(each.answers > 0, each.traces) for each in came] == [(True, "")] * 8
    if place.database is None:
        assert not on_disk(place, store, WORDS)
    overwrite_traces(store)
    assert not on_disk(place, store, WORDS)
    assert study_answers(store, study.identifier).answers["participant"].unique().to_list() == [staying.number]


def test_a_withdrawn_response_of_the_offline_file_does_not_come_back(store):
    from tests.listen.keeping.test_offline import document, response

    study = opened(store, panel())
    link = open_link(store, study.identifier, "offline")
    one = response(study, words=WORDS)
    assert synchronise(store, link, document(study, one), on=DAY).kept == (one["key"],)
    assert withdraw(store, one["withdrawal_code"]).answers > 0
    assert synchronise(store, link, document(study, one), on=DAY).known == (one["key"],)
    assert study_answers(store, study.identifier).answers.height == 0


def test_answers_after_a_withdrawal_are_not_kept(store):
    study = opened(store, viewers())
    now = agreed(store, invite(store, study.identifier, 1)[0].token)
    withdraw_by_link(store, now.token)
    assert submit(store, now.token, "first", now.page.identifier, key(), filled(now), on=DAY).said == "withdrawn"
    assert study_answers(store, study.identifier).answers.height == 0


def test_the_answers_of_a_closed_study_can_be_deleted_and_another_study_stays(place, store):
    study, other = opened(store, panel()), opened(store, viewers())
    for _ in range(3):
        somebody(store, study)
    somebody(store, other, "words of another study")
    link = open_link(store, study.identifier)
    last = study.kept_until
    assert not study_status(store, study.identifier, on=last).overdue
    assert study_status(store, study.identifier, on=last + timedelta(days=1)).overdue
    with pytest.raises(StoreError, match="is not closed"):
        erase_study(store, study.identifier)
    close_study(store, study.identifier)
    gone = erase_study(store, study.identifier)
    assert (gone.people, gone.traces) == (3, "")
    assert gone.answers > 3
    assert not on_disk(place, store, WORDS)
    assert on_disk(place, store, "words of another study")
    with pytest.raises(LinkError):
        arrive(store, link, on=DAY)
    found = study_status(store, study.identifier, on=last + timedelta(days=1))
    assert (found.people, found.overdue, found.state) == (0, False, "erased")
    assert erase_study(store, study.identifier).people == 0
    with store.reading() as connection:
        assert broken(entries(connection)) == []
