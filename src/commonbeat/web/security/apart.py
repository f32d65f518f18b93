"""Work in a process of its own, with bounds: a long calculation does not hold the server up, and its mistakes come back as ours."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from commonbeat import errors
from commonbeat.errors import FailureError, InputError, Mistake

if TYPE_CHECKING:
    from collections.abc import Callable

MEMORY_BYTES: Final = 8 << 30
PROCESSOR_S: Final = 900
PATIENCE_S: Final = 1_200.0
AT_ONCE: Final = threading.BoundedSemaphore(2)
THREADS: Final = {"POLARS_MAX_THREADS": "2", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def run_apart(module: str, order: dict[str, Any]) -> None:
    """The module has done its work for the order, in a process of its own.

    Raises the InputError that the work raised, with its mistakes; InputError while two others run; FailureError where it broke down.
    """
    if not AT_ONCE.acquire(timeout=1):
        rule, way_out = "are running already", "Wait until one of them is finished."
        raise InputError("Nothing was begun:", [Mistake("calculations", 2, rule, way_out)])
    try:
        with tempfile.TemporaryDirectory(prefix=".commonbeat.") as folder:
            told = Path(folder) / "told.json"
            bounds = {"told": str(told), "memory_bytes": MEMORY_BYTES, "processor_s": PROCESSOR_S}
            _run(module, json.dumps({**order, **bounds}, default=str).encode())
            if not told.is_file():
                raise FailureError("This could not be finished within the memory and time that it may take.")
            found: dict[str, Any] = json.loads(told.read_bytes())
    finally:
        AT_ONCE.release()
    if found:
        kind = getattr(errors, str(found["kind"]), InputError)
        if issubclass(kind, InputError):
            raise kind(str(found["heading"]), [Mistake(*each) for each in found["mistakes"]])
        raise FailureError(str(found["heading"]))


def work_apart(work: Callable[[dict[str, Any]], None]) -> int:
    """What a module does that is run so: the order is read, the process bounds itself, and what went wrong is left for the server."""
    from commonbeat.web.security.child_reading import bound

    order: dict[str, Any] = json.loads(sys.stdin.buffer.read())
    bound(order["memory_bytes"], order["processor_s"])
    told: dict[str, Any] = {}
    try:
        work(order)
    except InputError as error:
        mistakes = [[each.place, _plain(each.value), each.rule, each.way_out] for each in error.mistakes]
        told = {"kind": type(error).__name__, "heading": error.heading, "mistakes": mistakes}
    except errors.CommonBeatError as error:
        told = {"kind": "FailureError", "heading": str(error), "mistakes": []}
    Path(order["told"]).write_text(json.dumps(told), encoding="utf-8")
    return 0


def free_folder(folder: Path, word: str) -> Path:
    """A place in the folder where nothing is yet, called after the word."""
    number, path = 1, folder / word
    while path.exists():
        number += 1
        path = folder / f"{word}-{number}"
    return path


def _run(module: str, order: bytes) -> None:
    try:
        subprocess.run(  # noqa: S603  # our own module, in our own Python
            [sys.executable, "-P", "-m", module],
            input=order,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=dict(os.environ) | THREADS,
            timeout=PATIENCE_S,
            start_new_session=True,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise FailureError("This takes too long. Use the command line.") from error


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)
