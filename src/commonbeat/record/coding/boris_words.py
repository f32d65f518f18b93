"""The subjects and modifiers that a BORIS project allows, read off its ethogram.

A code has sets of modifiers, by number: one value of a set is chosen (type 0), several joined by commas (1), a number is typed (2), or a value is set from
outside (3). A mark holds one entry per set, joined by |, "None" or nothing where none was chosen. A value may end in its key in brackets, which marks lack.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from commonbeat.errors import did_you_mean

if TYPE_CHECKING:
    from commonbeat.errors import Mistakes
    from commonbeat.record.coding.event import CodedEvent

SINGLE, MULTIPLE, NUMERIC = 0, 1, 2
KEY: Final = re.compile(r" *\([^()]*\)$")


def check_words(document: dict[str, Any], event: CodedEvent, found: Mistakes) -> None:
    """The mark's subject and modifiers are those of the project, or mistakes stand in `found`."""
    place = event.place or "event"
    subjects = [str(each.get("name", "")) for each in _tables(document.get("subjects_conf"))]
    if event.subject and event.subject not in subjects:
        way_out = did_you_mean(event.subject, subjects) if subjects else "Add it in BORIS, or leave it blank."
        found.add(place, event.subject, "is not a subject of the project", way_out)
    codes = _tables(document.get("behaviors_conf"))
    conf = next((each for each in codes if each.get("code") == event.code), None)
    if conf is not None and event.value:
        _check_modifiers(conf, event, place, found)


def _check_modifiers(conf: dict[str, Any], event: CodedEvent, place: str, found: Mistakes) -> None:
    sets = _tables(conf.get("modifiers"))
    parts = event.value.split("|")
    if not sets:
        found.add(place, event.value, f"is a modifier, and {event.code} has none in the project", "Leave it blank.")
    elif len(parts) > len(sets):
        rule = f"has {len(parts)} modifiers, and {event.code} has {len(sets)} in the project"
        found.add(place, event.value, rule, "Write one per set, joined by |.")
    for part, one in zip(parts, sets, strict=False):
        kind, known = one.get("type", SINGLE), [KEY.sub("", str(each)) for each in one.get("values") or ()]
        chosen = part.split(",") if kind == MULTIPLE else [part]
        for word in (each for each in chosen if each not in ("", "None")):
            if kind == NUMERIC and not _is_number(word):
                found.add(place, word, f"is not a number, as the modifier of {event.code} is", "Write a number.")
            elif kind in (SINGLE, MULTIPLE) and word not in known:
                found.add(place, word, f"is not a modifier of {event.code}", did_you_mean(word, known))


def _tables(value: object) -> list[dict[str, Any]]:
    """The tables within a table of tables; what has another form is stepped over."""
    return [each for each in value.values() if isinstance(each, dict)] if isinstance(value, dict) else []


def _is_number(text: str) -> bool:
    try:
        return abs(float(text)) < float("inf")
    except ValueError:
        return False
