"""The server as people start it, in a process of its own, and the processor time that it takes."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from listening.study import Project

TICKS = os.sysconf("SC_CLK_TCK")
READY = re.compile(r"http://127\.0\.0\.1:(\d+)/(\S*)")


@dataclass(frozen=True)
class Server:
    """port: where it listens, on this machine only. start: the path that signs an owner in. process: its number."""

    port: int
    start: str
    process: int

    def cpu_seconds(self) -> float:
        return _cpu_seconds(self.process)


@contextlib.contextmanager
def serving(project: Project) -> Iterator[Server]:
    """`commonbeat web` runs for that project until the block ends."""
    command = [sys.executable, "-m", "commonbeat", "web", "--port", "0", "--project", str(project.folder)]
    command += ["--database", project.database] if project.database else []
    said = project.folder / "server.txt"
    with said.open("w") as written:
        child = subprocess.Popen(command, stderr=written, stdout=written)  # noqa: S603  our own command
    try:
        found = _ready(child, said)
        yield Server(int(found[1]), f"/{found[2]}", child.pid)
    finally:
        child.send_signal(signal.SIGINT)
        child.wait(30)
        complaints = [line for line in said.read_text().splitlines() if "Traceback" in line or "Error" in line]
        if complaints:
            print(f"  the server said: {complaints[:3]}")


def database_cpu_seconds(project: Project) -> float:
    """Processor time of all processes of a PostgreSQL that the benchmark started; 0 for SQLite, which works in the server's own."""
    folder = re.search(r"host=(/\S+)", project.database or "")
    if folder is None or not (mark := Path(folder[1]) / "data" / "postmaster.pid").exists():
        return 0.0
    parent = int(mark.read_text().split()[0])
    children = [int(each.name) for each in Path("/proc").glob("[0-9]*") if _parent(each) == parent]
    return _cpu_seconds(parent, ended=True) + sum(_cpu_seconds(child) for child in children)


def _ready(child: subprocess.Popen[bytes], said: Path) -> re.Match[str]:
    """The address, once it is printed."""
    for _ in range(1200):
        found = READY.search(said.read_text())
        if found:
            return found
        if child.poll() is not None:
            break
        time.sleep(0.05)
    raise SystemExit(f"The server did not start:\n{said.read_text()}")


def _fields(process: Path) -> list[str]:
    with contextlib.suppress(OSError):
        return (process / "stat").read_text().rpartition(")")[2].split()
    return []


def _parent(process: Path) -> int:
    fields = _fields(process)
    return int(fields[1]) if fields else 0


def _cpu_seconds(process: int, *, ended: bool = False) -> float:
    """What the process took so far; ended: with the children that it has seen end."""
    fields = _fields(Path("/proc") / str(process))
    return sum(int(each) for each in fields[11 : 15 if ended else 13]) / TICKS
