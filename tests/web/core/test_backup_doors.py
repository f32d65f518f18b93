"""A door that was shut after a backup was made is not opened by restoring it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import insert, select, update

from commonbeat.storage import Store, open_store, where_store
from commonbeat.storage.log import broken, entries
from commonbeat.storage.tables_listen import open_links, participants, studies
from commonbeat.workflows.web_backup import back_up, restore
from commonbeat.workflows.web_sessions import begin_session, session_of
from commonbeat.workflows.web_users import list_users, remove_user, role_by_password, set_user
from tests.web.core.browsers import PASSWORD

OTHER = "slow lanterns over rivers"


def store_of(folder: Path) -> Store:
    return open_store(where_store(folder), create=True)


def begun(project: Path) -> Path:
    """A project with a team, an open study with two links, one participant; and its backup."""
    project.mkdir()
    with store_of(project) as store:
        set_user(store, "mira", PASSWORD)
        set_user(store, "tom", PASSWORD, "analyst")
        with store.writing() as connection:
            study = {"identifier": "s", "document": "{}", "fingerprint": "", "registered_on": "2026-01-01"}
            connection.execute(insert(studies).values(**study, state="open", assignment_seed=b"s" * 32))
            for name in "ab":
                link = {"token_hash": name, "study": "s", "kind": "open", "made_on": "2026-01-01", "revoked": False}
                connection.execute(insert(open_links).values(**link))
            person = {"study": "s", "token_hash": "lost", "came_by": "personal", "state": "invited"}
            connection.execute(insert(participants).values(**person))
    file = project.with_suffix(".tar")
    back_up(project, file)
    return file


def test_what_was_shut_since_stays_shut(tmp_path: Path) -> None:
    project = tmp_path / "project"
    file = begun(project)
    with store_of(project) as store:
        remove_user(store, "tom")
        set_user(store, "mira", OTHER)
        set_user(store, "sam", PASSWORD, "viewer")
        token = begin_session(store, "mira", "owner")
        with store.writing() as connection:
            connection.execute(update(open_links).where(open_links.c.token_hash == "a").values(revoked=True))  # noqa: S105
            connection.execute(update(participants).values(token_hash="found"))  # noqa: S106
            connection.execute(update(studies).values(state="closed", closed_on="2026-03-03"))
    back = restore(project, file, replace=True)
    assert back.shut == (
        "tom was removed since, and stays so",
        "mira keeps the password and role of now",
        "sam keeps the password and role of now",
        "a link of s was revoked since, and stays so",
        "a personal link of s was replaced since, and stays so",
        "s was closed since, and stays so",
    )
    assert back.open_now == ("mira can sign in as owner", "sam can sign in as viewer")
    with store_of(project) as store:
        assert role_by_password(store, "mira", OTHER) == "owner"
        assert role_by_password(store, "mira", PASSWORD) is None
        assert session_of(store, token) is None
        with store.reading() as connection:
            assert connection.execute(
                select(open_links.c.revoked).order_by(open_links.c.token_hash)
            ).scalars().all() == [
                True,
                False,
            ]
            assert connection.execute(select(participants.c.token_hash)).scalar_one() == "found"
            assert tuple(connection.execute(select(studies.c.state, studies.c.closed_on)).one()) == (
                "closed",
                "2026-03-03",
            )
            assert broken(entries(connection)) == []


def test_elsewhere_everything_comes_back_and_is_told(tmp_path: Path) -> None:
    file = begun(tmp_path / "project")
    back = restore(tmp_path / "elsewhere", file)
    assert back.shut == ()
    assert back.open_now == (
        "mira can sign in as owner",
        "tom can sign in as analyst",
        "s takes answers, by personal links and 2 that many may use",
    )


def test_nothing_changes_where_nothing_was_shut_or_nobody_has_a_say(tmp_path: Path) -> None:
    file = begun(tmp_path / "project")
    assert restore(tmp_path / "project", file, replace=True).shut == ()
    empty = tmp_path / "empty"
    empty.mkdir()
    store_of(empty).engine.dispose()
    restore(empty, file, replace=True)
    with store_of(empty) as store:
        assert [each.name for each in list_users(store)] == ["mira", "tom"]
