"""Files of codes are opened by what they are: projects of BORIS, files of ELAN, or tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from commonbeat.errors import CodingError, Mistake, Mistakes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commonbeat.record.coding.boris import BorisProject
    from commonbeat.record.coding.codes_table import Table
    from commonbeat.record.coding.elan import ElanFile
    from commonbeat.record.coding.event import CodedFile
    from commonbeat.record.coding.sheet import Sheet

BORIS, ELAN = (".boris", ".boris.gz"), (".eaf", ".etf")


class CodeFiles(NamedTuple):
    """What was opened. marks: files of things that happened when; tables: tables of values of units."""

    marks: tuple[CodedFile, ...]
    tables: tuple[Table, ...]


def is_project(path: Path) -> bool:
    """Whether the file's ending is one of BORIS or ELAN."""
    return path.name.casefold().endswith((*BORIS, *ELAN))


def open_project(path: Path) -> BorisProject | ElanFile:
    """The project of BORIS or the file of ELAN."""
    if path.name.casefold().endswith(BORIS):
        from commonbeat.record.coding.boris import read_boris

        return read_boris(path)
    from commonbeat.record.coding.elan import read_elan

    return read_elan(path)


def open_codes(paths: Sequence[str | Path]) -> CodeFiles:
    """All files, each read as what it is. Raises CodingError or DataFileError."""
    from commonbeat.record.coding.codes_table import HEADING, open_table
    from commonbeat.record.coding.events_table import read_marks

    files = [Path(path) for path in paths]
    if not files:
        raise CodingError(HEADING, [Mistake("files", None, "are not named", "Name at least one file of codes.")])
    names = names_of(files)
    marks = [open_project(path).coded(names[path]) for path in files if is_project(path)]
    tables = [open_table(path)._replace(coder=names[path]) for path in files if not is_project(path)]
    of_marks = [table for table in tables if table.is_events]
    if of_marks:
        marks.append(read_marks(of_marks))
    return CodeFiles(tuple(marks), tuple(table for table in tables if not table.is_events))


def names_of(files: Sequence[Path]) -> dict[Path, str]:
    """What each file calls its coder where it does not say: its name, with its folder's where two names are the same. Raises CodingError for one file twice."""
    from commonbeat.record.coding.codes_table import HEADING

    found = Mistakes()
    whole = [path.absolute() for path in files]
    for path in dict.fromkeys(path for path in files if whole.count(path.absolute()) > 1):
        found.add("files", str(path), "is named twice", "Name each file once.")
    found.raise_if_any(CodingError, HEADING)
    stems = {path: path.name.removesuffix(".gz").rpartition(".")[0] for path in files}
    twins = {stem for stem in stems.values() if list(stems.values()).count(stem) > 1}
    return {path: f"{path.absolute().parent.name}/{stem}" if stem in twins else stem for path, stem in stems.items()}


def observed_once(marks: Sequence[CodedFile]) -> None:
    """No two files hold one coder's marks of one clip, and no mark is without its end; or CodingError lists all."""
    from commonbeat.record.coding.codes_table import HEADING

    found = Mistakes([problem for file in marks for problem in file.problems])
    seen: set[tuple[str, str]] = set()
    for clip, coder in (pair for file in marks for pair in file.observed):
        if (clip, coder) in seen:
            found.add(
                "files", coder, f"observed {clip} in two of the files", "Keep one, or name the coders in the files."
            )
        seen.add((clip, coder))
    found.raise_if_any(CodingError, HEADING)


def sheet_for(files: CodeFiles, given: str | Path | None) -> Sheet | None:
    """The sheet that was given, or the shipped one that knows most of the codes, or None where none knows any."""
    from commonbeat.record.coding.sheet import read_sheet, shipped_sheet

    if given is not None:
        return read_sheet(given)
    words = {event.code.casefold() for file in files.marks for event in file.events}
    for table in files.tables:
        words |= {name.strip().casefold() for name in (*table.file.frame.columns, table.path.stem)}
        if table.has("code"):
            words |= {table.get(row, "code").casefold() for row in range(table.file.rows)}
    sheets = (shipped_sheet("clips"), shipped_sheet("texts"))
    known = [len(words & {code.name for code in sheet.codes}) for sheet in sheets]
    return sheets[known.index(max(known))] if max(known) else None
