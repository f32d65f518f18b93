"""The page: one HTML file that needs no network, no script and no second file.

render_listening(told)         for a screen of any width
render_listening_print(told)   two pages of A4; what does not fit is counted and stands on the screen's page
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from commonbeat.listen.results.names import plainly
from commonbeat.report.listening.answer import answer_sentences
from commonbeat.report.listening.lost import Lost, lost_by_arm, weaknesses
from commonbeat.report.listening.picture import capital, effect_picture, response_picture, score_picture
from commonbeat.report.number import number
from commonbeat.report.page import asset, environment
from commonbeat.report.study.study import NO_CLAIM

if TYPE_CHECKING:
    from commonbeat.listen.results.shown import ShownScore
    from commonbeat.report.chart import Picture
    from commonbeat.report.listening.told import Told

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
    "Nothing is said of single persons or officers. Figures of fewer than ten respondents are hidden, and so are those from which they could be worked out; the rest is rounded.",
)


def style(*further: str) -> Markup:
    """All style of the page."""
    names = ("palette.css", "chart.css", "report.css", "study/study.css", "listening/listening.css", *further)
    return Markup(re.sub(r"\n\s*", "\n", "".join(asset(name) for name in names)))  # noqa: S704 - our own files


def everything(told: Told) -> dict[str, Any]:
    """What both templates show."""
    lost = lost_by_arm(told)
    return {
        "told": told,
        "contents": SECTIONS,
        "statement": statement(told),
        "response": response_picture(told),
        "scores": tuple((name, score_picture(told, name, rows), rows) for name, rows in told.scales),
        "answer": answer_sentences(told.effects),
        "effects": effects(told),
        "lost": [lost_words(told, each) for each in lost],
        "weaknesses": weaknesses(told, lost),
        "limits": LIMITS,
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
    parts = [f"about {begun:,} people {word}" if begun is not None else ""]
    parts.append(f"about {first:,} answered the first wave" if first is not None else "")
    last = response.people(response.columns[-1]) if len(response.columns) > 2 else None
    parts.append(f"about {last:,} the last" if last is not None else "")
    told_parts = [part for part in parts if part]
    return capital(", ".join(told_parts[:-1]) + (" and " if len(told_parts) > 1 else "") + told_parts[-1] + ".")


def effects(told: Told, most: int | None = None) -> tuple[Picture, ...]:
    """The effects that the plan declared, as a picture, none where there are none; most: rows of it, the rest is counted in its words."""
    rows = told.effects[:most]
    if not rows:
        return ()
    title = f"Against “{plainly(told.control)}”" if told.control else "More stops, the same person"
    return (effect_picture(told, rows, title, len(told.effects) - len(rows)),)


def lost_words(told: Told, lost: Lost) -> tuple[str, Markup]:
    """A wave and an arm, and how much larger the share who answered is there."""
    figure = number(lost.difference, "percent", NO_CLAIM, told.source, (lost.low, lost.high))
    return f"{plainly(lost.wave)}: {plainly(lost.arm)}", figure


def first_wave(rows: tuple[ShownScore, ...]) -> tuple[ShownScore, ...]:
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
        "cautions": [short(each) for each in told.cautions],
        "weaknesses": [short(each) for each in found["weaknesses"]],
        "changes": told.changes[:PRINTED_CHANGES],
        "more_changes": max(0, len(told.changes) - PRINTED_CHANGES),
        "effects": effects(told, PRINTED_EFFECTS),
        "more_effects": max(0, len(told.effects) - PRINTED_EFFECTS),
        "narrow": arms is None or len(arms.groups) <= PRINTED_ARMS,
    }
    sheet = style("palette.css", "print.css", "study/print.css", "listening/print.css")
    return environment().get_template("listening/print.html.j2").render(**{**found, **cut}, style=sheet)


def short(sentence: str) -> str:
    """The sentence, cut where it would take more than two lines of the print."""
    return sentence if len(sentence) <= LONGEST else f"{sentence[: LONGEST - 1].rsplit(' ', 1)[0]} …"
