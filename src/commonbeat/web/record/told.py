"""A record as a page tells it: in the steps of its form, with the labels of its form, nothing that nobody knows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from commonbeat.record.places import leaves
from commonbeat.record.plain import plain_record, read_tree
from commonbeat.web.record.words import LABELS, STEPS

if TYPE_CHECKING:
    from commonbeat.record.encounter import Encounter


@dataclass(frozen=True, slots=True)
class Section:
    """One step's facts: (label, value), rows told in one line each."""

    title: str
    facts: tuple[tuple[str, str], ...]


def sections_of(encounter: Encounter) -> tuple[Section, ...]:
    """Everything that the record says but its consent, which is told by scope."""
    tree = read_tree(plain_record(encounter))
    found = []
    for step in STEPS:
        facts = [fact for name in step.names if name != "consent" for fact in _facts(name, tree.get(name))]
        if facts:
            found.append(Section(step.title, tuple(facts)))
    return tuple(found)


def _facts(place: str, value: Any) -> list[tuple[str, str]]:
    if value is None or value == {}:
        return []
    if isinstance(value, dict):
        return [fact for key, each in value.items() for fact in _facts(f"{place}.{key}", each)]
    if isinstance(value, list) and value and isinstance(value[0], dict):
        lines = [
            "; ".join(f"{_name(key)}: {_words(each)}" for key, each in leaves(row) if each is not None) for row in value
        ]
        return [(f"{_label(place)} {number}", line) for number, line in enumerate(lines, 1)]
    return [(_label(place), _words(value))]


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_words(each) for each in value) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value)


def label_at(place: str) -> str:
    """What a place is called on the form, with the number of its row."""
    numbers = re.findall(r"\.(\d+)", place)
    return " ".join([_label(place), *(f"({number})" for number in numbers)])


def _label(place: str) -> str:
    general = re.sub(r"\.\d+", ".*", place)
    return LABELS.get(general) or _name(place.rpartition(".")[2]).capitalize()


def _name(key: str) -> str:
    return key.rpartition(".")[2].replace("_", " ")
