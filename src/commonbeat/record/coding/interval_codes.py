"""Judgements of intervals that were marked on a clip's clock become values of units, as agreement of values needs them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commonbeat.errors import CodingError, Mistakes
from commonbeat.record.coding.codes_table import HEADING
from commonbeat.record.coding.ratings import Cell
from commonbeat.record.coding.sides import ONE_VALUE, side_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from commonbeat.record.coding.event import CodedEvent
    from commonbeat.record.coding.sheet import Sheet


def parted(events: Iterable[CodedEvent], sheet: Sheet | None) -> tuple[list[CodedEvent], list[Cell]]:
    """The marks of what happened, and the judgements of intervals: each belongs to the interval in which its middle lies.

    Where the code has sides, it belongs to the side of its subject. Codes lose the case of their letters, as they do in tables, so that marks of all programs meet.

    Raises CodingError where a coder judged one interval twice or without a value.
    """
    found = Mistakes()
    marks, cells = [], []
    seen: dict[tuple[str, str, str, str], str] = {}
    for event in events:
        code = sheet.code(event.code) if sheet is not None else None
        if code is None or code.interval_s is None:
            marks.append(event._replace(code=event.code.casefold()))
            continue
        number = int((event.start_s + event.end_s) / 2 / code.interval_s)
        unit = f"{event.clip} {number * code.interval_s:g} to {(number + 1) * code.interval_s:g} s"
        side = side_of(code, event.subject, event.place, found)
        key = (code.name, unit, side, event.coder)
        if not event.value:
            found.add(
                event.place, event.code, "is a judgement without a value", f"Choose one: {', '.join(code.values)}."
            )
        if key in seen:
            found.add(
                event.place,
                event.value,
                f"is a second judgement of {unit}{f', {side}' if side else ''}",
                f"The first stands at {seen[key]}. {ONE_VALUE}"
                if side
                else f"The first stands at {seen[key]}: keep one.",
            )
        seen.setdefault(key, event.place)
        cells.append(
            Cell(code.name, side, unit, event.clip, number * code.interval_s, event.coder, event.value, event.place)
        )
    found.raise_if_any(CodingError, HEADING)
    return marks, cells
