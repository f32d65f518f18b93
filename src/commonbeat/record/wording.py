"""pydantic's findings on a record or a consent, told in a record's own places and words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from commonbeat.errors import Mistake
from commonbeat.record.places import as_place
from commonbeat.scenario.wording import schema_mistakes

if TYPE_CHECKING:
    from pydantic import ValidationError

    from commonbeat.scenario.strict import StrictModel

POINTING_KEYS = [
    "name",
    "names",
    "first_name",
    "last_name",
    "full_name",
    "surname",
    "badge",
    "badge_number",
    "phone",
    "email",
    "address",
    "account",
    "handle",
    "birthday",
    "birth_date",
    "licence",
    "license",
]
PATTERNS = {
    "identifier": "is not made of 3 to 64 small letters, digits and hyphens",
    "encounter": "is not made of 3 to 64 small letters, digits and hyphens",
    "slot": 'is no slot such as "child 1", nor several such as "child 1 to 25"',
    "sha256": "is not made of 64 hexadecimal digits",
}
OTHER_PATTERN = "holds characters that cannot be printed"
PLAINER = (
    (re.compile(r"made of lower-case letters, digits and _"), ""),
    (re.compile(r"valid boolean"), "is neither true nor false"),
    (re.compile(r"valid date"), "is not a day such as 2026-06-13"),
    (re.compile(r"valid (?:array|tuple|list)"), "is not a list"),
    (re.compile(r"valid dictionary|a mapping|an object"), "is not a table"),
)


def told(error: ValidationError, model: type[StrictModel]) -> list[Mistake]:
    """Every finding as a mistake, one per place and rule."""
    found = [_reworded(each) for each in schema_mistakes(error, model).found]
    return list({(each.place, each.rule): each for each in found}.values())


def _reworded(mistake: Mistake) -> Mistake:
    """The mistake with a record's way of writing places, and with the reason where a key would name somebody."""
    place, rule, way_out = as_place(mistake.place), mistake.rule, mistake.way_out
    last = place.rpartition(".")[2]
    if rule == "is not a key that belongs here" and last.lower() in POINTING_KEYS:
        rule, way_out = "would point at a person", "Nobody is named in a record: roles and counts are all that is kept."
    for pattern, plainer in PLAINER:
        if pattern.search(rule):
            rule = plainer or PATTERNS.get(last, OTHER_PATTERN)
    return Mistake(place, mistake.value, rule, way_out)
