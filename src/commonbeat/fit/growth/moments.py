"""A column of times becomes seconds since its earliest, whatever it was written as; what was presumed is said."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from commonbeat.datafile import numeric_column
from commonbeat.datafile.numeric_column import Offence, tell_offences
from commonbeat.fit.growth.duration import unit_of
from commonbeat.fit.growth.share_log import DAY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.datafile import DataFile
    from commonbeat.errors import Mistakes

TWITTER = "%a %b %d %H:%M:%S %z %Y"
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
UNIX_SECONDS, UNIX_MILLISECONDS = (1e9, 1e10), (1e12, 1e13)  # 2001 to 2286


@dataclass(slots=True)
class Moments:
    """seconds [rows]: on one clock, nan where there is no time. absolute: whether 0 is 1970 in universal time. repairs: what was done to get here.

    fine: whether any time has a part of a second, so that two alike are hardly a coincidence.
    """

    seconds: NDArray[np.float64]
    absolute: bool
    repairs: list[str] = field(default_factory=list)

    @property
    def fine(self) -> bool:
        """Whether the times are finer than a second."""
        known = self.seconds[np.isfinite(self.seconds)]
        return bool(np.any(known != np.round(known)))


def moments(data: DataFile, column: str, unit: str | None, zone: str | None, mistakes: Mistakes) -> Moments:
    """The column's times; cells that are none stand in the mistakes.

    Numbers are seconds unless the column's name or `unit` says otherwise, or Unix time where they are that large. Times of day without a zone are in
    `zone`, or on a clock of their own when none is named.
    """
    known = _zone(zone, mistakes)
    values = data.frame[column]
    if values.dtype == pl.Datetime:
        return _typed(values, known)
    if values.dtype == pl.Date:
        rule = "holds days without a time of day"
        mistakes.add(f"{data.name}, {column}", None, rule, "Export the times of day: growth is a matter of minutes.")
        return Moments(np.full(len(values), np.nan), absolute=False)
    if values.dtype == pl.String and not _mostly_numbers(values):
        return _parsed(data, column, known, mistakes)
    return _numbers(data, column, unit, mistakes)


def _zone(name: str | None, mistakes: Mistakes) -> dt.tzinfo | None:
    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        mistakes.add("--zone", name, "is no time zone", "Write UTC or a name such as America/Chicago.")
        return dt.UTC


def _mostly_numbers(values: pl.Series) -> bool:
    numbers = values.drop_nulls().cast(pl.Float64, strict=False)
    return len(numbers) > 0 and numbers.null_count() < len(numbers) / 2


def _numbers(data: DataFile, column: str, unit: str | None, mistakes: Mistakes) -> Moments:
    found = numeric_column(data, column)
    found.tell(data, column, mistakes, "is not a time", "Mend it, or leave the row out.")
    values = found.values
    endless = np.isinf(values)
    if endless.any():
        mistakes.add(f"{data.name}, {column}", None, f"{int(endless.sum()):,} times are infinite", "Mend them.")
        values = np.where(endless, np.nan, values)
    least = float(np.nanmin(values)) if np.isfinite(values).any() else 0.0
    for (low, high), size, word in ((UNIX_SECONDS, 1.0, "seconds"), (UNIX_MILLISECONDS, 1e-3, "milliseconds")):
        if unit is None and low <= least < high:
            return Moments(
                values * size, absolute=True, repairs=[f"{column}: read as Unix time in {word} (universal time)"]
            )
    if least < 0:
        mistakes.add(f"{data.name}, {column}", least, "lies before the post", "Count from the post, which is 0.")
    named = unit or _unit_in(column)
    told = [] if named else [f"{column}: its numbers were read as seconds; --unit says otherwise"]
    return Moments(values * _size(named, mistakes), absolute=False, repairs=told)


def _unit_in(column: str) -> str | None:
    words = column.lower().replace("_", " ").replace("(", " ").replace(")", " ").split()
    return next((word for word in words if len(word) > 1 and unit_of(word)), None)


def _size(unit: str | None, mistakes: Mistakes) -> float:
    if unit is None:
        return 1.0
    found = unit_of(unit.lower())
    if found is None:
        mistakes.add("--unit", unit, "is no unit of time", "Write milliseconds, seconds, minutes, hours or days.")
    return found or 1.0


def _typed(values: pl.Series, zone: dt.tzinfo | None) -> Moments:
    named = values.dtype.time_zone  # pyright: ignore[reportAttributeAccessIssue]  # only asked of Datetime
    if named is None and zone is not None:
        return _together([None if each is None else each for each in values.to_list()], zone, [])
    seconds = values.dt.epoch("us").cast(pl.Float64).fill_null(float("nan")).to_numpy() / 1e6
    told = [] if named in {None, "UTC"} else [f"{values.name}: its times ({named}) were taken to universal time"]
    if named is None:
        told = [_without_zone(values.name)]
    return Moments(seconds, absolute=named is not None, repairs=told)


def _parsed(data: DataFile, column: str, zone: dt.tzinfo | None, mistakes: Mistakes) -> Moments:
    texts = data.frame[column].to_list()
    read = [None if text is None else _one(text) for text in texts]
    numbers = data.row_numbers
    wrong = [
        Offence(int(numbers[place]), str(text))
        for place, text in enumerate(texts)
        if text is not None and read[place] is None
    ]
    way_out = "Write 2024-05-31 18:04:05, with +02:00 or Z where the zone is known."
    tell_offences(tuple(wrong), data, column, mistakes, "is not a time", way_out)
    naive = [each for each in read if each is not None and each.tzinfo is None]
    aware = [each for each in read if each is not None and each.tzinfo is not None]
    if naive and aware and zone is None:
        rule = f"has a zone in {len(aware):,} of its times and none in {len(naive):,}"
        mistakes.add(f"{data.name}, {column}", None, rule, "Name the zone of the others: --zone UTC.")
        return Moments(np.full(len(texts), np.nan), absolute=False)
    zones = {each.utcoffset() for each in aware}
    told = (
        [f"{column}: times in {len(zones)} offsets from universal time were brought together"] if len(zones) > 1 else []
    )
    if naive and zone is None:
        start = dt.datetime(1970, 1, 1)  # noqa: DTZ001  # times without a zone are counted on a clock without one
        seconds = [float("nan") if each is None else (each - start).total_seconds() for each in read]
        return Moments(np.array(seconds), absolute=False, repairs=[_without_zone(column)])
    return _together(
        read,
        zone or dt.UTC,
        told + ([f"{column}: {len(naive):,} times without a zone were read in {zone}"] if naive else []),
    )


def _together(read: list[dt.datetime | None], zone: dt.tzinfo, told: list[str]) -> Moments:
    placed = [each if each is None or each.tzinfo is not None else each.replace(tzinfo=zone) for each in read]
    seconds = [float("nan") if each is None else (each - EPOCH).total_seconds() for each in placed]
    return Moments(np.array(seconds), absolute=True, repairs=told)


def _one(text: str) -> dt.datetime | None:
    for parse in (dt.datetime.fromisoformat, _twitter):
        try:
            return parse(text.strip())
        except ValueError:
            continue
    return None


def _twitter(text: str) -> dt.datetime:
    return dt.datetime.strptime(text, TWITTER)  # noqa: DTZ007  # %z is in it


def _without_zone(column: str) -> str:
    return f"{column}: its times carry no zone, so the time of day is not used; --zone names one"


def time_of_day(first: float) -> float:
    """The earliest moment in days of universal time."""
    return first / DAY
