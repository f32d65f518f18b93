"""What every reader of a file returns, and every analysis begins with."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.datafile.number_style import THOUSANDS_COMMA
from commonbeat.errors import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import polars as pl
    from numpy.typing import NDArray

    from commonbeat.datafile.reading import Label
    from commonbeat.datafile.remark import Remark
    from commonbeat.errors import Mistakes


@dataclass(frozen=True, slots=True, eq=False)
class DataFile:
    """The rows of a file as people have it, and what was odd about it.

    frame: columns of Int64, Float64, Boolean, Date, Datetime or String; null where nothing was answered. A labelled column holds its
    codes. name: the file's name without its folder. sha256: of the file's bytes. rows: data rows in the frame. value_labels: for a labelled
    column, the label of each code. column_labels: question texts, where the file has them. warnings: sentences for the reader.
    row_numbers [rows]: where each row stands in the file as its user sees it (in a spreadsheet the header is row 1). row_word: what
    such a number counts. commas: what "1,234" means in the file's text columns where nothing else tells. missing_codes: for a column, codes that the file itself declared to mean no answer; they are null in the frame.
    remarks: the warnings with the columns that they are about. elsewhere: a sentence on the other sheets of a workbook.
    """

    frame: pl.DataFrame
    name: str
    sha256: str
    rows: int
    value_labels: dict[str, Label] = field(default_factory=dict)
    column_labels: dict[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    row_numbers: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    row_word: str = "row"
    commas: str = THOUSANDS_COMMA
    missing_codes: dict[str, tuple[object, ...]] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()
    elsewhere: str = ""

    def about(self, columns: Iterable[str], missing: Sequence[object] = ()) -> DataFile:
        """The same file with the warnings that matter to an analysis of these columns, given these values that mean no answer."""
        used = set(columns)
        kept = [remark for remark in self.remarks if not remark.columns or used & set(remark.columns)]
        kept = [remark for remark in kept if not remark.codes or not self._all_listed(remark, missing)]
        return replace(self, warnings=tuple(remark.told() for remark in kept), remarks=tuple(kept))

    def _all_listed(self, remark: Remark, missing: Sequence[object]) -> bool:
        """Whether each suspected code is among the missing values, as a number or by its label."""
        listed = {str(each).strip().casefold() for each in missing}
        names = [(f"{code:g}", self.label(remark.columns[0], code).casefold()) for code in remark.codes]
        return all(listed & set(each) for each in names)

    def place(self, row: int, column: str) -> str:
        """Where the frame's row `row` (from 0) of `column` stands in the file, in words."""
        return f"{self.name}, {self.row_word} {self.row_numbers[row]}, {column}"

    def check_columns(self, wanted: Iterable[tuple[str, str]], mistakes: Mistakes) -> None:
        """Each (place, column) whose column is missing is in `mistakes`, with the nearest name that the file has."""
        for place, column in wanted:
            if column not in self.frame.columns:
                near = did_you_mean(column, self.frame.columns)
                mistakes.add(place, column, f"is not a column of {self.name}", f"{near} {self.elsewhere}".strip())

    def label(self, column: str, value: object) -> str:
        """The words for a value: its label if it has one, else the value itself, a whole number without its point."""
        labels = self.value_labels.get(column, {})
        if value in labels:
            return labels[value]
        return f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value)
