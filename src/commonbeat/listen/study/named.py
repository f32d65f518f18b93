"""Names of rows: each stands there once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from commonbeat.errors import Mistakes


def named_once(rows: Sequence[Mapping[str, Any]], place: str, found: Mistakes) -> None:
    """No two rows below `place` have the same name, or each later one stands in `found`."""
    seen: set[str] = set()
    for number, row in enumerate(rows, start=1):
        name = row.get("name")
        if isinstance(name, str) and name in seen:
            found.add(f"{place}.{number}.name", name, "is the name of an earlier one", "Take another name.")
        seen |= {name} if isinstance(name, str) else set()


def listed_once(words: Sequence[Any], place: str, found: Mistakes) -> None:
    """Each word stands in the list at `place` once, or each later one stands in `found`."""
    seen: set[str] = set()
    for number, word in enumerate(words, start=1):
        if isinstance(word, str) and word in seen:
            found.add(f"{place}.{number}", word, "stands there twice", "Take one out.")
        seen |= {word} if isinstance(word, str) else set()
