"""A PostgreSQL server of the tests' own: started in a folder, reached by a socket there, gone afterwards."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

PATIENCE_SECONDS = 300  # a server on a busy machine begins late


def programs() -> Path | None:
    """The folder with initdb and postgres, the newest one."""
    found = shutil.which("initdb")
    paths = sorted(Path("/").glob("usr/lib/postgresql/*/bin/initdb"))
    return paths[-1].parent if paths else Path(found).parent if found else None


def refuse_or_skip(reason: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@contextlib.contextmanager
def postgresql(*, durable: bool = False) -> Iterator[str]:
    """The address of an empty server; skips where the driver is missing, and where the server is, unless CI is set.

    durable: whether a commit waits for the disk, as one that is not for tests does.
    """
    if importlib.util.find_spec("psycopg") is None:
        refuse_or_skip('PostgreSQL is not tested: pip install "commonbeat[postgresql]"')
    where = programs()
    if where is None:
        refuse_or_skip("PostgreSQL is not tested: no server is installed here")
        return
    with tempfile.TemporaryDirectory(prefix="pg-") as name:
        folder = Path(name)
        as_owner: list[str] = []
        if os.geteuid() == 0:  # the server refuses to run as root
            shutil.chown(folder, "postgres")
            as_owner = ["runuser", "-u", "postgres", "--"]
        data = str(folder / "data")
        # Letters as the app stores them, whatever the language of the machine; memory that is shared lies in the folder,
        # as a container's own place for it may be small.
        letters = ["--encoding=UTF8", "--no-locale"]
        _quietly([*as_owner, str(where / "initdb"), "-D", data, "-U", "tests", "-A", "trust", "-N", *letters])
        options = f"-k {folder} -h '' -c fsync={'on' if durable else 'off'} -c dynamic_shared_memory_type=mmap"
        control = [*as_owner, str(where / "pg_ctl"), "-D", data, "-w", "-t", str(PATIENCE_SECONDS)]
        log = folder / "log"
        _quietly([*control, "-l", str(log), "-o", options, "start"], log)
        try:
            yield f"postgresql+psycopg://tests@/postgres?host={folder}"
        finally:
            _quietly([*control, "-m", "immediate", "stop"], log)


def _quietly(command: list[str], log: Path | None = None) -> None:
    """The command has done its work; what it and the server said is heard only where it has not.

    It says it into a file: the server that it starts would keep a pipe open.
    """
    with tempfile.TemporaryFile() as said:
        ended = subprocess.run(command, check=False, cwd="/", stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        if ended.returncode != 0:
            said.seek(0)
            words = said.read() + (log.read_bytes() if log is not None and log.exists() else b"")
            pytest.fail(f"{' '.join(command)} ended with {ended.returncode}: {words.decode(errors='replace')[-4000:]}")
