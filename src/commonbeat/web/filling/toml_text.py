"""TOML that somebody typed into a page: whether it may be read by the server itself."""

from __future__ import annotations

from typing import Final

from commonbeat.errors import Mistake

LONGEST: Final = 200_000
MOST_DOTS: Final = 500
"""In one line. A key of 40,000 parts between dots keeps a reader of TOML busy for minutes and takes gigabytes; no prose has so many in a paragraph."""


def wrong_with(text: str, place: str) -> tuple[Mistake, ...]:
    """Why the text must not be read here; nothing for a text that can be read in a moment."""
    if len(text) > LONGEST:
        rule = f"is longer than {LONGEST:,} letters"
        return (Mistake(place, None, rule, "Take out what is not needed."),)
    for number, line in enumerate(text.split("\n"), 1):
        if line.count(".") > MOST_DOTS:
            rule = f"has more than {MOST_DOTS} dots in line {number}"
            return (Mistake(place, None, rule, "Break that line into several."),)
    return ()
