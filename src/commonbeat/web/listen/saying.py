"""Days, people, languages, waves and arms in words, as the pages of the team say them."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any, Final

from commonbeat.web.listen.words import LABELS, ROW_WORDS

if TYPE_CHECKING:
    from commonbeat.listen.bank.item import Bank

MONTHS: Final = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]  # not the locale's: the pages of the team are in English wherever the app runs
PEOPLE: Final = {"adult": "adults", "child": "children", "officer": "officers"}
DESIGN: Final = {"present": "those who were there", "residents": "residents", "viewers": "viewers of the clip"}
KINDS: Final = {
    "clip": "the clip",
    "control_clip": "a clip of something else",
    "clip_with_record": "the clip, then the department's record",
    "text": "the story in words",
}
LINKS: Final = {"open": "A link for many", "kiosk": "A kiosk", "offline": "A file without a network"}
STATES: Final = {
    "invited": "Have a link and have not agreed yet",
    "permitted": "A guardian agreed, the child has not answered yet",
    "declined": "Said no",
    "withdrawn": "Took everything back",
    "consented": "Agreed, and are not done",
    "finished": "Finished",
}
COLLECTORS: Final = {
    "officer": "an officer",
    "researcher": "a researcher",
    "resident": "a resident",
    "school": "a school",
    "youth organisation": "a youth organisation",
    "city office": "a city office",
    "oversight board": "an oversight board",
}


def day_in_words(day: dt.date | str) -> str:
    """The day as people write it: 3 May 2026. A text is one such as 2026-05-03."""
    day = dt.date.fromisoformat(day) if isinstance(day, str) else day
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def worded(sentence: str) -> str:
    """The sentence with its days, which the command line writes as 2026-05-03, as people write them."""
    return re.sub(r"\b\d{4}-\d\d-\d\d\b", lambda found: day_in_words(found.group()), sentence)


def spoken(name: str) -> str:
    """A short name of the study's file as words: month_later is month later."""
    return name.replace("_", " ")


def language_name(bank: Bank, code: str) -> str:
    """The language in its own words, or its code where nobody has named it."""
    return bank.words[code].name if code in bank.words else code


def called(place: str, bank: Bank) -> str:
    """What a place of a study's file is called on the form: arms.2.text.en is "Arm 2, words to read (English)"."""
    keys = place.split(".")
    row = next((f"{word} {keys[1]}" for name, word in ROW_WORDS.items() if keys[0] == name and keys[1:]), "")
    language = language_name(bank, keys[-1]) if len(keys) > 1 and keys[-1] in bank.words else ""
    general = [re.sub(r"^\d+$", "*", each) for each in (keys[:-1] if language else keys)]
    while general and general[-1] == "*":
        general.pop()
    label = LABELS.get(".".join(general)) or spoken(general[-1] if general else place).capitalize()
    if row and len(general) == 1:
        return row
    said = f"{row}, {label[:1].lower()}{label[1:]}" if row else label
    return f"{said} ({language})" if language else said


def sayings(bank: Bank) -> dict[str, Any]:
    """What templates of the part say things with."""
    return {
        "day": day_in_words,
        "spoken": spoken,
        "worded": worded,
        "people": PEOPLE,
        "designs": DESIGN,
        "link_kinds": LINKS,
        "arm_kinds": KINDS,
        "called": lambda place: called(place, bank),
        "language_of": lambda code: language_name(bank, code),
    }
