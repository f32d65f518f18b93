"""A log of shares becomes two figures: how many there were, and the age of the clip at the middle one."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.fit.posterior.target import FEWEST_SHARES, HORIZON_HOURS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from commonbeat.errors import Mistakes

ID = "id"  # of the share: whoever shares may do so twice
LISTED = 5  # bad lines of one log; a wrong column has thousands


@dataclass(frozen=True, slots=True)
class ShareLog:
    """Ages of a clip's shares in hours, ascending, and what was mended."""

    hours: tuple[float, ...]
    repairs: tuple[str, ...]

    @property
    def median_hours(self) -> float:
        """The clip's age at the middle share."""
        return float(np.median(self.hours))


def read_share_log(path: Path, posted: str, mistakes: Mistakes) -> ShareLog | None:
    """The ages of the shares in a CSV file with a column `time` (moments) or `hours` (since the post), or None after mistakes.

    posted: the moment of the post; empty, the first share stands for it and is not counted. Out of order, doubled shares (see `_without_doubles`) and offsets from
    UTC that differ are mended and said; moments with and without an offset together, and fewer shares than FEWEST_SHARES, are mistakes.
    """
    before = len(mistakes.found)
    rows = _rows(path, mistakes)
    if len(mistakes.found) > before:
        return None
    header, body = rows[0][1], rows[1:]
    column = "hours" if "hours" in header else "time"
    if column not in header:
        mistakes.add(
            f"{path.name} header", None, "has neither `time` nor `hours`", "Name the column of moments `time`."
        )
        return None
    repairs: list[str] = []
    body = _without_doubles(path.name, header, body, repairs)
    place = header.index(column)
    cells = [(line, row[place].strip() if place < len(row) else "") for line, row in body]
    ages = (
        _hours(path.name, cells, mistakes)
        if column == "hours"
        else _moments(path.name, cells, posted, repairs, mistakes)
    )
    if len(mistakes.found) > before:
        return None
    return _checked(path.name, ages, repairs, mistakes)


def _rows(path: Path, mistakes: Mistakes) -> list[tuple[int, list[str]]]:
    """(line, cells) of every row that holds something, the header first."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8 text"
        mistakes.add(
            str(path.name), None, f"cannot be read: {why}", "Its path is taken from the targets file's folder."
        )
        return []
    reader = csv.reader(io.StringIO(text))
    rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    if not rows:
        mistakes.add(path.name, None, "is empty", "Write a header with `time` and one row for each share.")
        return []
    return [(rows[0][0], [cell.strip() for cell in rows[0][1]]), *rows[1:]]


def _without_doubles(
    file: str, header: Sequence[str], body: Sequence[tuple[int, list[str]]], repairs: list[str]
) -> list[tuple[int, list[str]]]:
    """Shares that stand twice are left out once: by their `id`, or where a whole row with more than its moment is the same.

    Two shares can be of one second, so a moment that stands twice says nothing by itself.
    """
    places = [place for place, name in enumerate(header) if name.lower() == ID]
    kept: dict[tuple[object, ...], tuple[int, list[str]]] = {}
    for line, row in body:
        cells = tuple(cell.strip() for cell in row)
        own = tuple(cells[place] for place in places if place < len(cells))
        kept.setdefault((own if any(own) else (line,)) if places else cells, (line, row))
    doubled = len(body) - len(kept)
    if doubled and not places and not set(header) - {"time", "hours"}:
        words = "a moment that stands before and counts as a share: no `id` says that it is the same"
        repairs.append(f"{file}: {doubled} {'row has' if doubled == 1 else 'rows have'} {words}")
        return list(body)
    if doubled:
        stand = "row that stands" if doubled == 1 else "rows that stand"
        repairs.append(f"{file}: {doubled} {stand} twice {'by its id' if places else 'with all cells'} left out")
    return list(kept.values())


def _hours(file: str, cells: Sequence[tuple[int, str]], mistakes: Mistakes) -> list[float]:
    ages, wrong = [], 0
    for line, cell in cells:
        try:
            age = float(cell)
        except ValueError:
            age = math.nan
        if not (math.isfinite(age) and age >= 0):
            wrong += 1
            if wrong <= LISTED:
                mistakes.add(f"{file} line {line} hours", cell, "is not a number of hours, 0 or more", "Mend the cell.")
        ages.append(age)
    return ages


def _moments(
    file: str, cells: Sequence[tuple[int, str]], posted: str, repairs: list[str], mistakes: Mistakes
) -> list[float]:
    """Ages in hours since the post."""
    moments: list[datetime] = []
    wrong = 0
    for line, cell in cells:
        moment = moment_of(cell)
        if moment is None:
            wrong += 1
            if wrong <= LISTED:
                way_out = "Write it as 2026-05-01T18:30:00, best with its offset from UTC: -05:00."
                mistakes.add(f"{file} line {line} time", cell, "is not a moment", way_out)
        else:
            moments.append(moment)
    start = moment_of(posted) if posted else None
    everything = [*moments, *([start] if start else [])]
    aware = {moment.tzinfo is not None for moment in everything}
    if len(aware) > 1:
        rule = "has moments with an offset from UTC and moments without one"
        mistakes.add(file, None, rule, "Give all of them (the post's, too) an offset, or none.")
    if wrong or len(aware) > 1 or not moments:
        return []
    if len({moment.utcoffset() for moment in everything}) > 1:
        repairs.append(f"{file}: moments with different offsets from UTC were set on one clock")
    in_order = [_on_one_clock(moment) for moment in moments]
    if in_order != sorted(in_order):
        repairs.append(f"{file}: shares were out of order and have been sorted")
    in_order.sort()
    if start is None:
        repairs.append(f"{file}: no moment of the post is given; its first share stands for it and is not counted")
        return [(moment - in_order[0]).total_seconds() / 3600 for moment in in_order[1:]]
    ages = [(moment - _on_one_clock(start)).total_seconds() / 3600 for moment in in_order]
    if early := sum(age < 0 for age in ages):
        mistakes.add(f"{file}, posted", posted, f"comes after {early} of its shares", "Give the moment of the post.")
    return ages


def moment_of(cell: str) -> datetime | None:
    """The moment that a cell holds, with its offset where it has one; None where it holds none."""
    try:
        return datetime.fromisoformat(cell)
    except ValueError:
        return None


def _on_one_clock(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _checked(file: str, ages: list[float], repairs: list[str], mistakes: Mistakes) -> ShareLog | None:
    if ages != sorted(ages) and not any("sorted" in repair for repair in repairs):
        repairs.append(f"{file}: shares were out of order and have been sorted")
    kept = sorted(age for age in ages if age <= HORIZON_HOURS)
    if late := len(ages) - len(kept):
        repairs.append(f"{file}: {late} later than {HORIZON_HOURS:g} hours left out: a clip is followed no longer")
    if len(kept) < FEWEST_SHARES:
        rule = f"holds {len(kept)} {'share' if len(kept) == 1 else 'shares'} besides the post"
        mistakes.add(file, None, rule, f"Below {FEWEST_SHARES} the middle of them says nothing.")
        return None
    return ShareLog(tuple(kept), tuple(repairs))
