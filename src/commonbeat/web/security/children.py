"""A file that somebody uploads is read by a process that can do little: bounded memory, time and files, no core dump.

Data, records, scenarios and what a device saved all go this way. What comes back is plain values, checked here; nothing of the file itself is run or unpacked in the server.
Each ending has a limit in bytes, and an ending that is not known is refused before anything is read.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any, Final

from commonbeat import errors
from commonbeat.errors import DataFileError, InputError, Mistake
from commonbeat.web.security.refusals import TooBusyError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import BinaryIO

    from commonbeat.datafile import DataFile

CHILD: Final = "commonbeat.web.security.child_reading"
DATA: Final = "commonbeat.web.security.child_data:read_table"
AT_ONCE: Final = threading.BoundedSemaphore(2)
BUSY: Final = "Other files are being read. Wait a minute and send yours again."
MOST_BYTES: Final = 64 << 20
ENVIRONMENT: Final = {"POLARS_MAX_THREADS": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
HEADING: Final = "The file cannot be used:"


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the process may take. memory_bytes: of address space, for libraries and the file's content together."""

    memory_bytes: int = 4 << 30
    processor_s: int = 60
    patience_s: float = 120.0


def safe_name(name: str, endings: tuple[str, ...]) -> str:
    """The name that a browser sent, without any folder; DataFileError when its ending is not one of these.

    Letters that a terminal or a path would take for something else become "_".
    """
    last = PurePosixPath(PureWindowsPath(name).name).name
    clean = "".join(each if each.isalnum() or each in "._- " else "_" for each in last).strip(". ")[:100]
    ending = Path(clean).suffix.lower()
    if ending not in endings:
        way_out = f"Known endings: {', '.join(endings)}."
        raise DataFileError(HEADING, [Mistake("file", last[:100], "is of no known kind", way_out)])
    return clean


@contextmanager
def upload_on_disk(
    file: BinaryIO, name: str, endings: tuple[str, ...], most_bytes: int = MOST_BYTES, folder: Path | None = None
) -> Iterator[Path]:
    """What was uploaded stands in a private folder under a safe name until the block ends.

    folder: where that folder is made; left out: the system's. Raises DataFileError for an ending that is not known and
    for more bytes than `most_bytes`.
    """
    clean = safe_name(name, endings)
    with tempfile.TemporaryDirectory(prefix=".commonbeat.", dir=folder) as private:
        path = Path(private) / clean
        with path.open("xb") as target:
            shutil.copyfileobj(_Bounded(file, most_bytes), target, 1 << 20)
        yield path


def told_by(reader: str, path: Path, order: Mapping[str, object] | None = None, *, bounds: Bounds | None = None) -> Any:
    """What a reader of ours tells of the file at `path`, run by a process of its own: plain values, as JSON has them.

    reader: "module:function"; the function gets the path and the order, and returns plain values or raises InputError. Raises that
    error with the reader's own words, DataFileError where the process took too much or broke down on the file, and TooBusyError
    while as many files are being read as may be at once.
    """
    bounds = bounds or Bounds()
    if not AT_ONCE.acquire(timeout=bounds.patience_s / 4):
        raise TooBusyError(BUSY)
    try:
        with tempfile.TemporaryDirectory(prefix=".commonbeat.") as folder:
            told = Path(folder) / "told.json"
            job = {
                "reader": reader,
                "path": str(path),
                "order": dict(order or {}),
                "told": str(told),
                "memory_bytes": bounds.memory_bytes,
                "processor_s": bounds.processor_s,
            }
            _run(path.name, json.dumps(job).encode(), bounds)
            found: dict[str, Any] = json.loads(told.read_bytes())
    except (OSError, ValueError) as error:
        raise _broken(path.name, "could not be read") from error
    finally:
        AT_ONCE.release()
    if "heading" not in found:
        return found["found"]
    kind = getattr(errors, str(found["kind"]), InputError)
    kind = kind if isinstance(kind, type) and issubclass(kind, InputError) else InputError
    raise kind(str(found["heading"]), [Mistake(*each) for each in found["mistakes"]])


def read_apart(path: Path, *, sheet: str | None = None, bounds: Bounds | None = None) -> DataFile:
    """The data file at `path`, read by a process of its own; as `datafile.read_data_file` would return it.

    Raises DataFileError with that reader's own words, and what `told_by` raises.
    """
    with tempfile.TemporaryDirectory(prefix=".commonbeat.") as folder:
        told = told_by(DATA, path, {"sheet": sheet, "folder": folder}, bounds=bounds)
        return _gather(path.name, told, Path(folder))


def _run(name: str, job: bytes, bounds: Bounds) -> None:
    """The process has done its job, or DataFileError says that it could not."""
    try:
        done = subprocess.run(  # noqa: S603  # our own module, in our own Python
            [sys.executable, "-P", "-m", CHILD],
            input=job,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=dict(os.environ) | ENVIRONMENT,
            timeout=bounds.patience_s,
            start_new_session=True,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _broken(name, "takes too long to read") from error
    if done.returncode != 0:
        raise _broken(name, "could not be read within the memory and time that a file may take")


def _gather(name: str, told: dict[str, Any], folder: Path) -> DataFile:
    """What the process told and left, as a DataFile."""
    import polars as pl

    from commonbeat.datafile import DataFile
    from commonbeat.datafile.remark import Remark

    try:
        frame = pl.read_parquet(folder / "frame.parquet")
        numbers = pl.read_parquet(folder / "numbers.parquet")["row"].to_numpy()
        remarks = tuple(Remark(each[0], tuple(each[1]), tuple(each[2]), each[3]) for each in told["remarks"])
        return DataFile(
            frame=frame,
            name=str(told["name"]),
            sha256=str(told["sha256"]),
            rows=frame.height,
            value_labels={column: dict(pairs) for column, pairs in told["value_labels"]},
            column_labels=dict(told["column_labels"]),
            warnings=tuple(told["warnings"]),
            row_numbers=numbers,
            row_word=str(told["row_word"]),
            commas=str(told["commas"]),
            missing_codes={column: tuple(codes) for column, codes in told["missing_codes"]},
            remarks=remarks,
            elsewhere=str(told["elsewhere"]),
        )
    except (OSError, ValueError, KeyError, TypeError, pl.exceptions.PolarsError) as error:
        raise _broken(name, "could not be read") from error


def _broken(name: str, rule: str) -> DataFileError:
    way_out = "Cut it into smaller ones, or leave out what is not needed, and try again."
    return DataFileError(HEADING, [Mistake("file", name, rule, way_out)])


class _Bounded:
    """A file that refuses to give more than so many bytes."""

    def __init__(self, file: BinaryIO, most_bytes: int) -> None:
        self._file = file
        self._left = most_bytes

    def read(self, size: int = -1) -> bytes:
        """The next bytes; DataFileError when there are too many of them."""
        block = self._file.read(size)
        self._left -= len(block)
        if self._left < 0:
            raise DataFileError(HEADING, [Mistake("file", None, "is too large", "Leave out columns, or compress it.")])
        return block
