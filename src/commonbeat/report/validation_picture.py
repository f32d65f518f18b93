"""Two pictures of a validation: numbers beside what was published, and chances beside the wanted one.

Findings come in many units. For numbers each row is drawn so that what was published stands at 1 and no effect at 0:

    place = (x - no effect) / (published - no effect)
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from markupsafe import escape

from commonbeat.report.chart import Frame, Picture, Scale, dot, horizontal_axis, linear, rule, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commonbeat.validate.scoring import Verdict
    from commonbeat.validate.target import Finding

ROW = 34
LOW, HIGH = -1.5, 3.0
WANTED = 0.8
SOURCE = "validation:draws"
LETTERS = 54


def number_picture(verdicts: Sequence[Verdict], findings: dict[str, Finding]) -> Picture:
    """Every finding with a number: the predictive interval, from nothing (0) to as published (1)."""
    rows = [
        verdict for verdict in verdicts if isinstance(verdict.published, float) and math.isfinite(verdict.predicted)
    ]
    frame = _frame(len(rows))
    left, top, right, bottom = frame.inner
    across = linear(LOW, HIGH, left, right)
    body = horizontal_axis(frame, across, [(-1, "−1"), (0, "nothing"), (1, "published"), (2, "twice"), (3, "")])
    body += rule(across(0), top, across(0), bottom, "zero") + rule(across(1), top, across(1), bottom, "event")
    words = []
    for place, row in enumerate(rows):
        nothing = findings[row.id].no_effect.mean
        span = (row.published if isinstance(row.published, float) else 1.0) - nothing
        ends = sorted(((row.low - nothing) / span, (row.high - nothing) / span))
        middle = (row.predicted - nothing) / span
        words.append(
            f"{row.what}, {row.title}: published {row.published:g}, predicted {row.predicted:.2g} ({row.low:.2g} to {row.high:.2g})."
        )
        body += _row(row, top + ROW * place, (left, across), (ends[0], middle, ends[1]), words[-1])
    title = "Numbers: predicted beside published"
    return Picture(
        "numbers",
        title,
        " ".join(words),
        body,
        "validation",
        SOURCE,
        "from nothing (0) to as published (1)",
        height=frame.height,
    )


def chance_picture(verdicts: Sequence[Verdict]) -> Picture:
    """Every finding that is a yes or a no: the predicted chance of what was published."""
    rows = [verdict for verdict in verdicts if verdict.probability is not None and math.isfinite(verdict.probability)]
    frame = _frame(len(rows))
    left, top, right, bottom = frame.inner
    across = linear(0.0, 1.0, left, right)
    body = horizontal_axis(frame, across, [(0, "0 %"), (0.5, "50 %"), (WANTED, "80 %"), (1, "100 %")])
    body += rule(across(WANTED), top, across(WANTED), bottom, "event")
    words = []
    for place, row in enumerate(rows):
        words.append(
            f"{row.what}, {row.title}: published {row.published}, predicted chance {100 * (row.probability or 0):.0f} %."
        )
        body += _row(
            row, top + ROW * place, (left, across), (0.0, row.probability or 0.0, row.probability or 0.0), words[-1]
        )
    title = "Signs, ranges and nulls: the predicted chance"
    return Picture("chances", title, " ".join(words), body, "validation", SOURCE, "% of draws", height=frame.height)


def _frame(rows: int) -> Frame:
    return Frame(height=22 + ROW * max(rows, 1) + 34, left=14, right=14, top=14, bottom=34)


def _row(row: Verdict, y: float, where: tuple[float, Scale], ends: tuple[float, float, float], words: str) -> str:
    """One finding: its words, its line and its middle; an end beyond the picture has an arrow instead of its mark."""
    left, across = where
    kind = "gain" if row.passed else "harm"
    low, middle, high = (max(LOW, min(HIGH, end)) for end in ends)
    line = y + 24
    name = f"{'' if row.passed else 'missed: '}{row.what} ({row.card})"
    parts = text(left, y + 12, name if len(name) <= LETTERS else f"{name[: LETTERS - 1]}…", "caption")
    parts += f'<g class="{kind}"><title>{escape(words)}</title>{rule(across(low), line, across(high), line, "wide")}'
    parts += dot(across(middle), line, 4.2, f"end {kind}" if row.passed else "hollow")
    for end, beyond, sign in ((low, ends[0] < LOW, 1), (high, ends[2] > HIGH, -1)):
        if beyond:
            parts += rule(across(end), line, across(end) + 5 * sign, line - 4, "wide") + rule(
                across(end), line, across(end) + 5 * sign, line + 4, "wide"
            )
    return f"{parts}</g>"
