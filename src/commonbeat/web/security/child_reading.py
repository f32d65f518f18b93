"""The process that reads an uploaded data file: it bounds itself, reads one file, writes a table and a document, and ends."""

from __future__ import annotations

import contextlib
import json
import resource
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from commonbeat.datafile import DataFile

LARGEST_FILE_BYTES: Final = 512 << 20


def main() -> int:
    """The file was read or refused, and `told.json` says which."""
    job: dict[str, Any] = json.loads(sys.stdin.buffer.read())
    bound(job["memory_bytes"], job["processor_s"])
    from commonbeat.datafile import read_data_file
    from commonbeat.errors import DataFileError

    folder = Path(job["folder"])
    try:
        told = describe(read_data_file(job["path"], sheet=job["sheet"]), folder)
    except DataFileError as error:
        mistakes = [[each.place, _plain(each.value), each.rule, each.way_out] for each in error.mistakes]
        told = {"heading": error.heading, "mistakes": mistakes}
    (folder / "told.json").write_text(json.dumps(told, default=_plain), encoding="utf-8")
    return 0


def bound(memory_bytes: int, processor_s: int) -> None:
    """The process has its limits; systems that lack one of them keep the others."""
    sizes = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: LARGEST_FILE_BYTES,
        resource.RLIMIT_AS: memory_bytes,
        resource.RLIMIT_CPU: processor_s,
    }
    for kind, size in sizes.items():
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(kind, (size, size))


def describe(data: DataFile, folder: Path) -> dict[str, Any]:
    """The table and the rows' numbers stand in the folder as Parquet; returned is everything else."""
    import polars as pl

    data.frame.write_parquet(folder / "frame.parquet")
    pl.DataFrame({"row": data.row_numbers}).write_parquet(folder / "numbers.parquet")
    return {
        "name": data.name,
        "sha256": data.sha256,
        "value_labels": [[column, list(labels.items())] for column, labels in data.value_labels.items()],
        "column_labels": list(data.column_labels.items()),
        "warnings": list(data.warnings),
        "row_word": data.row_word,
        "commas": data.commas,
        "missing_codes": [[column, list(codes)] for column, codes in data.missing_codes.items()],
        "remarks": [list(each) for each in data.remarks],
        "elsewhere": data.elsewhere,
    }


def _plain(value: object) -> object:
    """A value that JSON has no word for, as text."""
    return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)


if __name__ == "__main__":
    sys.exit(main())
