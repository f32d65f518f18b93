"""The team: who may use the app over a network, in which role, with which password.

A viewer reads; an analyst also records, listens, estimates and simulates; an owner also looks after the team.
Passwords are kept as argon2id makes them (RFC 9106), each with a salt of its own.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, func, insert, select, update

from commonbeat.errors import InputError, Mistakes, did_you_mean
from commonbeat.storage.log import append, now
from commonbeat.storage.tables_web import sessions, users

if TYPE_CHECKING:
    from argon2 import PasswordHasher
    from sqlalchemy import Connection

    from commonbeat.storage import Store

ROLES: Final = ("viewer", "analyst", "owner")
"""From the least to the most; each may do what those before it may."""
SHORTEST: Final = 10
LONGEST: Final = 1024
NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
AT_ONCE: Final = threading.BoundedSemaphore(2)
"""A password takes 64 MiB and some time to check, so that guessing is dear; two at once are enough, and spare the machine."""
HERE: Final = "this machine"
"""Who came by the start key: no name in the list, since it proves a place and not a person."""


@dataclass(frozen=True, slots=True)
class User:
    """One of the team."""

    name: str
    role: str
    made_at: str


def set_user(store: Store, name: str, password: str, role: str | None = None) -> User:
    """The user can sign in with that password; sessions under an older one are over.

    role: of a new user, or a new role of a known one; left out: unchanged, owner for the first user and viewer for
    others. Raises InputError with every mistake: a name or role that is none, a password that is short or long.
    """
    _check(name, password, role)
    hashed = _hasher().hash(password)
    with store.writing() as connection:
        known = connection.execute(select(users).where(users.c.name == name)).first()
        first = not connection.execute(select(func.count()).select_from(users)).scalar_one()
        held = role or (known.role if known else ("owner" if first else "viewer"))
        if held != "owner" and (first or (known and known.role == "owner")):
            _keep_an_owner(connection, name)
        if known:
            connection.execute(update(users).where(users.c.name == name).values(password_hash=hashed, role=held))
        else:
            made = {"name": name, "role": held, "password_hash": hashed, "made_at": now()}
            connection.execute(insert(users).values(**made))
        connection.execute(delete(sessions).where(sessions.c.user == name))
        append(connection, "password set" if known else "user made", name, scope=held)
    return User(name, held, known.made_at if known else "")


def remove_user(store: Store, name: str) -> None:
    """Nobody signs in by that name; InputError where nobody has it or where no owner would be left."""
    with store.writing() as connection:
        known = connection.execute(select(users).where(users.c.name == name)).first()
        if known is None:
            names = [row.name for row in connection.execute(select(users.c.name))]
            mistakes = Mistakes()
            mistakes.add(
                "name", name, "is nobody's", did_you_mean(name, names) if names else "Nobody has a password yet."
            )
            mistakes.raise_if_any(InputError, "Nobody was removed:")
        if known is not None and known.role == "owner":
            _keep_an_owner(connection, name)
        connection.execute(delete(sessions).where(sessions.c.user == name))
        connection.execute(delete(users).where(users.c.name == name))
        append(connection, "user removed", name)


def list_users(store: Store) -> tuple[User, ...]:
    """Everybody who can sign in, by name."""
    with store.reading() as connection:
        rows = connection.execute(select(users.c.name, users.c.role, users.c.made_at).order_by(users.c.name))
        return tuple(User(*row) for row in rows)


def anybody_has_password(store: Store) -> bool:
    """Whether somebody can sign in with a password."""
    with store.reading() as connection:
        return connection.execute(select(users.c.name).limit(1)).first() is not None


def role_by_password(store: Store, name: str, password: str) -> str | None:
    """The user's role when the password is right, else None. A name that nobody has takes as long as a wrong password."""
    from argon2.exceptions import InvalidHashError, VerificationError

    with store.reading() as connection:
        known = connection.execute(select(users).where(users.c.name == name)).first()
    try:
        with AT_ONCE:
            _hasher().verify(known.password_hash if known else _nobody(), password[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return None
    return known.role if known else None


def _check(name: str, password: str, role: str | None) -> None:
    mistakes = Mistakes()
    if not NAME.fullmatch(name):
        mistakes.add("name", name, "is no name for a user", "Take up to forty of a-z, 0-9, dot, dash and underscore.")
    if role is not None and role not in ROLES:
        mistakes.add("role", role, "is no role", did_you_mean(role, ROLES))
    if not SHORTEST <= len(password) <= LONGEST:
        rule = f"must have {SHORTEST} letters or more, and {LONGEST} at most"
        mistakes.add("password", None, rule, "Four words that nobody would guess are good and can be remembered.")
    elif password.casefold().strip() in (name, name * 2) or len(set(password)) < 4:
        mistakes.add("password", None, "is guessed at once", "Four words that nobody would guess are good.")
    mistakes.raise_if_any(InputError, "The password was not set:")


def _keep_an_owner(connection: Connection, name: str) -> None:
    """Somebody else is an owner, or InputError."""
    others = select(func.count()).select_from(users).where(users.c.role == "owner", users.c.name != name)
    if not connection.execute(others).scalar_one():
        mistakes = Mistakes()
        mistakes.add(
            "name",
            name,
            "would leave nobody as an owner",
            "Make an owner first: commonbeat web user add NAME --role owner",
        )
        mistakes.raise_if_any(InputError, "Nothing was changed:")


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher()  # the library's own choice follows RFC 9106, with 64 MiB and three passes


@cache
def _nobody() -> str:
    """A hash that no password of ours has, made once so that asking for nobody costs the same."""
    import secrets

    return _hasher().hash(secrets.token_urlsafe(32))
