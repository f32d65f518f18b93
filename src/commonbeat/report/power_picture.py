"""The pictures of a planned study: power over sample size, cards beside the smallest effect seen, and contamination."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from commonbeat.report.chart import (
    Frame,
    Picture,
    dot,
    horizontal_axis,
    linear,
    logarithmic,
    nice_limit,
    path,
    rule,
    text,
    tick_text,
    vertical_axis,
)
from commonbeat.report.strip import Ruler

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commonbeat.estimate.power import Answer, CardSeen, Point, PowerStudy
    from commonbeat.report.chart import Scale

TICKS = 5
EDGE = 3.0
WHOLE = 100.0


def curve_picture(study: PowerStudy, answer: Answer) -> Picture | None:
    """Power by formula as a line, simulated power as dots with what 95 % cannot rule out; None without points."""
    points = [each for each in study.curve if (each.arm, each.delay_days) == (answer.arm, answer.delay_days)]
    if not points:
        return None
    design, units = study.design, "clusters" if study.design.clustered else "people"
    area = Frame(height=230, bottom=44, top=16)
    left, top, right, bottom = area.inner
    low, high = points[0].units, points[-1].units
    across = logarithmic(low / 1.12, high * 1.12, left, right)
    up = linear(0, WHOLE, bottom, top)
    body = vertical_axis(area, up, [0, 20, 40, 60, 80, 100])
    body += horizontal_axis(area, across, [(each, tick_text(each)) for each in _spread([p.units for p in points])])
    body += text((left + right) / 2, area.height - 8, f"{units} in all arms", "label", "middle")
    body += rule(left, up(WHOLE * design.power), right, up(WHOLE * design.power), "event")
    # The word stands where the line is not: below where power is large, above where it is small.
    level = bottom - 6 if answer.power > 0.5 else top + 9
    body += rule(across(design.planned_size), top, across(design.planned_size), bottom, "event")
    body += text(across(design.planned_size) + 4, level, "planned", "label")
    if len(points) > 1:
        body += path([(across(each.units), up(WHOLE * each.closed)) for each in points], "median first")
    body += "".join(_mark(each, across, up, units) for each in points)
    several = len({each.arm for each in study.answers}) > 1
    days = f"{answer.delay_days:g} days after" if answer.delay_days else "at once"
    title = f"{answer.arm}, {days}" if several else f"Asked {days}"
    return Picture(
        name=f"power-{design.arms.index(next(a for a in design.arms if a.name == answer.arm))}-{answer.delay_days:g}",
        title=title[0].upper() + title[1:],
        words=f"Power over the number of {units}, in per cent. " + " ".join(_words(each, units) for each in points),
        body=body,
        claim=design.claim,
        source="power:formula, power:simulation",
        height=area.height,
    )


def _spread(sizes: Sequence[int]) -> list[int]:
    """Some of the sizes, evenly, the first and last among them: more would run into each other."""
    step = max(1, math.ceil((len(sizes) - 1) / (TICKS - 1)))
    return [*sizes[:-1:step], sizes[-1]] if len(sizes) > 1 else list(sizes)


def _words(each: Point, units: str) -> str:
    return (
        f"With {each.units:,} {units} {WHOLE * each.simulated:.0f} % in {each.trials:,} simulated trials, "
        f"{WHOLE * each.closed:.0f} % by formula."
    )


def _mark(each: Point, across: Scale, up: Scale, units: str) -> str:
    x = across(each.units)
    return rule(x, up(WHOLE * each.low), x, up(WHOLE * each.high), "dose gain") + dot(
        x, up(WHOLE * each.simulated), 3.6, "end first", _words(each, units)
    )


@dataclass(frozen=True, slots=True)
class CardStrip:
    """One card's effect beside the smallest effect that the design sees."""

    card: CardSeen
    svg: Markup


