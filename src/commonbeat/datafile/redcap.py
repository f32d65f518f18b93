"""What a REDCap export says about its rows: repeated instruments, events, forms not completed, and boxes left unticked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from commonbeat.datafile.reading import some

if TYPE_CHECKING:
    from commonbeat.datafile.reading import Reading

BOX = re.compile(r"^(?P<question>.+?)(___(?P<code>[A-Za-z0-9_]+)| \(choice=(?P<choice>.*)\))$")
REPEATS = ("redcap_repeat_instrument", "Repeat Instrument")
EVENTS = ("redcap_event_name", "Event Name")
FORM_STATES = {0: "Incomplete", 1: "Unverified", 2: "Complete"}


def tell_redcap(reading: Reading) -> None:
    """Checkboxes are 0 and 1 with their labels, forms' states have theirs, and the warnings say what a row is; no row is dropped."""
    _tell_rows(reading)
    _label_forms(reading)
    boxes = _boxes(reading)
    for columns in boxes.values():
        for name in columns:
            _as_box(reading, name)
    blank = {question: _unticked(reading, columns) for question, columns in boxes.items()}
    left = [f"{question} ({count:,})" for question, count in blank.items() if count]
    if left:
        reading.tell(
            f"rows with no box ticked: {some(left)}; a checkbox is 0 as well where it was not asked or not answered"
        )


def _tell_rows(reading: Reading) -> None:
    for name in REPEATS:
        if name in reading.frame.columns:
            repeated = reading.frame[name].drop_nulls()
            if not repeated.is_empty():
                forms = some([str(form) for form in repeated.unique().sort()])
                rows = "1 row is" if len(repeated) == 1 else f"{len(repeated):,} rows are"
                reading.tell(f"{rows} of repeated instruments ({forms}): a person stands in several rows")
    for name in EVENTS:
        if name in reading.frame.columns and (events := reading.frame[name].n_unique()) > 1:
            reading.tell(f"{events} events ({name}): a person stands in a row for each; choose one, or name the person")


def _label_forms(reading: Reading) -> None:
    for column in reading.frame.iter_columns():
        if (
            column.name.endswith("_complete")
            and column.dtype == pl.Int64
            and set(column.drop_nulls()) <= set(FORM_STATES)
        ):
            reading.value_labels[column.name] = dict(FORM_STATES)


def _boxes(reading: Reading) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in reading.frame.columns:
        if match := BOX.match(name):
            found.setdefault(match["question"], []).append(name)
    return found


def _as_box(reading: Reading, name: str) -> None:
    column = reading.frame[name]
    if column.dtype == pl.String and set(column.drop_nulls()) <= {"Checked", "Unchecked"}:
        column = column.replace_strict({"Checked": 1, "Unchecked": 0}, default=None, return_dtype=pl.Int64)
        reading.frame = reading.frame.with_columns(column.alias(name))
    if column.dtype == pl.Int64 and set(column.drop_nulls()) <= {0, 1}:
        reading.value_labels[name] = {0: "Unchecked", 1: "Checked"}


def _unticked(reading: Reading, columns: list[str]) -> int:
    numbers = [name for name in columns if reading.frame[name].dtype == pl.Int64]
    if not numbers:
        return 0
    sums = reading.frame.select(
        pl.sum_horizontal(numbers).alias("sum"), pl.any_horizontal(pl.col(numbers).is_not_null()).alias("asked")
    )
    return sums.filter(pl.col("asked") & (pl.col("sum") == 0)).height
