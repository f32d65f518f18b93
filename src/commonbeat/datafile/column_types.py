"""Columns of text become numbers, dates or truth values where every answer in them is one."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from commonbeat.datafile import number_style as style_of
from commonbeat.datafile.remark import Remark

NO_ANSWER = ("NA", "N/A", "n/a", "#N/A", "NaN", "nan", ".", "NULL", "null", "#NULL!")
BROKEN_FORMULA = ("#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!")
LONGEST_WHOLE_NUMBER = 15  # digits; a longer one is a name for somebody or something, and a float would change it
LEADING_ZERO = r"^[+-]?0\d"
LONG = rf"^[+-]?\d{{{LONGEST_WHOLE_NUMBER + 1},}}$"
DATE = r"^\d{4}-\d{2}-\d{2}$"
MOMENT = r"^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?$"
TRUTH = ("true", "false")


@dataclass(slots=True)
class Typing:
    """What was learnt about the columns on the way: remarks for the reader, and counts of words that mean no answer."""

    remarks: list[Remark] = field(default_factory=list)
    words: dict[str, dict[str, int]] = field(default_factory=dict)

    def told(self) -> list[Remark]:
        """Everything learnt, the words for no answer first."""
        words = [Remark(_words_sentence(word, columns), tuple(columns)) for word, columns in self.words.items()]
        return words + self.remarks


def typed(frame: pl.DataFrame, *, ambiguous: str = style_of.THOUSANDS_COMMA) -> tuple[pl.DataFrame, list[Remark], str]:
    """The frame with each column in the narrowest type that holds all its answers, remarks on what that took, and what "1,234" means in it.

    frame: String columns, stripped, null where empty. ambiguous: what "1,234" means where no column tells.
    """
    learnt = Typing()
    stripped = [_without_words(column, learnt) for column in frame.iter_columns()]
    numeric = {column.name: _style(column, ambiguous) for column in stripped}
    if style_of.DECIMAL_COMMA in {style for style, doubtful in numeric.values() if not doubtful}:
        ambiguous = style_of.DECIMAL_COMMA
        numeric = {column.name: _style(column, ambiguous) for column in stripped}
        learnt.remarks += [Remark(_thousands_sentence(name), (name,)) for name in _maybe_thousands(stripped, numeric)]
    columns = [_one(column, numeric[column.name], learnt) for column in stripped]
    return pl.DataFrame(columns), learnt.told(), ambiguous


def _maybe_thousands(columns: list[pl.Series], styles: dict[str, tuple[str | None, bool]]) -> list[str]:
    """Columns read with points although the file writes decimal commas, and whose points could part thousands."""
    plain = [column.drop_nulls() for column in columns if styles[column.name][0] == style_of.PLAIN]
    pointed = [texts for texts in plain if texts.str.contains(".", literal=True).any()]
    return [texts.name for texts in pointed if texts.str.contains(r"^-?\d{1,3}(\.\d{3})?$").all()]


def _thousands_sentence(name: str) -> str:
    return f"{name}: its points were read as decimal points, although the file writes decimal commas elsewhere: 1.234 is taken for less than 2"


def _without_words(column: pl.Series, learnt: Typing) -> pl.Series:
    found = column.is_in([*NO_ANSWER, *BROKEN_FORMULA])
    if not found.any():
        return column
    for word, count in (
        column.filter(found)
        .alias("word")
        .value_counts(name="times")
        .sort("times", "word", descending=[True, False])
        .iter_rows()
    ):
        learnt.words.setdefault(word, {})[column.name] = count
    return pl.DataFrame({"text": column, "found": found}).select(
        pl.when(~pl.col("found")).then(pl.col("text")).alias(column.name)
    )[column.name]


def _words_sentence(word: str, columns: dict[str, int]) -> str:
    cells = sum(columns.values())
    names = ", ".join(list(columns)[:5]) + (f" and {len(columns) - 5} more" if len(columns) > 5 else "")
    meaning = "is a formula that failed; read" if word in BROKEN_FORMULA else "was read"
    return f"'{word}' {meaning} as no answer in {cells:,} {'cell' if cells == 1 else 'cells'} ({names})"


def _style(column: pl.Series, ambiguous: str) -> tuple[str | None, bool]:
    """The style of a column's numbers, and whether it rests on what ambiguous ones are taken for."""
    texts = column.drop_nulls()
    if texts.is_empty() or not texts[:1000].str.contains(r"^[+\-−–]?[\d.,]").all():
        return None, False
    texts = style_of.tidied(texts)
    whole = texts.str.contains(LEADING_ZERO + r"\d*$").any() or texts.str.contains(LONG).any()
    return (None if whole else style_of.number_style(texts, ambiguous=ambiguous)), style_of.is_ambiguous(texts)


def _one(column: pl.Series, found: tuple[str | None, bool], learnt: Typing) -> pl.Series:
    style, doubtful = found
    texts = column.drop_nulls()
    if style is not None:
        if style != style_of.PLAIN:
            doubt = ", although nothing in it tells them from the other kind" if doubtful else ""
            learnt.remarks.append(Remark(f"{column.name}: its numbers were read with {style}{doubt}", (column.name,)))
        return narrowed(style_of.as_numbers(style_of.tidied(column), style).alias(column.name))
    if texts.is_empty():
        return column
    if texts.str.to_lowercase().is_in(TRUTH).all():
        return (column.str.to_lowercase() == "true").alias(column.name)
    if texts.str.contains(DATE).all():
        return _or_text(column.str.to_date("%Y-%m-%d", strict=False), column)
    if texts.str.contains(MOMENT).all():
        return _moments(column)
    return column


def _moments(column: pl.Series) -> pl.Series:
    text = column.str.replace("T", " ", literal=True)
    text = pl.select(pl.when(text.str.len_chars() == 16).then(text + ":00").otherwise(text).alias(column.name))
    moments = _or_text(text[column.name].str.to_datetime("%Y-%m-%d %H:%M:%S%.f", strict=False, time_unit="us"), column)
    return moments if moments.dtype == pl.String else as_days(moments)


def as_days(moments: pl.Series) -> pl.Series:
    """Dates when every moment is a midnight, else the moments."""
    known = moments.drop_nulls()
    return moments.dt.date() if (known == known.dt.truncate("1d")).all() else moments


def _or_text(parsed: pl.Series, column: pl.Series) -> pl.Series:
    return parsed if parsed.null_count() == column.null_count() else column


def narrowed(numbers: pl.Series) -> pl.Series:
    """The numbers as Int64 where all of them are whole and small enough, else as Float64; nan becomes null."""
    numbers = numbers.cast(pl.Float64).fill_nan(None)
    known = numbers.drop_nulls()
    whole = (known == known.round(0)).all() and (known.abs() < 10**LONGEST_WHOLE_NUMBER).all()
    return numbers.cast(pl.Int64) if whole and not known.is_empty() else numbers
