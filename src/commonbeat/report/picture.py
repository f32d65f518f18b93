"""Pictures for use outside the page: SVG and PNG files with title, unit, interval and the stop rate burnt into each.

A picture that leaves its report takes its doubts along: the caption is part of the drawing.
"""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

from commonbeat.errors import WriteError
from commonbeat.report.centres import centres
from commonbeat.report.chart import Picture, text
from commonbeat.report.context import context
from commonbeat.report.dose import dose
from commonbeat.report.number import spell
from commonbeat.report.page import asset
from commonbeat.report.reading import Reading
from commonbeat.report.year import Year, year

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from commonbeat.results.run_folder import Run

HEAD, LINE, LETTERS = 44, 14, 62
SCALE = 3.0
BACKGROUND = "#fdfdfb"
OF_DRAWS = "Intervals hold nine in ten draws."


def palette() -> dict[str, str]:
    """The page's colours by name, for renderers that know no variables."""
    return dict(re.findall(r"(--[\w-]+):\s*(#[0-9a-fA-F]+)", asset("palette.css")))


def plain_style(colours: Mapping[str, str]) -> str:
    """The charts' style sheet with every variable replaced by its colour."""
    sheet = re.sub(r"var\((--[\w-]+)\)", lambda found: colours[found.group(1)], asset("chart.css"))
    return sheet.replace(" !important", "").replace("system-ui, -apple-system, ", "")


def caption(picture: Picture, stop_rate: str, intervals: str = OF_DRAWS) -> list[str]:
    """The lines under an exported picture: what it shows with its intervals, in which unit, and the stop rate."""
    parts = [
        picture.words,
        f"Unit: {picture.unit.replace('‰ SD', '‰ SD (thousandths of a standard deviation)')}." if picture.unit else "",
        f"{intervals} {stop_rate}",
    ]
    parts.append(f"Common Beat, claim {picture.claim}, {picture.source}.")
    return [line for part in parts if part for line in textwrap.wrap(part, LETTERS)]


def standalone(picture: Picture, stop_rate: str, intervals: str = OF_DRAWS) -> str:
    """The picture as a whole SVG file: heading above, caption below, colours inside."""
    title = textwrap.wrap(picture.title, 44)[:2]
    lines = caption(picture, stop_rate, intervals)
    height = HEAD + picture.height + LINE * len(lines) + 18
    heading = "".join(text(10, 22 + 18 * row, words, "heading") for row, words in enumerate(title))
    foot = "".join(
        text(10, HEAD + picture.height + LINE * (row + 1), words, "caption") for row, words in enumerate(lines)
    )
    words = text(0, 0, f"{picture.words} {stop_rate}").split(">", 1)[1].removesuffix("</text>")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {picture.width + 20} {height}" '
        f'width="{picture.width + 20}" height="{height}" class="picture" role="img">'
        f"<title>{text(0, 0, picture.title).split('>', 1)[1].removesuffix('</text>')}</title><desc>{words}</desc>"
        f"<style>{plain_style(palette())}</style>"
        f'<rect width="100%" height="100%" fill="{BACKGROUND}"/>{heading}'
        f'<g transform="translate(10 {HEAD})">{picture.body}</g>{foot}</svg>'
    )


def pictures(reading: Reading) -> tuple[list[Picture], str]:
    """Every picture that may leave the report, and the sentence on stops that goes with each."""
    the_year: Year = year(reading, centres(reading))
    the_dose = dose(reading)
    about = context(reading, the_year.map)
    rate = spell(about.rate, "stops per 1,000") if about.rate else "an unknown number of stops per 1,000 residents"
    found = [*the_year.fans, the_year.reach.picture, *the_year.map.panels, *(twin.picture for twin in the_year.twins)]
    found += [the_dose.picture, the_dose.stopping]
    return [picture for picture in found if picture is not None], f"Police stops recorded there in a year: {rate}."


def export_svg(run: Run, folder: Path) -> list[Path]:
    """Every picture of the report stands in `folder` as an SVG file. Raises WriteError when the disk refuses."""
    drawn, stop_rate = pictures(Reading(run))
    files = {f"{picture.name}.svg": standalone(picture, stop_rate).encode() for picture in drawn}
    return write_all(folder, files)


def export_png(run: Run, folder: Path) -> list[Path]:
    """Every picture of the report stands in `folder` as a PNG file. Raises WriteError when the disk refuses."""
    import vl_convert

    drawn, stop_rate = pictures(Reading(run))
    files = {
        f"{picture.name}.png": vl_convert.svg_to_png(standalone(picture, stop_rate), scale=SCALE) for picture in drawn
    }
    return write_all(folder, files)


def write_all(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """All files stand in the folder, each whole: it is written beside its place and then moved there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            draft = folder / f".{name}.part"
            draft.write_bytes(content)
            draft.replace(folder / name)
    except OSError as error:
        message = (
            f"{folder}: the pictures could not be written ({error.strerror}). Free some space or name another folder."
        )
        raise WriteError(message) from error
    return [folder / name for name in files]
