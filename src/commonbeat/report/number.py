"""One function renders every figure of the report, so that none can stand there without its claim and source.

Values arrive in the unit of the table they come from (latent SD for effects, plain counts for people); the
unit's scale turns them into what is printed. A reader sees "+0.4 (−0.5 to 4.0)"; a program sees the raw value.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Sequence

POINTS_PER_SD = 26.8  # the police thermometer's spread among all adults, card E090
SIGNIFICANT_DIGITS = 2
MORE_FOR_SMALL = 3
EARTH = "more people than live on Earth"


@dataclass(frozen=True, slots=True)
class Unit:
    """How a kind of figure is scaled, signed and named."""

    word: str
    scale: float = 1.0
    sign: str = ""
    digits: int | None = None
    endless: str = "not reachable"
    most: float = math.inf  # beyond it only `beyond` can be said
    beyond: str = ""
    by_width: bool = False  # True: decimals follow half the interval's width, two digits of it
    counted: bool = True  # False: simulated or computed, so never printed to the last digit


UNITS = {
    "thousandths": Unit("‰ SD", 1000.0, "+"),
    "SD": Unit("SD", 1.0, "+"),
    "points": Unit("points of 100", POINTS_PER_SD, "+"),
    "percent": Unit("%", 100.0, digits=0),
    "per 100,000": Unit("per 100,000 residents", 1e5),
    "rate": Unit("", digits=0),
    "sample": Unit(
        "people in each arm", digits=0, endless="no number is enough", most=8.2e9, beyond=EARTH, counted=False
    ),
    "simulated people": Unit("people", digits=0, counted=False),
    "people": Unit("people", digits=0),
    "views": Unit("views", digits=0),
    "stops": Unit("stops"),
    "encounters": Unit("encounters"),
    "encounters a month": Unit("encounters a month"),
    "stops per 1,000": Unit("stops per 1,000 residents"),
    "days": Unit("days", digits=0),
    "day": Unit("", digits=0),
    "draws": Unit("draws", digits=0),
    "count": Unit("", digits=0),
    "year": Unit("", digits=0),
    "value": Unit(""),
    "spread": Unit("points of 100", POINTS_PER_SD),
    "ratio": Unit(""),
    "correlation": Unit("", 1.0, "+", 2),
    "effect": Unit("", 1.0, "+", by_width=True),  # in the unit of the study's own outcome
    "SD of control": Unit("SD", 1.0, "+", by_width=True),
    "size": Unit("", by_width=True),  # an effect without its sign
    "p value": Unit("", digits=3),
    "df": Unit("", digits=1),
    "mean": Unit("", digits=2),
}


def decimals(values: Sequence[float]) -> int:
    """The decimals that show two significant digits of the largest of `values`."""
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    if largest == 0:
        return 0
    return max(0, SIGNIFICANT_DIGITS - 1 - math.floor(math.log10(largest)))


def own_decimals(value: float, places: int) -> int:
    """As many decimals as its neighbours have, or the few more that keep a small value from being printed as zero.

    An interval from −0.0003 must not look as if it began at zero.
    """
    if value == 0 or not math.isfinite(value):
        return places
    needed = -math.floor(math.log10(abs(value)))
    return needed if places < needed <= places + MORE_FOR_SMALL else places


def written(value: float, places: int, sign: str = "", endless: str = "without end") -> str:
    """The value with a true minus, groups of thousands and, for effects, its plus sign."""
    if not math.isfinite(value):
        return endless if value > 0 else "unknown"
    text = f"{abs(value):,.{places}f}"
    if float(text.replace(",", "")) == 0:
        return "0"
    return f"−{text}" if value < 0 else f"{sign}{text}"


def rounded(value: float) -> float:
    """Three significant digits: what is simulated is not printed as if it had been counted."""
    if not math.isfinite(value) or abs(value) < 1000:
        return value
    step = 10 ** (math.floor(math.log10(abs(value))) - 2)
    return round(value / step) * step


def significant(value: float) -> str:
    """A value by itself, to two significant digits: 803 reads as 800, and 0.00014 stays what it is."""
    if value == 0 or not math.isfinite(value):
        return written(value, 0)
    place = math.floor(math.log10(abs(value))) - SIGNIFICANT_DIGITS + 1
    return written(round(value / 10.0**place) * 10.0**place, max(0, -place))


def shown(value: float, kind: Unit, interval: tuple[float, float] | None, places: int | None = None) -> list[str]:
    """The printed value and, where there is one, the two ends of its interval, all with the same decimals.

    places: the decimals of a neighbour to stand beside, for units that follow their interval's width.
    """
    scaled = [part * kind.scale for part in (value, *(interval or ()))]
    if kind.most < scaled[0] < math.inf:
        return [kind.beyond] * len(scaled)
    if interval is not None or not kind.counted:
        scaled = [rounded(part) for part in scaled]
    if kind.digits is not None:
        return [written(part, kind.digits, kind.sign, kind.endless) for part in scaled]
    if places is None or not kind.by_width:
        half = [abs(scaled[2] - scaled[1]) / 2] if kind.by_width and len(scaled) == 3 else []
        places = decimals(half if any(half) else scaled)
    return [written(part, own_decimals(part, places), kind.sign, kind.endless) for part in scaled]


def is_words(parts: Sequence[str], kind: Unit) -> bool:
    """Whether only words are printed, so that a unit after them would be no English."""
    return set(parts) <= {kind.endless, kind.beyond}


def spell(value: float, unit: str, interval: tuple[float, float] | None = None) -> str:
    """The same words as `number`, without markup: for text alternatives and captions burnt into pictures."""
    kind = UNITS[unit]
    parts = shown(value, kind, interval)
    middle = parts[0] if len(set(parts)) == 1 else f"{parts[0]} ({parts[1]} to {parts[2]})"
    return f"{middle} {kind.word}".strip() if not is_words(parts, kind) else middle


def origin(claim: str, source: str) -> str:
    """Claim and source as a reader sees them: "C5; card E061; run: rings"."""
    parts: dict[str, list[str]] = {}
    for kind, _, name in (part.strip().partition(":") for part in source.split(", ")):
        parts.setdefault(kind, []).append(name.strip())
    named = [
        kind if not any(names) else f"{kind} {', '.join(names)}" if kind == "card" else f"{kind}: {', '.join(names)}"
        for kind, names in parts.items()
    ]
    return "; ".join([claim, *named])


def number(
    value: float,
    unit: str,
    claim: str,
    source: str,
    interval: tuple[float, float] | None = None,
    places: int | None = None,
) -> Markup:
    """A `<data>` element stands for the figure, with its claim, source, unit and interval.

    `value` and `interval` (5 % and 95 % over draws) are in the table's own unit; `unit` names an entry of `UNITS`.
    `places`: the decimals of a neighbour to stand beside.
    Raises ValueError when claim or source is empty: a figure without them may not be printed.
    """
    if not claim or not source:
        message = f"a figure ({value} {unit}) needs a claim and a source"
        raise ValueError(message)
    kind = UNITS[unit]
    parts = shown(value, kind, interval, places)
    body = escape(parts[0])
    if kind.word == "%":
        body += Markup("&#8239;%")
    if interval is not None and len(set(parts)) > 1:
        body += Markup(' <span class="interval">{} to {}</span>').format(*parts[1:])
    if kind.word and kind.word != "%" and not is_words(parts, kind):
        body += Markup('<span class="unit"> {}</span>').format(kind.word)
    return Markup('<data class="number" value="{}" data-claim="{}" data-source="{}" title="{}">{}</data>').format(
        f"{value:.6g}", claim, source, origin(claim, source), body
    )


def noting(figure: Markup, words: str) -> Markup:
    """The same figure; who rests the pointer on it reads `words` before claim and source."""
    return Markup(figure.replace(' title="', Markup(' title="{}; ').format(words), 1))  # noqa: S704 - escaped above


def quoted(text: str, claim: str, source: str) -> Markup:
    """Words that hold figures of somebody else (a card's estimate, a name with digits) carry claim and source too."""
    if not claim or not source:
        message = f"a quotation ({text[:40]}) needs a claim and a source"
        raise ValueError(message)
    return Markup('<span class="quoted" data-claim="{}" data-source="{}" title="{}">{}</span>').format(
        claim, source, origin(claim, source), text
    )
