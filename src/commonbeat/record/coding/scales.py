"""Values as coders wrote them become places on a scale, and cells become one table per code."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from commonbeat.errors import CodingError, Mistakes, did_you_mean
from commonbeat.record.coding.codes_table import HEADING
from commonbeat.record.coding.ratings import Cell, Ratings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commonbeat.record.coding.levels import Level
    from commonbeat.record.coding.sheet import Code, Sheet

YES, NO = ("yes", "y", "true", "1"), ("no", "n", "false", "0")
MOST_VALUES: Final = 2000


class _Scale(NamedTuple):
    level: Level
    values: tuple[str, ...]
    scores: np.ndarray
    places: dict[str, int]


def ratings_of(cells: Sequence[Cell], sheet: Sheet | None = None, level: Level | None = None) -> tuple[Ratings, ...]:
    """One table per code and group, in the order of the sheet or, without one, of the cells.

    level: for codes that the sheet does not know; left out, nominal. Raises CodingError with every value that is not on its scale.
    """
    found = Mistakes()
    named: dict[str, list[Cell]] = {}
    for cell in cells:
        named.setdefault(cell.code, []).append(cell)
    order = [code.name for code in sheet.codes] if sheet else []
    names = sorted(named, key=lambda name: order.index(name) if name in order else len(order))
    made = []
    for name in names:
        code = sheet.code(name) if sheet else None
        scale = _scale(named[name], code, level, found)
        if scale is not None:
            groups = dict.fromkeys(cell.group for cell in named[name])
            made.extend(_table(name, group, scale, named[name]) for group in sorted(groups))
    if not cells:
        found.add("codes", None, "are all blank", "Fill in the codes, or check that these are the right files.")
    found.raise_if_any(CodingError, HEADING)
    return tuple(made)


def _scale(cells: Sequence[Cell], code: Code | None, asked: Level | None, found: Mistakes) -> _Scale | None:
    """The scale of one code's values, or None after a mistake."""
    level: Level = code.level if code else (asked or "nominal")
    if code and code.values:
        return _listed(cells, code, found)
    numbers = {cell.value: _number(cell.value) for cell in cells}
    numeric = level != "nominal"
    before = len(found.found)
    for cell in cells if numeric else ():
        if math.isnan(numbers[cell.value]):
            way_out = "Give a sheet that lists the values in their order." if level == "ordinal" else "Write a number."
            found.add(cell.place, cell.value, f"is not a number, and {cell.code} is {level}", way_out)
        elif level == "ratio" and numbers[cell.value] < 0:
            found.add(cell.place, cell.value, "is below zero on a ratio scale", "A ratio scale begins at zero.")
    if len(found.found) > before:
        return None
    if not numeric:
        values = tuple(sorted({_folded(cell.value) for cell in cells}))
        index = {cell.value: values.index(_folded(cell.value)) for cell in cells}
        return _Scale(level, values, np.arange(len(values), dtype=float), index)
    ordered = sorted(set(numbers.values()))
    if len(ordered) > MOST_VALUES:
        found.add(cells[0].code, len(ordered), f"has more than {MOST_VALUES} different values", "Round them.")
        return None
    places = {value: place for place, value in enumerate(ordered)}
    index = {written: places[value] for written, value in numbers.items()}
    return _Scale(level, tuple(f"{value:g}" for value in ordered), np.array(ordered), index)


def _listed(cells: Sequence[Cell], code: Code, found: Mistakes) -> _Scale | None:
    """The scale that the sheet lists; "y" and "1" are yes, "n" and "0" are no, where the values are yes and no."""
    places = {_folded(value): place for place, value in enumerate(code.values)}
    if set(places) == {"yes", "no"}:
        places |= dict.fromkeys(YES, places["yes"]) | dict.fromkeys(NO, places["no"])
    index: dict[str, int] = {}
    before = len(found.found)
    for cell in cells:
        place = places.get(_folded(cell.value), places.get(_folded(cell.value).removeprefix("+")))
        if place is None:
            rule = f"is not a value of {code.name}"
            found.add(cell.place, cell.value, rule, did_you_mean(cell.value, code.values))
        else:
            index[cell.value] = place
    if len(found.found) > before:
        return None
    scores = [_number(value) for value in code.values]
    numeric = code.level in ("interval", "ratio")
    return _Scale(code.level, code.values, np.array(scores if numeric else range(len(code.values)), dtype=float), index)


def _folded(value: str) -> str:
    number = _number(value)
    return " ".join(value.split()).casefold() if math.isnan(number) else f"{number:g}"


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return math.nan
    return value if math.isfinite(value) else math.nan


def _table(name: str, group: str, scale: _Scale, cells: Sequence[Cell]) -> Ratings:
    own = [cell for cell in cells if cell.group == group]
    units = {cell.unit: cell for cell in reversed(own)}
    rows = {
        unit: row
        for row, unit in enumerate(sorted(units, key=lambda unit: (units[unit].clip, units[unit].start_s, unit)))
    }
    coders = tuple(sorted({cell.coder for cell in own}))
    given = np.full((len(rows), len(coders)), -1, dtype=np.int64)
    for cell in own:
        given[rows[cell.unit], coders.index(cell.coder)] = scale.places[cell.value]
    return Ratings(
        code=name,
        group=group,
        level=scale.level,
        values=scale.values,
        scores=scale.scores,
        units=tuple(rows),
        clips=tuple(units[unit].clip for unit in rows),
        start_s=np.array([units[unit].start_s for unit in rows]),
        coders=coders,
        given=given,
    )
