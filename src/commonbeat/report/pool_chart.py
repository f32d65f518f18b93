"""What the forest and the funnel share: axes of round steps, words for figures, and how a picture becomes a file."""

from __future__ import annotations

import math
import re
import textwrap
from typing import TYPE_CHECKING

from commonbeat.report.chart import Frame, Picture, Scale, rule, text, tick_text
from commonbeat.report.number import UNITS, decimals, origin, written
from commonbeat.report.page import asset
from commonbeat.report.picture import BACKGROUND, HEAD, LETTERS, LINE, palette, write_all

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MOST_TICKS = 6
PNG_SCALE = 3.0
UNIT_NAMES = {"SD": "SD", "r": "correlation"}


def unit_name(unit: str) -> str:
    """The entry of `UNITS` in which the effects are printed; a unit that nobody named is printed bare."""
    return UNIT_NAMES.get(unit, "value")


def steps(low: float, high: float) -> list[float]:
    """Round values inside [low, high], at most MOST_TICKS, 0 among them where it is inside."""
    span = high - low
    power = 10.0 ** math.floor(math.log10(span))
    step = next(s for s in (0.1 * power, 0.2 * power, 0.5 * power, power, 2 * power) if span / s < MOST_TICKS)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(place * step, 12) for place in range(first, last + 1)]


def effect_axis(frame: Frame, across: Scale, low: float, high: float, name: str) -> str:
    """Marks of round steps under the drawing, a line at 0, and the effects' name below."""
    left, top, right, bottom = frame.inner
    parts = [rule(left, bottom, right, bottom, "mark")]
    for value in steps(low, high):
        parts += [rule(across(value), bottom, across(value), bottom + 4, "mark")]
        parts += [text(across(value), bottom + 16, tick_text(value), "tick", "middle")]
    if low <= 0 <= high:
        parts.append(rule(across(0), top, across(0), bottom, "zero"))
    parts.append(text((left + right) / 2, bottom + 32, name, "label", "middle"))
    return "".join(parts)


def words_of(value: float, low: float | None, high: float | None, places: int | None = None) -> str:
    """The effect with its interval, to `places` decimals; left out, to two significant digits of the largest."""
    known = [each for each in (value, low, high) if each is not None]
    shown = [written(each, decimals(known) if places is None else places) for each in known]
    return f"{shown[0]} [{shown[1]}, {shown[2]}]" if len(shown) == 3 else shown[0]


def tidy(label: str, letters: int) -> str:
    """The label on one line, cut where it is too long; what cannot be printed becomes a blank."""
    whole = " ".join("".join(letter if letter.isprintable() else " " for letter in label).split())
    return whole if len(whole) <= letters else f"{whole[: letters - 1].rstrip()}…"


def pool_style() -> str:
    """The pictures' style sheet, with variables for colours."""
    return asset("pool.css")


def standalone(picture: Picture) -> str:
    """The picture as a whole SVG file: heading above, caption with its intervals below, colours inside."""
    colours = palette()
    sheet = re.sub(r"var\((--[\w-]+)\)", lambda found: colours[found.group(1)], asset("chart.css") + pool_style())
    sheet = sheet.replace(" !important", "").replace("system-ui, -apple-system, ", "")
    parts = [
        picture.words,
        f"Unit: {picture.unit}." if picture.unit else "",
        f"Common Beat; {origin(picture.claim, picture.source)}.",
    ]
    lines = [line for part in parts if part for line in textwrap.wrap(part, LETTERS)]
    under = HEAD + picture.height
    foot = "".join(text(10, under + LINE * (row + 1), line, "caption") for row, line in enumerate(lines))
    title, words = (
        text(0, 0, each).split(">", 1)[1].removesuffix("</text>") for each in (picture.title, picture.words)
    )
    width, height = picture.width + 20, under + LINE * len(lines) + 18
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'class="picture" role="img"><title>{title}</title><desc>{words}</desc><style>{sheet}</style>'
        f'<rect width="100%" height="100%" fill="{BACKGROUND}"/>{text(10, 24, picture.title, "heading")}'
        f'<g transform="translate(10 {HEAD})">{picture.body}</g>{foot}</svg>'
    )


def write_pictures(pictures: Sequence[Picture], folder: Path) -> list[Path]:
    """Each picture stands in the folder as an SVG and a PNG file. Raises WriteError when the disk refuses."""
    import vl_convert

    files: dict[str, bytes] = {}
    for picture in pictures:
        drawn = standalone(picture)
        files[f"{picture.name}.svg"] = drawn.encode()
        files[f"{picture.name}.png"] = vl_convert.svg_to_png(drawn, scale=PNG_SCALE)
    return write_all(folder, files)


def unit_word(unit: str) -> str:
    """The unit in words for a caption, "" where nobody named it."""
    return UNITS[unit_name(unit)].word or unit
