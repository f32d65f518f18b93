"""Text files (CSV and its kin): the encoding, the delimiter and the rows are found out, and said where they were guessed."""

from __future__ import annotations

import codecs
import csv
import io
import re
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl

from commonbeat.datafile.grid import Grid, grid_of
from commonbeat.errors import DataFileError, Mistakes

if TYPE_CHECKING:
    from collections.abc import Iterator

DELIMITERS = (",", ";", "\t", "|")
EMPTY = "".join(DELIMITERS) + ' "\r\n\0'  # a text of nothing but these holds nothing
BATCH_ROWS = 20_000
LISTED = 10
SNIFFED_ROWS = 200
LARGE = 1_000_000  # letters; a smaller file is read row by row in no time
WORKBOOK = b"PK\x03\x04"
BEGINNING = 4096
CONTROL = re.compile("[\0-\x08\x0e-\x19\x1b-\x1f\x7f-\x84\x86-\x9f]")  # no tab, no line end, no Ctrl-Z at the end
MOST_CONTROL = 0.01  # of the beginning; one stray character is a slip, many are a picture or a program
HINT = re.compile(r"sep=([,;|\t])\r?\n")  # what Excel may write into the first line


def read_text(content: bytes, name: str) -> tuple[Grid, str]:
    """The rows of a text file and its delimiter, or a DataFileError that lists the rows of the wrong length."""
    if content.startswith(WORKBOOK):
        raise DataFileError(f"{name} is a workbook under a text file's name. Rename it to end in .xlsx.")
    text, warnings = decoded(content)
    if not text.strip(EMPTY):
        raise DataFileError(f"{name} is empty: it holds neither names nor rows.")
    if is_binary(text):
        raise DataFileError(f"{name} is not text: it holds bytes that no text has. Export the data as CSV.")
    hint = HINT.match(text)
    delimiter = hint[1] if hint else likeliest_delimiter(text)
    above = 1 if hint else 0
    text = text[hint.end() :] if hint else text
    frame = regular_rows(text, delimiter) if len(text) > LARGE else None
    if frame is not None:
        return grid_of(frame, np.arange(1 + above, frame.height + 1 + above, dtype=np.int64), warnings), delimiter
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    frame, numbers, told = _rows(reader, name, above)
    return grid_of(frame, numbers, (*warnings, *told)), delimiter


def is_binary(text: str) -> bool:
    """Whether the beginning holds control characters that no text has, too many to be slips."""
    start = text[:BEGINNING]
    return len(CONTROL.findall(start)) > len(start) * MOST_CONTROL


def regular_rows(text: str, delimiter: str) -> pl.DataFrame | None:
    """All rows at once where no cell is quoted, no line is blank and all lines have as many delimiters; else None."""
    content = text.encode()
    if b'"' in content or b"\0" in content:
        return None
    letters = np.frombuffer(content, np.uint8)
    ends = np.flatnonzero(letters == ord("\n"))
    if not content.endswith(b"\n"):
        ends = np.append(ends, len(letters))
    widths = np.diff(np.searchsorted(np.flatnonzero(letters == ord(delimiter)), ends), prepend=0)
    if len(ends) == 0 or widths[0] == 0 or np.any(widths != widths[0]):
        return None
    return pl.read_csv(
        content, separator=delimiter, has_header=False, infer_schema=False, quote_char=None, truncate_ragged_lines=False
    )


class Encoding(NamedTuple):
    """name: as IANA writes it. marked: whether the file begins with a byte order mark that says so."""

    name: str
    marked: bool


def encoding_of(content: bytes) -> Encoding:
    """The encoding that the file names, or the likeliest one."""
    for mark, name in (
        (codecs.BOM_UTF8, "UTF-8"),
        (codecs.BOM_UTF16_LE, "UTF-16LE"),
        (codecs.BOM_UTF16_BE, "UTF-16BE"),
    ):
        if content.startswith(mark):
            return Encoding(name, marked=True)
    if content[:1000].count(0) > len(content[:1000]) / 4:
        return Encoding("UTF-16LE" if content[1:2] == b"\0" else "UTF-16BE", marked=False)
    for name in ("UTF-8", "windows-1252"):
        try:
            content.decode(name)
        except UnicodeDecodeError:
            continue
        return Encoding(name, marked=False)
    return Encoding("ISO-8859-1", marked=False)


