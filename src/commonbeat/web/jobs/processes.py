"""The processes of a job: started in a session of their own, told apart by a mark, ended together.

A worker that is ended from outside cannot end its own helpers, each of which may hold half a gigabyte. They are found by the
mark that they carry in their environment, which no other process has: a number of a process may belong to somebody else by then.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from commonbeat.web.jobs.folder import LOG

if TYPE_CHECKING:
    from collections.abc import Mapping

    from commonbeat.web.jobs.folder import JobFolder

MARK: Final = "COMMONBEAT_JOB"
WORKER: Final = "commonbeat.web.jobs.worker"
SECONDS_TO_GO: Final = 5.0
FEW_THREADS: Final = {"POLARS_MAX_THREADS": "2", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""For quick jobs, of which two may run beside the pages."""


def start(folder: JobFolder, mark: str, project: Path, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """A worker has been started on the order in `folder`, in `project`; it outlives the server. Its words go to the log."""
    with (folder.path / LOG).open("ab") as log:
        return _popen([str(folder.path.absolute())], mark, project, environment, subprocess.DEVNULL, log)


def wait_for_order(mark: str, project: Path, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """A worker has been started that loads its libraries and reads from its standard input which folder it is to work on."""
    return _popen([], mark, project, environment, subprocess.PIPE, subprocess.DEVNULL)


def _popen(
    arguments: list[str],
    mark: str,
    project: Path,
    environment: Mapping[str, str],
    hears: int,
    says: int | IO[bytes],
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own module, run by our own Python
        # -P: a file of the project that is called like a library is not taken for it.
        [sys.executable, "-P", "-m", WORKER, *arguments],
        cwd=project,
        env={**os.environ, **environment, MARK: mark, "PYTHONUNBUFFERED": "1"},
        stdin=hears,
        stdout=says,
        stderr=says,
        start_new_session=True,
        close_fds=True,
    )


def worker_of(mark: str) -> int | None:
    """The number of the living worker with this mark; its helpers, which are in its session, do not count."""
    for number in marked(mark):
        with suppress(ProcessLookupError):
            if os.getsid(number) == number:
                return number
    return None


def interrupt(mark: str) -> bool:
    """The worker with this mark was asked to stop, as Ctrl-C asks; False when there is none."""
    worker = worker_of(mark)
    if worker is None:
        return False
    with suppress(ProcessLookupError):
        os.kill(worker, signal.SIGINT)
        return True
    return False


def end_all(mark: str) -> int:
    """No process with this mark runs any more; returned is how many had to be ended.

    A signal is only sent, so this looks again until they are gone, and finds what one of them began meanwhile. What hangs in
    the system for longer than `SECONDS_TO_GO` ends as soon as the system lets it.
    """
    ended: set[int] = set()
    until = time.monotonic() + SECONDS_TO_GO
    while (found := marked(mark)) and time.monotonic() < until:
        for number in found:
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        ended.update(found)
        time.sleep(0.01)
    return len(ended)


def marked(mark: str) -> list[int]:
    """The numbers of all living processes of ours that carry the mark."""
    wanted, found = f"{MARK}={mark}".encode(), []
    for place in Path("/proc").iterdir():
        if place.name.isdigit():
            with suppress(OSError):  # somebody else's process, or one that has just ended
                if wanted in (place / "environ").read_bytes().split(b"\0"):
                    found.append(int(place.name))
    return found
