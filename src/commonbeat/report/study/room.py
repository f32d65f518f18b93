"""What fits on two pages of A4: lists are cut by the lines that they take, and what was cut is counted, never dropped in silence."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from commonbeat.report.study.effects import Panel

LABEL_LETTERS = 38  # of a row's label on one line of the print
COLUMN_LETTERS = 68  # of a sentence on one line of half a page
FIRST_PAGE_LINES = 26  # rows of effects, groups and arms together
GROUP_LINES = 12
ARM_LINES = 6
LIST_LINES = 11
METHOD_LINES = 10
LONGEST_TITLE = 110
LONGEST_SENTENCE = 420


@dataclass(frozen=True, slots=True)
class Cut:
    """What is printed of a list, and how many more there are."""

    shown: tuple[Any, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Room:
    """Every list of the print, cut to its place."""

    title: str
    panels: tuple[tuple[Panel, Cut], ...]
    groups: Cut
    arms: Cut
    weaknesses: Cut
    would_change: Cut
    departures: Cut
    warnings: Cut
    methods: Cut


def room(found: dict[str, Any]) -> Room:
    """The lists of a study, cut so that they stand on two pages."""
    analysis = found["analysis"]
    groups = fit(found["groups"].lines if found["groups"] else (), line_height, GROUP_LINES)
    arms = fit(analysis.arms, lambda _: 1, ARM_LINES)
    left = FIRST_PAGE_LINES - sum(map(line_height, groups.shown)) - len(arms.shown)
    panels = []
    for panel in found["panels"]:
        cut = fit(panel.lines, line_height, left)
        left -= sum(map(line_height, cut.shown)) + 1
        panels.append((panel, cut))
    methods = [told for told in found["sections"] if told.rows]
    return Room(
        shortened(found["study"].title, LONGEST_TITLE),
        tuple(panels),
        groups,
        arms,
        sentences(analysis.weaknesses),
        sentences(analysis.would_change),
        sentences(analysis.departures or ()),
        sentences(found["warnings"]),
        fit(methods, lambda told: 1 + len(told.rows[0][0].estimand) // COLUMN_LETTERS, METHOD_LINES),
    )


def fit(items: Sequence[Any], height: Callable[[Any], int], lines: int) -> Cut:
    """As many of the first items as the lines hold, one at least."""
    shown, used = [], 0
    for item in items:
        used += height(item)
        if shown and used > lines:
            break
        shown.append(item)
    return Cut(tuple(shown), len(items) - len(shown))


def sentences(found: Sequence[str]) -> Cut:
    """Sentences for half a page; a very long one is cut where a word ends."""
    short = [shortened(sentence, LONGEST_SENTENCE) for sentence in found]
    return fit(short, lambda sentence: math.ceil(len(sentence) / COLUMN_LETTERS), LIST_LINES)


def line_height(line: Any) -> int:
    """The lines that a row takes: its label may wrap."""
    return max(1, math.ceil(len(line.label) / LABEL_LETTERS))


def shortened(text: str, most: int) -> str:
    """The text, or its beginning up to the end of a word."""
    return text if len(text) <= most else f"{text[:most].rsplit(' ', 1)[0]} …"
