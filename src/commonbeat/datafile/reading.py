"""What a reader of one format hands on: typed columns, where their rows stood, and what was odd."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from commonbeat.datafile.number_style import THOUSANDS_COMMA
from commonbeat.datafile.remark import Remark

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

Label = dict[Any, str]


@dataclass(slots=True)
class Reading:
    """A file's rows on the way to a DataFile; the fields mean the same there."""

    frame: pl.DataFrame
    row_numbers: NDArray[np.int64]
    row_word: str = "row"
    commas: str = THOUSANDS_COMMA
    value_labels: dict[str, Label] = field(default_factory=dict)
    column_labels: dict[str, str] = field(default_factory=dict)
    missing_codes: dict[str, tuple[object, ...]] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    elsewhere: str = ""

    def tell(self, sentence: str, *columns: str) -> None:
        """One more remark, about these columns or about the whole file, stands in the list."""
        self.remarks.append(Remark(sentence, columns))


def counted_from_one(rows: int) -> NDArray[np.int64]:
    """1, 2, … rows: the numbers of cases in a file without a header row."""
    return np.arange(1, rows + 1, dtype=np.int64)


def without_rows(columns: int) -> str:
    """What is said of a table that has names and nothing below them."""
    count = "1 column" if columns == 1 else f"{columns:,} columns"
    return f"has {count} and no rows: there is nothing to estimate from."


def some(names: list[str], shown: int = 5) -> str:
    """The first few names and how many more there are."""
    rest = len(names) - shown
    return ", ".join(names[:shown]) + (f" and {rest} more" if rest > 0 else "")
