"""Two pictures: how many of those who agreed answered each wave, and where each scale's scores lie from 0 to 100."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commonbeat.report.chart import Picture, dot, linear, rule, text, tick_text
from commonbeat.report.listening.told import HIDDEN, Told, plainly
from commonbeat.report.number import spell, written
from commonbeat.report.study.study import NO_CLAIM

if TYPE_CHECKING:
    from commonbeat.listen.results.response import Grouping
    from commonbeat.listen.results.score_row import ScoreRow
    from commonbeat.report.chart import Scale

WIDTH, EDGE, LABEL, BAR, ROW, GAP = 340, 14, 104, 13, 19, 26
LONGEST = 17
MOST_GROUPS = 8


def response_picture(told: Told) -> Picture:
    """A bar for each stage, by arm where there are arms: its length is the number of people, its words the number and the share."""
    response = told.response
    grouping = next((each for each in response.groupings if each.name == "arm"), None)
    groups = grouping.groups[:MOST_GROUPS] if grouping else ("all",)
    counts = [response.people(column, grouping, group) for group in groups for column in response.columns]
    most = max((count for count in counts if count is not None), default=1)
    across = linear(0, most, LABEL, WIDTH - 76)
    parts, spoken, top = [], [], 6.0
    for group in groups:
        if grouping:
            parts.append(text(EDGE, top + 11, plainly(group), "place-name"))
            top += 18
        said = []
        for place, column in enumerate(response.columns):
            count = response.people(column, grouping, group)
            share = response.share(column, response.columns[0], grouping, group)
            words = (
                HIDDEN
                if count is None
                else written(count, 0) + ("" if not place or share is None else f" ({100 * share:.0f} %)")
            )
            parts.append(bar(across, count, top, plainly(column), words, first=not place))
            said.append(f"{plainly(column)} {words}")
            top += ROW
        spoken.append(f"{plainly(group)}: {', '.join(said)}" if grouping else ", ".join(said))
        top += GAP - ROW
    return Picture(
        "response",
        "Who answered, wave by wave",
        f"Number of people. {'; '.join(spoken)}.",
        "".join(parts),
        NO_CLAIM,
        told.source,
        unit="people",
        width=WIDTH,
        height=round(top),
    )


def bar(across: Scale, count: int | None, top: float, label: str, words: str, *, first: bool) -> str:
    """One stage: its name, its bar, its number."""
    name = label if len(label) <= LONGEST else f"{label[: LONGEST - 1]}…"
    parts = [text(LABEL - 6, top + 10.5, name, "tick", "end")]
    end = LABEL
    if count is not None:
        end = across(count)
        kind = "bar-rest drawn" if first else "bar-a"
        parts.append(
            f'<rect x="{LABEL}" y="{top:.1f}" width="{max(end - LABEL, 1):.1f}" height="{BAR}" class="{kind}"/>'
        )
    parts.append(text(end + 5, top + 10.5, words, "tick"))
    return "".join(parts)


def score_picture(told: Told, scale: str, rows: tuple[ScoreRow, ...]) -> Picture:
    """A dot and an interval for each wave and arm, on the scale's whole range."""
    across, parts, top = linear(0, 100, EDGE, WIDTH - EDGE), [], 0.0
    several = len({row.wave for row in rows}) > 1
    for row in rows:
        label = " · ".join(
            part
            for part in (plainly(row.group) if row.group != "all" else "", plainly(row.wave) if several else "")
            if part
        )
        figures = (
            HIDDEN
            if row.mean is None or row.low is None or row.high is None
            else spell(row.mean, "size", (row.low, row.high))
        )
        parts += [
            text(EDGE, top + 13, label or "everybody", "label"),
            text(WIDTH - EDGE, top + 13, figures, "tick", "end"),
        ]
        if row.mean is not None and row.low is not None and row.high is not None:
            middle, ends = top + 25, (across(max(row.low, 0)), across(min(row.high, 100)))
            parts.append(
                f'<g class="known">{rule(*_at(ends, middle), "wide")}{dot(across(row.mean), middle, 4.5, "middle", figures)}</g>'
            )
        top += 36
    parts.append(_points_axis(across, top))
    return Picture(
        f"score-{scale.replace('_', '-')}",
        capital(rows[0].construct),
        in_words(rows),
        "".join(parts),
        rows[0].claim or NO_CLAIM,
        told.source,
        unit="points of 100",
        width=WIDTH,
        height=round(top + 38),
    )


def in_words(rows: tuple[ScoreRow, ...]) -> str:
    """Every row told."""
    found = []
    for row in rows:
        figures = (
            HIDDEN
            if row.mean is None or row.low is None or row.high is None
            else spell(row.mean, "size", (row.low, row.high))
        )
        found.append(f"{plainly(row.group)}, {plainly(row.wave)}: {figures}")
    return f"Mean in points of 100. {'; '.join(found)}."


def shown_groups(grouping: Grouping) -> str:
    """What a grouping's table is called."""
    return {"arm": "By what was shown", "stratum": "By what was asked before"}.get(grouping.name, f"By {grouping.name}")


def capital(words: str) -> str:
    """The words with a capital at their beginning."""
    return words[:1].upper() + words[1:]


def _points_axis(across: Scale, top: float) -> str:
    """The ruler below the rows: the whole range of a score."""
    parts = [rule(EDGE, top, WIDTH - EDGE, top, "mark")]
    for value in (0.0, 25.0, 50.0, 75.0, 100.0):
        x = across(value)
        parts += [rule(x, top, x, top + 4, "mark"), text(x, top + 16, tick_text(value), "tick", "middle")]
    parts.append(text(WIDTH / 2, top + 31, "points of 100, mean and 95 % interval", "tick", "middle"))
    return "".join(parts)


def _at(ends: tuple[float, float], middle: float) -> tuple[float, float, float, float]:
    return ends[0], middle, ends[1], middle
