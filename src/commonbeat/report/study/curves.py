"""Curves as pictures: an event study as dots with intervals, a series as what was observed beside what was expected.

Few points are dots with whiskers; many are a line in a band. The moment at which something began is a dashed upright line.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, TypeGuard

from commonbeat.report.chart import (
    Frame,
    Picture,
    Scale,
    band,
    dot,
    horizontal_axis,
    linear,
    path,
    rule,
    text,
    tick_text,
    vertical_axis,
)
from commonbeat.report.number import spell, written
from commonbeat.report.study.naming import cut_end

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from commonbeat.estimate.analysis import Curve
    from commonbeat.report.study.study import Study

MOST_DOTS = 30
CAPTION_LETTERS = 30  # beside the words on the lines at the right
STEPS = (1, 2, 2.5, 5, 10)
TOO_NEAR = 1e-9
FRAME = Frame(height=230, left=50, top=30, bottom=44)

Point = tuple[float, float | None]


def picture(study: Study, curve: Curve, name: str) -> Picture | None:
    """The curve drawn, or None where it holds nothing that can be drawn; overlong names of outcomes are cut in its captions."""
    title, x_label, y_label = map(study.brief, (curve.title, curve.x_label, curve.y_label))
    curve = replace(curve, title=title, x_label=x_label, y_label=y_label)
    held = [value for line in lines_of(curve) for value in line if is_known(value)]
    xs = [value for value in (*curve.x, curve.reference) if is_known(value)]
    if not held or not xs:
        return None
    low, high = min(held), max(held)
    if not is_series(curve):
        low, high = min(low, 0.0), max(high, 0.0)
    marks = ticks(low, high)
    left, top, right, bottom = FRAME.inner
    across = linear(min(xs), max(xs), left + 8, right - 8)
    up = linear(min(low, marks[0]), max(high, marks[-1]), bottom, top)
    body = vertical_axis(FRAME, up, marks) + horizontal_axis(FRAME, across, upright_marks(min(xs), max(xs)))
    body += text((left + right) / 2, FRAME.height - 8, curve.x_label, "label", "middle")
    body += text(2, 14, cut_end(curve.y_label, CAPTION_LETTERS), "label")
    if curve.reference is not None:
        body += rule(across(curve.reference), top, across(curve.reference), bottom, "event")
    body += (series if is_series(curve) else estimates)(curve, across, up)
    words = in_words(study, curve)
    return Picture(
        name,
        curve.title,
        words,
        body,
        study.name,
        study.source,
        unit=curve.y_label,
        width=FRAME.width,
        height=FRAME.height,
    )


def estimates(curve: Curve, across: Scale, up: Scale) -> str:
    """The points with their intervals."""
    points = pairs(curve.x, curve.estimate)
    lows, highs = dict(pairs(curve.x, curve.low)), dict(pairs(curve.x, curve.high))
    both = [x for x in lows if x in highs]
    if len(points) > MOST_DOTS and both:
        return interval(curve, across, up) + path([(across(x), up(y)) for x, y in points], "median first")
    parts = [rule(across(x), up(lows[x]), across(x), up(highs[x]), "whisker") for x in both]
    for x, value in points:
        ends = (lows[x], highs[x]) if x in lows and x in highs else None
        words = f"{curve.x_label} {written(x, 0 if x == round(x) else 1)}: {spell(value, 'effect', ends)}"
        parts.append(dot(across(x), up(value), 3.6, "point", words))
    return "".join(parts)


def interval(curve: Curve, across: Scale, up: Scale) -> str:
    """The area between the lower and the upper ends; of a series, that of what was expected."""
    lows, highs = dict(pairs(curve.x, curve.low)), dict(pairs(curve.x, curve.high))
    both = [x for x in lows if x in highs]
    kind = "second" if is_series(curve) else "first"
    return (
        band([(across(x), up(highs[x])) for x in both], [(across(x), up(lows[x])) for x in both], f"wide-band {kind}")
        if both
        else ""
    )


def is_series(curve: Curve) -> bool:
    """Whether the curve is of a series itself rather than of estimates."""
    return any(map(is_known, (*curve.observed, *curve.expected)))


def series(curve: Curve, across: Scale, up: Scale) -> str:
    """What was observed, in full; what was expected without the event, in dashes, with its interval; gaps stay gaps."""
    parts = [interval(curve, across, up)]
    for values, kind in ((curve.expected, "median second"), (curve.observed, "median first")):
        for run in unbroken(curve.x, values):
            places = [(across(x), up(y)) for x, y in run]
            parts.append(path(places, kind) if len(places) > 1 else dot(*places[0], 2, f"end {kind.split()[1]}"))
    left, _, right, _ = FRAME.inner
    if any(map(is_known, curve.observed)):
        parts.append(text(right, 14, "observed", "place-name series-observed", "end"))
    if any(map(is_known, curve.expected)):
        parts.append(text(right, 27, "expected without it", "place-name series-expected", "end"))
    return "".join(parts) if left < right else ""


def in_words(study: Study, curve: Curve) -> str:
    """The curve told: its ends, its last point with interval, and where it is furthest from what was expected."""
    points = pairs(curve.x, curve.estimate)
    parts = [f"{curve.y_label} by {curve.x_label}."]
    if points and not is_series(curve):
        lows, highs = dict(pairs(curve.x, curve.low)), dict(pairs(curve.x, curve.high))
        for name, (x, value) in (("First", points[0]), ("Last", points[-1])):
            ends = (lows[x], highs[x]) if x in lows and x in highs else None
            parts.append(f"{name}, at {written(x, 0 if x == round(x) else 1)}: {spell(value, 'effect', ends)}.")
        parts.append(f"Intervals hold {study.level} of the time.")
    observed, expected = dict(pairs(curve.x, curve.observed)), dict(pairs(curve.x, curve.expected))
    after = [x for x in observed if x in expected and (curve.reference is None or x >= curve.reference)]
    if after:
        seen, awaited = (sum(line[x] for x in after) / len(after) for line in (observed, expected))
        since = "" if curve.reference is None else " from the event on"
        parts.append(f"On average{since}, observed {spell(seen, 'value')}, expected {spell(awaited, 'value')}.")
    return " ".join(parts)


def lines_of(curve: Curve) -> tuple[Sequence[float | None], ...]:
    """Every line that the picture must hold."""
    return (curve.estimate, curve.low, curve.high, curve.observed, curve.expected)


def is_known(value: float | None) -> TypeGuard[float]:
    """Whether a point can be drawn."""
    return value is not None and math.isfinite(value)


def pairs(xs: Sequence[float], values: Iterable[float | None]) -> list[tuple[float, float]]:
    """The points of a line that are known."""
    return [(x, value) for x, value in zip(xs, values, strict=False) if value is not None and math.isfinite(value)]


def unbroken(xs: Sequence[float], values: Sequence[float | None]) -> list[list[tuple[float, float]]]:
    """The stretches of a line between its gaps."""
    runs: list[list[tuple[float, float]]] = [[]]
    for x, value in zip(xs, values, strict=False):
        if value is None or not math.isfinite(value):
            runs.append([])
        else:
            runs[-1].append((x, value))
    return [run for run in runs if run]


def ticks(low: float, high: float, wanted: int = 4) -> list[float]:
    """Some four round values that hold `low` to `high` between them."""
    span = high - low
    if span <= TOO_NEAR * max(abs(low), abs(high), 1e-200):  # a flat line
        span = abs(high) if abs(high) > TOO_NEAR else 1.0
    power = 10.0 ** math.floor(math.log10(span / wanted))
    step = next(part * power for part in STEPS if part * power >= span / wanted * 0.999)
    first = math.floor(low / step + 1e-9)
    last = max(first + 1, math.ceil(high / step - 1e-9))
    return [round(place * step, 12) for place in range(first, last + 1)]


def upright_marks(low: float, high: float) -> list[tuple[float, str]]:
    """Round values along the foot, inside the data's range; whole numbers where the range allows."""
    if high <= low:
        return [(low, tick_text(low))]
    inside = [value for value in ticks(low, high, 5) if low <= value <= high]
    whole = [value for value in inside if value == round(value)]
    return [(value, tick_text(value)) for value in (whole or inside)]
