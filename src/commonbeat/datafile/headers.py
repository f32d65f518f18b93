"""Which of a grid's first rows are names, which are question texts, and which survey program wrote them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from commonbeat.errors import DataFileError, Mistakes

if TYPE_CHECKING:
    from commonbeat.datafile.grid import Grid

QUALTRICS, REDCAP, REDCAP_LABELS, PLAIN = "Qualtrics", "REDCap", "REDCap labels", "plain"
QUALTRICS_NAMES = {"StartDate", "EndDate", "Finished"}
REDCAP_LABEL_WORDS = ("Complete?", "Event Name", "Repeat Instrument", "Repeat Instance")


@dataclass(frozen=True, slots=True)
class Headers:
    """The columns' names, their question texts ('' where there is none), how many rows they took, and who wrote them."""

    names: tuple[str, ...]
    texts: tuple[str, ...]
    rows: int
    program: str
    warnings: tuple[str, ...] = ()


def read_headers(grid: Grid, file: str) -> Headers:
    """The headers of the grid, or a DataFileError on names that cannot serve."""
    first, second, third = grid.head(0), grid.head(1), grid.head(2)
    row = int(grid.row_numbers[0])
    none = ("",) * len(first)
    if any(text.startswith('{"ImportId"') for text in third):
        return _checked(first, second, 3, QUALTRICS, file, row)
    if any(text.startswith('{"ImportId"') for text in second):
        return _checked(first, none, 2, QUALTRICS, file, row)
    if set(first) >= QUALTRICS_NAMES and not any(each.isdigit() for each in second[first.index("StartDate")]):
        return _checked(first, second, 2, QUALTRICS, file, row)
    if _names_of_redcap(first):
        doubled = _labels_of_redcap(second)
        return _checked(first, second if doubled else none, 2 if doubled else 1, REDCAP, file, row)
    if _labels_of_redcap(first):
        names, warnings = _numbered(first)
        return _checked(names, first, 1, REDCAP_LABELS, file, row, warnings)
    return _checked(first, none, 1, PLAIN, file, row)


def _names_of_redcap(names: tuple[str, ...]) -> bool:
    return any(name.startswith("redcap_") for name in names) or any(
        "___" in name or name.endswith("_complete") for name in names
    )


def _labels_of_redcap(names: tuple[str, ...]) -> bool:
    return any(name in REDCAP_LABEL_WORDS or "(choice=" in name for name in names)


def _numbered(names: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names with (2), (3), … behind those that came before, since a labels export repeats 'Complete?' for every form."""
    seen: Counter[str] = Counter()
    numbered = []
    for name in names:
        seen[name] += 1
        numbered.append(name if seen[name] == 1 or not name else f"{name} ({seen[name]})")
    repeated = [name for name, times in seen.items() if name and times > 1]
    told = tuple(f"{seen[name]} columns are called '{name}'; all but the first were numbered" for name in repeated)
    return tuple(numbered), told


def _checked(
    names: tuple[str, ...],
    texts: tuple[str, ...],
    rows: int,
    program: str,
    file: str,
    row: int,
    warnings: tuple[str, ...] = (),
) -> Headers:
    mistakes = Mistakes()
    place = f"{file}, row {row}"
    nameless = [column for column, name in enumerate(names) if not name]
    if len(nameless) * 2 > len(names):
        rule = f"names {len(names) - len(nameless)} of the {len(names)} columns that hold something"
        mistakes.add(place, None, rule, "Leave out whatever stands above the row of names.")
    elif len(names) > 1 and all(_is_number(name) for name in names if name):
        mistakes.add(place, None, "holds numbers only", "Write the columns' names into the first row.")
    for name, times in Counter(name for name in names if name).items():
        if times > 1:
            where = ", ".join(letters(column) for column, each in enumerate(names) if each == name)
            mistakes.add(place, name, f"is the name of {times} columns ({where})", "Give each a name of its own.")
    mistakes.raise_if_any(DataFileError, f"{file} cannot be read:")
    found = [name or f"column {letters(column)}" for column, name in enumerate(names)]
    told = [f"a column without a name is called '{found[column]}'" for column in nameless]
    return Headers(tuple(found), texts, rows, program, (*warnings, *told))


def letters(column: int) -> str:
    """A spreadsheet's letters for a column counted from 0: A, B, … Z, AA."""
    word, rest = "", column + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        word = chr(ord("A") + letter) + word
    return word


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", "."))
    except ValueError:
        return False
    return True
