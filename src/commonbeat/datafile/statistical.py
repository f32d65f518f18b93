"""Stata and SPSS files: values stay coded, their labels come along, and declared missing values are null and counted."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import polars as pl

from commonbeat.datafile.arrow_file import plain
from commonbeat.datafile.column_types import as_days, narrowed
from commonbeat.datafile.reading import Label, Reading, counted_from_one, some
from commonbeat.errors import DataFileError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

GUESSED = "cp1252"  # what old files without the name of an encoding were mostly written in
SHOWN_CODES = 4


def read_statistical(path: Path) -> Reading:
    """The columns of a .dta, .sav or .zsav file with labels and question texts, or a DataFileError when it is damaged.

    Values that the file declares missing (SPSS: user-missing; Stata: .a to .z) become null; a warning counts them by column.
    """
    import pyreadstat

    read = pyreadstat.read_dta if path.suffix.lower() == ".dta" else pyreadstat.read_sav
    (frame, meta), encoding, warnings = _decoded(read, path)
    columns = [_tidy(column) for column in frame.iter_columns()]
    reading = Reading(pl.DataFrame(columns), counted_from_one(frame.height), row_word="case")
    for sentence in warnings:
        reading.tell(sentence)
    reading.column_labels = {name: text for name, text in (meta.column_names_to_labels or {}).items() if text}
    declared = _declared(read, path, encoding)
    _label(reading, meta.variable_value_labels or {})
    if frame.height:
        _tell_missing(reading, _with_codes(read, path, encoding, declared, frame), meta.variable_value_labels or {})
    return reading


def _decoded(read: Callable[..., Any], path: Path) -> tuple[tuple[pl.DataFrame, Any], str | None, list[str]]:
    """The file as read, in its own encoding or, where that fails, in the one that old files mostly have."""
    try:
        return read(path, output_format="polars"), None, []
    except Exception as error:
        if "convert string" not in str(error) and not isinstance(error, UnicodeDecodeError):
            raise DataFileError(
                f"{path.name} cannot be read as {path.suffix[1:]}: it is damaged or another kind of file."
            ) from error
    try:
        told = "the file's texts are not in the encoding that it names; read as Western European (Windows-1252): check accents"
        return read(path, output_format="polars", encoding=GUESSED), GUESSED, [told]
    except Exception as error:
        raise DataFileError(f"{path.name} cannot be read: its texts are in no known encoding.") from error


def _declared(read: Callable[..., Any], path: Path, encoding: str | None) -> set[str]:
    """Columns for which an SPSS file declares missing values; Stata names them only where they occur."""
    _, meta = read(path, output_format="dict", metadataonly=True, user_missing=True, encoding=encoding)
    return set(meta.missing_ranges or {})


def _tidy(column: pl.Series) -> pl.Series:
    """Text stripped and null where empty, whole numbers as such, moments at midnight as dates."""
    column = plain(column)
    if column.dtype == pl.Datetime:
        return as_days(column)
    return narrowed(column) if column.dtype == pl.Float64 else column


def _label(reading: Reading, labels: dict[str, dict[Any, str]]) -> None:
    """Labels by the values that the frame holds; those of declared missing values are left to the count."""
    for name, of_values in labels.items():
        if name in reading.frame.columns:
            known: Label = {_key(value): str(label) for value, label in of_values.items()}
            numeric = reading.frame[name].dtype.is_numeric()
            reading.value_labels[name] = {
                value: label for value, label in known.items() if not (numeric and isinstance(value, str))
            }


def _with_codes(
    read: Callable[..., Any], path: Path, encoding: str | None, declared: set[str], frame: pl.DataFrame
) -> dict[str, list]:
    """The columns that may hold declared missing values, read once more with those values in them."""
    stata = path.suffix.lower() == ".dta"
    wanted = [
        column.name for column in frame.iter_columns() if column.name in declared or (stata and column.null_count())
    ]
    if not wanted:
        return {}
    columns, _ = read(path, output_format="dict", user_missing=True, usecols=wanted, encoding=encoding)
    return columns


def _tell_missing(reading: Reading, coded: dict[str, list], labels: dict[str, dict[Any, str]]) -> None:
    """Each column with declared missing values in it has a sentence that counts them, and its codes in `missing_codes`."""
    for name, cells in coded.items():
        null = reading.frame[name].is_null()
        found = [
            _key(cell)
            for cell, empty in zip(cells, null, strict=True)
            if empty and cell not in (None, "") and not _is_nan(cell)
        ]
        if not found:
            continue
        counts = {code: found.count(code) for code in sorted(set(found), key=str)}
        reading.missing_codes[name] = tuple(counts)
        words = {_key(value): str(label) for value, label in labels.get(name, {}).items()}
        parts = [f"{_shown(code)}{_quoted(words.get(code))} {count:,}" for code, count in counts.items()]
        answers = "answer" if len(found) == 1 else "answers"
        listed = some(parts, SHOWN_CODES)
        reading.tell(f"{name}: {len(found):,} {answers} that the file declares missing: {listed}", name)


def _shown(code: object) -> str:
    """A code as its program writes it: Stata's extended missing values with their point."""
    return f".{code}" if isinstance(code, str) and len(code) == 1 and code.islower() else str(code)


def _quoted(label: str | None) -> str:
    return f" '{label}':" if label else ":"


def _key(value: Any) -> Any:
    """Whole floats as whole numbers, so that labels and codes meet."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _is_nan(cell: Any) -> bool:
    return isinstance(cell, float) and math.isnan(cell)
