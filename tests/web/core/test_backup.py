"""A backup is one moment of the store, whole, private, and comes back as it was."""

from __future__ import annotations

import json
import stat
import tarfile
import threading
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from commonbeat.errors import InputError, StoreError
from commonbeat.storage import Store, open_store, where_store
from commonbeat.storage.log import append, broken, entries
from commonbeat.storage.secrets import secret, secrets_file
from commonbeat.storage.tables import encounters, withdrawals
from commonbeat.storage.tables_listen import answers, contacts, participants, studies
from commonbeat.workflows.listen_erase import erase_study
from commonbeat.workflows.web_backup import back_up, restore
from commonbeat.workflows.web_sessions import begin_session, session_of
from commonbeat.workflows.web_users import list_users, set_user
from tests.web.core.browsers import PASSWORD
from tests.web.respond.studies import present

WORDS = "the words of somebody who took them back"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    with store_of(folder) as store:
        set_user(store, "mira", PASSWORD)
    secret(folder, "contacts")
    return folder


def store_of(folder: Path) -> Store:
    return open_store(where_store(folder), create=True)


def names(folder: Path) -> list[str]:
    with store_of(folder) as store:
        return [each.name for each in list_users(store)]


def test_what_was_backed_up_comes_back(project: Path, tmp_path: Path) -> None:
    file, key = tmp_path / "b.tar", secret(project, "contacts")
    made = back_up(project, file)
    assert made.secrets
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with tarfile.open(file) as packed:
        assert packed.getnames() == ["manifest.json", "secrets.json", "store.sqlite3"]
    assert sorted(each.name for each in tmp_path.iterdir()) == ["b.tar", "project"]
    empty = tmp_path / "new" / "place"
    restore(empty, file)
    assert names(empty) == ["mira"]
    assert secret(empty, "contacts") == key
    assert {stat.S_IMODE(each.stat().st_mode) for each in empty.iterdir() if each.is_file()} == {0o600}
    with store_of(empty) as store, store.reading() as connection:
        log = entries(connection)
    assert broken(log) == []
    assert [each.act for each in log] == ["user made", "restored"]


def test_nothing_is_written_over_unasked(project: Path, tmp_path: Path) -> None:
    file = tmp_path / "b.tar"
    back_up(project, file)
    before = file.read_bytes()
    with pytest.raises(InputError, match="never written over"):
        back_up(project, file)
    assert file.read_bytes() == before
    with pytest.raises(InputError, match="--replace") as caught:
        restore(project, file)
    assert len(caught.value.mistakes) == 2
    with store_of(project) as store, store.writing() as connection:
        connection.execute(insert(withdrawals).values(encounter="e", consent="c", why="asked", at="2026-02-02"))
        append(connection, "something else", "store")
    restore(project, file, replace=True)
    with store_of(project) as store, store.reading() as connection:
        assert "something else" not in [each.act for each in entries(connection)]


def test_a_store_that_others_write_to_is_copied_whole(project: Path, tmp_path: Path) -> None:
    done = threading.Event()

    def write() -> None:
        with store_of(project) as store:
            while not done.is_set():
                begin_session(store, "mira", "owner")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            back_up(project, tmp_path / f"{number}.tar")
    finally:
        done.set()
        writer.join()
    for number in range(3):
        place = tmp_path / f"back-{number}"
        restore(place, tmp_path / f"{number}.tar")
        with store_of(place) as store, store.reading() as connection:
            assert broken(entries(connection)) == []


def test_a_store_that_is_open_shows_what_was_restored(project: Path, tmp_path: Path) -> None:
    back_up(project, tmp_path / "b.tar")
    running = store_of(project)
    token = begin_session(running, "mira", "owner")
    assert session_of(running, token) is not None
    restore(project, tmp_path / "b.tar", replace=True)
    assert session_of(running, token) is None
    with running.reading() as connection:
        assert [each.act for each in entries(connection)] == ["user made", "restored"]
    running.engine.dispose()


def with_participant(folder: Path) -> None:
    """A study with one participant who answered and left contact data, and a record of an encounter."""
    with store_of(folder) as store, store.writing() as connection:
        study = {"identifier": "s", "document": "{}", "fingerprint": "", "state": "open", "registered_on": "2026-01-01"}
        connection.execute(insert(studies).values(**study, assignment_seed=b"s" * 32))
        person = {"study": "s", "token_hash": "t", "came_by": "open", "state": "finished"}
        person |= {"stratum": "adult, trust 4", "position": 0, "consented_on": "2026-01-02"}
        connection.execute(insert(participants).values(**person))
        connection.execute(insert(answers).values(participant=1, wave="w", item="i", text=WORDS, skipped=False))
        connection.execute(insert(contacts).values(participant=1, sealed=b"sealed"))
        record = {"identifier": "e", "consent": "c", "content": WORDS, "salt": "", "invented": True, "unconfirmed": 0}
        connection.execute(insert(encounters).values(**record, imported_at=""))


