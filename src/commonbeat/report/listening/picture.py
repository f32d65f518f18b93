"""Three pictures: how many of those who agreed answered each wave, where each scale's scores lie from 0 to 100, and what the arms changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commonbeat.listen.results.names import plainly
from commonbeat.report.chart import Picture, dot, linear, nice_limit, rule, text, tick_text
from commonbeat.report.listening.figure import HIDDEN, people_words, spelt
from commonbeat.report.number import written
from commonbeat.report.study.study import NO_CLAIM

if TYPE_CHECKING:
    from commonbeat.listen.results.shown import Figure, ShownEffect, ShownScore
    from commonbeat.report.chart import Scale
    from commonbeat.report.listening.told import Told

WIDTH, EDGE, LABEL, BAR, ROW, GAP = 340, 14, 104, 13, 19, 26
ROW_OF_FIGURES = 36
LONGEST = 17
LETTERS = 48  # of a row's words and figures together
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


def score_picture(told: Told, scale: str, rows: tuple[ShownScore, ...]) -> Picture:
    """A dot and an interval for each wave and arm, on the scale's whole range, with the number of people."""
    across, parts, top = linear(0, 100, EDGE, WIDTH - EDGE), [], 0.0
    several = len({row.wave for row in rows}) > 1
    for row in rows:
        label = " · ".join(
            part
            for part in (
                told.names.anywhere(row.group) if row.group != "all" else "",
                plainly(row.wave) if several else "",
            )
            if part
        )
        parts.append(_row(label or "everybody", row.figure, across, top, (0.0, 100.0)))
        top += ROW_OF_FIGURES
    parts.append(_axis((0.0, 25.0, 50.0, 75.0, 100.0), across, top, "points of 100, mean and 95 % interval"))
    spoken = (f"{told.names.anywhere(row.group)}, {plainly(row.wave)}: {in_words(row.figure)}" for row in rows)
    return Picture(
        f"score-{scale.replace('_', '-')}",
        capital(rows[0].construct),
        f"Mean in points of 100. {'; '.join(spoken)}.",
        "".join(parts),
        rows[0].claim or NO_CLAIM,
        told.source,
        unit="points of 100",
        width=WIDTH,
        height=round(top + 38),
    )


def effect_picture(told: Told, rows: tuple[ShownEffect, ...], title: str, more: int = 0) -> Picture:
    """A dot and an interval for each effect around zero; more: how many others stand elsewhere."""
    limit = nice_limit(max((abs(end) for row in rows for end in row.figure.interval or ()), default=1.0))
    across, parts, spoken, top = linear(-limit, limit, EDGE, WIDTH - EDGE), [], [], 0.0
    for row in rows:
        later = f" ({plainly(row.wave)})" if row.wave != told.study.wave_names[0] else ""
        label = f"{capital(row.construct)}{later}{f': {plainly(row.arm)}' if row.arm else ''}"
        drawn = _row(label, row.figure, across, top, (-limit, limit), "+")
        parts.append(f'<g class="{row.side}">{drawn}</g>')
        spoken.append(f"{label}: {in_words(row.figure, '+')}")
        top += ROW_OF_FIGURES
    parts.insert(0, rule(across(0.0), 4, across(0.0), top, "zero"))
    parts.append(
        _axis((-limit, -limit / 2, 0.0, limit / 2, limit), across, top, "points of 100, with 95 % intervals", "+")
    )
    return Picture(
        "effects",
        title,
        f"{'; '.join(spoken)}.{f' {more} more effects stand in the page for the screen.' if more else ''}",
        "".join(parts),
        next((row.claim for row in rows if row.claim), NO_CLAIM),
        told.source,
        unit="points of 100",
        width=WIDTH,
        height=round(top + 38),
    )


def in_words(figure: Figure, sign: str = "") -> str:
    """A figure with its interval and its people, told."""
    people = people_words(figure)
    return f"{spelt(figure, sign)}{f', {people}' if people else ''}"


def capital(words: str) -> str:
    """The words with a capital at their beginning."""
    return words[:1].upper() + words[1:]


def _row(label: str, figure: Figure, across: Scale, top: float, ends: tuple[float, float], sign: str = "") -> str:
    """A figure: its words and, of a mean, its people above, its dot and interval below, cut at the ends of the ruler."""
    told = spelt(figure, sign)
    people = "" if figure.people is None or sign else f", n ≈ {figure.people:,}"
    room = LETTERS - len(told) - len(people)
    name = label if len(label) <= room else f"{label[: room - 1]}…"
    parts = [text(EDGE, top + 13, name, "label"), text(WIDTH - EDGE, top + 13, f"{told}{people}", "tick", "end")]
    if figure.mean is not None and figure.interval is not None:
        low, high = (across(min(max(end, ends[0]), ends[1])) for end in figure.interval)
        middle = across(min(max(figure.mean, ends[0]), ends[1]))
        marks = rule(low, top + 25, high, top + 25, "wide") + dot(middle, top + 25, 4.5, "middle", told)
        parts.append(marks if sign else f'<g class="known">{marks}</g>')
    return "".join(parts)


def _axis(values: tuple[float, ...], across: Scale, top: float, words: str, sign: str = "") -> str:
    """The ruler below the rows."""
    parts = [rule(EDGE, top, WIDTH - EDGE, top, "mark")]
    for value in values:
        x = across(value)
        told = f"{sign if value > 0 else ''}{tick_text(value)}"
        anchor = "start" if value == values[0] and sign else "end" if value == values[-1] and sign else "middle"
        parts += [rule(x, top, x, top + 4, "mark"), text(x, top + 16, told, "tick", anchor)]
    parts.append(text(WIDTH / 2, top + 31, words, "tick", "middle"))
    return "".join(parts)
