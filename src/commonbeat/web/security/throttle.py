"""How often something may be tried: buckets that fill again with time. What they are about is kept as a hash at most."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_BUCKETS: Final = 20_000


class Throttle:
    """Each key may try `burst` times at once, and again once per `seconds_each` afterwards.

    A key that was quiet until its bucket was full again is forgotten. Memory holds at most 20,000 keys; beyond that the one that was quiet
    longest is forgotten first, which is a full bucket sooner than it should be.
    """

    def __init__(self, burst: int, seconds_each: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.burst = burst
        self.seconds_each = seconds_each
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def allows(self, key: str) -> bool:
        """Whether `key` may try now; a try that is allowed is counted."""
        return self.wait_of(key) == 0

    def wait_of(self, key: str) -> int:
        """Whole seconds that `key` must wait; 0 when it may try now, which is counted."""
        with self._lock:
            now = self._clock()
            left, since = self._left.pop(key, (float(self.burst), now))
            left = min(float(self.burst), left + (now - since) / self.seconds_each)
            allowed = left >= 1
            self._left[key] = (left - 1 if allowed else left, now)
            self._forget_quiet(now)
            return 0 if allowed else max(1, math.ceil((1 - left) * self.seconds_each))

    def _forget_quiet(self, now: float) -> None:
        """Keys stand in the order in which they tried last: those in front that are full again are gone, and those too many."""
        while self._left:
            left, since = next(iter(self._left.values()))
            full = left + (now - since) / self.seconds_each >= self.burst
            if not full and len(self._left) <= MOST_BUCKETS:
                return
            self._left.popitem(last=False)

    def forget(self, key: str) -> None:
        """`key` may try as if it never had."""
        with self._lock:
            self._left.pop(key, None)
