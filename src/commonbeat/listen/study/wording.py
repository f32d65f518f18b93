"""pydantic's findings on a study, told in the places and words of its file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from commonbeat.errors import Mistake
from commonbeat.listen.study.model import StudyDesign
from commonbeat.listen.study.words import FORMAT, LANGUAGE
from commonbeat.record.places import as_place
from commonbeat.scenario.wording import schema_mistakes

if TYPE_CHECKING:
    from pydantic import ValidationError

NOT_A_WORD: Final = "is not made of lower-case letters, digits and _, beginning with a letter"
PATTERNS: Final = {
    "identifier": "is not made of 3 to 64 small letters, digits and hyphens",
    "encounter": "is not made of 3 to 64 small letters, digits and hyphens",
    "languages": 'is no code of a language such as "en" or "es-MX"',
    "organisation": "holds characters that cannot be printed",
    "contact": "holds characters that cannot be printed",
    "own_items": "is no path",
    "clip": "is no path",
    "picture": "is no path",
}
BY_LANGUAGE: Final = (
    "title",
    "purpose",
    "compensation",
    "debriefing",
    "debriefing_for_children",
    "description",
    "text",
    "captions",
)
PLAINER: Final = (
    (re.compile(r"valid boolean"), "is neither true nor false"),
    (re.compile(r"valid date"), "is not a day such as 2026-06-13"),
    (re.compile(r"valid (?:array|tuple|list)"), "is not a list"),
    (re.compile(r"valid dictionary|a mapping|an object"), "is not a table"),
    (re.compile(r"at most (\d+) items?"), "has more than {0}"),
)


def told(error: ValidationError) -> list[Mistake]:
    """Every finding as a mistake, one per place and rule."""
    found = [_reworded(each) for each in schema_mistakes(error, StudyDesign).found]
    return list({(each.place, each.rule): each for each in found}.values())


def _reworded(mistake: Mistake) -> Mistake:
    place, rule, way_out = as_place(mistake.place), mistake.rule, mistake.way_out
    parts = [part for part in place.split(".") if not part.isdecimal()]
    last = parts[-1]
    holder = next((part for part in parts if part in BY_LANGUAGE), None)
    if place == "format" and rule != "is missing":
        rule, way_out = "is no version of this form", f"Write format = {FORMAT}."
    if rule == NOT_A_WORD:
        if holder and last != holder:
            rule = "holds characters that cannot be printed"
            if not re.match(LANGUAGE, last):
                rule = "is under no code of a language"
                way_out = f'Write {holder}.en = "..." with the code of each language.'
        else:
            rule = PATTERNS.get(last, rule)
    elif rule.endswith("not a table") and last in BY_LANGUAGE:
        way_out = f'Write one text for each language, as in {last}.en = "...". {way_out}'
    for pattern, plainer in PLAINER:
        matched = pattern.search(rule)
        if matched:
            rule = plainer.format(*matched.groups())
    return Mistake(place, mistake.value, rule, way_out)
