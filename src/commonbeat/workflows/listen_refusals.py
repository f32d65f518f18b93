"""Every reason why something cannot be done, told at once: whoever mends one does not meet the next afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from commonbeat.errors import InputError, Mistake

if TYPE_CHECKING:
    from collections.abc import Callable


def refuse_all(heading: str, *checks: Callable[[], object]) -> tuple[Any, ...]:
    """What each check gave, in their order; or InputError lists what all of them found. A check raises InputError and changes nothing."""
    found: list[Mistake] = []
    given: list[Any] = []
    for check in checks:
        try:
            given.append(check())
        except InputError as error:
            found += error.mistakes or [Mistake("", None, error.heading)]
    if found:
        raise InputError(heading, found)
    return tuple(given)
