"""Places in a record, as people write them: when.hour, people.1.count. Rows are counted from 1.

The same places name the columns of a CSV file, the keys of [sources] and what an error is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any


def value_at(tree: Any, place: str) -> Any:
    """What stands at a place in a tree of tables and lists; None where nothing does."""
    for part in place.split("."):
        if isinstance(tree, Mapping):
            tree = tree.get(part)
        elif isinstance(tree, list | tuple) and part.isdecimal() and 1 <= int(part) <= len(tree):
            tree = tree[int(part) - 1]
        else:
            return None
    return tree


def leaves(tree: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """(place, value) of everything in a tree that is neither a table nor a list; empty ones count as values."""
    if isinstance(tree, Mapping):
        items: list[tuple[Any, Any]] = list(tree.items())
    elif isinstance(tree, list | tuple):
        items = list(enumerate(tree, start=1))
    else:
        yield place, tree
        return
    if not items:
        yield place, tree
    for key, value in items:
        yield from leaves(value, f"{place}.{key}" if place else str(key))


def as_place(location: str) -> str:
    """A place in the scenario's way of writing, people[0].count, as it is written here."""
    return re.sub(r"\[(\d+)\]", lambda match: f".{int(match[1]) + 1}", location)
