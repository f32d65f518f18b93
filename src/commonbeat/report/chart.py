"""The few shapes that every picture of the report is made of: scales, axes, and a frame that can be read aloud.

The pictures are written as SVG by hand rather than by a plotting library for three reasons that can be seen: on a
telephone their letters keep their size (each picture is drawn for 340 pixels and set beside others), every
mark carries its own words, and a page with some forty pictures stays far below two megabytes.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup, escape

from commonbeat.report.number import written

Scale = Callable[[float], float]


@dataclass(frozen=True, slots=True)
class Frame:
    """The drawing area inside a picture, in its own pixels."""

    width: int = 340
    height: int = 210
    left: int = 44
    right: int = 12
    top: int = 14
    bottom: int = 30

    @property
    def inner(self) -> tuple[int, int, int, int]:
        """Left, top, right and bottom edge of the drawing area."""
        return (self.left, self.top, self.width - self.right, self.height - self.bottom)


def linear(low: float, high: float, start: float, end: float) -> Scale:
    """A scale that takes `low` to `start` and `high` to `end` along a straight line."""
    span = (high - low) or 1.0
    return lambda value: start + (value - low) / span * (end - start)


def logarithmic(low: float, high: float, start: float, end: float) -> Scale:
    """A scale on which each step to the right is a multiplication; values at or below `low` stand at `start`."""
    straight = linear(math.log10(low), math.log10(high), start, end)
    return lambda value: straight(math.log10(max(value, low)))


def signed_logarithmic(threshold: float, limit: float, start: float, end: float) -> Scale:
    """A scale that is straight within `threshold` of zero and logarithmic beyond it, on both sides alike.

    It is what lets an effect of a thousandth and one of a tenth stand in one picture without hiding either.
    """
    straight = linear(-math.asinh(limit / threshold), math.asinh(limit / threshold), start, end)
    return lambda value: straight(math.asinh(max(-limit, min(limit, value)) / threshold))


def nice_limit(value: float) -> float:
    """The next of 1, 2, 3, 5, 10, ... at or above `value`, so that pictures of one size share one scale."""
    if not math.isfinite(value) or value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 3, 5, 10) if step * power >= value * 0.999)


def halves(low: float, high: float) -> list[float]:
    """Zero, the outer limit and its half, on each side that the range has."""
    limit = max(-low, high)
    return [value for value in (-limit, -limit / 2, 0.0, limit / 2, limit) if low * 1.0001 <= value <= high * 1.0001]


def tick_text(value: float) -> str:
    """A tick's value without needless zeros."""
    magnitude = abs(value)
    if magnitude >= 1000:
        return f"{value / 1000:g}k".replace("-", "−")
    return f"{round(value, 9):g}".replace("-", "−")


def text(x: float, y: float, words: str, kind: str = "label", anchor: str = "start") -> str:
    """Words at a place."""
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">{escape(words)}</text>'


def rule(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    """A straight line."""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{kind}"/>'


def path(points: list[tuple[float, float]], kind: str) -> str:
    """A line through the points, to a tenth of a pixel."""
    steps = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return f'<path d="M{steps}" class="{kind}"/>'


def band(upper: list[tuple[float, float]], lower: list[tuple[float, float]], kind: str) -> str:
    """The area between two lines."""
    steps = "L".join(f"{x:.1f} {y:.1f}" for x, y in [*upper, *reversed(lower)])
    return f'<path d="M{steps}Z" class="{kind}"/>'


def dot(x: float, y: float, radius: float, kind: str, words: str = "") -> str:
    """A dot, with words for whoever rests the pointer on it."""
    title = f"<title>{escape(words)}</title>" if words else ""
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" class="{kind}">{title}</circle>'


def vertical_axis(frame: Frame, scale: Scale, values: list[float]) -> str:
    """Thin lines across the drawing area, each with its value at the left; the line at zero is darker."""
    left, _, right, _ = frame.inner
    parts = []
    for value in values:
        y = scale(value)
        parts.append(rule(left, y, right, y, "zero" if value == 0 else "grid"))
        parts.append(text(left - 6, y + 3.5, tick_text(value), "tick", "end"))
    return "".join(parts)


def horizontal_axis(frame: Frame, scale: Scale, marks: list[tuple[float, str]]) -> str:
    """Short marks under the drawing area, each with its words."""
    *_, bottom = frame.inner
    parts = []
    for value, words in marks:
        x = scale(value)
        parts.append(rule(x, bottom, x, bottom + 4, "mark"))
        parts.append(text(x, bottom + 16, words, "tick", "middle"))
    return "".join(parts)


def year_axis(frame: Frame, scale: Scale, days: int) -> str:
    """Marks at the quarters of the run."""
    quarters = [round(days * part / 4) for part in range(5)]
    marks = [(float(day), written(day, 0) if day else "day 0") for day in quarters]
    return horizontal_axis(frame, scale, marks)


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture with everything that must travel with it, on the page or out of it."""

    name: str
    title: str
    words: str
    body: str
    claim: str
    source: str
    unit: str = ""
    note: str = ""
    width: int = 340
    height: int = 210

    def svg(self) -> Markup:
        """The picture as inline SVG that a screen reader announces by its title and words."""
        return Markup(  # noqa: S704 - every part is a number, our own, or escaped
            f'<svg class="picture" viewBox="0 0 {self.width} {self.height}" role="img" '
            f'aria-labelledby="{self.name}-title {self.name}-words" data-claim="{escape(self.claim)}" '
            f'data-source="{escape(self.source)}"><title id="{self.name}-title">{escape(self.title)}</title>'
            f'<desc id="{self.name}-words">{escape(self.words)}</desc>{self.body}</svg>'
        )
