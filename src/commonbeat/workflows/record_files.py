"""Files of records, by path, or by name where the record is shipped."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from commonbeat.record.reading import RecordFile

SHIPPED: Final = ("dance-off-encounter",)


def shipped_record(name: str) -> Path:
    """The file of the shipped record of that name: one of SHIPPED."""
    return Path(str(resources.files("commonbeat") / "records" / f"{name}.toml"))


def is_shipped(path: Path) -> bool:
    """Whether the file is one of those that come with the package."""
    return path in {shipped_record(name) for name in SHIPPED}


def records_of(path: str | Path) -> RecordFile:
    """The records of a file; a shipped name means the shipped file, unless a file of that name stands there."""
    from commonbeat.record import load_records

    if str(path) in SHIPPED and not Path(path).exists():
        return load_records(shipped_record(str(path)))
    return load_records(path)
