"""Who sits at a kiosk now: a seat is good there from its start until its end, a stop or a long silence.

Addresses at a kiosk name the seat and never the personal link, which would open the person's pages elsewhere: whoever reads them in the
history of a shared browser finds nothing that opens anything once the seat is free.

The store holds a seat only while it is taken: the hash of its word, and the personal link sealed with that word, which stands in the address
on the tablet and nowhere else. So a seat outlives the server's program, several servers share it, and whoever reads the store cannot tell
who sits where, nor open anybody's pages.
"""

from __future__ import annotations

import hmac
import secrets
import time
from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, delete, insert, select, update

from commonbeat.storage.tables_listen import seats
from commonbeat.workflows.listen_tokens import hash_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from commonbeat.storage import Store

SEAT_BYTES: Final = 16
SILENCE_SECONDS: Final = 660
"""After so long without a sign of life a seat is free: a minute more than a page without a script waits for somebody who types."""
NOTED_SECONDS: Final = 60  # signs of life in the same minute are not written down one by one
MINE: Final = seats.c.seat_hash == bindparam("mine")
FIND: Final = select(seats.c.sealed_token, seats.c.touched_at).where(MINE)
TOUCH: Final = update(seats).where(MINE).values(touched_at=bindparam("moment"))
FREE: Final = delete(seats).where(MINE)
SILENT: Final = seats.c.touched_at < bindparam("oldest")


def sit(store: Store, desk: str, token: str) -> str:
    """The person with that link answers at that kiosk from now on, in the seat whose word is returned: 128 random bits."""
    seat, moment = secrets.token_urlsafe(SEAT_BYTES), seconds_now()
    row = {"seat_hash": _hash(desk, seat), "sealed_token": _sealed(seat, token.encode()), "touched_at": moment}

    def work(connection: Connection) -> None:
        connection.execute(delete(seats).where(SILENT), {"oldest": moment - SILENCE_SECONDS})
        connection.execute(insert(seats), row)

    store.write(work)
    return seat


def who_sits(store: Store, desk: str, seat: str) -> str:
    """The personal link of whoever still sits there, empty where nobody does; asking counts as a sign of life."""
    mine, moment = _hash(desk, seat), seconds_now()
    with store.reading() as connection:
        row = connection.execute(FIND, {"mine": mine}).first()
    if row is None or row.touched_at < moment - SILENCE_SECONDS:
        return ""
    if row.touched_at < moment - NOTED_SECONDS:
        store.write(lambda connection: connection.execute(TOUCH, {"mine": mine, "moment": moment}))
    return _sealed(seat, bytes(row.sealed_token)).decode()


def stand_up(store: Store, desk: str, seat: str) -> None:
    """Nobody can go on in that seat."""
    store.write(lambda connection: connection.execute(FREE, {"mine": _hash(desk, seat)}))


def free_silent_seats(store: Store) -> None:
    """Seats without a sign of life for too long are not in the store any more."""
    oldest = {"oldest": seconds_now() - SILENCE_SECONDS}
    with store.reading() as connection:
        found = connection.execute(select(seats.c.seat_hash).where(SILENT).limit(1), oldest).first()
    if found is not None:
        store.write(lambda connection: connection.execute(delete(seats).where(SILENT), oldest))


def seconds_now() -> int:
    """Seconds since 1970."""
    return int(time.time())


def _hash(desk: str, seat: str) -> str:
    return hash_of(f"{desk}/{seat}")


def _sealed(seat: str, content: bytes) -> bytes:
    """The content, sealed or opened: each seat's word is used once, so that a pad made of it is as good as any seal."""
    pad = hmac.digest(seat.encode("utf-8", "surrogatepass"), b"personal link", "sha256")
    return bytes(one ^ other for one, other in zip(content, pad[: len(content)], strict=True))
