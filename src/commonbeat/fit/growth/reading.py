"""A file of shares is read, mended where that can be said in a sentence, or refused with everything that is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.datafile import numeric_column, read_data_file
from commonbeat.datafile.read import TEXT, read_content
from commonbeat.errors import DataFileError, Mistakes
from commonbeat.fit.growth.ages import END
from commonbeat.fit.growth.duration import asked, spelt
from commonbeat.fit.growth.moments import moments, time_of_day
from commonbeat.fit.growth.share_log import ShareLog
from commonbeat.fit.growth.two_columns import two_columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.datafile import DataFile

FEWEST_SHARES = 20
SHORTEST = 60.0  # seconds observed: a shorter log is one of another unit, or of an export that has one time for all
MOST_FOLLOWERS = 1e10  # more than there are people
TIMES = ("time", "timestamp", "created_at", "shared_at", "date", "seconds", "minutes", "hours", "days")
FOLLOWERS = ("followers", "followers_count", "follower_count")
GROUPS = ("group",)
IDS = ("share_id", "id")
UNLIKELY_DATE = 1e8  # seconds; beyond it a time without a zone is a date
MOST_UNKNOWN = 0.5  # of followers; beyond it they are left alone


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader is told: columns by name (None: by the usual names), the unit of plain numbers, the zone of times without one, spans as text."""

    time: str | None = None
    followers: str | None = None
    group: str | None = None
    share_id: str | None = None
    unit: str | None = None
    zone: str | None = None
    observed: str | None = None
    horizon: str = "7d"


@dataclass(frozen=True, slots=True)
class ReadLog:
    """The whole log, the log up to the moment from which to forecast, the age to forecast to in seconds, and what was repaired or presumed."""

    whole: ShareLog
    log: ShareLog
    horizon: float
    repairs: tuple[str, ...]


@dataclass(slots=True)
class Rows:
    """The file's rows on the way.

    seconds [rows]: nan without a time. followers, groups, ids: where the file has them. clock: days, where the file says it. absolute: whether
    seconds count from 1970 in universal time. fine: whether they are finer than a second. counted: whether the file itself says that it has so many rows.
    """

    name: str
    seconds: NDArray[np.float64]
    followers: NDArray[np.float64] | None = None
    groups: NDArray[np.str_] | None = None
    ids: NDArray[np.str_] | None = None
    clock: float | None = None
    absolute: bool = False
    fine: bool = False
    counted: bool = False
    repairs: list[str] = field(default_factory=list)

    def keep(self, kept: NDArray[np.bool_] | NDArray[np.int64]) -> None:
        """Only these rows are left, in this order."""
        self.seconds = self.seconds[kept]
        self.followers = None if self.followers is None else self.followers[kept]
        self.groups = None if self.groups is None else self.groups[kept]
        self.ids = None if self.ids is None else self.ids[kept]


def read_share_log(path: str | Path, wanted: Asked | None = None) -> ReadLog:
    """The clip's shares, ready to be fitted; the earliest row is the post.

    Raises DataFileError with every mistake: columns that are missing, cells that are no times or followers, zones that are mixed, spans that do not
    fit, and fewer than 20 shares. Repaired and named: order, duplicates, rows without a time, zones, followers that are missing here and there.
    """
    path, wanted, mistakes = Path(path), wanted or Asked(), Mistakes()
    heading = f"{path.name} cannot be forecast from:"
    rows = _rows(path, wanted, mistakes)
    observed = None if wanted.observed is None else asked("observed", wanted.observed, mistakes)[0]
    horizon, from_now = asked("horizon", wanted.horizon, mistakes)
    if rows is None:
        raise DataFileError(heading, mistakes.found)
    stood = None if np.isfinite(rows.seconds).any() else len(rows.seconds) - 1
    whole = _mended(rows)
    log = whole.cut(whole.observed if observed is None else observed)
    horizon += log.observed if from_now else 0.0
    _check(path.name, whole, log, horizon, mistakes, stood)
    mistakes.raise_if_any(DataFileError, heading)
    if log.observed > whole.observed:
        quiet = spelt(log.observed - whole.observed)
        rows.repairs.append(
            f"the last share came {quiet} before the end of what was observed: nobody shared in between"
        )
    return ReadLog(whole, log, horizon, tuple(rows.repairs))


