"""A column as numbers, with every cell that is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl

from commonbeat.datafile import number_style as style_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from commonbeat.datafile.data_file import DataFile
    from commonbeat.errors import Mistakes

LISTED = 5
WAY_OUT = "Mend it, or list it under `missing`."


class Offence(NamedTuple):
    """A cell that is not what its column should hold: the row's number in the file, and what stands there."""

    row: int
    text: str


class NumericColumn(NamedTuple):
    """The numbers [rows], nan where nothing was answered or where the cell is none; and the cells that are none."""

    values: NDArray[np.float64]
    offending: tuple[Offence, ...]

    def tell(
        self,
        datafile: DataFile,
        column: str,
        mistakes: Mistakes,
        rule: str = "is not a number",
        way_out: str = WAY_OUT,
    ) -> None:
        """The mistakes hold one line with the first few offending cells and how many there are, if there are any."""
        tell_offences(self.offending, datafile, column, mistakes, rule, way_out)


def numeric_column(datafile: DataFile, column: str, *, missing: Sequence[object] = ()) -> NumericColumn:
    """The column as floats, and its offending cells by their rows in the file.

    missing: values that mean no answer, as numbers or words; words match whatever their case. True is 1 and False is 0. A text column is read
    in the style that most of its cells have (points, decimal commas, or commas between thousands). Dates offend.
    """
    values = answers(datafile, column, missing)
    if values.dtype.is_numeric() or values.dtype == pl.Boolean:
        return NumericColumn(values.cast(pl.Float64).fill_null(float("nan")).to_numpy().copy(), ())
    if values.dtype != pl.String:
        known = values.is_not_null()
        return NumericColumn(np.full(len(values), np.nan), offences(datafile, values, known))
    texts = style_of.tidied(values)
    style = style_of.likeliest_style(texts.drop_nulls(), ambiguous=datafile.commas)
    numbers = style_of.as_numbers(texts, style)
    wrong = numbers.is_null() & values.is_not_null()
    return NumericColumn(numbers.fill_null(float("nan")).to_numpy().copy(), offences(datafile, values, wrong))


def answers(datafile: DataFile, column: str, missing: Sequence[object]) -> pl.Series:
    """The column, null where its value, or the label of its value, is one of the missing ones; words match whatever their case."""
    words = {str(each).strip().casefold() for each in missing}
    labels = datafile.value_labels.get(column, {})
    coded = [code for code, label in labels.items() if label.strip().casefold() in words]
    return _without(datafile.frame[column], [*missing, *coded])


def _without(values: pl.Series, missing: Sequence[object]) -> pl.Series:
    if not missing or len(values) == 0:
        return values
    gone = pl.Series([False]).new_from_index(0, len(values))
    if values.dtype.is_numeric():
        numbers = [number for each in missing if (number := _number(each)) is not None]
        gone = values.cast(pl.Float64).is_in(numbers)
    elif values.dtype == pl.String:
        words = [str(each).strip().casefold() for each in missing]
        gone = values.str.to_lowercase().is_in(words)
        numbers = [number for each in missing if (number := _number(each)) is not None]
        gone = gone | values.cast(pl.Float64, strict=False).is_in(numbers).fill_null(value=False)
    return pl.DataFrame({"value": values, "gone": gone.fill_null(value=False)}).select(
        pl.when(~pl.col("gone")).then(pl.col("value")).alias(values.name)
    )[values.name]


def offences(datafile: DataFile, values: pl.Series, wrong: pl.Series) -> tuple[Offence, ...]:
    """The cells at which `wrong` is true."""
    rows = datafile.row_numbers[wrong.to_numpy()]
    texts = values.filter(wrong).cast(pl.String, strict=False)
    return tuple(Offence(int(row), str(text)) for row, text in zip(rows, texts, strict=True))


def tell_offences(
    offending: tuple[Offence, ...],
    datafile: DataFile,
    column: str,
    mistakes: Mistakes,
    rule: str,
    way_out: str = WAY_OUT,
) -> None:
    """The mistakes hold a line on what offends: the words with their counts and rows, most frequent first."""
    words: dict[str, list[int]] = {}
    for row, text in offending:
        words.setdefault(text, []).append(row)
    ranked = sorted(words.items(), key=lambda item: (-len(item[1]), item[1][0]))
    for text, rows in ranked[:LISTED]:
        more = f" and {len(rows) - 3:,} more" if len(rows) > 3 else ""
        plural = "s" if len(rows) > 1 else ""
        where = f"{datafile.row_word}{plural} {', '.join(str(row) for row in rows[:3])}{more}"
        mistakes.add(f"{datafile.name}, {column}, {where}", text, rule, way_out)
    if len(ranked) > LISTED:
        cells = sum(len(rows) for _, rows in ranked[LISTED:])
        mistakes.add(
            f"{datafile.name}, {column}",
            None,
            f"has {_some(cells, 'more such cell')} with {_some(len(ranked) - LISTED, 'other text')}",
        )


def _some(count: int, word: str) -> str:
    return f"1 {word}" if count == 1 else f"{count:,} {word}s"


def _number(value: object) -> float | None:
    try:
        return float(value)  # pyright: ignore[reportArgumentType]
    except (TypeError, ValueError):
        return None