def decoded(content: bytes) -> tuple[str, tuple[str, ...]]:
    """The text, and a sentence when its encoding had to be guessed."""
    name, marked = encoding_of(content)
    text = content.decode(name, errors="replace")
    if marked or name == "UTF-8":
        return text.removeprefix("\ufeff"), ()
    if name.startswith("UTF-16"):
        return text, ("the file does not name its encoding; read as UTF-16",)
    line = content.count(b"\n", 0, _first_odd_byte(content)) + 1
    called = "Windows-1252" if name == "windows-1252" else "Latin-1"
    return text, (
        f"the file is not UTF-8 (first at line {line:,}); read as Western European ({called}): check accents",
    )


def _first_odd_byte(content: bytes) -> int:
    """Where the content stops being UTF-8."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start
    return len(content)


def likeliest_delimiter(text: str) -> str:
    """The delimiter that parts the first rows into the most columns of one common number; a comma when nothing parts them."""
    scores = {}
    for place, delimiter in enumerate(DELIMITERS):
        rows = csv.reader(io.StringIO(text[:200_000], newline=""), delimiter=delimiter)
        try:
            widths = [len(row) for row in islice((row for row in rows if any(row)), SNIFFED_ROWS)]
        except csv.Error:
            continue
        if not widths:
            continue
        widths = widths[:-1] if len(widths) > 2 else widths
        alike = widths.count(widths[0]) / len(widths)
        scores[delimiter] = (widths[0] > 1, round(alike, 1), widths[0], -place)
    return max(scores, key=lambda delimiter: scores[delimiter]) if scores else ","


def _rows(reader: Iterator[list[str]], name: str, above: int) -> tuple[pl.DataFrame, np.ndarray, tuple[str, ...]]:
    """All rows that hold something, as columns of text; above: rows of the file before the first of these."""
    frames, batch, numbers, short = [], [], [], []
    mistakes, too_long, width = Mistakes(), 0, 0
    try:
        for number, row in enumerate(reader, start=1 + above):
            if not any(row):
                continue
            width = width or len(row)
            if len(row) > width and any(cell.strip() for cell in row[width:]):
                too_long += 1
                _tell_long_row(mistakes, too_long, f"{name}, row {number}", len(row), width)
            elif len(row) < width:
                short.append(number)
            batch.append(row if len(row) == width else (row + [""] * width)[:width])
            numbers.append(number)
            if len(batch) == BATCH_ROWS:
                frames.append(_columns(batch))
                batch = []
    except csv.Error as error:
        way_out = "Check that every quotation mark that opens is closed."
        mistakes.add(f"{name}, after row {numbers[-1] if numbers else 0}", None, f"cannot be read ({error})", way_out)
    if too_long > LISTED:
        rest = too_long - LISTED
        mistakes.add(name, None, "1 more row is too long" if rest == 1 else f"{rest:,} more rows are too long")
    mistakes.raise_if_any(DataFileError, f"{name} cannot be read:")
    if not numbers:
        raise DataFileError(f"{name} is empty: it holds neither names nor rows.")
    frame = pl.concat([*frames, _columns(batch)] if batch else frames)
    return frame, np.array(numbers, np.int64), _short_rows(short)


def _short_rows(short: list[int]) -> tuple[str, ...]:
    if len(short) == 1:
        return (f"row {short[0]} ends early; its last cells were read as empty",)
    if short:
        return (f"{len(short):,} rows end early, the first at row {short[0]}; their last cells were read as empty",)
    return ()


def _tell_long_row(mistakes: Mistakes, nth: int, place: str, cells: int, width: int) -> None:
    if nth <= LISTED:
        rule = f"has {cells} cells, and the first row has {width}"
        mistakes.add(place, None, rule, "Put quotation marks around a text that holds the delimiter.")


def _columns(rows: list[list[str]]) -> pl.DataFrame:
    columns = zip(*rows, strict=True)
    return pl.DataFrame([pl.Series(str(place), cells, dtype=pl.String) for place, cells in enumerate(columns)])
