"""Records in a file that somebody uploaded: read by a process with bounds, told to the server as trees of plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from commonbeat.errors import InputError, Mistake, Mistakes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from commonbeat.record.encounter import Encounter

READER: Final = "commonbeat.web.record.uploaded:read"
HEADING: Final = "The file cannot be used:"


def records_in(path: Path) -> tuple[Encounter, ...]:
    """Every record of the file. Raises the reader's error with every mistake, without the folder in which the upload lies."""
    from commonbeat.record.plain import read_tree
    from commonbeat.record.reading import parse_record
    from commonbeat.web.security.children import told_by

    found = Mistakes()
    trees = told_by(READER, path)
    encounters = [parse_record(read_tree(tree), "", found) for tree in trees]
    found.raise_if_any(InputError, HEADING)
    return tuple(each for each in encounters if each is not None)


def read(path: Path, _: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The records as trees, for a process apart."""
    from commonbeat.record.plain import plain_record
    from commonbeat.record.reading import load_records

    try:
        encounters = load_records(path).encounters
    except InputError as error:
        raise type(error)(HEADING, [_without_folder(each, str(path.parent)) for each in error.mistakes]) from error
    return [plain_record(each) for each in encounters]


def _without_folder(mistake: Mistake, folder: str) -> Mistake:
    return Mistake(mistake.place.replace(f"{folder}/", ""), mistake.value, mistake.rule, mistake.way_out)
