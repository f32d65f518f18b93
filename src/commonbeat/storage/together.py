"""Writers that wait for one another write together: one transaction, one push to the disk, for all who wait.

A commit waits for the disk. Of many threads that store something at once, the first to come leads: it takes
everybody's work into one transaction, each behind a savepoint of its own, and commits once. Nobody is told that
their work is kept before that commit, and whoever fails takes back their own work alone.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from sqlalchemy.exc import OperationalError

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from sqlalchemy import Connection

Kept = TypeVar("Kept")
MOST: Final = 64  # works in one transaction, so that the first of them does not wait for hundreds


class _Turn:
    """One caller's work, and what came of it."""

    __slots__ = ("done", "error", "result", "work")

    def __init__(self, work: Callable[[Connection], Any]) -> None:
        self.work = work
        self.done = False
        self.result: Any = None
        self.error: BaseException | None = None


class Together:
    """The queue of one store. `begin`: makes a transaction that is kept when its block ends."""

    def __init__(self, begin: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._begin = begin
        self._waiting: deque[_Turn] = deque()
        self._news = threading.Condition()
        self._led = False

    def write(self, work: Callable[[Connection], Kept]) -> Kept:
        """What `work` returned, once the transaction that holds its changes is on the disk.

        Raises what `work` raised, its changes taken back, or why the transaction could not be kept.
        """
        turn = _Turn(work)
        with self._news:
            self._waiting.append(turn)
        while self._must_lead(turn):
            try:
                self._lead()
            finally:
                with self._news:  # all hear of it: whoever was served goes, and one of the others leads next
                    self._led = False
                    self._news.notify_all()
        if turn.error is not None:
            raise turn.error
        return cast("Kept", turn.result)

    def alone(self, work: Callable[[], Kept]) -> Kept:
        """What `work` returned; meanwhile nobody else of this queue writes, and nobody runs out of patience waiting for it."""
        with self._news:
            while self._led:
                self._news.wait()
            self._led = True
        try:
            return work()
        finally:
            with self._news:
                self._led = False
                self._news.notify_all()

    def _must_lead(self, turn: _Turn) -> bool:
        """Whether nobody leads and the turn was not served: then its caller does. Waits while another one leads."""
        with self._news:
            while self._led and not turn.done:
                self._news.wait()
            self._led = self._led or not turn.done
            return not turn.done

    def _lead(self) -> None:
        """Everybody who waits is served, up to the most; each turn knows what came of it."""
        turns = [self._waiting.popleft() for _ in range(min(len(self._waiting), MOST))]
        try:
            with self._begin() as connection:
                for turn in turns:
                    _serve(connection, turn, alone=len(turns) == 1)
        except BaseException as error:  # nothing of this transaction was kept, whatever each had done in it
            for turn in turns:
                turn.error = turn.error or error
            if not isinstance(error, Exception):
                raise
        finally:
            for turn in turns:
                turn.done = True


def _serve(connection: Connection, turn: _Turn, *, alone: bool) -> None:
    """One turn's work is done in the transaction, or undone with its reason kept."""
    if alone:  # the transaction is the savepoint
        turn.result = turn.work(connection)
        return
    try:
        with connection.begin_nested():
            turn.result = turn.work(connection)
    except OperationalError:  # the disk or the server refuses, and may have taken back more than this savepoint
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told to its caller and to nobody else
        turn.error = error