def _rows(path: Path, wanted: Asked, mistakes: Mistakes) -> Rows | None:
    pairs = two_columns(read_content(path)) if path.suffix.lower() in TEXT else None
    if pairs is None:
        return _columns(read_data_file(path), wanted, mistakes)
    rows = Rows(path.name, pairs.seconds, pairs.followers, clock=pairs.clock)
    rows.repairs.append("two columns without names: read as seconds since the post and followers")
    rows.fine = bool(np.any(rows.seconds != np.round(rows.seconds)))
    rows.counted = pairs.counted == len(rows.seconds) - 1
    if pairs.counted is not None and not rows.counted:
        rows.repairs.append(
            f"its first line counts {pairs.counted:,} shares, and {len(rows.seconds) - 1:,} stand below"
        )
    wrong = (
        ("seconds", rows.seconds < 0, "below zero"),
        ("followers", pairs.followers < 0, "below zero"),
        ("followers", pairs.followers > MOST_FOLLOWERS, "more than there are people"),
    )
    for column, found, rule in wrong:
        if found.any():
            mistakes.add(f"{path.name}, {column}", None, f"{int(found.sum()):,} are {rule}", "Mend them.")
    return rows


def _columns(data: DataFile, wanted: Asked, mistakes: Mistakes) -> Rows | None:
    """The rows of a file with named columns; None, with a mistake, where no column holds times."""
    named = {
        place: _named(data, getattr(wanted, place), usual)
        for place, usual in (("time", TIMES), ("followers", FOLLOWERS), ("group", GROUPS), ("share_id", IDS))
    }
    data.check_columns([(f"--{place.replace('_', '-')}", name) for place, name in named.items() if name], mistakes)
    known = {place: name for place, name in named.items() if name in data.frame.columns}
    if named["time"] is None:
        rule = f"has no column of times; its columns are {', '.join(data.frame.columns)}"
        mistakes.add(data.name, None, rule, "Name it: --time COLUMN.")
    if "time" not in known:
        return None
    times = moments(data, known["time"], wanted.unit, wanted.zone, mistakes)
    rows = Rows(data.name, times.seconds, absolute=times.absolute, fine=times.fine, repairs=times.repairs)
    about = data.about([name for name in known.values() if name])
    rows.repairs += [f"{data.name}: {each}" for each in about.warnings]
    if "followers" in known:
        rows.followers = _followers(data, known["followers"], mistakes)
    if "group" in known:
        rows.groups = _words(data, known["group"])
    if "share_id" in known:
        rows.ids = _words(data, known["share_id"])
    return rows


def _named(data: DataFile, asked_for: str | None, usual: tuple[str, ...]) -> str | None:
    if asked_for is not None:
        return asked_for
    found = {name.lower(): name for name in reversed(data.frame.columns)}
    return next((found[name] for name in usual if name in found), None)


def _words(data: DataFile, column: str) -> NDArray[np.str_]:
    return np.array(["" if each is None else data.label(column, each) for each in data.frame[column].to_list()])


def _followers(data: DataFile, column: str, mistakes: Mistakes) -> NDArray[np.float64]:
    found = numeric_column(data, column)
    found.tell(data, column, mistakes, "is no number of followers", "Mend it, or leave the cell empty.")
    low = np.flatnonzero((found.values < 0) | (found.values > MOST_FOLLOWERS))
    if len(low):
        rule = (
            "is no number of followers"
            if len(low) == 1
            else f"is no number of followers, nor are {len(low) - 1:,} more"
        )
        way_out = "Mend it, or leave the cell empty."
        mistakes.add(data.place(int(low[0]), column), float(found.values[low[0]]), rule, way_out)
    return np.where(np.isfinite(found.values) & (found.values >= 0), found.values, np.nan)


def _mended(rows: Rows) -> ShareLog:
    """The log in order, without rows that have no time or stand there twice; what was done is in the repairs."""
    timed = np.isfinite(rows.seconds)
    if not timed.all():
        rows.repairs.append(f"{_rows_word(int((~timed).sum()))} without a time left out")
        rows.keep(timed)
    back = int((np.diff(rows.seconds) < 0).sum())
    if back:
        rows.repairs.append(
            f"the rows were out of order ({back:,} earlier than the row before) and were sorted by time"
        )
        rows.keep(np.argsort(rows.seconds, kind="stable"))
    _without_duplicates(rows)
    if len(rows.seconds) == 0:
        return ShareLog(np.zeros(1), 0.0)
    first = float(rows.seconds[0])
    clock = rows.clock if rows.clock is not None else time_of_day(first) if rows.absolute else None
    if not rows.absolute and first > 0 and first < UNLIKELY_DATE:
        rows.repairs.append(f"the earliest row, {first:g} seconds after zero, was taken for the post")
    seconds = rows.seconds - first
    return ShareLog(seconds, float(seconds[-1]), _whole_followers(rows), rows.groups, clock)


