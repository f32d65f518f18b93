"""Slots as a file may write them: "child 1", or "child 1 to 25" for twenty-five people who said the same.

A permission for several is read as one permission for each of them, so that whatever reads a consent finds it person by
person. Mistakes are told at the row of the file that they come from.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from commonbeat.errors import Mistake

WRITTEN = r"^(officer|child|adult) [1-9][0-9]{0,3}( to [1-9][0-9]{0,3})?$"
MOST_PEOPLE = 1000  # as many as may be visible of one role
MOST_PERMISSIONS = 4 * MOST_PEOPLE  # officers, adults, and children with their guardians


def slots_of(written: object) -> tuple[str, ...]:
    """Every slot that the words stand for; none where they are no slot, run backwards, or stand for more than 1000."""
    if not isinstance(written, str) or not re.fullmatch(WRITTEN, written):
        return ()
    role, first, *last = written.replace(" to ", " ").split(" ")
    numbers = range(int(first), int(last[0] if last else first) + 1)
    return tuple(f"{role} {number}" for number in numbers) if len(numbers) <= MOST_PEOPLE else ()


def spread_out(consent: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[int, ...]]:
    """(the consent with one permission for each person, the number of the file's row behind each of its permissions).

    A row that cannot be read, and what goes beyond `MOST_PERMISSIONS`, stays as it is, for the checks to tell.
    """
    written = consent.get("permissions")
    if not isinstance(written, list | tuple):
        return dict(consent), ()
    made: list[Any] = []
    behind: list[int] = []
    for number, row in enumerate(written, start=1):
        slots = slots_of(row.get("slot")) if isinstance(row, Mapping) else ()
        several = len(slots) > 1 and len(made) + len(slots) <= MOST_PERMISSIONS
        rows = [{**row, "slot": slot} for slot in slots] if several or len(slots) == 1 else [row]
        made += rows
        behind += [number] * len(rows)
    return {**consent, "permissions": made}, tuple(behind)


def told_in_rows(mistakes: Iterable[Mistake], place: str, behind: tuple[int, ...]) -> list[Mistake]:
    """The mistakes at the rows of the file, each told once. place: of the consent in its record, with a dot."""
    row = re.compile(rf"{re.escape(place)}permissions\.(\d+)(.*)")
    found = {}
    for each in mistakes:
        match = row.fullmatch(each.place)
        if match and 1 <= int(match[1]) <= len(behind):
            here = f"{place}permissions.{behind[int(match[1]) - 1]}{match[2]}"
            found.setdefault((here, each.rule), replace(each, place=here))
        else:
            found.setdefault((each.place, each.rule), each)
    return list(found.values())
