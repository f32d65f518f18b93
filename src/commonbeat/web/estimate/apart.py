"""An estimate is made by a process of its own: what a file holds cannot reach the server, and a long one does not hold it up."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from commonbeat.errors import DataFileError, DesignError, FailureError, InputError, Mistake

if TYPE_CHECKING:
    from commonbeat.web.estimate.kept_data import KeptData

CHILD: Final = "commonbeat.web.estimate.child"
MEMORY_BYTES: Final = 8 << 30
PROCESSOR_S: Final = 900
PATIENCE_S: Final = 1_200.0
AT_ONCE: Final = threading.BoundedSemaphore(2)
FOLDER: Final = "estimates"


def estimate_apart(project: Path, data: KeptData, design: dict[str, Any]) -> str:
    """The name of the folder below the project's estimates in which the result stands.

    Raises DesignError or DataFileError with the estimator's own mistakes, InputError while two others run, FailureError where the process broke down.
    """
    if not AT_ONCE.acquire(timeout=1):
        rule, way_out = "are running already", "Wait until one of them is finished."
        raise InputError("Nothing was estimated:", [Mistake("estimates", 2, rule, way_out)])
    try:
        return _estimated(project, data, design)
    finally:
        AT_ONCE.release()


def _estimated(project: Path, data: KeptData, design: dict[str, Any]) -> str:
    out = _free(project / FOLDER, str(design.get("title") or data.file.stem))
    with tempfile.TemporaryDirectory(prefix=".commonbeat.") as folder:
        told = Path(folder) / "told.json"
        order = {
            "data": str(data.file),
            "sheet": data.sheet,
            "design": design,
            "out": str(out),
            "project": str(project),
            "told": str(told),
            "memory_bytes": MEMORY_BYTES,
            "processor_s": PROCESSOR_S,
        }
        _run(json.dumps(order, default=str).encode())
        if not told.is_file():
            raise FailureError(
                "The estimate could not be finished within the memory and time that it may take. Use the command line."
            )
        found: dict[str, Any] = json.loads(told.read_bytes())
    if found:
        error = DataFileError if "file" in str(found["heading"]) else DesignError
        raise error(str(found["heading"]), [Mistake(*each) for each in found["mistakes"]])
    return out.name


def _run(order: bytes) -> None:
    environment = dict(os.environ) | {"POLARS_MAX_THREADS": "2", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    try:
        subprocess.run(  # noqa: S603  # our own module, in our own Python
            [sys.executable, "-P", "-m", CHILD],
            input=order,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment,
            timeout=PATIENCE_S,
            start_new_session=True,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise FailureError("The estimate takes too long. Use the command line, or fewer permutations.") from error


def _free(folder: Path, title: str) -> Path:
    """A folder that is not there yet, called after the study."""
    word = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:50] or "estimate"
    number, path = 1, folder / word
    while path.exists():
        number += 1
        path = folder / f"{word}-{number}"
    return path
