"""Work that many ask for at once is done once for all who asked before it began.

Emptying a file for ten people who withdraw in the same second is the same as for one. Whoever asks while it is under way waits for
the next time, for what they deleted may have come too late for this one.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Shared:
    """One piece of work that several threads ask for."""

    def __init__(self, work: Callable[[], None]) -> None:
        self._work = work
        self._news = threading.Condition()
        self._begun = 0
        self._ended = 0
        self._error: Exception | None = None

    def ask(self) -> None:
        """The work was done, from beginning to end, after this was asked for; raises what it raised."""
        if not self._must_begin():
            return
        try:
            self._work()
        except Exception as error:
            self._end(error)
            raise
        except BaseException:
            self._end(None, done=False)
            raise
        self._end(None)

    def _must_begin(self) -> bool:
        """Whether the caller is the one to do it; False once another one did, whose error is raised here too."""
        with self._news:
            mine = self._begun + 1
            while self._ended < mine and self._begun > self._ended:
                self._news.wait()
            if self._ended < mine:
                self._begun += 1
                return True
            if self._error is not None:
                raise self._error
            return False

    def _end(self, error: Exception | None, *, done: bool = True) -> None:
        """All hear of it. Where it was cut off, one of those who wait begins anew."""
        with self._news:
            if done:
                self._ended, self._error = self._begun, error
            else:
                self._begun = self._ended
            self._news.notify_all()
