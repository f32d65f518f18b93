"""All arms in one picture: the effect on the last day with its intervals, on one scale around zero."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any, Final

from commonbeat.report.chart import Frame, Picture, dot, horizontal_axis, linear, nice_limit, rule, text, tick_text
from commonbeat.report.number import UNITS, spell
from commonbeat.web.jobs.picture import UNIT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from commonbeat.workflows.web_bands import SoFar

ROW: Final = 46
LETTERS: Final = 50


def arms_picture(rows: Sequence[Mapping[str, Any]], titles: Mapping[str, str], found: SoFar) -> Picture:
    """One row per arm: a thin line for nine in ten draws, a thick one for half of them, a dot for the middle."""
    scale = UNITS[UNIT].scale
    limit = nice_limit(max((abs(row[end]) for row in rows for end in ("low", "high")), default=1.0) * scale)
    area = Frame(height=ROW * len(rows) + 40, left=12)
    left, top, right, bottom = area.inner
    across = linear(-limit, limit, left, right)
    marks = [(value, tick_text(value)) for value in (-limit, -limit / 2, 0.0, limit / 2, limit)]
    body = rule(across(0), top, across(0), bottom, "zero") + horizontal_axis(area, across, marks)
    told = []
    for index, row in enumerate(rows):
        title = titles.get(row["arm"], row["arm"])
        y = top + ROW * index + 30
        low, lower, median, upper, high = (
            across(row[end] * scale) for end in ("low", "lower", "median", "upper", "high")
        )
        side = "gain" if row["low"] > 0 else "harm" if row["high"] < 0 else "open"
        body += text(left, y - 14, textwrap.shorten(title, LETTERS, placeholder="..."), "label")
        body += f'<g class="{side}">{rule(low, y, high, y, "wide")}{rule(lower, y, upper, y, "thick")}'
        body += f"{dot(median, y, 4.5, 'middle')}</g>"
        told.append(f"{title}: {spell(row['median'], UNIT, (row['low'], row['high']))}")
    words = f"Effect on {found.outcome}, {found.group}, on the last day, against the reference arm. {'; '.join(told)}."
    return Picture(
        "arms", "All arms on the last day", words, body, "", "run:daily", UNITS[UNIT].word, words, 340, area.height
    )