def _without_duplicates(rows: Rows) -> None:
    """Rows that stand there twice are left out once.

    With ids, those of one id and one time. Without, rows alike in everything, where followers or parts of seconds make a coincidence unlikely;
    equal whole seconds alone are different people in a hurry.
    """
    columns = [np.char.mod("%.9g", rows.seconds - rows.seconds[0])] if len(rows.seconds) else []
    if not columns:
        return
    if rows.ids is not None:
        columns.append(np.where(rows.ids == "", np.char.mod("row %d", np.arange(len(rows.ids))), rows.ids))
    elif rows.followers is not None:
        columns += [np.char.mod("%.9g", rows.followers)] + ([rows.groups] if rows.groups is not None else [])
    elif not rows.fine:
        alike = int((np.diff(rows.seconds) == 0).sum())
        if alike:
            rows.repairs.append(
                f"{_rows_word(alike, was=False)} the second of the one before and count as other people's: a column of ids (--share-id) would tell"
            )
        return
    _, first = np.unique(np.array(columns), axis=1, return_index=True)
    twice = len(rows.seconds) - len(first)
    if twice and rows.counted:
        rows.repairs.append(
            f"{_rows_word(twice, was=False)} the time and followers of another and stay, for the first line counts them"
        )
    elif twice:
        rows.repairs.append(f"{_rows_word(twice)} the same as one before and left out as duplicates")
        rows.keep(np.sort(first))


def _rows_word(count: int, *, was: bool = True) -> str:
    if was:
        return "1 row was" if count == 1 else f"{count:,} rows were"
    return "1 row has" if count == 1 else f"{count:,} rows have"


def _whole_followers(rows: Rows) -> NDArray[np.float64] | None:
    """Followers without gaps, or None where more than half are unknown."""
    if rows.followers is None:
        return None
    unknown = ~np.isfinite(rows.followers)
    if unknown.mean() > MOST_UNKNOWN:
        rows.repairs.append(f"followers are unknown for {unknown.mean():.0%} of the rows and were not used")
        return None
    if unknown.any():
        rows.repairs.append(
            f"{int(unknown.sum()):,} unknown numbers of followers were taken for the median of the known ones"
        )
    return np.where(unknown, np.median(rows.followers[~unknown]), rows.followers)


def _check(name: str, whole: ShareLog, log: ShareLog, horizon: float, mistakes: Mistakes, stood: int | None) -> None:
    """What can be counted fits together, or it stands in the mistakes. stood: shares by the rows of the file where none of its times can be used."""
    shares = log.shares if stood is None else stood
    if shares < FEWEST_SHARES:
        where = "after the post" if log.observed >= whole.observed else f"in the first {spelt(log.observed)}"
        count = "1 share" if shares == 1 else f"{shares:,} shares"
        rule = f"has {count} {where}, and a forecast needs {FEWEST_SHARES}"
        mistakes.add(name, None, rule, "Wait for more shares; a handful says nothing about growth.")
    elif stood is None and log.observed < SHORTEST:
        rule = f"has all its shares within {spelt(log.observed)}, and a forecast needs a minute at least"
        way_out = "If its numbers are no seconds, say what they count: --unit hours. If the export has one time for all, export each share's own."
        mistakes.add(name, None, rule, way_out)
    if log.observed >= END:
        rule = f"spans {spelt(log.observed)}, and nothing was learnt beyond 7 days"
        way_out = (
            "Mend a row of a wrong date, say what the numbers count (--unit), or forecast from earlier: --observed 6h."
        )
        mistakes.add(name if log.observed <= whole.observed else "--observed", None, rule, way_out)
    elif horizon > END:
        mistakes.add("--horizon", spelt(horizon), "is beyond 7 days, where nothing was learnt", "Ask for 7d or less.")
    elif 0 < horizon <= log.observed:
        way_out = "Ask for a later age, for so much more (+24h), or forecast from earlier: --observed 6h."
        mistakes.add("--horizon", spelt(horizon), f"is over: the clip was observed for {spelt(log.observed)}", way_out)
