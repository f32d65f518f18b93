"""How far each clip went, here and elsewhere, on a scale where each step is ten times the last.

Every draw is one small mark, so that the reader sees the lottery and not only its middle. A clip that a resident posts and one that an
outlet posts are two rows and are never averaged: the clip that made the story is known because it travelled.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from commonbeat.report.chart import Frame, Picture, logarithmic, rule, text
from commonbeat.report.number import spell
from commonbeat.report.spread import Spread, spread_of

if TYPE_CHECKING:
    from commonbeat.report.reading import Reading

WORDS = {"resident": "Posted by a resident", "outlet": "Posted by an outlet"}
AUDIENCES = (("city", "seen in the city"), ("elsewhere", "seen elsewhere"))


@dataclass(frozen=True, slots=True)
class ReachRow:
    """One origin and audience: views in every draw and their spread."""

    origin: str
    origin_words: str
    audience: str
    audience_words: str
    views: tuple[float, ...]
    spread: Spread


@dataclass(frozen=True, slots=True)
class Reach:
    """The rows and their picture."""

    rows: tuple[ReachRow, ...]
    picture: Picture | None


def reach_rows(reading: Reading) -> tuple[ReachRow, ...]:
    """Views of the moment's own clip, by origin and audience, from the first arm that has that origin."""
    table = reading.table("reach")
    telling = reading.telling
    rows = []
    for origin, arm in (("resident", telling.resident_clip), ("outlet", telling.outlet_clip)):
        if arm is None:
            continue
        for audience, words in AUDIENCES:
            held = table.filter(
                (pl.col("arm") == arm.name) & (pl.col("audience") == audience) & (pl.col("origin") == origin)
            )
            views = held.group_by("draw").agg(pl.col("views_weighted").sum()).sort("draw")["views_weighted"]
            found = spread_of(views)
            if found is not None:
                rows.append(ReachRow(origin, WORDS[origin], audience, words, tuple(views), found))
    return tuple(rows)


def power_words(power: int) -> str:
    """Ten to that power, as people write it."""
    return {3: "1k", 4: "10k", 5: "100k", 6: "1m", 7: "10m", 8: "100m"}.get(power, f"{10**power}")


def reach_picture(rows: tuple[ReachRow, ...]) -> Picture | None:
    """Rows of ticks on a log scale; clips that nobody saw stand in a column of their own at the left."""
    if not rows:
        return None
    area = Frame(height=44 + 46 * len(rows), left=34, top=8, bottom=26)
    left, top, right, bottom = area.inner
    most = max(2, math.ceil(math.log10(max(2.0, *(max(row.views) for row in rows)))))
    across = logarithmic(1, 10**most, left, right)
    nobody = left - 20
    body = text(nobody, bottom + 16, "none", "tick", "middle")
    for power in range(most + 1):
        x = across(10**power)
        body += rule(x, top, x, bottom, "grid") + text(x, bottom + 16, power_words(power), "tick", "middle")
    for place, row in enumerate(rows):
        y = top + 46 * place + 32
        body += text(left, y - 15, f"{row.origin_words}, {row.audience_words}", "label")
        for views in row.views:
            x = across(views) if views >= 1 else nobody
            body += rule(x, y - 8, x, y + 8, f"draw {row.origin}")
        x = across(row.spread.middle) if row.spread.middle >= 1 else nobody
        body += rule(x, y - 11, x, y + 11, "middle-mark")
    words = "; ".join(
        f"{row.origin_words}, {row.audience_words}: {spell(row.spread.middle, 'people', row.spread.interval)}"
        for row in rows
    )
    return Picture(
        "reach",
        "How many people saw the clip",
        f"Each mark is one draw, the long mark the middle one. Medians: {words}.",
        body,
        "C9",
        "run:reach",
        "people, each step ten times the last",
        words,
        340,
        area.height,
    )


def reach(reading: Reading) -> Reach:
    """The clip's reach stands ready for section 3."""
    rows = reach_rows(reading)
    return Reach(rows, reach_picture(rows))
