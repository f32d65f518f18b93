"""One worker that has loaded its libraries and waits for an order.

Loading them takes longer than a small estimate does. So a page with a button that somebody will press soon says so, and when
it is pressed the libraries are there. Whoever only passes by a page starts nothing, and a spare that nobody wanted for a while
is ended: it holds some hundred megabytes.
"""

from __future__ import annotations

import secrets
import subprocess
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from commonbeat.web.jobs.processes import wait_for_order

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from commonbeat.web.jobs.folder import JobFolder

PASSING_SECONDS: Final = 1.0
IDLE_SECONDS: Final = 600.0
SECONDS_TO_LEAVE: Final = 10.0


@dataclass(slots=True)
class Spare:
    """At most one such worker for the project."""

    project: Path
    environment: Mapping[str, str]
    _process: subprocess.Popen[bytes] | None = None
    _mark: str = ""
    _is_wanted: bool = False
    _wanted_at: float = 0.0
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def want(self) -> None:
        """One is there soon; the time after which it is ended begins anew."""
        self._is_wanted, self._wanted_at = True, time.monotonic()

    def look(self) -> None:
        """One has been started where somebody wants it and has not only passed by; it is ended where nobody has for a while."""
        waited = time.monotonic() - self._wanted_at
        if waited > IDLE_SECONDS:
            self.close()
        elif self._is_wanted and waited > PASSING_SECONDS:
            self._start()

    def mark(self) -> str:
        """The mark of the one that waits, "" where there is none."""
        with self._turn:
            return self._mark if self._process is not None and self._process.poll() is None else ""

    def take(self, mark: str, folder: JobFolder) -> subprocess.Popen[bytes] | None:
        """The worker with that mark works on the order in the folder, and is no spare any more; None where it is gone."""
        with self._turn:
            process = self._process
            if process is None or process.stdin is None or mark != self._mark:
                return None
            self._process, self._is_wanted = None, False
            try:
                process.stdin.write(f"{folder.path.absolute()}\n".encode())
                process.stdin.close()
            except OSError:  # it has ended just now
                return None
            return process

    def forgo(self) -> None:
        """What it was wanted for has begun without it: none is started now, to compete with that."""
        self._is_wanted = False

    def close(self) -> None:
        """None is there."""
        with self._turn:
            process, self._process, self._is_wanted = self._process, None, False
        if process is not None:
            process.kill()
            with suppress(subprocess.TimeoutExpired):
                process.communicate(timeout=SECONDS_TO_LEAVE)

    def _start(self) -> None:
        with self._turn:
            before = self._process
            if before is not None and before.poll() is None:
                return
            if before is not None and before.stdin is not None:  # it was ended from outside
                before.stdin.close()
            self._mark, self._process = secrets.token_hex(16), None
            with suppress(OSError):  # no room for a process now: the work gets one of its own later
                self._process = wait_for_order(self._mark, self.project, self.environment)
