"""Codes in data files, as people have them: long, or one column per coder, or one file per coder.

long              unit (or clip and start), coder, code, value
file per coder    unit (or clip and start), one column per code; the coder is a column, or the file's name
column per coder  unit (or clip and start), one column per coder; the code is the file's name
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from commonbeat.errors import CodingError, Mistakes
from commonbeat.record.coding.ratings import Cell
from commonbeat.record.coding.sides import side_of
from commonbeat.record.coding.spreadsheet import is_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commonbeat.datafile import DataFile
    from commonbeat.record.coding.sheet import Sheet

HEADING: Final = "The codes cannot be used as they stand:"
NAMES: Final = {
    "unit": ("unit", "id", "text_id", "unit_id", "item", "segment"),
    "clip": ("clip", "video", "media", "observation"),
    "start": ("start_s", "start", "from", "begin", "time"),
    "end": ("end_s", "end", "to", "stop"),
    "coder": ("coder", "rater", "annotator"),
    "code": ("code", "variable", "behavior", "behaviour"),
    "value": ("value", "rating", "score"),
}
FEWEST_WORDS, MOSTLY_UNIQUE = 5, 0.9
ASIDE: Final = (
    "text",
    "comment",
    "comments",
    "note",
    "notes",
    "date",
    "source",
    "subject",
    "authors",
    "headline",
    "post",
    "author",
    "outlet",
    "published",
)


class Table(NamedTuple):
    """A file of codes and which of its columns is which: the file's own name by our word, absent where it has none.

    cells: each column's values, None where nothing stands. coder: whose the codes are where no column says so.
    """

    path: Path
    file: DataFile
    columns: dict[str, str]
    cells: dict[str, list[object]]
    coder: str

    def has(self, *words: str) -> bool:
        """Whether the file has all of these columns."""
        return all(word in self.columns for word in words)

    def text(self, row: int, column: str) -> str:
        """The cell as text: its label where it has one, "" where nothing stands."""
        value = self.cells[column][row]
        return "" if value is None else self.file.label(column, value).strip()

    def get(self, row: int, word: str) -> str:
        """The cell of our column `word`, "" where the file has no such column."""
        return self.text(row, self.columns[word]) if word in self.columns else ""

    def seconds(self, row: int, word: str, found: Mistakes) -> float:
        """The cell as seconds, or NaN; what is no time is a mistake. Written as seconds, mm:ss or hh:mm:ss."""
        written = self.get(row, word)
        value = seconds_of(written)
        if written and math.isnan(value):
            place = self.file.place(row, self.columns[word])
            found.add(place, written, "is not a time", "Write seconds from the clip's start, or minutes:seconds.")
        return value

    @property
    def is_events(self) -> bool:
        """Whether each row is something that happened: a code and a time, and nothing that was judged."""
        return self.has("code", "start") and not self.has("value") and not self.has("unit")


def seconds_of(written: str) -> float:
    """'83.5', '1:23.5' or '0:01:23.5' as seconds; NaN for anything else and for times below zero."""
    parts = written.split(":")
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        return math.nan
    if len(numbers) > 3 or any(not 0 <= each < math.inf for each in numbers) or any(each >= 60 for each in numbers[1:]):
        return math.nan
    return sum(each * 60**power for power, each in enumerate(reversed(numbers)))


def open_table(path: str | Path, sheet: str | None = None) -> Table:
    """The data file with its columns told apart. Raises DataFileError for a file that cannot be read."""
    from commonbeat.datafile import read_data_file

    file = read_data_file(path, sheet=sheet)
    lower = {column.strip().casefold().replace(" ", "_"): column for column in reversed(file.frame.columns)}
    columns = {word: next((lower[name] for name in names if name in lower), "") for word, names in NAMES.items()}
    cells = {column: file.frame[column].to_list() for column in file.frame.columns}
    return Table(Path(path), file, {word: column for word, column in columns.items() if column}, cells, Path(path).stem)


def read_cells(tables: Sequence[Table], sheet: Sheet | None, by: str | None) -> list[Cell]:
    """Every value that stands in the files. Raises CodingError with all that is wrong with them.

    by: the column whose values tell groups of units apart.
    """
    found = Mistakes()
    cells: list[Cell] = []
    for table in tables:
        if by is not None and by not in table.file.frame.columns:
            table.file.check_columns([("--by", by)], found)
        elif not table.has("unit") and not table.has("clip"):
            known = ", ".join((*NAMES["unit"], *NAMES["clip"]))
            found.add(table.file.name, None, "has no column that says which unit was coded", f"Name one: {known}.")
        elif table.has("code") != table.has("value"):
            there, missing = ("code", "value") if table.has("code") else ("value", "code")
            found.add(
                table.file.name,
                None,
                f"has a column {there} but none for the {missing}",
                f"Known: {', '.join(NAMES[missing])}.",
            )
        else:
            cells.extend(_cells_of(table, len(tables), sheet, by, found))
    _not_twice(cells, found)
    found.raise_if_any(CodingError, HEADING)
    return cells


def _cells_of(table: Table, tables: int, sheet: Sheet | None, by: str | None, found: Mistakes) -> list[Cell]:
    free = [] if table.has("code") else _free(table, sheet, by)
    if not table.has("code"):
        free = [column for column in free if not _is_text(table, column, sheet, found)]
    per_coder = not table.has("code") and not table.has("coder") and tables == 1
    if not _is_told(table, free, tables, found):
        return []
    subject = next((name for name in table.cells if name.strip().casefold() == "subject"), None)
    cells = []
    for row in range(table.file.rows):
        unit, clip, start_s = _unit_of(table, row, found)
        group = table.text(row, by) if by else ""
        coder = table.get(row, "coder") or ("" if table.has("coder") else table.coder)
        columns = [table.columns["value"]] if table.has("code") else free
        for column in columns:
            value = table.text(row, column)
            code = table.get(row, "code") if table.has("code") else (table.path.stem if per_coder else column)
            who = column if per_coder else coder
            place = table.file.place(row, column)
            if not value:
                continue
            for word, held in (("unit", unit), ("coder", who), ("code", code)):
                if not held:
                    found.add(place, None, f"is a value whose {word} is blank", f"Fill in the {word}.")
            known = None if sheet is None or subject in (None, by) else sheet.code(code)
            side = side_of(known, table.text(row, subject) if subject else "", place, found)
            cells.append(
                Cell(
                    code.strip().casefold(),
                    ", ".join(each for each in (group, side) if each),
                    unit,
                    clip,
                    start_s,
                    who,
                    value,
                    place,
                )
            )
    return cells


def _is_told(table: Table, free: list[str], tables: int, found: Mistakes) -> bool:
    """Whether the table says who coded what; a mistake says what is missing."""
    before = len(found.found)
    nobody = not table.has("coder") and tables == 1
    if table.has("code"):
        if nobody:
            found.add(table.file.name, None, "does not say who coded", f"Add a column: {', '.join(NAMES['coder'])}.")
    elif not free:
        found.add(table.file.name, None, "has no column with codes", "One column per code, or one per coder.")
    elif nobody and len(free) < 2:
        way_out = "Name two columns for two coders, or give one file per coder."
        found.add(table.file.name, free[0], "is the only column of codes, and nothing says who coded", way_out)
    return len(found.found) == before


def _free(table: Table, sheet: Sheet | None, by: str | None) -> list[str]:
    """The columns that hold values: those that are codes of the sheet, or, where none is, all that have no other part."""
    taken = {*table.columns.values(), by}
    aside = {name for name in table.file.frame.columns if name.strip().casefold() in ASIDE}
    free = [name for name in table.file.frame.columns if name not in taken | aside]
    known = [name for name in free if sheet is not None and sheet.code(name) is not None]
    return known or free


def _is_text(table: Table, column: str, sheet: Sheet | None, found: Mistakes) -> bool:
    """Whether nearly every value of an unknown column stands there once, as texts do and codes do not; a mistake says so."""
    if sheet is not None and sheet.code(column) is not None:
        return False
    values = [value for value in (table.text(row, column) for row in range(table.file.rows)) if value]
    words = [value for value in values if not is_number(value)]
    if len(words) < FEWEST_WORDS or len({*words}) < MOSTLY_UNIQUE * len(values):
        return False
    rule = f"is taken for a coder or a code, but {len({*words})} of its {len(values)} values differ, as texts do"
    found.add(table.file.name, column, rule, "Call it text or comment, or leave it out.")
    return True


def _unit_of(table: Table, row: int, found: Mistakes) -> tuple[str, str, float]:
    start_s = table.seconds(row, "start", found)
    unit, clip = table.get(row, "unit"), table.get(row, "clip")
    timed = f"{clip} {start_s:.12g}" if clip and not math.isnan(start_s) else clip
    if unit and clip:
        return f"{clip} {unit}", clip, start_s
    return unit or timed, clip or unit, start_s


def _not_twice(cells: Sequence[Cell], found: Mistakes) -> None:
    seen: dict[tuple[str, str, str, str], Cell] = {}
    for cell in cells:
        key = (cell.code, cell.group, cell.unit, cell.coder)
        if key in seen:
            rule = f"is a second value of {cell.coder} for {cell.code} of unit {cell.unit}"
            found.add(cell.place, cell.value, rule, f"The first stands at {seen[key].place}: keep one.")
        seen.setdefault(key, cell)
