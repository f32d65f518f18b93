"""Twin worlds: one simulated person followed through the same year twice, once with the moment and once without.

Both lines share their luck: everything that the moment does not touch happens identically, so where they part is
where it mattered to this one person. The drawing says all of it while it stands still; playing it only sweeps a day
line across the year.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl
from markupsafe import escape

from commonbeat.report.chart import (
    Frame,
    Picture,
    Scale,
    halves,
    linear,
    nice_limit,
    path,
    rule,
    text,
    vertical_axis,
    year_axis,
)
from commonbeat.report.number import UNITS, spell

if TYPE_CHECKING:
    from commonbeat.report.reading import Reading

PARTS = (
    ("child", "A child who danced"),
    ("bystander", "A neighbour who stood by"),
    ("viewer", "Somebody who saw the clip"),
)
LIVED = {
    "present": "was there",
    "told": "was told of it",
    "watched": "saw the clip",
    "news": "saw a clip at a news outlet",
    "stop": "was stopped",
    "contact": "met police otherwise",
    "told of a stop": "heard of somebody’s stop",
    "told of a contact": "heard of somebody’s contact with police",
}
AREA = Frame(height=250, top=16, bottom=72)
MOST_MARKS = 14


@dataclass(frozen=True, slots=True)
class Twin:
    """One person in both worlds."""

    part: str
    title: str
    group: str
    draw: int
    picture: Picture
    parted: float
    events: tuple[str, ...]


def chosen_draw(frame: pl.DataFrame) -> int:
    """The first draw, the only one in which a run follows these people, so that nobody picks a favourite."""
    return int(frame["draw"].min())  # type: ignore[arg-type]


def paired(table: pl.DataFrame, part: str, arm: str, reference: str) -> pl.DataFrame:
    """Both worlds of a part's person, day by day, in every draw."""
    held = table.filter((pl.col("part") == part) & (pl.col("outcome") == "trust"))
    keys = ["draw", "person", "day", "group"]
    without = held.filter(pl.col("arm") == reference).select(*keys, without="change", lived_without="lived")
    within = held.filter(pl.col("arm") == arm).select(*keys, within="change", lived_within="lived")
    joined = within.join(without, on=keys, how="inner")
    return joined.with_columns(difference=pl.col("within") - pl.col("without")).sort("draw", "day")


def marks(frame: pl.DataFrame, column: str, across: Scale, y: float, kind: str) -> str:
    """A small sign on each day on which something happened, in one world's row."""
    parts = []
    for day, lived in frame.filter(pl.col(column) != "").select("day", column).iter_rows():
        sort = (
            "stop-mark" if lived == "stop" else "other-mark" if "contact" in lived or "stop" in lived else "moment-mark"
        )
        words = f"Day {day}: {LIVED.get(lived, lived)}"
        radius = 2.6 if sort == "other-mark" else 4
        x = across(day)
        parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" class="{sort} {kind}"><title>{escape(words)}</title></circle>'
        )
    return "".join(parts)


def both_lines(frame: pl.DataFrame, across: Scale, up: Scale) -> str:
    """The two worlds' lines, the one without drawn first and dashed."""
    parts = []
    for column, kind in (("without", "world-without"), ("within", "world-with")):
        points = [(across(day), up(value)) for day, value in frame.select("day", column).iter_rows()]
        parts.append(path(points, kind))
    return "".join(parts)


def lived_rows(frame: pl.DataFrame, across: Scale, bottom: float) -> str:
    """Under the year, one row of signs for each world."""
    left = AREA.left
    parts = []
    for row, (column, words) in enumerate((("lived_within", "with"), ("lived_without", "without"))):
        y = bottom + 32 + 20 * row
        parts.append(rule(left, y, AREA.width - AREA.right, y, "grid"))
        parts.append(text(left - 6, y + 3.5, words, "tick", "end"))
        parts.append(marks(frame, column, across, y, words))
    return "".join(parts)


def sweep() -> str:
    """The line of today and the veil over what is still to come; neither is seen until it is played."""
    left, top, right, bottom = AREA.inner
    return (
        f'<g class="sweep"><rect x="{left}" y="{top}" width="{right - left}" '
        f'height="{bottom - top + 60}" class="veil"/><line x1="{left}" x2="{left}" y1="{top}" y2="{bottom + 58}" '
        f'class="today"/></g>'
    )


def happened(frame: pl.DataFrame) -> tuple[str, ...]:
    """What the moment's world held and the other did not, in words."""
    found = []
    for day, within, without in frame.select("day", "lived_within", "lived_without").iter_rows():
        if within and within != without:
            found.append(f"day {day}: {LIVED.get(within, within)}")
    return tuple(found[:MOST_MARKS])


def twin(reading: Reading, part: str, title: str) -> Twin | None:
    """One person's two years, or None where the run followed nobody in that part."""
    telling = reading.telling
    frame = paired(reading.table("twins"), part, telling.headline.name, telling.reference)
    if frame.is_empty():
        return None
    draw = chosen_draw(frame)
    frame = frame.filter(pl.col("draw") == draw)
    frame = frame.filter(pl.col("person") == frame["person"][0])
    frame = frame.with_columns(pl.col("within", "without") * UNITS["thousandths"].scale)
    left, top, right, bottom = AREA.inner
    values = [value for column in ("within", "without") for value in frame[column]]
    low, high = min(*values, 0.0), max(*values, 0.0)
    limit = nice_limit(max(-low, high, 1e-6))
    low, high = (-limit if low < 0 else -limit / 5), (limit if high > limit / 5 else limit / 5)
    across, up = linear(0, reading.last_day, left, right), linear(low, high, bottom, top)
    body = vertical_axis(AREA, up, halves(low, high)) + year_axis(AREA, across, reading.last_day)
    body += both_lines(frame, across, up) + lived_rows(frame, across, bottom) + sweep()
    parted = float(frame["difference"][-1])
    events = happened(frame)
    words = (
        f"Change in this person’s trust since day 0 in both worlds. On day {reading.last_day} they differ by "
        f"{spell(parted, 'thousandths')}. Only in the world with the moment: {'; '.join(events) or 'nothing'}."
    )
    picture = Picture(
        f"twin-{part}", title, words, body, "C5", "run:twins", UNITS["thousandths"].word, words, 340, AREA.height
    )
    return Twin(part, title, str(frame["group"][0]), draw, picture, parted, events)


def twins(reading: Reading) -> tuple[Twin, ...]:
    """The child, the bystander and the viewer, each in both worlds."""
    found = (twin(reading, part, title) for part, title in PARTS)
    return tuple(one for one in found if one is not None)
