"""The folder of a job: what is asked of a worker, and what it has left there. The only thing that server and worker share.

jobs/12/order.json      what is to be done, written before the worker starts
        scenario.toml   and other files that the order names
        log.txt         everything that the work said
        progress.json   how many steps are safe, and since when this attempt counts them
        outcome.json    how it ended; missing after a worker that was ended from outside
        lock            held by the worker for as long as it lives
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

from commonbeat.results.disk import write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ORDER, LOG, PROGRESS, OUTCOME, LOCK = "order.json", "log.txt", "progress.json", "outcome.json", "lock"
LONGEST_LOG: Final = 64_000  # bytes shown of it, from the end
PATIENCE_SECONDS: Final = 1.0

Ending = Literal["finished", "stopped", "failed"]


@dataclass(frozen=True, slots=True)
class WorkOrder:
    """What a worker is to do: the kind of work, what it works on, where the result goes, and the mark of its processes."""

    kind: str
    arguments: Mapping[str, Any]
    out: str
    workers: int
    mark: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a job ended, in words that a person can use; mistakes as (place, value, rule, way out)."""

    state: Ending
    message: str
    result: str = ""
    mistakes: tuple[tuple[str, str, str, str], ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `total` steps are safe. first: how many were when this attempt had finished its first; since, at: seconds since 1970 of that count and of this one."""

    done: int
    total: int
    first: int = 0
    since: float = 0.0
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class JobFolder:
    """The folder of one job, read and written by its server and its worker."""

    path: Path

    def prepare(self, order: WorkOrder) -> None:
        """The order stands, and nothing is left of an earlier attempt but its log. Raises WriteError when the disk refuses."""
        self.path.mkdir(parents=True, exist_ok=True)
        for name in (PROGRESS, OUTCOME):
            (self.path / name).unlink(missing_ok=True)
        write_whole(self.path / ORDER, json.dumps(asdict(order), ensure_ascii=False, indent=2).encode())

    def order(self) -> WorkOrder:
        """What was asked. Raises OSError or ValueError where no order can be read."""
        return WorkOrder(**json.loads((self.path / ORDER).read_bytes()))

    def write_progress(self, progress: Progress) -> None:
        """So many steps are known to be safe; a reader meets the old count or the new one."""
        draft = self.path / f".{PROGRESS}.writing"
        draft.write_text(json.dumps(asdict(progress)), encoding="utf-8")
        draft.replace(self.path / PROGRESS)

    def progress(self) -> Progress | None:
        """How far it is, or None before the first step."""
        found = self._json(PROGRESS)
        if not isinstance(found, dict):
            return None
        try:
            whole = (int(found[name]) for name in ("done", "total", "first"))
            return Progress(*whole, *(float(found[name]) for name in ("since", "at")))
        except (KeyError, TypeError, ValueError):
            return None

    def write_outcome(self, outcome: Outcome) -> None:
        """How it ended stands on the disk, whole."""
        write_whole(self.path / OUTCOME, json.dumps(asdict(outcome), ensure_ascii=False, indent=2).encode())

    def outcome(self) -> Outcome | None:
        """How it ended, or None where no worker has said so."""
        found = self._json(OUTCOME)
        if not isinstance(found, dict) or found.get("state") not in {"finished", "stopped", "failed"}:
            return None
        told = tuple(tuple(str(part) for part in each) for each in found.get("mistakes", ()) if len(each) == 4)
        return Outcome(found["state"], str(found.get("message", "")), str(found.get("result", "")), told)  # type: ignore[arg-type]

    def log(self) -> str:
        """The end of what the work said."""
        try:
            with (self.path / LOG).open("rb") as file:
                file.seek(max(0, file.seek(0, os.SEEK_END) - LONGEST_LOG))
                return file.read().decode("utf-8", errors="replace")
        except OSError:
            return ""

    def said(self) -> int:
        """How many bytes the work has said so far: more, when it said something new."""
        try:
            return (self.path / LOG).stat().st_size
        except OSError:
            return 0

    def hold(self) -> int:
        """The lock is this process's until it ends, however it ends; BlockingIOError when another worker has it."""
        descriptor = os.open(self.path / LOCK, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:  # perhaps only a server that looks whether somebody is here
                if time.monotonic() > end:
                    raise
                time.sleep(0.02)
            else:
                return descriptor

    def is_held(self) -> bool:
        """Whether a worker is alive in this folder: the kernel knows, also after a restart of the server."""
        try:
            descriptor = os.open(self.path / LOCK, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
        return False

    def _json(self, name: str) -> Any:
        try:
            return json.loads((self.path / name).read_bytes())
        except (OSError, ValueError):
            return None
