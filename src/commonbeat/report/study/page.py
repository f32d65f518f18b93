"""The page of a study: one HTML file that needs no network, no script and no second file.

render_study(analysis)         the two pages to read, then every method's rows, folded
render_study_print(analysis)   exactly two pages of A4; what does not fit is counted, and stands in the full report
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from commonbeat.report.page import asset, environment
from commonbeat.report.study.answer import answer, arm_names
from commonbeat.report.study.beside import WARNING, RecordedStops, effect_of_a_stop, minneapolis
from commonbeat.report.study.effects import card, group_panel, group_tests, primary_panels
from commonbeat.report.study.made import made
from commonbeat.report.study.room import Room, room, shortened
from commonbeat.report.study.sections import all_warnings, beside_primary, told, weaknesses
from commonbeat.report.study.study import Study

if TYPE_CHECKING:
    from commonbeat.estimate.analysis import Analysis

MOST_GROUPS = 12
CONTENTS = (
    ("answer", "The answer"),
    ("doubt", "How far to trust it"),
    ("methods", "Every method"),
    ("made", "Made of"),
)


def study_style(*further: str) -> Markup:
    """All style of the page: palette, charts, layout, what a study adds, and what paper adds to that."""
    names = ("palette.css", "chart.css", "report.css", "study/study.css", *further)
    return Markup(re.sub(r"\n\s*", "\n", "".join(asset(name) for name in names)))  # noqa: S704 - our own files


def everything(analysis: Analysis, stops: RecordedStops | None) -> dict[str, Any]:
    """What both templates show."""
    study = Study(analysis)
    first = analysis.primary[0] if analysis.primary else None
    groups = group_panel(study)
    return {
        "study": study,
        "analysis": analysis,
        "answer": answer(study),
        "first": first,
        "main": card(study, first, first) if first else None,
        "worst": card(study, groups.lines[0].row, first or groups.lines[0].row) if groups else None,
        "most_groups": MOST_GROUPS,
        "group_tests": group_tests(study),
        "arms": arm_names(study, study.topic(first)) if first else None,
        "panels": primary_panels(study) if analysis.primary else (),
        "groups": groups,
        "stops": stops or minneapolis(),
        "stop": effect_of_a_stop(),
        "warning": WARNING,
        "weaknesses": weaknesses(study),
        "warnings": all_warnings(study),
        "sections": told(study),
        "beside_primary": beside_primary(study),
        "made": made(study),
        "contents": CONTENTS,
        "infinite": math.inf,
        "shortened": shortened,
    }


def render_study(analysis: Analysis, stops: RecordedStops | None = None) -> str:
    """The report of an analysis as one HTML text.

    stops: police stops recorded where the study was made; without them the page says that they are not known, and shows those of the
    city that comes with Common Beat.
    """
    found = everything(analysis, stops)
    return environment().get_template("study/page.html.j2").render(**found, style=study_style())


def render_study_print(analysis: Analysis, stops: RecordedStops | None = None) -> str:
    """Two pages of A4 as one HTML text."""
    found = everything(analysis, stops)
    rooms: Room = room(found)
    sheet = study_style("palette.css", "print.css", "study/print.css")
    return environment().get_template("study/print.html.j2").render(**found, room=rooms, style=sheet)
