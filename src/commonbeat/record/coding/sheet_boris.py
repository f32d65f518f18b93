"""A coding sheet as a BORIS project: an ethogram, subjects, and the variables by which coders and clips are told apart."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import TYPE_CHECKING, Any, Final

from commonbeat.record.coding.json_style import JsonStyle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commonbeat.record.coding.sheet import Code, Sheet

FORMAT: Final = "7.0"
SUBJECTS: Final = ("officer 1", "officer 2", "child 1", "child 2", "child 3", "child 4", "adult 1", "children")
KEYS: Final = "1234567890zxcvbnqwdfguopyek"
COLOURS: Final = ("#c8553d", "#2a6f97", "#588157", "#8e5572", "#d08c2f", "#4f5d75", "#7a9e7e", "#b56576", "#5e548e")


def as_boris(sheet: Sheet, subjects: Sequence[str] = SUBJECTS, made: dt.datetime | None = None) -> bytes:
    """The sheet as a .boris file without observations. subjects: who is marked, by role and number. made: when, left out: now.

    Sides of the sheet's codes are subjects too.

    Moments and judgements of an interval are point events, stretches are state events; the values are a modifier of which one is chosen.
    """
    made = made or dt.datetime.now(tz=dt.UTC)
    document = {
        "time_format": "hh:mm:ss",
        "project_date": made.strftime("%Y-%m-%dT%H:%M:%S"),
        "project_name": sheet.title,
        "project_description": sheet.instructions.strip(),
        "project_format_version": FORMAT,
        "subjects_conf": {
            str(number): {"key": key, "name": name, "description": "by role and place, never by name"}
            for number, (key, name) in enumerate(_keyed(sheet, subjects))
        },
        "behaviors_conf": {str(number): _behaviour(code, number) for number, code in enumerate(sheet.codes)},
        "observations": {},
        "behavioral_categories": [],
        "behavioral_categories_config": {},
        "independent_variables": {
            "0": _variable("coder", "who codes: initials or a number"),
            "1": _variable("clip", "the name of the clip, the same for all coders"),
        },
        "coding_map": {},
        "behaviors_coding_map": [],
        "converters": {},
    }
    return JsonStyle(indent=1, separators=(",", ":"), after=b"\n").written(document)


def _keyed(sheet: Sheet, subjects: Sequence[str]) -> list[tuple[str, str]]:
    """Each subject with a key that no code has; "" where keys run out, so that it is chosen by a click."""
    sides = [side for code in sheet.codes for side in code.sides]
    taken = {code.key.casefold() for code in sheet.codes}
    free = [key for key in KEYS if key not in taken]
    names = tuple(dict.fromkeys((*subjects, *sides)))
    return list(itertools.zip_longest(free[: len(names)], names, fillvalue=""))


def _behaviour(code: Code, number: int) -> dict[str, Any]:
    every = f" Once within every {code.interval_s:g} s." if code.interval_s else ""
    every += f" The subject is a side: {', '.join(code.sides)}." if code.sides else ""
    value = {"name": "value", "description": "", "type": 0, "ask at stop": False, "values": list(code.values)}
    return {
        "type": "State event" if code.kind == "stretch" else "Point event",
        "key": code.key,
        "code": code.name,
        "description": f"{code.definition}{every} Counts: {code.yes} Does not: {code.no}",
        "color": COLOURS[number % len(COLOURS)],
        "category": "",
        "modifiers": {"0": value} if code.values else {},
        "excluded": "",
        "coding map": "",
    }


def _variable(label: str, description: str) -> dict[str, str]:
    return {"label": label, "description": description, "type": "text", "default value": "", "possible values": ""}
