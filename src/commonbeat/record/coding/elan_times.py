"""When each annotation of an ELAN file begins and ends.

A slot without a time lies evenly between its neighbours in the order of times. An annotation that refers to another has its time; where several
of one tier refer to the same one, they share it evenly, in their order, as ELAN shows them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from commonbeat.record.coding.elan_reading import WAY_OUT, Annotation, Parts

if TYPE_CHECKING:
    from commonbeat.errors import Mistakes


def times_of(parts: Parts, name: str, found: Mistakes) -> dict[str, tuple[float, float]]:
    """Seconds of start and end by the annotation's id; what cannot be placed is in `found`."""
    slots = _filled(parts)
    every = {each.id: each for tier in parts.tiers for each in tier.annotations}
    times: dict[str, tuple[float, float]] = {}
    for each in every.values():
        if not each.parent:
            missing = [slot for slot in (each.start, each.end) if slot not in slots]
            for slot in missing:
                found.add(f"{name}, line {each.line}", slot, "is a time slot that the file does not have", WAY_OUT)
            if not missing:
                times[each.id] = (slots[each.start], slots[each.end])
                if slots[each.start] > slots[each.end]:
                    found.add(f"{name}, line {each.line}", each.id, "ends before it begins", WAY_OUT)
    _place_referring(parts, every, times, name, found)
    return times


def _filled(parts: Parts) -> dict[str, float]:
    """Seconds of every slot, the missing ones evenly between their neighbours in the order of slots."""
    known = [(index, value / 1000) for index, (_, value) in enumerate(parts.slots) if value is not None]
    places, seconds = zip((-1, 0.0), *known, strict=True)
    times = np.interp(np.arange(len(parts.slots)), places, seconds)
    return dict(zip((slot for slot, _ in parts.slots), times.tolist(), strict=True))


def _place_referring(
    parts: Parts,
    every: dict[str, Annotation],
    times: dict[str, tuple[float, float]],
    name: str,
    found: Mistakes,
) -> None:
    """Each annotation that refers to another has a share of that one's time; parents are placed before their children."""
    families: dict[str, dict[str, list[Annotation]]] = {}
    for tier in parts.tiers:
        for each in tier.annotations:
            if each.parent and each.parent not in every:
                found.add(
                    f"{name}, line {each.line}", each.parent, "is an annotation that the file does not have", WAY_OUT
                )
            elif each.parent:
                families.setdefault(each.parent, {}).setdefault(tier.id, []).append(each)
    placed = [each.id for each in every.values() if not each.parent or each.parent not in every]
    reached = set(placed)
    for parent in placed:  # grows while it is walked: the children of every child come after it
        start, end = times.get(parent, (0.0, 0.0))
        for siblings in families.get(parent, {}).values():
            step = (end - start) / len(siblings)
            for place, each in enumerate(_in_order(siblings)):
                times[each.id] = (start + place * step, start + (place + 1) * step)
                placed.append(each.id)
                reached.add(each.id)
    for each in every.values():
        if each.id not in reached:
            found.add(f"{name}, line {each.line}", each.id, "refers to itself in a circle", WAY_OUT)


def _in_order(siblings: list[Annotation]) -> list[Annotation]:
    """The siblings, each after the one that it names as previous."""
    after = {each.previous: each for each in siblings}
    ordered: list[Annotation] = []
    here = after.get("")
    while here is not None and len(ordered) < len(siblings):
        ordered.append(here)
        here = after.get(here.id)
    return ordered if len(ordered) == len(siblings) else siblings
