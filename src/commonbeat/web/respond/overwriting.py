"""While the server runs, what withdrawals leave in the store's files is overwritten: soon in a small store, seldom in a large one.

Files that are written anew let nobody else write meanwhile. So it takes at most a thousandth of the time, whatever the size of the store:
after a second's work come 17 minutes of rest, and whoever withdraws in them is served together at their end.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING, Final

from commonbeat.errors import CommonBeatError

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.applications import Starlette

    from commonbeat.storage import Store

LOOK_SECONDS: Final = 20.0
REST: Final = 1_000.0  # how many times as long as the work
LONGEST_REST_SECONDS: Final = 20 * 3600.0  # "within a day" is what the page of withdrawal says
SOON_SECONDS: Final = (1.0, 5.0, 20.0)
"""How long to wait for another program that reads the store, such as a command, before its side file is emptied again."""


class Overwriter:
    """A thread that looks after what people left behind who went away: seats at kiosks, and traces of deleted answers."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._not_before = 0.0
        self._held = 0  # how often the side file was held since it was to be emptied; 0 where it is empty
        self._wake = threading.Event()
        self._stopping = False
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """A thread looks every twenty seconds, until `close`."""
        self._thread = threading.Thread(target=self._go_on, name="traces", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Nothing is left behind that could be overwritten; the thread has ended."""
        self._stopping = True
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
        self._overwrite()

    def empty_soon(self) -> None:
        """Another program held the side file as somebody withdrew: it is emptied as soon as that one lets go, or the server's window says that it is not."""
        self._held = max(self._held, 1)  # whoever comes meanwhile does not put off what the window says
        self._wake.set()

    def look(self) -> None:
        """Seats that nobody sits in are free; what is left is overwritten, unless the store has had too little rest since the last time."""
        self._free_seats()
        if self._held:
            self._empty()
        if not self._held and self._clock() >= self._not_before:
            self._overwrite()

    def _go_on(self) -> None:
        while not self._stopping:
            woken = self._wake.wait(SOON_SECONDS[self._held - 1] if self._held else LOOK_SECONDS)
            self._wake.clear()
            if not woken:
                self.look()

    def _free_seats(self) -> None:
        from commonbeat.workflows.listen_seats import free_silent_seats

        try:
            free_silent_seats(self._store)
        except CommonBeatError:  # the store is busy; they are no less free for standing there
            return

    def _empty(self) -> None:
        try:
            self._store.empty_side_file()
        except CommonBeatError as error:
            if self._held == len(SOON_SECONDS):
                _tell(error)
            self._held = (self._held + 1) % (len(SOON_SECONDS) + 1)
        else:
            self._held = 0

    def _overwrite(self) -> None:
        """Whatever is left is overwritten now; how long that took says when it may be done again."""
        from commonbeat.workflows.listen_traces import overwrite_traces, traces_left

        began = self._clock()
        try:
            if not traces_left(self._store):
                return
            overwrite_traces(self._store)
        except CommonBeatError as error:
            _tell(error)
        spent = self._clock() - began
        self._not_before = began + min(REST * spent, LONGEST_REST_SECONDS)


def overwriter_of(app: Starlette) -> Overwriter:
    """The app's own one."""
    if not hasattr(app.state, "overwriter"):
        app.state.overwriter = Overwriter(app.state.store)
    return app.state.overwriter


def _tell(error: CommonBeatError) -> None:
    logging.getLogger(__name__).warning("Somebody withdrew, and traces are left. %s", error)
