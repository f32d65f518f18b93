"""Section 4: how much it takes, what happens when it stops, and what else would do the same.

Break-even is led by its honest twin: how many stops not made equal one encounter held. `not reachable` is an answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from commonbeat.report.break_even import BreakEven, break_evens
from commonbeat.report.chart import (
    Frame,
    Picture,
    Scale,
    dot,
    halves,
    horizontal_axis,
    linear,
    logarithmic,
    nice_limit,
    rule,
    text,
    tick_text,
    vertical_axis,
)
from commonbeat.report.fan import fans
from commonbeat.report.number import UNITS, shown, spell
from commonbeat.report.spread import Spread
from commonbeat.results.measures import (
    dose_effects,
    harmed_share,
)

if TYPE_CHECKING:
    from commonbeat.report.reading import Reading


@dataclass(frozen=True, slots=True)
class Harmed:
    """The share of a group that ends worse off, and better off, under one arm."""

    title: str
    harmed: float
    interval: tuple[float, float]
    helped: float


@dataclass(frozen=True, slots=True)
class Dose:
    """All that section 4 shows."""

    group: str
    day: int
    picture: Picture | None
    stopping: Picture | None
    break_even: tuple[BreakEven, ...]
    harmed: tuple[Harmed, ...]


def dose_rows(reading: Reading) -> list[dict]:
    """The arms that held encounters and posted no clip, with their effect at the end: dose alone."""
    table = dose_effects(reading.daily, reading.table("occurrences"), group=reading.headline_group)
    unfilmed = {arm.name: arm.title for arm in reading.telling.compared if arm.clip == "none" and not arm.violent}
    return [{**row, "title": unfilmed[row["arm"]]} for row in table.to_dicts() if row["arm"] in unfilmed]


def dose_mark(row: dict, across: Scale, up: Scale) -> str:
    """One arm: its interval as a line, its middle as a dot, and the middle's figure beside it."""
    kind = UNITS["thousandths"]
    low, middle, high = (up(row[point] * kind.scale) for point in ("low", "median", "high"))
    points_of = (row[name] for name in ("low", "lower", "median", "upper", "high"))
    spread = Spread(*points_of, negative=row["probability_negative"], draws=row["draws"])
    x, style = across(row["encounters"]), f"dose {spread.verdict()}"
    words = shown(row["median"], kind, spread.interval)[0]
    return (
        rule(x, low, x, high, style)
        + dot(x, middle, 5, style, row["title"])
        + text(x - 9, middle - 7, words, "label", "end")
    )


def dose_picture(reading: Reading) -> Picture | None:
    """Encounters held, on a log scale, against the effect on the last day."""
    rows = dose_rows(reading)
    if not rows:
        return None
    unit, scale = "thousandths", UNITS["thousandths"].scale
    area = Frame(height=240, left=44, right=20, top=18, bottom=44)
    left, top, right, bottom = area.inner
    most = max(row["encounters"] for row in rows)
    across = logarithmic(0.5, max(10.0, most * 1.6), left, right)
    low = min(0.0, *(row["low"] * scale for row in rows))
    high = max(0.0, *(row["high"] * scale for row in rows))
    limit = nice_limit(max(-low, high, 1e-9))
    bounds = (-limit if low < -limit / 10 else -limit / 10, limit if high > limit / 10 else limit / 10)
    up = linear(*bounds, bottom, top)
    body = vertical_axis(area, up, halves(*bounds))
    doses = sorted({row["encounters"] for row in rows})
    body += horizontal_axis(area, across, [(dose, tick_text(dose)) for dose in doses])
    body += text((left + right) / 2, area.height - 8, "encounters held in the year", "label", "middle")
    body += "".join(dose_mark(row, across, up) for row in rows)
    told = "; ".join(
        f"{row['title']}: {tick_text(row['encounters'])} held, {spell(row['median'], unit, (row['low'], row['high']))}"
        for row in rows
    )
    return Picture(
        "dose-effect",
        "Dose and effect",
        f"Effect on the mean trust of {reading.headline_group} at the end. {told}.",
        body,
        "C14",
        "run:daily, run:occurrences",
        UNITS[unit].word,
        told,
        340,
        240,
    )


def harmed_rows(reading: Reading) -> tuple[Harmed, ...]:
    """Which share of all residents ends with less trust than in the year without the moment, arm by arm."""
    table = harmed_share(reading.table("rings")).filter(
        (pl.col("group") == "All residents") & (pl.col("outcome") == "trust")
    )
    rows = {row["arm"]: row for row in table.to_dicts()}
    return tuple(
        Harmed(arm.title, row["harmed"], (row["harmed_low"], row["harmed_high"]), row["helped"])
        for arm in reading.telling.compared
        if (row := rows.get(arm.name)) is not None and row["harmed"] is not None
    )


def dose(reading: Reading) -> Dose:
    """Section 4 stands ready for its template."""
    kept = tuple(arm for arm in (reading.telling.programme, reading.telling.stopped) if arm is not None)
    title = "Kept up (solid) and stopped half-way (dashed)"
    return Dose(
        group=reading.headline_group,
        day=reading.last_day,
        picture=dose_picture(reading),
        stopping=fans(reading, kept, title, "C14") if len(kept) == 2 else None,
        break_even=break_evens(reading),
        harmed=harmed_rows(reading),
    )