def card_ruler(study: PowerStudy) -> Ruler:
    """The scale that the cards' strips share: zero, every interval and every smallest effect are on it."""
    reach = [each.smallest_effect for each in study.cards if math.isfinite(each.smallest_effect)]
    reach += [end for each in study.cards for end in _carried(each)]
    limit = nice_limit(max(reach, default=1.0))
    low = -limit / 2 if min(reach, default=0.0) < -limit / 20 else 0.0
    ticks = tuple(tick for tick in (-limit / 2, 0.0, limit / 2, limit) if tick >= low)
    return Ruler(linear(low, limit, EDGE, WHOLE - EDGE), ticks, "SD")


def card_strips(study: PowerStudy) -> tuple[CardStrip, ...]:
    """Every card's effect by its wave, on one scale."""
    place = card_ruler(study).place
    return tuple(CardStrip(each, _strip(study, each, place)) for each in study.cards)


def _carried(each: CardSeen) -> tuple[float, float]:
    """The ends of the card's interval, faded as its estimate is."""
    ratio = each.effect / each.published if each.published else 1.0
    ends = (each.published if end is None else end for end in (each.low, each.high))
    low, high = (ratio * end for end in ends)
    return low, high


def _strip(study: PowerStudy, each: CardSeen, place: Scale) -> Markup:
    kind, (low, high) = "gain" if each.seen else "open", _carried(each)
    seen = "" if math.isinf(each.smallest_effect) else _tick(place(each.smallest_effect))
    words = f"{each.card}: {each.effect:.2f} SD; smallest effect seen {each.smallest_effect:.2f} SD"
    return Markup(  # noqa: S704 - every part is a number, our own, or escaped
        f'<svg class="strip {kind}" width="100%" height="24" role="img" aria-label="{escape(words)}" '
        f'data-claim="{escape(study.design.claim)}" data-source="card:{escape(each.card)}, power:formula">'
        f'<line x1="{place(0):.1f}%" x2="{place(0):.1f}%" y1="0" y2="24" class="zero"/>'
        f'<line x1="{place(low):.1f}%" x2="{place(high):.1f}%" y1="12" y2="12" class="wide"/>{seen}'
        f'<circle cx="{place(each.effect):.1f}%" cy="12" r="5" class="middle"/></svg>'
    )


def _tick(x: float) -> str:
    return f'<line x1="{x:.1f}%" x2="{x:.1f}%" y1="2" y2="22" class="harm thick-tick" stroke="var(--beat)" stroke-width="3"/>'


def society_picture(study: PowerStudy) -> Picture:
    """For each arm, wave and size two bars: power as it is, and had the comparison arm neither heard nor seen anything."""
    rows = study.society
    area = Frame(height=46 * len(rows) + 40, left=12, bottom=26, top=8)
    left, top, right, bottom = area.inner
    across = linear(0, WHOLE, left, right)
    body = "".join(
        rule(across(tick), top, across(tick), bottom, "zero" if tick == 0 else "grid")
        for tick in (0, 20, 40, 60, 80, 100)
    )
    body += horizontal_axis(area, across, [(tick, f"{tick} %") for tick in (0, 20, 40, 60, 80, 100)])
    x = across(WHOLE * study.design.power)
    body += rule(x, top, x, bottom, "event")
    words = []
    for place, each in enumerate(rows):
        y = top + 46 * place
        days = f"day {each.delay_days:g}"
        body += text(left, y + 11, f"{each.arm}, {days}, {each.people:,} people", "label")
        body += _bar(across, y + 16, each.power, "bar-a") + _bar(across, y + 28, each.clean, "bar-rest")
        body += rule(across(WHOLE * each.low), y + 21, across(WHOLE * each.high), y + 21, "world-without")
        words.append(
            f"{each.arm}, {days}, {each.people:,} people: {WHOLE * each.power:.0f} %, and {WHOLE * each.clean:.0f} % had the "
            "comparison arm heard and seen nothing."
        )
    return Picture(
        name="power-society",
        title="Power on the simulator’s people",
        words=" ".join(words),
        body=body,
        claim=study.design.claim,
        source="power:society",
        height=area.height,
    )


def _bar(across: Scale, y: float, share: float, kind: str) -> str:
    width = across(WHOLE * share) - across(0)
    return f'<rect x="{across(0):.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="10" class="{kind}"/>'
