"""How a file is laid out, so that another program can read it as it was read here."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from commonbeat.datafile import headers as header
from commonbeat.datafile import number_style as style_of
from commonbeat.datafile.column_types import BROKEN_FORMULA, NO_ANSWER
from commonbeat.datafile.data_file import DataFile
from commonbeat.datafile.date_column import date_column
from commonbeat.datafile.read import SHEETS, TEXT, read_content, reading_of
from commonbeat.datafile.text_file import HINT, decoded, encoding_of, likeliest_delimiter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from commonbeat.datafile.reading import Label, Reading

NUMBER, TRUTH, WORDS = "number", "truth", "text"


@dataclass(frozen=True, slots=True)
class Layout:
    """A text file or a workbook as it stands on the disk.

    encoding: as IANA writes it, "" for a workbook. marked: whether a byte order mark says so. delimiter: between cells. above: lines before the
    names. header_rows: names, question texts, and what else a survey program writes there. cells: in the row of names, empty ones too.
    sheet: which was read. names: of the columns that hold something, in the file's order. kinds: of the columns asked for: number,
    truth or text. decimals: the decimal mark of each. dates: the format of those that hold dates. value_labels: the label of each code.
    """

    encoding: str = ""
    marked: bool = False
    delimiter: str = ""
    above: int = 0
    header_rows: int = 1
    cells: int = 0
    sheet: str | None = None
    names: tuple[str, ...] = ()
    kinds: dict[str, str] = field(default_factory=dict)
    decimals: dict[str, str] = field(default_factory=dict)
    dates: dict[str, str] = field(default_factory=dict)
    value_labels: dict[str, Label] = field(default_factory=dict)


def file_layout(path: str | Path, columns: Iterable[str] = (), *, sheet: str | None = None) -> Layout | None:
    """The layout of a text file or a workbook with these columns' numbers, dates and labels; None for files that say it themselves.

    The whole file is read. Raises DataFileError as `read_data_file` does.
    """
    path = Path(path)
    kind = path.suffix.lower()
    if kind not in (*TEXT, *SHEETS):
        return None
    content = read_content(path)
    grid, reading = reading_of(path, content, sheet)
    wanted = [name for name in dict.fromkeys(columns) if name in reading.frame.columns]
    outside = _of_text(content) if kind in TEXT else Layout(sheet=grid.sheet)
    first = dict(zip(reading.frame.columns, grid.frame.columns, strict=True))
    rows = header.read_headers(grid, path.name).rows
    texts = {name: grid.frame[first[name]][rows:] for name in wanted}
    return Layout(
        encoding=outside.encoding,
        marked=outside.marked,
        delimiter=outside.delimiter,
        above=outside.above,
        header_rows=rows,
        cells=outside.cells,
        sheet=outside.sheet,
        names=tuple(reading.frame.columns),
        kinds={name: _kind(reading.frame[name]) for name in wanted},
        decimals={name: _decimal(texts[name], reading) for name in wanted},
        dates={name: written for name in wanted if (written := _date_format(reading, name))},
        value_labels={name: reading.value_labels[name] for name in wanted if reading.value_labels.get(name)},
    )


def _of_text(content: bytes) -> Layout:
    """Encoding, delimiter, and how many cells the first row has."""
    encoding = encoding_of(content)
    text, _ = decoded(content)
    hint = HINT.match(text)
    text = text[hint.end() :] if hint else text
    delimiter = hint[1] if hint else likeliest_delimiter(text)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    cells = len(next(row for row in rows if any(row)))
    return Layout(encoding.name, encoding.marked, delimiter, 1 if hint else 0, cells=cells)


def _kind(column: pl.Series) -> str:
    if column.dtype.is_numeric():
        return NUMBER
    return TRUTH if column.dtype == pl.Boolean else WORDS


def _decimal(texts: pl.Series, reading: Reading) -> str:
    """The mark before the decimals, in the style that most of the numbers have."""
    known = style_of.tidied(texts.filter(~texts.is_in([*NO_ANSWER, *BROKEN_FORMULA])).drop_nulls())
    style = style_of.likeliest_style(known, ambiguous=reading.commas)
    return "," if style == style_of.DECIMAL_COMMA else "."


def _date_format(reading: Reading, name: str) -> str | None:
    """How the column's dates are written, or None where it is not one of dates."""
    if reading.frame[name].dtype != pl.String:
        return None
    found = date_column(DataFile(reading.frame, "", "", reading.frame.height, row_numbers=reading.row_numbers), name)
    return found.written if not found.offending and found.dates.null_count() < len(found.dates) else None
