"""What the store knows of those who answer, and what it does not."""

from __future__ import annotations

import os
import re
import stat

import pytest
from sqlalchemy import DateTime, Time, inspect, select

from commonbeat.errors import ConsentError, InputError, LinkError, StoreError
from commonbeat.storage.log import entries
from commonbeat.storage.secrets import secret, secrets_file
from commonbeat.storage.tables_listen import contacts, open_links, participants
from commonbeat.workflows.listen_contacts import follow_up
from commonbeat.workflows.listen_keep import arrive, invite, leave_contact, open_link
from tests.listen.keeping.read_back import study_answers
from tests.listen.keeping.studies import DAY, LATER, agreed, opened, panel, to_the_end, viewers
from tests.listen.keeping.test_taking_back import CONTACT, on_disk, somebody

OF_STAFF = {"log", "users", "sessions", "jobs", "encounters", "derivatives", "withdrawals", "alembic_version"}
TELLS_WHERE_OR_WHEN = re.compile(
    r"(^|_)(ip|address|host|agent|browser|device|referr?er|cookie|at|time|hour|moment)(_|$)"
)
WHILE_SOMEBODY_SITS = {("seats", "touched_at")}  # gone with the seat; tests/web/respond/test_kiosk.py
HOUR = re.compile(r"\d\d:\d\d")


def test_no_column_of_respondents_holds_an_address_a_device_or_an_hour(store):
    with store.reading() as connection:
        schema = inspect(connection)
        seen = set(schema.get_table_names()) - OF_STAFF
        assert {"participants", "submissions", "answers", "turns", "contacts"} <= seen
        for table in seen:
            for column in schema.get_columns(table):
                if (table, column["name"]) in WHILE_SOMEBODY_SITS:
                    continue
                assert not TELLS_WHERE_OR_WHEN.search(column["name"]), (table, column["name"])
                assert not isinstance(column["type"], DateTime | Time), (table, column["name"])


def test_no_row_of_respondents_holds_an_hour_and_the_log_tells_their_days_only(store):
    study = opened(store, panel())
    somebody(store, study, "words")
    with store.reading() as connection:
        for table in (participants, open_links):
            assert not HOUR.search(repr(connection.execute(select(table)).all()))
        for table in ("submissions", "turns", "answers"):
            assert not HOUR.search(repr(connection.exec_driver_sql(f"SELECT * FROM {table}").all()))  # noqa: S608
        theirs = [each for each in entries(connection) if "consent" in each.act]
    assert [each.at for each in theirs] == [str(DAY)]
    assert [each.subject for each in theirs] == [study.identifier]


def test_links_are_not_in_the_store(place, store):
    study = opened(store, panel())
    made = [invite(store, study.identifier, 1)[0].token, open_link(store, study.identifier)]
    made.append(arrive(store, made[1], on=DAY).token)
    assert len(set(made)) == 3
    assert all(len(each) == 22 for each in made)
    assert not any(on_disk(place, store, each) for each in made)


def test_a_contact_is_sealed_apart_and_with_a_key_that_others_cannot_read(place, store):
    study = opened(store, panel())
    now = somebody(store, study, "words")
    leave_contact(store, now.token, "an-older-contact", project=place.project)
    leave_contact(store, now.token, CONTACT, project=place.project)
    assert not on_disk(place, store, CONTACT)
    file = secrets_file(place.project)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    found = study_answers(store, study.identifier)
    assert CONTACT not in repr([found.participants.rows(), found.answers.rows(), found.turns.rows()])
    assert "sealed" not in [*found.participants.columns, *found.answers.columns]
    [again] = follow_up(store, study.identifier, "second", project=place.project, on=DAY)
    assert again.contact == CONTACT
    with pytest.raises(LinkError):
        arrive(store, now.token, on=DAY)
    second = arrive(store, again.token, on=DAY.replace(month=10))
    assert second.wave == "second"
    to_the_end(store, second, on=DAY.replace(month=10))
    assert follow_up(store, study.identifier, "second", project=place.project, on=DAY) == []
    file.chmod(0o644)
    with pytest.raises(StoreError, match="can be read by others"):
        leave_contact(store, again.token, CONTACT, project=place.project)


def test_without_its_key_a_contact_stays_sealed(place, store):
    study = opened(store, panel())
    now = somebody(store, study)
    leave_contact(store, now.token, CONTACT, project=place.project)
    secrets_file(place.project).unlink()
    with pytest.raises(StoreError, match="sealed with another key"):
        follow_up(store, study.identifier, "second", project=place.project, on=DAY)
    assert arrive(store, now.token, on=DAY).state == "consented"


def test_a_contact_is_kept_where_it_was_asked_for_and_agreed_to(place, store):
    study = opened(store, viewers(contact_data=False))
    now = somebody(store, study)
    with pytest.raises(ConsentError):
        leave_contact(store, now.token, CONTACT, project=place.project)
    asked = opened(store, panel())
    link = invite(store, asked.identifier, 1)[0].token
    with pytest.raises(ConsentError):
        leave_contact(store, link, CONTACT, project=place.project)
    done = agreed(store, link)
    with pytest.raises(InputError, match="201 signs"):
        leave_contact(store, done.token, "x" * 201, project=place.project)
    leave_contact(store, done.token, CONTACT, project=place.project)
    leave_contact(store, done.token, " ", project=place.project)
    with store.reading() as connection:
        assert connection.execute(select(contacts)).all() == []
    with pytest.raises(InputError, match="is no wave"):
        follow_up(store, asked.identifier, "third", project=place.project, on=DAY)


def test_a_secret_is_made_once_by_processes_that_ask_at_once(tmp_path):
    import subprocess
    import sys

    code = "import sys; from commonbeat.storage.secrets import secret; print(secret(sys.argv[1], sys.argv[2]).hex())"
    made = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path), name], stdout=subprocess.PIPE, text=True)
        for name in ("one", "two", "one", "two")
    ]
    said = [each.communicate()[0].strip() for each in made]
    assert said[0] == said[2] == secret(tmp_path, "one").hex()
    assert said[1] == said[3] == secret(tmp_path, "two").hex()
    assert said[0] != said[1]
    assert [path.name for path in tmp_path.iterdir()] == ["commonbeat.secrets.json"]


@pytest.mark.parametrize("content", ["", "[]", "{", '{"one": "short"}', '{"one": 1}', '{"one": "é"}'])
def test_a_damaged_file_of_secrets_is_told_and_left_alone(tmp_path, content):
    file = secrets_file(tmp_path)
    descriptor = os.open(file, os.O_CREAT | os.O_WRONLY, 0o600)
    os.write(descriptor, content.encode())
    os.close(descriptor)
    with pytest.raises(StoreError, match="cannot be used"):
        secret(tmp_path, "one")
    assert file.read_text() == content


def test_the_days_of_a_second_wave_are_days(store):
    study = opened(store, viewers())
    now = somebody(store, study)
    again = to_the_end(store, arrive(store, now.token, on=LATER), on=LATER)
    assert again.state == "finished"
    assert study_answers(store, study.identifier).participants["finished_on"].to_list() == [str(LATER)]
