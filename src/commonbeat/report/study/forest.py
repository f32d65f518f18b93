"""Rows of effects as one picture that can leave the page: each label above its own dot and interval, one ruler below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commonbeat.report.chart import Picture, dot, linear, rule, text, tick_text
from commonbeat.report.study.effects import far, round_limit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commonbeat.report.chart import Scale
    from commonbeat.report.study.effects import Line, Panel
    from commonbeat.report.study.study import Study

WIDTH, EDGE, ROW, FOOT = 340, 14, 40, 40
LETTERS = 52
MOST_ROWS = 14


def forest(study: Study, panel: Panel, name: str, title: str) -> Picture:
    """The rows of a panel as a picture; those beyond the first fourteen are counted in its words."""
    lines = panel.lines[:MOST_ROWS]
    limit = round_limit(max((far(line.row) * panel.factor(study, line) for line in lines), default=0.0))
    across = linear(-limit, limit, EDGE, WIDTH - EDGE)
    bottom = ROW * len(lines) + 8
    body = rule(across(0.0), 4, across(0.0), bottom, "zero") + rule(EDGE, bottom, WIDTH - EDGE, bottom, "mark")
    for value in (-limit, -limit / 2, 0.0, limit / 2, limit):
        body += rule(across(value), bottom, across(value), bottom + 4, "mark")
        body += text(across(value), bottom + 16, ("+" if value > 0 else "") + tick_text(value), "tick", "middle")
    for place, line in enumerate(lines):
        body += drawn(study, line, panel.factor(study, line), across, ROW * place)
    body += text(WIDTH / 2, bottom + 32, panel.unit, "tick", "middle")
    return Picture(
        name,
        title,
        in_words(study, lines, len(panel.lines) - len(lines)),
        body,
        study.name,
        study.source,
        unit=panel.unit.removeprefix("drawn in "),
        width=WIDTH,
        height=bottom + FOOT,
    )


def drawn(study: Study, line: Line, factor: float, across: Scale, top: float) -> str:
    """One row: its words, and under them its mark."""
    row, middle = line.row, top + 28
    figures = study.spelt(row)
    words = line.label if len(line.label) + len(figures) <= LETTERS else f"{line.label[: LETTERS - len(figures) - 2]}…"
    parts = [text(EDGE, top + 15, words, "label"), text(WIDTH - EDGE, top + 15, figures, "tick", "end")]
    if row.estimate is not None:
        if row.ci_low is not None and row.ci_high is not None:
            low, high = across(row.ci_low * factor), across(row.ci_high * factor)
            parts.append(rule(low, middle, high, middle, "wide"))
            parts += [rule(end, middle - 4, end, middle + 4, "wide") for end in (low, high)]
        parts.append(dot(across(row.estimate * factor), middle, 4.5, "middle", f"{row.estimand}: {figures}"))
    return f'<g class="{study.kind(row)}">{"".join(parts)}</g>'


def in_words(study: Study, lines: Sequence[Line], more: int) -> str:
    """Every row told, and how many are not."""
    told = "; ".join(f"{line.label}: {study.spelt(line.row)}" for line in lines)
    return f"{told}.{f' {more} more rows stand in the report.' if more else ''}"