def test_what_was_taken_back_since_stays_taken_back(project: Path, tmp_path: Path) -> None:
    with_participant(project)
    back_up(project, tmp_path / "b.tar")
    with store_of(project) as store, store.writing() as connection:
        connection.execute(update(participants).values(state="withdrawn", withdrawn_on="2026-02-02"))
        connection.execute(answers.delete())
        connection.execute(contacts.delete())
        connection.execute(encounters.delete())
        connection.execute(insert(withdrawals).values(encounter="e", consent="c", why="asked", at="2026-02-02"))
    back = restore(project, tmp_path / "b.tar", replace=True)
    assert back.withdrawn == ("encounter e", "a participant of s")
    with store_of(project) as store, store.reading() as connection:
        assert [connection.execute(select(table)).all() for table in (answers, contacts, encounters)] == [[], [], []]
        person = connection.execute(select(participants)).one()
        assert (person.state, person.withdrawn_on) == ("withdrawn", "2026-02-02")
        assert (person.stratum, person.position, person.consented_on) == (None, None, None)
        assert connection.execute(select(withdrawals.c.encounter)).scalars().all() == ["e"]
        assert broken(entries(connection)) == []
    for path in project.iterdir():
        assert WORDS.encode() not in path.read_bytes()


def test_a_study_that_was_deleted_since_stays_deleted(project: Path, tmp_path: Path) -> None:
    with_participant(project)
    with store_of(project) as store, store.writing() as connection:
        connection.execute(update(studies).values(document=json.dumps(present().document()), state="closed"))
    back_up(project, tmp_path / "b.tar")
    with store_of(project) as store:
        assert erase_study(store, "s").people == 1
        with store.writing() as connection:  # somebody who came since is not touched by an older deletion
            row = {"study": "s", "token_hash": "later", "came_by": "open", "state": "invited"}
            connection.execute(insert(participants).values(**row))
    back_up(project, tmp_path / "later.tar")
    back = restore(project, tmp_path / "b.tar", replace=True)
    assert back.withdrawn == ("answers of s",)
    with store_of(project) as store, store.reading() as connection:
        assert [connection.execute(select(table)).all() for table in (answers, contacts, participants)] == [[], [], []]
        assert broken(entries(connection)) == []
    assert restore(project, tmp_path / "later.tar", replace=True).withdrawn == ()
    with store_of(project) as store, store.reading() as connection:
        assert connection.execute(select(participants.c.token_hash)).scalars().all() == ["later"]


def test_another_project_s_withdrawals_touch_nobody(project: Path, tmp_path: Path) -> None:
    with_participant(project)
    back_up(project, tmp_path / "b.tar")
    other = tmp_path / "other"
    other.mkdir()
    with_participant(other)
    with store_of(other) as store, store.writing() as connection:
        connection.execute(update(studies).values(assignment_seed=b"o" * 32))
        connection.execute(update(participants).values(state="withdrawn"))
    assert restore(other, tmp_path / "b.tar", replace=True).withdrawn == ()
    with store_of(other) as store, store.reading() as connection:
        assert connection.execute(select(answers.c.text)).scalars().all() == [WORDS]


@pytest.mark.parametrize("damage", ["empty", "text", "cut", "flipped", "other", "link", "none"])
def test_a_damaged_backup_changes_nothing(project: Path, tmp_path: Path, damage: str) -> None:
    file, bad = tmp_path / "b.tar", tmp_path / "bad.tar"
    back_up(project, file)
    content = bytearray(file.read_bytes())
    if damage == "empty":
        bad.write_bytes(b"")
    elif damage == "text":
        bad.write_bytes(b"not a backup")
    elif damage == "cut":
        bad.write_bytes(content[: len(content) // 2])
    elif damage == "flipped":
        content[len(content) // 2] ^= 255
        bad.write_bytes(content)
    elif damage in ("other", "link"):
        with tarfile.open(bad, "w") as packed:
            part = tarfile.TarInfo("manifest.json" if damage == "other" else "store.sqlite3")
            part.type, part.linkname = (tarfile.SYMTYPE, "/etc/passwd") if damage == "link" else (tarfile.REGTYPE, "")
            packed.addfile(part)
    place = tmp_path / "place"
    with pytest.raises(InputError):
        restore(place, bad)
    assert not (place / "commonbeat.sqlite3").exists()
    with pytest.raises(InputError):
        restore(project, bad, replace=True)
    assert names(project) == ["mira"]


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="does not exist"):
        back_up(tmp_path, tmp_path / "b.tar")
    with pytest.raises(InputError, match="is no folder"):
        back_up(tmp_path, tmp_path / "nowhere" / "b.tar")
    assert list(tmp_path.iterdir()) == []


def test_postgresql_is_told_its_own_way(tmp_path: Path) -> None:
    address = "postgresql+psycopg://me:secret@host/name"
    for act in (back_up, restore):
        with pytest.raises(StoreError, match="pg_dump") as caught:
            act(tmp_path, tmp_path / "b.tar", address)
        assert "secret" not in str(caught.value).replace("commonbeat.secrets.json", "")
        assert "postgresql://me:***@host/name" in str(caught.value)


def test_a_project_without_secrets_is_backed_up_too(tmp_path: Path) -> None:
    with store_of(tmp_path) as store:
        set_user(store, "mira", PASSWORD)
    made = back_up(tmp_path, tmp_path / "b.tar")
    assert not made.secrets
    place = tmp_path / "place"
    restore(place, tmp_path / "b.tar")
    assert not secrets_file(place).exists()
    with tarfile.open(tmp_path / "b.tar") as packed:
        content = packed.extractfile("manifest.json")
        assert content is not None
        assert json.load(content)["format"] == "commonbeat backup 1"
