"""How a scale's score is called in a table, and how a design for `commonbeat estimate` declares it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from commonbeat.listen.results.variable import column_name

if TYPE_CHECKING:
    from commonbeat.listen.bank.item import Scale
    from commonbeat.listen.results.collected import Collected


def score_name(scale: Scale, wave: str, collected: Collected) -> str:
    """The name of a scale's score in a wave; never that of an item's column."""
    name = column_name(scale.identifier, wave, collected)
    taken = {column_name(item.identifier, wave, collected) for item in scale.items}
    return f"{name}_score" if name in taken else name


def scale_keys(scale: Scale, wave: str, collected: Collected) -> dict[str, Any]:
    """The scale as a design's [scales] has it: points of an answer, so that readers know what one is."""
    items = [item for item in scale.items if item.audience & set(collected.study.audience)]
    points = [item.format.scored or (item.format.low, item.format.high) for item in items]
    ends = [end for each in points for end in each if end is not None]
    return {
        "items": tuple(column_name(item.identifier, wave, collected) for item in items),
        "reverse": tuple(column_name(item.identifier, wave, collected) for item in items if item.reversed),
        "minimum": float(min(ends)),
        "maximum": float(max(ends)),
        "standardise": "none",
    }
