"""Who sits at a kiosk now: a personal link is good there from its start until its end, a stop or a long silence.

Only the memory of the running program knows it. After a restart nobody sits anywhere, so a page that somebody left
open on the tablet leads back to the start: the safe side for a screen that the next person sees.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

IDLE_SECONDS: Final = 180
MOST_SEATS: Final = 1_000


class Desk:
    """The seats of all kiosks of this program: which personal links are in use on a shared screen."""

    def __init__(self, idle_seconds: float = IDLE_SECONDS, clock: Callable[[], float] = time.monotonic) -> None:
        self.idle_seconds = idle_seconds
        self._clock = clock
        self._touched: dict[tuple[str, str], float] = {}
        self._lock = threading.Lock()

    def sit(self, desk: str, token: str) -> None:
        """The person with that link answers at that kiosk from now on."""
        with self._lock:
            self._leave_idle()
            self._touched[desk, token] = self._clock()

    def sits(self, desk: str, token: str) -> bool:
        """Whether that person still sits there; asking counts as a sign of life."""
        with self._lock:
            self._leave_idle()
            if (desk, token) not in self._touched:
                return False
            self._touched[desk, token] = self._clock()
            return True

    def stand_up(self, desk: str, token: str) -> None:
        """Nobody can go on at that kiosk with that link."""
        with self._lock:
            self._touched.pop((desk, token), None)

    def _leave_idle(self) -> None:
        """Seats without a sign of life for too long are free, and the oldest where there are too many."""
        oldest = self._clock() - self.idle_seconds
        self._touched = {seat: seen for seat, seen in self._touched.items() if seen >= oldest}
        while len(self._touched) >= MOST_SEATS:
            del self._touched[min(self._touched, key=lambda seat: self._touched[seat])]
