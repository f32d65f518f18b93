"""The pictures of a headline's drivers: their share, where they take the answer, and where its sign turns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commonbeat.report.chart import (
    Frame,
    Picture,
    dot,
    halves,
    horizontal_axis,
    linear,
    nice_limit,
    rule,
    text,
    tick_text,
)
from commonbeat.report.number import UNITS, significant, spell

if TYPE_CHECKING:
    from commonbeat.fit.sensitivity.indices import Index
    from commonbeat.fit.sensitivity.study import Driver, HeadlineStudy
    from commonbeat.report.chart import Scale

ROW, TALL_ROW, FOOT, HEAD = 42, 52, 34, 6
LONGEST = 44
WHOLE = 100.0
INDICES, TIPPING = "sensitivity:indices", "sensitivity:tipping"
LOWEST, HIGHEST = 5.0, 95.0


def share_picture(one: HeadlineStudy, place: int) -> Picture:
    """A bar for each driver, for all other parameters and for luck: the total share of the variance of ranks, with its interval."""
    rows = [each.index for each in one.drivers]
    rows += [each for each in one.indices if each.kind in ("others", "luck")]
    area = _area(len(rows))
    left, top, right, _ = area.inner
    across = linear(0.0, WHOLE, left, right)
    body = _grid(area, across, [0, 25, 50, 75, 100])
    for number, each in enumerate(rows):
        y, share = top + ROW * number, each.total_of_rank
        width = max(0.0, across(WHOLE * min(1.0, share.value)) - left)
        kind = {"luck": "bar-b", "others": "bar-rest"}.get(each.kind, "bar-a")
        body += text(left, y + 12, _label(each.factor), "label")
        body += f'<rect x="{left}" y="{y + 17}" width="{width:.1f}" height="12" class="{kind}"><title>{_share(each)}</title></rect>'
        low, high = (across(WHOLE * min(1.0, max(0.0, end))) for end in (share.low, share.high))
        body += rule(low, y + 23, high, y + 23, "middle-mark whisker-mark")
    body += text((left + right) / 2, area.height - 3, "% of the variance of its rank, in total", "tick", "middle")
    words = " ".join(f"{_share(each)}." for each in rows)
    title = "How much each weighs"
    return _picture(f"share-{place}", title, words, body, area, one, INDICES)


def ends_picture(one: HeadlineStudy, place: int) -> Picture:
    """For each driver the middle answer at its 5 % and its 95 % point, all else left to chance, with zero between them where it turns."""
    ends = [end for each in one.drivers for end in (*each.tipping.at_low_interval, *each.tipping.at_high_interval)]
    scale = UNITS["thousandths"].scale
    limit = nice_limit(scale * max((abs(end) for end in ends), default=1.0))
    area = _area(len(one.drivers))
    left, top, right, _ = area.inner
    low = -limit if min(ends) < 0 else 0.0
    high = limit if max(ends) > 0 else 0.0
    across = linear(low, high, left, right)
    body = _grid(area, across, halves(low, high))
    for number, each in enumerate(one.drivers):
        body += _ends(each, across, left, top + ROW * number)
    body += text(
        (left + right) / 2,
        area.height - 3,
        "‰ SD: the middle answer at its 5 % point (ring) and 95 % (full)",
        "tick",
        "middle",
    )
    words = " ".join(
        f"{_label(each.parameter)}: {spell(each.tipping.at_low, 'thousandths')} at its 5 % point, "
        f"{spell(each.tipping.at_high, 'thousandths')} at its 95 % point."
        for each in one.drivers
    )
    title = "Where each takes the answer"
    return _picture(f"ends-{place}", title, words, body, area, one, TIPPING)


def turning_picture(one: HeadlineStudy, place: int) -> Picture:
    """For each driver its prior from the 5 % to the 95 % point, with the value at which the sign turns."""
    area = _area(len(one.drivers), TALL_ROW)
    left, top, right, _ = area.inner
    across = linear(LOWEST, HIGHEST, left, right)
    body = _grid(area, across, [5, 25, 50, 75, 95])
    for number, each in enumerate(one.drivers):
        body += _turning(each, across, (left, right), top + TALL_ROW * number)
    body += text((left + right) / 2, area.height - 3, "quantile of its prior, %", "tick", "middle")
    words = " ".join(f"{_label(each.parameter)}: {_turn_in_words(each)}." for each in one.drivers)
    return _picture(f"turning-{place}", "Where the sign turns", words, body, area, one, TIPPING)


def _area(rows: int, row: int = ROW) -> Frame:
    return Frame(height=HEAD + row * rows + FOOT, left=10, right=14, top=HEAD, bottom=FOOT)


def _grid(area: Frame, across: Scale, ticks: list[float] | list[int]) -> str:
    _, top, _, bottom = area.inner
    lines = "".join(rule(across(tick), top, across(tick), bottom, "zero" if tick == 0 else "grid") for tick in ticks)
    return lines + horizontal_axis(area, across, [(float(tick), tick_text(tick)) for tick in ticks])


def _ends(each: Driver, across: Scale, left: float, y: float) -> str:
    scale, found = UNITS["thousandths"].scale, each.tipping
    from_x, to_x = across(scale * found.at_low), across(scale * found.at_high)
    body = text(left, y + 12, _label(each.parameter), "label") + rule(from_x, y + 23, to_x, y + 23, "dose gain")
    for (low, high), offset in ((found.at_low_interval, 29), (found.at_high_interval, 17)):
        body += rule(across(scale * low), y + offset, across(scale * high), y + offset, "whisker")
    at = [f"{spell(end, 'thousandths')} at {significant(value)} {each.unit}" for end, value in _both(each)]
    return body + dot(from_x, y + 23, 4.4, "dose open", at[0]) + dot(to_x, y + 23, 4.4, "dose gain", at[1])


def _both(each: Driver) -> tuple[tuple[float, float], tuple[float, float]]:
    found = each.tipping
    return (found.at_low, found.parameter_low), (found.at_high, found.parameter_high)


def _turning(each: Driver, across: Scale, ends: tuple[float, float], y: float) -> str:
    found, (left, right) = each.tipping, ends
    body = text(left, y + 12, _label(each.parameter), "label") + rule(left, y + 23, right, y + 23, "mark")
    body += text(left, y + 37, significant(found.parameter_low), "tick")
    body += text(right, y + 37, significant(found.parameter_high), "tick", "end")
    if found.level is None or found.value is None:
        return body + text((left + right) / 2, y + 37, "no value turns it", "tick", "middle")
    x = across(_inside(found.level))
    if found.level_low is None or found.level_high is None:
        return body + text((left + right) / 2, y + 37, "not certain that any value does", "tick", "middle")
    low, high = across(_inside(found.level_low)), across(_inside(found.level_high))
    body += f'<line x1="{low:.1f}" x2="{max(high, low + 2):.1f}" y1="{y + 23:.1f}" y2="{y + 23:.1f}" stroke="var(--beat)" stroke-width="7"/>'
    body += rule(x, y + 16, x, y + 30, "middle-mark")
    where = min(max(x, left + 72), right - 72)
    return body + text(where, y + 37, significant(found.value), "tick", "middle")


def _inside(level: float) -> float:
    return min(HIGHEST, max(LOWEST, WHOLE * level))


def _turn_in_words(each: Driver) -> str:
    found = each.tipping
    if found.value is None:
        return "no value turns the sign"
    if found.low is None or found.high is None:
        return "it is not certain that any value turns the sign"
    ends = f"{significant(found.low)} to {significant(found.high)}"
    return f"the sign turns at {significant(found.value)} {each.unit}, nine in ten repeats between {ends}"


def _share(each: Index) -> str:
    found = each.total_of_rank
    ends = f"{WHOLE * found.low:.0f} to {WHOLE * found.high:.0f}"
    return f"{_label(each.factor)} {WHOLE * found.value:.0f} % ({ends})"


def _label(name: str) -> str:
    words = name.replace("_", " ")
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"


def _picture(name: str, title: str, words: str, body: str, area: Frame, one: HeadlineStudy, source: str) -> Picture:
    return Picture(
        name=name, title=title, words=words, body=body, claim=one.headline.claim, source=source, height=area.height
    )
