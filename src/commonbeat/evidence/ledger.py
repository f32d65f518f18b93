"""Reading the ledger's plain files, strictly and with every mistake listed.

A ledger file is CSV or TOML that a person may edit. These functions read text, columns and numbers; what the
columns mean is said by the modules that call them.
"""

from __future__ import annotations

import csv
import math
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commonbeat.errors import LedgerError, Mistakes, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

HEADING = "The ledger cannot be used as it stands:"


def packaged(name: str) -> Path:
    """The path of a data file that ships beside this module."""
    return Path(__file__).parent / name


def read_text(path: Path) -> str:
    """The text of a UTF-8 file. Raises LedgerError if it is missing, empty or in another encoding."""
    mistakes = Mistakes()
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        mistakes.add(path.name, None, f"is not UTF-8 text (byte {error.start})", "Save it as UTF-8.")
        text = ""
    except OSError as error:
        mistakes.add(str(path), None, f"cannot be read: {error.strerror}", "Check the path.")
        text = ""
    if not mistakes.found and not text.strip():
        mistakes.add(path.name, None, "is empty", "Restore the shipped file or write at least one entry.")
    mistakes.raise_if_any(LedgerError, HEADING)
    return text


def read_rows(path: Path, columns: Sequence[str]) -> list[tuple[str, dict[str, str]]]:
    """(place, row) pairs of a CSV file whose header is exactly `columns`, in any order.

    Place reads "cards.csv line 7". Raises LedgerError for a wrong header or for rows cut short.
    """
    mistakes = Mistakes()
    reader = csv.DictReader(read_text(path).splitlines(keepends=True))
    header = list(reader.fieldnames or ())
    for column in header:
        if column not in columns:
            mistakes.add(f"{path.name} header", column, "is not a column", did_you_mean(column, columns))
    for column in columns:
        if column not in header:
            mistakes.add(f"{path.name} header", column, "is missing", "Add the column.")
        if header.count(column) > 1:
            mistakes.add(f"{path.name} header", column, "stands twice", "Keep one.")
    mistakes.raise_if_any(LedgerError, HEADING)
    rows = []
    for row in reader:
        place = f"{path.name} line {reader.line_num}"
        if None in row or None in row.values():
            mistakes.add(place, None, f"does not have {len(columns)} fields", "Check commas and quotation marks.")
        else:
            rows.append((place, {name: value.strip() for name, value in row.items()}))
    mistakes.raise_if_any(LedgerError, HEADING)
    return rows


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of a TOML file. Raises LedgerError with the line where it breaks."""
    mistakes = Mistakes()
    tables: dict[str, Any] = {}
    try:
        tables = tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        mistakes.add(path.name, None, f"is not TOML: {error}", "Mend the line that is named.")
    mistakes.raise_if_any(LedgerError, HEADING)
    return tables


def number(place: str, value: object, mistakes: Mistakes, *, above: float | None = None) -> float | None:
    """A finite number, or None when the field is empty; a mistake is noted when it is neither."""
    if value in ("", None):
        return None
    try:
        found = float(value) if not isinstance(value, bool) else math.nan  # pyright: ignore[reportArgumentType]
    except (TypeError, ValueError):
        found = math.nan
    if not math.isfinite(found):
        mistakes.add(place, value, "is not a finite number", "Write a number such as 0.12.")
        return None
    if above is not None and found <= above:
        mistakes.add(place, value, f"is not above {above:g}", "Write a larger number.")
        return None
    return found


def text(place: str, value: object, mistakes: Mistakes, *, rule: str = "is not a text") -> str:
    """`value` without outer blanks, or "" after a mistake is noted if it is no text or says nothing."""
    if isinstance(value, str) and value.strip():
        return value.strip()
    mistakes.add(place, value if value != "" else None, rule, "Write it in a few words.")
    return ""


def texts(place: str, value: object, mistakes: Mistakes) -> tuple[str, ...]:
    """The texts of a list, or () after a mistake is noted."""
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return tuple(value)
    mistakes.add(place, value, "is not a list of texts", 'Write for example ["E003", "E004"].')
    return ()


def table(place: str, value: object, mistakes: Mistakes) -> dict[str, Any]:
    """The table itself, or an empty one after a mistake is noted."""
    if isinstance(value, dict):
        return value
    mistakes.add(place, value, "is not a table", "Write names and values: { low = 0.1, high = 0.2 }.")
    return {}


def tables(place: str, value: object, mistakes: Mistakes) -> list[dict[str, Any]]:
    """The tables of a list of tables, or none after a mistake is noted."""
    if value and isinstance(value, list) and all(isinstance(part, dict) for part in value):
        return value
    mistakes.add(place, value, "is not a list of tables", f"Begin each entry with [[{place.rpartition(' ')[2]}]].")
    return []


def one_of(place: str, value: object, known: Iterable[str], mistakes: Mistakes) -> str:
    """`value`, after a mistake is noted if it is not one of `known`."""
    names = tuple(known)
    if str(value) not in names:
        mistakes.add(place, value, "is not known here", did_you_mean(str(value), names))
    return str(value)


def no_duplicates(places: Iterable[tuple[str, str]], mistakes: Mistakes) -> None:
    """A mistake is noted for each id that stands in more than one place."""
    seen: dict[str, str] = {}
    for place, identity in places:
        if identity in seen:
            mistakes.add(place, identity, f"stands already at {seen[identity]}", "Give each entry an id of its own.")
        seen.setdefault(identity, place)


def split(field: str) -> tuple[str, ...]:
    """The parts of a field that holds several names, separated by semicolons."""
    return tuple(part.strip() for part in field.split(";") if part.strip())
