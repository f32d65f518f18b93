"""A sheet of a workbook as rows of texts, with all digits of its numbers."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import polars as pl

from commonbeat.datafile.grid import Grid, grid_of
from commonbeat.datafile.reading import some
from commonbeat.errors import DataFileError, did_you_mean

if TYPE_CHECKING:
    import fastexcel

LOCKED = bytes.fromhex("d0cf11e0a1b11ae1")  # how an encrypted workbook begins, and an old .xls


def read_spreadsheet(content: bytes, name: str, sheet: str | None) -> Grid:
    """The rows of one sheet, or a DataFileError when the workbook is damaged, locked or empty, or has no such sheet.

    sheet: its name; left out, the first that holds anything, with a sentence on the others. Dates become YYYY-MM-DD, formulas their
    last results, failed formulas nothing.
    """
    book = _open(content, name)
    if sheet is not None and sheet not in book.sheet_names:
        raise DataFileError(f"{name} has no sheet '{sheet}'. {did_you_mean(sheet, book.sheet_names)}")
    filled = [each for each in book.sheet_names if not _texts(book, each).is_empty()]
    if not filled or (sheet is not None and sheet not in filled):
        which = f"The sheet '{sheet}' of {name}" if sheet is not None else f"{name}"
        raise DataFileError(f"{which} is empty: it holds neither names nor rows.")
    chosen = sheet or filled[0]
    warnings: tuple[str, ...] = ()
    if sheet is None and len(filled) > 1:
        warnings = (f"the sheet '{chosen}' was read; there are others that hold something: {some(filled[1:])}",)
    texts = _texts(book, chosen)
    digits = _load(book, chosen, "float")
    numbers = np.arange(1, texts.height + 1, dtype=np.int64)
    grid = grid_of(texts, numbers, warnings, digits if digits.shape == texts.shape else None)
    others = [each for each in filled if each != chosen]
    return replace(grid, sheet=chosen, elsewhere=_elsewhere(chosen, others))


def _elsewhere(chosen: str, others: list[str]) -> str:
    """Which sheet was read, and how to ask for one of the others; nothing where there is no other."""
    if not others:
        return ""
    words = some([f"'{each}'" for each in others])
    word = others[0] if others[0].isalnum() else f'"{others[0]}"'
    are = "is another" if len(others) == 1 else "are others"
    return f"The sheet '{chosen}' was read; there {are}: {words}. Try --sheet {word}."


def _open(content: bytes, name: str) -> fastexcel.ExcelReader:
    import fastexcel

    try:
        return fastexcel.read_excel(content)
    except fastexcel.FastExcelError as error:
        if content.startswith(LOCKED):
            reason = "is locked with a password or damaged. Open it and save it without a password"
        elif content.lstrip().startswith((b"<", b"\xef\xbb\xbf<")):
            reason = "is a web page under a workbook's name. Open it and save it as .xlsx"
        else:
            reason = "is no workbook, or a damaged one. Open it and save it again, or export it as CSV"
        raise DataFileError(f"{name} {reason}.") from error


def _texts(book: fastexcel.ExcelReader, sheet: str) -> pl.DataFrame:
    frame = _load(book, sheet, "string")
    return frame if frame.width == 0 else frame.filter(pl.lit(value=True))


def _load(book: fastexcel.ExcelReader, sheet: str, kind: Literal["string", "float"]) -> pl.DataFrame:
    """Every cell of the sheet from its first row on, as one type; cells that are not of it are null."""
    quiet = logging.getLogger("calamine")
    level = quiet.level
    quiet.setLevel(logging.CRITICAL)
    try:
        loaded = book.load_sheet(sheet, header_row=None, skip_rows=0, dtypes=kind, eager=False)
        return loaded.to_polars()
    finally:
        quiet.setLevel(level)
