"""The columns that a design names, as arrays; what cannot be read is noted with its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from commonbeat.datafile import category_column, numeric_column

if TYPE_CHECKING:
    import polars as pl

    from commonbeat.datafile import DataFile
    from commonbeat.errors import Mistakes
    from commonbeat.estimate.design.model import Value
    from commonbeat.estimate.trial import Codes, Floats


@dataclass(frozen=True, slots=True)
class Columns:
    """Access to the columns of a file by the role they play; every failure stands in `mistakes`, once per column."""

    file: DataFile
    missing: tuple[Value, ...]
    mistakes: Mistakes

    @property
    def rows(self) -> int:
        """How many rows the file has."""
        return self.file.frame.height

    def has(self, role: str, name: str) -> bool:
        """Whether the file has the column; a mistake is noted if not."""
        before = len(self.mistakes.found)
        self.file.check_columns([(role, name)], self.mistakes)
        return len(self.mistakes.found) == before

    def known(self, name: str) -> pl.Series:
        """The column as it stands in the file, null where a value means no answer."""
        import polars as pl

        found = category_column(self.file, name, missing=self.missing)
        codes = pl.Series(found.codes)
        gone = (codes < 0).to_numpy()
        return pl.DataFrame({"value": self.file.frame[name], "gone": gone}).select(
            pl.when(~pl.col("gone")).then(pl.col("value")).alias(name)
        )[name]

    def is_categorical(self, name: str) -> bool:
        """Whether the column holds text, truth values, or codes that all have labels."""
        import polars as pl

        column = self.file.frame[name]
        if column.dtype in (pl.String, pl.Boolean, pl.Categorical):
            return True
        labels = self.file.value_labels.get(name, {})
        values = column.drop_nulls().unique().to_list()
        return bool(labels) and bool(values) and all(value in labels for value in values)

    def numbers(self, role: str, name: str) -> Floats | None:
        """The column as numbers, nan where missing; None after mistakes were noted."""
        if not self.has(role, name):
            return None
        found = numeric_column(self.file, name, missing=self.missing)
        found.tell(self.file, name, self.mistakes)
        return None if found.offending else found.values

    def categories(self, role: str, name: str) -> tuple[Codes, tuple[str, ...]] | None:
        """The column as codes from 0, -1 where missing, and the names of the codes; None after a mistake was noted."""
        if not self.has(role, name):
            return None
        found = category_column(self.file, name, missing=self.missing)
        return found.codes, found.names
