"""The tables of somebody's own society are found and read, with what is wrong about the files themselves."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from commonbeat.errors import did_you_mean

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from commonbeat.errors import Mistakes

LONGEST_HEADER = 100_000  # characters; the reader of rows takes no longer field
SHARE = "share "  # a column of places: "share Black" is the share of residents that another source gives


@dataclass(frozen=True)
class Shape:
    """The columns that a table must and may have."""

    required: tuple[str, ...]
    optional: tuple[str, ...]
    needed: bool


@dataclass(frozen=True, eq=False)
class Table:
    """A table as read, its file's name, and how its rows are counted there."""

    file: str
    frame: pl.DataFrame
    first_line: int

    def spot(self, row: int, column: str) -> str:
        """Where a value stands, in words that a person can follow in the file."""
        unit = "line" if self.first_line == 2 else "row"
        return f"{self.file}, {unit} {row + self.first_line}, {column}"


SHAPES = {
    "people": Shape(
        ("id", "group", "place"), ("household", "age_band", "role", "weight", "starting_trust"), needed=True
    ),
    "ties": Shape(("source", "target", "layer"), (), needed=True),
    "events": Shape(("day", "place", "race", "kind"), ("hour", "search", "count"), needed=False),
    "places": Shape(("place", "latitude", "longitude"), (), needed=False),
}


def find_table(folder: Path, name: str, mistakes: Mistakes) -> Path | None:
    """The one file that holds the table, or None; two files and a missing needed one are mistakes."""
    found = [folder / f"{name}.{ending}" for ending in ("csv", "parquet") if (folder / f"{name}.{ending}").is_file()]
    if len(found) > 1:
        mistakes.add(str(folder), f"{name}.csv and {name}.parquet", "hold one table twice", "Remove one of the two.")
    if not found and SHAPES[name].needed:
        mistakes.add(
            str(folder),
            None,
            f"{name}.csv or {name}.parquet is missing",
            f"It needs the columns {', '.join(SHAPES[name].required)}.",
        )
    return found[0] if len(found) == 1 else None


def read_table(folder: Path, name: str, mistakes: Mistakes) -> Table | None:
    """The table with exactly the columns that its shape allows, or None with the mistakes told."""
    import polars as pl

    path = find_table(folder, name, mistakes)
    if path is None:
        return None
    if path.stat().st_size == 0:
        mistakes.add(path.name, None, "is empty", "Write the table again.")
        return None
    try:
        frame = _read_csv(path, mistakes) if path.suffix == ".csv" else pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        first_sentence = str(error).splitlines()[0]
        mistakes.add(
            path.name,
            None,
            f"cannot be read: {first_sentence}",
            "It may be cut short or of another format; write it again.",
        )
        return None
    if frame is None or not _has_shape(path.name, frame, SHAPES[name], mistakes):
        return None
    if frame.height == 0:
        mistakes.add(path.name, None, "has no rows", "It needs at least one.")
        return None
    return Table(path.name, frame, 2 if path.suffix == ".csv" else 1)


def _read_csv(path: Path, mistakes: Mistakes) -> pl.DataFrame | None:
    """Every field as text, so that a mistake can be shown as it stands; None when the encoding is not UTF-8."""
    import polars as pl

    content = path.read_bytes()
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        mistakes.add(
            f"{path.name}, line {line}",
            content[error.start : error.end],
            "is not UTF-8",
            "Save the file with the encoding UTF-8.",
        )
        return None
    if "\0" in content[:4096].decode("utf-8", "ignore"):
        mistakes.add(path.name, None, "holds zero bytes, as UTF-16 does", "Save the file with the encoding UTF-8.")
        return None
    text = content.decode("utf-8-sig")
    if not _header_is_sound(path.name, text, mistakes):
        return None
    try:
        return pl.read_csv(content.rstrip(b"\r\n") + b"\n", infer_schema=False)
    except pl.exceptions.PolarsError:
        if not _line_found(path.name, text, mistakes):
            raise
        return None


def _header_is_sound(file: str, text: str, mistakes: Mistakes) -> bool:
    """The first line is parted by commas and names each column once."""
    header = next(csv.reader([text.partition("\n")[0][:LONGEST_HEADER]]), [])
    before = len(mistakes.found)
    for sign, name in ((";", "semicolons"), ("\t", "tabs")):
        if len(header) == 1 and sign in header[0]:
            mistakes.add(
                f"{file}, header", None, f"is separated by {name}", "Save the file with commas between fields."
            )
    for column in dict.fromkeys(column for column in header if header.count(column) > 1):
        mistakes.add(f"{file}, header", column, f"stands there {header.count(column)} times", "Name each column once.")
    return len(mistakes.found) == before


def _line_found(file: str, text: str, mistakes: Mistakes) -> bool:
    """Whether the line on which reading stumbled was found: one with too many fields, or with a quote left open."""
    rows, line = csv.reader(io.StringIO(text), strict=True), 1
    try:
        wanted = len(next(rows))
        line = rows.line_num + 1
        for row in rows:
            if len(row) > wanted:
                rule = f"has {len(row)} fields where the header has {wanted}"
                mistakes.add(f"{file}, line {line}", None, rule, "Put text that holds a comma in quotes.")
                return True
            line = rows.line_num + 1
    except csv.Error as error:
        open_quote = "unexpected end" in str(error) or "field limit" in str(error)
        rule = "opens a quote that is never closed" if open_quote else f"cannot be read: {error}"
        mistakes.add(f"{file}, line {line}", None, rule, "Close it, or write two quotes for one inside a text.")
        return True
    return False


def _has_shape(file: str, frame: pl.DataFrame, shape: Shape, mistakes: Mistakes) -> bool:
    known = {*shape.required, *shape.optional}
    before = len(mistakes.found)
    for column in frame.columns:
        is_share = "latitude" in known and column.startswith(SHARE)
        if column not in known and not is_share:
            mistakes.add(f"{file}, header", column, "is not a column of this table", did_you_mean(column, known))
    for column in shape.required:
        if column not in frame.columns:
            mistakes.add(f"{file}, header", column, "is missing", f"Needed: {', '.join(shape.required)}.")
    return len(mistakes.found) == before
