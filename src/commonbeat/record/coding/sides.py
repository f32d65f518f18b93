"""Judgements by side: a side is a role, officer, child or adult, and never one person."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from commonbeat.errors import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from commonbeat.errors import Mistakes
    from commonbeat.record.coding.ratings import Cell
    from commonbeat.record.coding.sheet import Code, Sheet

NUMBER: Final = re.compile(r"[ _-]*\d+$")
ROLE_OF: Final = {
    "officers": "officer",
    "children": "child",
    "adults": "adult",
    "other adult": "adult",
    "bystander": "adult",
    "bystanders": "adult",
}
ONE_VALUE: Final = "A side has one value: that of the act furthest from 0, and of two equally far the lower. Keep one."


def side_of(code: Code | None, subject: str, place: str, found: Mistakes) -> str:
    """The side that the subject is of, such as "officer" for "officer 2"; "" where the code has no sides or nobody is named."""
    if code is None or not code.sides or not subject:
        return ""
    word = NUMBER.sub("", " ".join(subject.split()).casefold())
    side = ROLE_OF.get(word, word)
    if side not in code.sides:
        found.add(place, subject, f"is no side of {code.name}", did_you_mean(side, code.sides))
    return side


def without_side(cells: Iterable[Cell], sheet: Sheet | None) -> list[str]:
    """A sentence for each code with sides that was judged without naming them."""
    missing: dict[str, int] = {}
    for cell in cells:
        code = None if sheet is None else sheet.code(cell.code)
        if code is not None and code.sides and cell.group.rpartition(", ")[2] not in code.sides:
            missing[code.name] = missing.get(code.name, 0) + 1
    return [
        f"{count} judgement{'s' if count > 1 else ''} of {name} name{'' if count > 1 else 's'} no side, so nothing tells whose it was: they are compared with each other only."
        for name, count in missing.items()
    ]
