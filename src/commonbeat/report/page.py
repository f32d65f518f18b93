"""The whole report: one HTML file that needs no network, no script and no second file.

render_report(run)   six sections, for a screen of any width, and for printing
render_print(run)    two pages of A4 with the story, the rings, the dose and the context
"""

from __future__ import annotations

import re
from importlib import resources
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from commonbeat.report.centres import centres
from commonbeat.report.changes import what_changes
from commonbeat.report.context import context
from commonbeat.report.dose import dose
from commonbeat.report.drivers import what_drives
from commonbeat.report.number import noting, number, quoted
from commonbeat.report.opening import opening
from commonbeat.report.reading import Reading
from commonbeat.report.rings import rings
from commonbeat.report.sources import sources
from commonbeat.report.story import story
from commonbeat.report.strip import strip
from commonbeat.report.verdicts import judged
from commonbeat.report.year import year

if TYPE_CHECKING:
    from collections.abc import Mapping

    from commonbeat.results.run_folder import Run

SECTIONS = (
    ("story", "The story"),
    ("rings", "The rings"),
    ("year", "The year"),
    ("dose", "How much, how long"),
    ("drivers", "What would change this"),
    ("context", "Context and limits"),
)


def asset(name: str) -> str:
    """The text of a file that comes with the report."""
    return resources.files("commonbeat.report").joinpath("templates", name).read_text(encoding="utf-8")


def style() -> Markup:
    """All style of the page: palette, charts, layout."""
    sheets = "".join(asset(name) for name in ("palette.css", "chart.css", "report.css"))
    return Markup(re.sub(r"\n\s*", "\n", sheets))  # noqa: S704 - our own files


def scene() -> Markup:
    """The drawing at the top."""
    return Markup(asset("scene.svg"))  # noqa: S704 - our own file


def environment() -> Environment:
    """Templates that escape everything and fail on a name that nobody gave them."""
    made = Environment(
        loader=PackageLoader("commonbeat.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(noting=noting)
    made.globals.update(number=number, quoted=quoted, strip=strip)
    return made


def everything(reading: Reading, study: Mapping[str, Any] | None) -> dict[str, Any]:
    """What the templates show, section by section. study: the document of a sensitivity study of the same scenario."""
    verdicts = judged(reading)
    the_year = year(reading, centres(reading))
    return {
        "telling": reading.telling,
        "reading": reading,
        "style": style(),
        "scene": scene(),
        "opening": opening(reading, what_changes(reading, study)),
        "verdicts": verdicts,
        "story": story(reading, verdicts),
        "rings": rings(reading),
        "year": the_year,
        "dose": dose(reading),
        "drivers": what_drives(reading),
        "context": context(reading, the_year.map),
        "sources": sources(reading),
        "contents": SECTIONS,
    }


def render_report(run: Run, study: Mapping[str, Any] | None = None) -> str:
    """The report of a run as one HTML text; `study` says what would change its headlines, in place of its own draws."""
    return environment().get_template("page.html.j2").render(**everything(Reading(run), study))


def render_print(run: Run, study: Mapping[str, Any] | None = None) -> str:
    """Two pages of A4 as one HTML text: the story, the rings, the dose, the context."""
    found = everything(Reading(run), study)
    sheet = Markup(asset("palette.css") + asset("print.css"))  # noqa: S704 - our own; the palette again, over the dark one
    return environment().get_template("print.html.j2").render(**found, print_style=sheet)
