"""Who sits at a kiosk now: a seat is good there from its start until its end, a stop or a long silence.

Addresses at a kiosk name the seat and never the personal link, which would open the person's pages elsewhere: whoever reads them in
the history of a shared browser finds nothing that opens anything once the seat is free.

Only the memory of the running program knows it. After a restart nobody sits anywhere, so a page that somebody left
open on the tablet leads back to the start: the safe side for a screen that the next person sees.
"""

from __future__ import annotations

import secrets
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

IDLE_SECONDS: Final = 180
MOST_SEATS: Final = 1_000
SEAT_BYTES: Final = 16


@dataclass(slots=True)
class _Sitting:
    """A seat that is taken: whose personal link, and when they last gave a sign of life."""

    token: str
    touched: float


class Desk:
    """The seats of all kiosks of this program: whose pages are shown on a shared screen."""

    def __init__(self, idle_seconds: float = IDLE_SECONDS, clock: Callable[[], float] = time.monotonic) -> None:
        self.idle_seconds = idle_seconds
        self._clock = clock
        self._taken: dict[tuple[str, str], _Sitting] = {}
        self._lock = threading.Lock()

    def sit(self, desk: str, token: str) -> str:
        """The person with that link answers at that kiosk from now on, in the seat that is returned: 128 random bits."""
        seat = secrets.token_urlsafe(SEAT_BYTES)
        with self._lock:
            self._leave_idle()
            self._taken[desk, seat] = _Sitting(token, self._clock())
        return seat

    def who(self, desk: str, seat: str) -> str:
        """The personal link of whoever still sits there, empty where nobody does; asking counts as a sign of life."""
        with self._lock:
            self._leave_idle()
            sitting = self._taken.get((desk, seat))
            if sitting is None:
                return ""
            sitting.touched = self._clock()
            return sitting.token

    def stand_up(self, desk: str, seat: str) -> None:
        """Nobody can go on in that seat."""
        with self._lock:
            self._taken.pop((desk, seat), None)

    def _leave_idle(self) -> None:
        """Seats without a sign of life for too long are free, and the oldest where there are too many."""
        oldest = self._clock() - self.idle_seconds
        self._taken = {place: sitting for place, sitting in self._taken.items() if sitting.touched >= oldest}
        while len(self._taken) >= MOST_SEATS:
            del self._taken[min(self._taken, key=lambda place: self._taken[place].touched)]
