"""Passwords and roles: what is refused, what is kept, and that somebody stays an owner."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from commonbeat.errors import InputError
from commonbeat.storage import Store
from commonbeat.storage.log import entries
from commonbeat.storage.tables_web import users
from commonbeat.workflows.web_sessions import begin_session, session_of
from commonbeat.workflows.web_users import anybody_has_password, list_users, remove_user, role_by_password, set_user
from tests.web.core.browsers import PASSWORD


def test_the_first_is_an_owner_and_the_next_a_viewer(both: Store) -> None:
    assert not anybody_has_password(both)
    assert set_user(both, "mira", PASSWORD).role == "owner"
    assert set_user(both, "sam", PASSWORD).role == "viewer"
    assert set_user(both, "ada", PASSWORD, "analyst").role == "analyst"
    assert [(each.name, each.role) for each in list_users(both)] == [
        ("ada", "analyst"),
        ("mira", "owner"),
        ("sam", "viewer"),
    ]
    assert anybody_has_password(both)


def test_only_a_salted_argon2_hash_is_kept(both: Store) -> None:
    set_user(both, "mira", PASSWORD)
    set_user(both, "sam", PASSWORD)
    with both.reading() as connection:
        hashes = connection.execute(select(users.c.password_hash)).scalars().all()
        log = entries(connection)
    assert all(each.startswith("$argon2id$") for each in hashes)
    assert len(set(hashes)) == 2
    assert PASSWORD not in str(log)
    assert [each.act for each in log] == ["user made", "user made"]


def test_the_right_password_only(both: Store) -> None:
    set_user(both, "mira", PASSWORD)
    assert role_by_password(both, "mira", PASSWORD) == "owner"
    for name, password in (("mira", PASSWORD + " "), ("mira", ""), ("MIRA", PASSWORD), ("sam", PASSWORD)):
        assert role_by_password(both, name, password) is None


def test_a_new_password_ends_old_sessions(both: Store) -> None:
    set_user(both, "mira", PASSWORD)
    token = begin_session(both, "mira", "owner")
    set_user(both, "mira", "loud mountain sings early")
    assert session_of(both, token) is None
    assert role_by_password(both, "mira", PASSWORD) is None


def test_somebody_stays_an_owner(both: Store) -> None:
    set_user(both, "mira", PASSWORD)
    with pytest.raises(InputError, match="nobody as an owner"):
        remove_user(both, "mira")
    with pytest.raises(InputError, match="nobody as an owner"):
        set_user(both, "mira", PASSWORD, "viewer")
    set_user(both, "sam", PASSWORD, "owner")
    token = begin_session(both, "mira", "owner")
    remove_user(both, "mira")
    assert session_of(both, token) is None
    assert [each.name for each in list_users(both)] == ["sam"]


def test_removing_nobody_names_the_near_one(both: Store) -> None:
    set_user(both, "mira", PASSWORD)
    with pytest.raises(InputError, match="Did you mean 'mira'"):
        remove_user(both, "mirra")


def test_every_mistake_at_once(both: Store) -> None:
    with pytest.raises(InputError) as caught:
        set_user(both, "No Name", "short", "king")
    assert [each.place for each in caught.value.mistakes] == ["name", "role", "password"]
    assert "short" not in str(caught.value)
    assert list_users(both) == ()


@pytest.mark.parametrize("password", ["aaaaaaaaaaaa", "x" * 1025, "123456789", "abababababab"])
def test_a_password_that_is_guessed_is_refused(both: Store, password: str) -> None:
    with pytest.raises(InputError, match="password"):
        set_user(both, "mira", password)


def test_the_first_is_no_viewer(both: Store) -> None:
    for role in ("viewer", "analyst"):
        with pytest.raises(InputError, match="nobody as an owner"):
            set_user(both, "sam", PASSWORD, role)
    assert list_users(both) == ()
