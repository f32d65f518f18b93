"""The page: one HTML file that needs no network, no script and no second file.

render_listening(told)         for a screen of any width
render_listening_print(told)   two pages of A4; what does not fit is counted and stands on the screen's page
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from commonbeat.estimate.attrition.rates import MANY_MISSING, UNEQUAL
from commonbeat.estimate.row import NO_VARIATION
from commonbeat.report.listening.picture import capital, response_picture, score_picture, shown_groups
from commonbeat.report.listening.told import plainly
from commonbeat.report.number import number
from commonbeat.report.page import asset, environment
from commonbeat.report.study.answer import answer
from commonbeat.report.study.effects import primary_panels
from commonbeat.report.study.forest import forest
from commonbeat.report.study.study import Study

if TYPE_CHECKING:
    from commonbeat.listen.results.score_row import ScoreRow
    from commonbeat.report.chart import Picture
    from commonbeat.report.listening.told import Told

ANSWERED: Final = "share who answered: "
SECTIONS: Final = (
    ("who", "Who answered"),
    ("said", "What they said"),
    ("changed", "What changed"),
    ("unknown", "What is not known"),
)
PRINTED_PICTURES, PRINTED_WITH_ARMS, PRINTED_ROWS, PRINTED_REMARKS, PRINTED_RATES = 6, 4, 16, 7, 6
PRINTED_CHANGES = 8
PRINTED_ARMS, PRINTED_EFFECTS = 4, 6
LONGEST = 190
LIMITS: Final = (
    "Those who answered chose to. Whoever did not may think otherwise, and no weight mends what was not asked of them.",
    "Answers are what people say of themselves; what they do is another question, and some of it is asked later.",
    "Nothing is said of single persons or officers. Figures of fewer than ten respondents are hidden, and so are those from which they could be worked out.",
)


def style(*further: str) -> Markup:
    """All style of the page."""
    names = ("palette.css", "chart.css", "report.css", "study/study.css", "listening/listening.css", *further)
    return Markup(re.sub(r"\n\s*", "\n", "".join(asset(name) for name in names)))  # noqa: S704 - our own files


def everything(told: Told) -> dict[str, Any]:
    """What both templates show."""
    some = told.analysis is not None and any(row.estimate is not None for row in told.analysis.primary)
    study = Study(told.analysis) if told.analysis is not None and some else None
    return {
        "told": told,
        "contents": SECTIONS,
        "statement": statement(told),
        "response": response_picture(told),
        "scores": tuple((name, score_picture(told, name, rows), rows) for name, rows in told.scales),
        "answer": answer(study) if study is not None and study.design.treatment else None,
        "effects": () if study is None else effects(study),
        "study": study,
        "lost": lost_by_arm(told, study),
        "alike": [row for row in told.scores if row.alike],
        "limits": LIMITS,
        "shown_groups": shown_groups,
        "plainly": plainly,
        "capital": capital,
    }


def statement(told: Told) -> str:
    """How many agreed and answered, in a sentence, hidden figures left out."""
    response = told.response
    begun, first = response.people(response.columns[0]), response.people(response.columns[1])
    if begun is None and first is None:
        return "Too few have answered for anything to be shown."
    word = "were drawn to an arm" if told.study.arms else "agreed to take part"
    parts = [f"{begun:,} people {word}" if begun is not None else ""]
    parts.append(f"{first:,} answered the first wave" if first is not None else "")
    last = response.people(response.columns[-1]) if len(response.columns) > 2 else None
    parts.append(f"{last:,} the last" if last is not None else "")
    told_parts = [part for part in parts if part]
    return ", ".join(told_parts[:-1]) + (" and " if len(told_parts) > 1 else "") + told_parts[-1] + "."


def effects(study: Study, most: int | None = None) -> tuple[Picture, ...]:
    """The effects that the plan declared, as pictures; most: rows of each, the rest is counted in its words."""
    against = f" against {study.design.control}"
    found = []
    for place, panel in enumerate(primary_panels(study)):
        lines = tuple(
            replace(line, label=capital(plainly(line.label.replace(against, "")))) for line in panel.lines[:most]
        )
        title = (
            f"Against “{plainly(str(study.design.control))}”"
            if study.design.treatment
            else "More stops, the same person"
        )
        found.append(forest(study, replace(panel, lines=lines), f"effects-{place}", title))
    return tuple(found)


def lost_by_arm(told: Told, study: Study | None) -> tuple[tuple[str, Markup, tuple[str, ...]], ...]:
    """How the arms differ in who answered the main scale, wave by wave: words, difference in shares, and the estimate's own cautions."""
    if study is None:
        return ()
    main = study.design.outcome[0].removesuffix(f"_{told.study.wave_names[0]}")
    wanted = [name for name in study.design.outcome if name.startswith(main)]
    rows = (row for row in study.analysis.rows() if row.estimand.startswith(ANSWERED) and " minus " in row.estimand)
    found = []
    for row in rows:
        outcome, _, arms = row.estimand.removeprefix(ANSWERED).partition(", ")
        if outcome in wanted and row.estimate is not None:
            ends = None if row.ci_low is None or row.ci_high is None else (row.ci_low, row.ci_high)
            figure = number(row.estimate, "percent", study.name, study.source, ends)
            cautions = tuple(each for each in row.warnings if each in (MANY_MISSING, UNEQUAL, NO_VARIATION))
            found.append((plainly(f"{outcome}: {arms.partition(' minus ')[0]}"), figure, cautions))
    return tuple(found)


def first_wave(rows: tuple[ScoreRow, ...]) -> tuple[ScoreRow, ...]:
    """The rows of the wave in which the scale was first asked."""
    return tuple(row for row in rows if row.wave == rows[0].wave)


def render_listening(told: Told) -> str:
    """The results as one HTML text."""
    return environment().get_template("listening/page.html.j2").render(**everything(told), style=style())


def render_listening_print(told: Told) -> str:
    """Two pages of A4 as one HTML text."""
    found = everything(told)
    arms = next((each for each in told.response.groupings if each.name == "arm"), None)
    room = PRINTED_PICTURES if arms is None else PRINTED_WITH_ARMS
    fitting = [score_picture(told, name, first_wave(rows)) for name, rows in told.scales[:room]]
    cut = {
        "pictures": fitting,
        "rows": told.scores[:PRINTED_ROWS],
        "more_rows": max(0, len(told.scores) - PRINTED_ROWS),
        "rates": told.response.rates[:PRINTED_RATES],
        "remarks": [short(each) for each in (*told.response.remarks, *told.remarks)][:PRINTED_REMARKS],
        "weaknesses": []
        if told.analysis is None or found["study"] is None
        else [short(each) for each in told.analysis.weaknesses[:4]],
        "changes": told.changes[:PRINTED_CHANGES],
        "more_changes": max(0, len(told.changes) - PRINTED_CHANGES),
        "effects": effects(found["study"], PRINTED_EFFECTS)[:1] if found["study"] else (),
        "more_effects": max(0, len(told.analysis.primary) - PRINTED_EFFECTS) if told.analysis and found["study"] else 0,
        "narrow": arms is None or len(arms.groups) <= PRINTED_ARMS,
    }
    sheet = style("palette.css", "print.css", "study/print.css", "listening/print.css")
    return environment().get_template("listening/print.html.j2").render(**{**found, **cut}, style=sheet)


def short(sentence: str) -> str:
    """The sentence, cut where it would take more than two lines of the print."""
    return sentence if len(sentence) <= LONGEST else f"{sentence[: LONGEST - 1].rsplit(' ', 1)[0]} …"
