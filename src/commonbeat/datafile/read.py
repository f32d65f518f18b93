"""A data file is read whole, whatever program wrote it, or refused with everything that is wrong with it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from commonbeat.datafile import number_style
from commonbeat.datafile.codes import suspicious_codes, suspicious_labels
from commonbeat.datafile.data_file import DataFile
from commonbeat.datafile.reading import without_rows
from commonbeat.errors import DataFileError

if TYPE_CHECKING:
    from commonbeat.datafile.grid import Grid
    from commonbeat.datafile.reading import Reading

TEXT = (".csv", ".tsv", ".txt", ".tab")
ARROW = (".parquet", ".pq", ".arrow", ".feather")
SHEETS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
STATISTICS = (".dta", ".sav", ".zsav")
KNOWN_ENDINGS = (*TEXT, *ARROW, *SHEETS, *STATISTICS)


def read_data_file(path: str | Path, *, sheet: str | None = None) -> DataFile:
    """The file's rows as typed columns, with its labels, question texts, hash, and what was odd about it.

    path: CSV or other delimited text (also Qualtrics and REDCap exports), Parquet, Arrow, Stata .dta, SPSS .sav, Excel. sheet: which sheet
    of a workbook; left out, the first that holds anything. Raises DataFileError when the file is missing, of no known kind, damaged, empty,
    without rows, or has names that cannot serve.
    """
    path = Path(path)
    content = read_content(path)
    reading = _reading(path, content, sheet)
    if reading.frame.height == 0:
        raise DataFileError(f"{path.name} {without_rows(reading.frame.width)}")
    remarks = tuple(dict.fromkeys([*reading.remarks, *suspicious_codes(reading), *suspicious_labels(reading)]))
    return DataFile(
        frame=reading.frame,
        name=path.name,
        sha256=hashlib.sha256(content).hexdigest(),
        rows=reading.frame.height,
        value_labels=reading.value_labels,
        column_labels=reading.column_labels,
        warnings=tuple(remark.told() for remark in remarks),
        remarks=remarks,
        row_numbers=reading.row_numbers,
        row_word=reading.row_word,
        commas=reading.commas,
        missing_codes=reading.missing_codes,
        elsewhere=reading.elsewhere,
    )


def read_content(path: Path) -> bytes:
    """The bytes of a file of a known kind, or a DataFileError."""
    if path.is_dir():
        raise DataFileError(f"{path} is a folder. Name the data file in it.")
    if path.suffix.lower() not in KNOWN_ENDINGS:
        raise DataFileError(f"{path.name} is of no known kind. Known endings: {', '.join(KNOWN_ENDINGS)}.")
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise DataFileError(f"There is no file {path}.{_near(path)}") from error
    except OSError as error:
        raise DataFileError(f"{path} cannot be opened: {error.strerror}.") from error
    if not content.strip():
        raise DataFileError(f"{path.name} is empty: it holds neither names nor rows.")
    return content


def _near(path: Path) -> str:
    """A sentence with the data file of the nearest name in the same folder, or nothing."""
    import difflib

    if not path.parent.is_dir():
        return f" There is no folder {path.parent} either."
    names = [each.name for each in path.parent.iterdir() if each.suffix.lower() in KNOWN_ENDINGS]
    near = difflib.get_close_matches(path.name, names, n=1, cutoff=0.5)
    return f" Did you mean {near[0]}?" if near else ""


def _reading(path: Path, content: bytes, sheet: str | None) -> Reading:
    """What the reader for the file's ending makes of it; each is loaded only when it is needed."""
    ending = path.suffix.lower()
    if sheet is not None and ending not in SHEETS:
        raise DataFileError(f"{path.name} has no sheets: '{sheet}' was asked for.")
    if ending in ARROW:
        from commonbeat.datafile.arrow_file import read_arrow

        return read_arrow(content, path.name)
    if ending in STATISTICS:
        from commonbeat.datafile.statistical import read_statistical

        return read_statistical(path)
    return reading_of(path, content, sheet)[1]


def reading_of(path: Path, content: bytes, sheet: str | None) -> tuple[Grid, Reading]:
    """The rows of a text file or a workbook as they stand there, and what they become."""
    from commonbeat.datafile.tables import table_of

    if path.suffix.lower() in TEXT:
        from commonbeat.datafile.text_file import read_text

        grid, delimiter = read_text(content, path.name)
        usual = number_style.THOUSANDS_COMMA if delimiter == "," else number_style.DECIMAL_COMMA
        return grid, table_of(grid, path.name, ambiguous=usual)
    from commonbeat.datafile.spreadsheet import read_spreadsheet

    grid = read_spreadsheet(content, path.name, sheet)
    return grid, table_of(grid, path.name, ambiguous=number_style.THOUSANDS_COMMA)
