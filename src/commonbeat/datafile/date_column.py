"""A column as dates, with every cell that is none."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from commonbeat.datafile.numeric_column import Offence, answers, offences, tell_offences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commonbeat.datafile.data_file import DataFile
    from commonbeat.errors import Mistakes

ISO, SERIAL = "%Y-%m-%d", "Excel's days"
FORMATS = (
    ISO,
    "%Y/%m/%d",
    "%Y%m%d",
    "%d.%m.%Y",
    "%d %B %Y",
    "%d %b %Y",
    "%B %d, %Y",
    "%b %d, %Y",
    "%d-%b-%Y",
    "%d%b%Y",
)
DAY_FIRST, MONTH_FIRST = "%d/%m/%Y", "%m/%d/%Y"
EXCEL_EPOCH = dt.date(1899, 12, 30)  # counts from here agree with Excel's from March 1900 on
FIRST_SERIAL, LAST_SERIAL = 18_264, 73_050  # 1950 to 2099


class DateColumn(NamedTuple):
    """The dates (polars Date, null where nothing was answered or the cell is none), the cells that are none, and what was presumed.

    written: the format in which the column's cells were read, as strptime writes it; SERIAL for Excel's days.
    """

    dates: pl.Series
    offending: tuple[Offence, ...]
    warnings: tuple[str, ...] = ()
    written: str = ISO

    def parse(self, text: str) -> dt.date | None:
        """One more date in the format in which the column was read, or as 2024-05-31; None where the text is neither."""
        word = _day(pl.Series([text.strip()]))
        if self.written == SERIAL and word[0].isdecimal() and FIRST_SERIAL <= int(word[0]) <= LAST_SERIAL:
            return EXCEL_EPOCH + dt.timedelta(days=int(word[0]))
        formats = (ISO,) if self.written == SERIAL else (self.written, ISO)
        found = (word.str.to_date(each, strict=False)[0] for each in formats)
        return next((date for date in found if date is not None), None)

    def tell(self, datafile: DataFile, column: str, mistakes: Mistakes) -> None:
        """The mistakes hold the offending cells, if there are any."""
        tell_offences(self.offending, datafile, column, mistakes, "is not a date")


def date_column(datafile: DataFile, column: str, *, missing: Sequence[object] = ()) -> DateColumn:
    """The column's dates in the one format that most of its cells have.

    A moment counts as its day. 03/04/2020 is read day first or month first as the column's other cells allow; where both are
    possible, month first, with a warning. Whole numbers between 18,264 and 73,050 are Excel's days since 1900, with a warning.
    """
    values = answers(datafile, column, missing)
    if values.dtype == pl.Date:
        return DateColumn(values, ())
    if values.dtype == pl.Datetime:
        return DateColumn(values.dt.date(), ())
    if values.dtype == pl.Int64 and values.drop_nulls().is_between(FIRST_SERIAL, LAST_SERIAL).all():
        days = values.cast(pl.Int32) + (EXCEL_EPOCH - dt.date(1970, 1, 1)).days
        return DateColumn(days.cast(pl.Date), (), (f"{column}: whole numbers were read as Excel's dates",), SERIAL)
    read, warnings, written = _likeliest(_day(values.cast(pl.String)), column)
    wrong = read.is_null() & values.is_not_null()
    return DateColumn(read, offences(datafile, values, wrong), warnings, written)


def _day(texts: pl.Series) -> pl.Series:
    """The texts without the time of day behind the date."""
    return texts.str.replace(r"[ T]\d{1,2}:\d{2}.*$", "")


def _likeliest(texts: pl.Series, column: str) -> tuple[pl.Series, tuple[str, ...], str]:
    """The dates in the format that fits most texts, what was presumed, and that format."""
    tried = {each: texts.str.to_date(each, strict=False) for each in (*FORMATS, MONTH_FIRST, DAY_FIRST)}
    known = {each: len(dates) - dates.null_count() for each, dates in tried.items()}
    best = max(known, key=lambda each: known[each])
    if (
        best == MONTH_FIRST
        and known[DAY_FIRST] == known[MONTH_FIRST] > 0
        and not tried[DAY_FIRST].equals(tried[MONTH_FIRST])
    ):
        told = f"{column}: every date can be read day first and month first; month first was presumed"
        return tried[best], (told,), best
    return tried[best], (), best
