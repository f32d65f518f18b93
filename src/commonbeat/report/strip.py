"""A strip shows one effect as a dot with its 50 % and 90 % interval on a scale that its neighbours share.

Places inside a strip are percentages of its width, so it stretches with the column while lines and dots keep their size.
A full dot means that the whole 90 % interval lies on one side of zero; a hollow one that the sign is open.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from commonbeat.report.chart import Scale, linear, nice_limit, signed_logarithmic, tick_text
from commonbeat.report.number import UNITS, spell

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from commonbeat.report.spread import Spread

EDGE = 4.0  # per cent kept free at both ends
MOST_DECADES = 4  # more ticks than that run into each other on a telephone
MOST_ARMS_ALIKE = 3  # unfilmed and both clips; the violent clip, always last, may differ


@dataclass(frozen=True, slots=True)
class Ruler:
    """The scale that a set of strips shares, in latent units, and the ticks that its foot prints in the unit's own."""

    place: Scale
    ticks: tuple[float, ...]
    unit: str
    step: str = "even"  # or "tenfold"

    def foot(self, claim: str, source: str) -> Markup:
        """The ruler itself: an SVG line with ticks, to stand under (or over) its strips."""
        kind = UNITS[self.unit]
        parts = ['<line x1="0" x2="100%" y1="1" y2="1" class="mark"/>']
        for tick in self.ticks:
            x = f"{self.place(tick):.1f}%"
            parts.append(f'<line x1="{x}" x2="{x}" y1="1" y2="5" class="mark"/>')
            sign = kind.sign if tick > 0 else ""
            words = f"{sign}{tick_text(tick * kind.scale)}"
            crowded = " crowded" if tick and tick in self.ticks[1::2] else ""
            parts.append(f'<text x="{x}" y="17" text-anchor="middle" class="tick{crowded}">{words}</text>')
        return Markup(  # noqa: S704 - every part is a number, our own, or escaped
            f'<svg class="ruler" width="100%" height="20" aria-hidden="true" data-claim="{escape(claim)}" '
            f'data-source="{escape(source)}">{"".join(parts)}</svg>'
        )


def reach_of(spreads: Iterable[Spread | None]) -> float:
    """The largest distance from zero that any 90 % interval attains."""
    return max((max(abs(s.low), abs(s.high)) for s in spreads if s is not None), default=0.0)


def straight_ruler(spreads: Iterable[Spread | None], unit: str) -> Ruler:
    """A ruler with zero in the middle, wide enough for all."""
    limit = nice_limit(reach_of(spreads) * UNITS[unit].scale) / UNITS[unit].scale
    place = linear(-limit, limit, EDGE, 100 - EDGE)
    return Ruler(place, (-limit, -limit / 2, 0.0, limit / 2, limit), unit)


def stretched_ruler(spreads: Iterable[Spread | None], unit: str) -> Ruler:
    """A ruler on which each further tick is ten times the one before: for effects of very different size."""
    held = [spread for spread in spreads if spread is not None]
    limit = reach_of(held)
    least = min((abs(spread.middle) for spread in held if spread.middle), default=limit)
    decades = max(2, min(MOST_DECADES, math.ceil(math.log10(limit / least)) + 1))
    scale = UNITS[unit].scale
    power = 1.0
    while power < limit * scale:
        power *= 10
    while power / 10 >= limit * scale and power > 1e-3:
        power /= 10
    outer = power / scale
    steps = [outer / 10**count for count in range(decades)]
    place = signed_logarithmic(steps[-1] / 3, outer, EDGE, 100 - EDGE)
    return Ruler(place, (*(-step for step in steps), 0.0, *reversed(steps)), unit, "tenfold")


def strip(spread: Spread | None, ruler: Ruler, label: str, claim: str, source: str, outcome: str = "trust") -> Markup:
    """One row's picture; what it shows is also its text alternative."""
    if spread is None:
        return Markup('<span class="strip none"></span>')
    words = f"{label}: {spell(spread.middle, ruler.unit, spread.interval)}; {spread.chance}"
    low, lower, middle, upper, high = (
        ruler.place(value) for value in (spread.low, spread.lower, spread.middle, spread.upper, spread.high)
    )
    zero = ruler.place(0.0)
    return Markup(  # noqa: S704 - every part is a number, our own, or escaped
        f'<svg class="strip {spread.verdict(outcome)}" width="100%" height="24" role="img" aria-label="{escape(words)}" '
        f'data-claim="{escape(claim)}" data-source="{escape(source)}">'
        f'<line x1="{zero:.1f}%" x2="{zero:.1f}%" y1="0" y2="24" class="zero"/>'
        f'<line x1="{low:.1f}%" x2="{high:.1f}%" y1="12" y2="12" class="wide"/>'
        f'<line x1="{lower:.1f}%" x2="{upper:.1f}%" y1="12" y2="12" class="thick"/>'
        f'<circle cx="{middle:.1f}%" cy="12" r="5" class="middle"/></svg>'
    )


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list of effects: what it is of, and its spread."""

    label: str
    spread: Spread | None
    note: str = ""


def same(labels: Sequence[str], keys: Sequence[object], everything: str) -> list[tuple[str, int]]:
    """Lines that would be printed alike become one: its label, and the place of its first line."""
    held: dict[object, list[int]] = {}
    for place, key in enumerate(keys):
        held.setdefault(key, []).append(place)

    def label(places: list[int]) -> str:
        alike = len(places) == len(keys) > 1 or (len(places) >= MOST_ARMS_ALIKE and places[-1] == len(places) - 1)
        return everything if alike else "; ".join(labels[place] for place in places)

    return [(label(places), places[0]) for places in held.values()]


def together(rows: Sequence[Row], unit: str, everything: str) -> tuple[Row, ...]:
    """The rows, those with the same printed effect as one."""
    keys = [(as_printed(row.spread, unit), row.note) for row in rows]
    return tuple(
        Row(label, rows[p].spread, rows[p].note) for label, p in same([r.label for r in rows], keys, everything)
    )


def as_printed(spread: Spread | None, unit: str) -> str:
    """What a reader sees of an effect: two that look the same need no second line."""
    return "" if spread is None else f"{spell(spread.middle, unit, spread.interval)} {spread.negative:.2f}"


def common_ruler(rows: Sequence[Row], unit: str) -> Ruler:
    """The straight ruler where the rows are of one size, the stretched one where they differ more than twentyfold."""
    spreads = [row.spread for row in rows if row.spread is not None]
    sizes = [reach_of([spread]) for spread in spreads]
    sizes = [size for size in sizes if size > 0]
    if sizes and max(sizes) > 20 * min(sizes):
        return stretched_ruler(spreads, unit)
    return straight_ruler(spreads, unit)
