"""Who of the team is signed in. A browser holds 256 random bits; the store holds their hash only.

A session ends by itself: after eight hours without a page, and after seven days in any case.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, insert, select, update

from commonbeat.storage.log import append
from commonbeat.storage.tables_web import sessions

if TYPE_CHECKING:
    from commonbeat.storage import Store

IDLE_SECONDS: Final = 8 * 3600
MOST_SECONDS: Final = 7 * 24 * 3600
TOUCH_SECONDS: Final = 60  # a page does not write to the store when another one did so within a minute


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is signed in. csrf: what their forms must carry; it is not the token in the cookie."""

    user: str
    role: str
    csrf: str


def begin_session(store: Store, user: str, role: str, now: float | None = None) -> str:
    """The user is signed in; returned is the token for the cookie, which stands nowhere else.

    Sessions that are over are swept out at the same time. The log tells who came, not from where.
    """
    moment = int(time.time() if now is None else now)
    token = secrets.token_urlsafe(32)
    with store.writing() as connection:
        over = (sessions.c.expires_at <= moment) | (sessions.c.seen_at <= moment - IDLE_SECONDS)
        connection.execute(delete(sessions).where(over))
        row = {"token_hash": _hash(token), "user": user, "role": role, "csrf": secrets.token_urlsafe(32)}
        connection.execute(insert(sessions).values(**row, seen_at=moment, expires_at=moment + MOST_SECONDS))
        append(connection, "signed in", user, scope=role)
    return token


def session_of(store: Store, token: str, now: float | None = None) -> Session | None:
    """The session that the token belongs to; None where there is none, or where it is over."""
    moment = int(time.time() if now is None else now)
    row = _row_of(store, token, moment)
    if row is None:
        return None
    if row.seen_at <= moment - TOUCH_SECONDS:
        with store.writing() as connection:
            connection.execute(update(sessions).where(sessions.c.token_hash == row.token_hash).values(seen_at=moment))
    return Session(row.user, row.role, row.csrf)


def is_signed_in(store: Store, token: str) -> bool:
    """Whether the token's session goes on. Asking does not keep it awake: a page that only listens is not somebody who is there."""
    return _row_of(store, token, int(time.time())) is not None


def end_session(store: Store, token: str) -> None:
    """The token opens nothing any more."""
    with store.writing() as connection:
        connection.execute(delete(sessions).where(sessions.c.token_hash == _hash(token)))


def _row_of(store: Store, token: str, moment: int) -> Any:
    """The row of a session that is not over at that moment, or None."""
    if not token:
        return None
    with store.reading() as connection:
        row = connection.execute(select(sessions).where(sessions.c.token_hash == _hash(token))).first()
    over = row is None or row.expires_at <= moment or row.seen_at <= moment - IDLE_SECONDS
    return None if over else row


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
