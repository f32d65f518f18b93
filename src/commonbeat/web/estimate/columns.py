"""What a page tells of the columns of a data file: names, types, questions, and values that at least ten rows share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from commonbeat.datafile import DataFile

SMALLEST_CELL: Final = 10
MOST_VALUES: Final = 12
TYPES: Final = {
    "Int64": "whole numbers",
    "Float64": "numbers",
    "Boolean": "yes or no",
    "Date": "days",
    "Datetime": "times",
    "String": "text",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, kind of values, question text, rows without an answer (None below ten), and (value, rows) of its few values.

    rarer: how many more values there are, each in fewer than ten rows, which are not told; None where the column has many values.
    """

    name: str
    kind: str
    label: str
    missing: int | None
    values: tuple[tuple[str, int], ...]
    rarer: int | None

    @property
    def told(self) -> str:
        """Its values in a line, empty where there are many."""
        if self.rarer is None:
            return ""
        words = [f"{value} ({rows:,})" for value, rows in self.values]
        return ", ".join([*words, *([f"{self.rarer} in fewer than ten rows each"] if self.rarer else [])])


def columns_of(data: DataFile) -> tuple[Column, ...]:
    """Every column of the file."""
    return tuple(_column(data, name) for name in data.frame.columns)


def _column(data: DataFile, name: str) -> Column:
    series = data.frame[name]
    missing = series.null_count()
    counts: list[tuple[Any, int]] = []
    if series.drop_nulls().n_unique() <= MOST_VALUES:
        counts = sorted(series.drop_nulls().value_counts().iter_rows(), key=lambda each: str(each[0]))
    shown = tuple((_words(data, name, value), rows) for value, rows in counts if rows >= SMALLEST_CELL)
    kind = TYPES.get(str(series.dtype).partition("(")[0], str(series.dtype))
    told = missing if missing == 0 or missing >= SMALLEST_CELL else None
    return Column(
        name, kind, data.column_labels.get(name, ""), told, shown, len(counts) - len(shown) if counts else None
    )


def _words(data: DataFile, name: str, value: Any) -> str:
    plain = data.label(name, value)
    code = f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value)
    return plain if plain == code else f"{code} = {plain}"
