"""What fits on two pages of A4: lists are cut by the lines that they take, and what was cut is counted, never dropped in silence."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from commonbeat.report.chart import Picture
    from commonbeat.report.study.effects import Line, Panel

LABEL_LETTERS = 44  # of a row's label and note on one line of the print
COLUMN_LETTERS = 68  # of a sentence on one line of half a page
ESTIMAND_LETTERS, METHOD_LETTERS = 44, 52
FIRST_PAGE_ROWS = 15.5  # of effects, groups and arms together
GROUP_ROWS = 8.0
ARM_ROWS = 4.0
ARM_HEIGHT = 0.75
PANEL_HEIGHT = 1.5  # of a further ruler with its heading
LIST_LINES = 11
METHOD_LINES = 13
SECOND_PAGE_LINES = 38  # lists and table together, where pictures are to stand as well
PICTURE_LINES = 14
MOST_PICTURES = 3
MOST_TESTS = 1
FEW_ROWS = 4.0  # so few leave room for pictures on the first page
ROOMY_ROWS, ROOMY_LINES = 9.0, 27.0  # up to which letters can be larger
LONGEST_TITLE = 110
LONGEST_HEADING = 60
LONGEST_SENTENCE = 420
LONGEST_POPULATION = 180


@dataclass(frozen=True, slots=True)
class Cut:
    """What is printed of a list, and how many more there are."""

    shown: tuple[Any, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Room:
    """Every list of the print, cut to its place."""

    title: str
    population: str
    panels: tuple[tuple[Panel, Cut], ...]
    groups: Cut
    arms: Cut
    weaknesses: Cut
    would_change: Cut
    departures: Cut
    warnings: Cut
    methods: Cut
    first_pictures: Cut
    pictures: Cut
    held: str
    leads: bool
    size: str


def room(found: dict[str, Any]) -> Room:
    """The lists of a study, cut so that they stand on two pages."""
    analysis = found["analysis"]
    groups = fit(found["groups"].lines if found["groups"] else (), line_height, GROUP_ROWS)
    arms = fit(analysis.arms, lambda _: ARM_HEIGHT, ARM_ROWS)
    single = len(arms.shown) + len(found["group_tests"][:MOST_TESTS]) + bool(found["study"].short)
    panels, used = first_rows(found["panels"], height_of(groups, line_height) + ARM_HEIGHT * single)
    weak, change, left, warned = (sentences(each) for each in texts(found))
    methods = fit(found["beside_primary"], row_height, METHOD_LINES)
    lines = max(tall(weak) + tall(left), tall(change) + tall(warned)) + height_of(methods, row_height)
    drawn, held = drawings(found)
    all_drawn = Cut(tuple(drawn[:MOST_PICTURES]), len(drawn[MOST_PICTURES:]))
    none = Cut((), len(drawn))
    first = all_drawn if used <= FEW_ROWS else none
    pictures = all_drawn if used > FEW_ROWS and lines + PICTURE_LINES <= SECOND_PAGE_LINES else none
    lines += PICTURE_LINES if pictures.shown else 0
    return Room(
        title=shortened(found["study"].title, LONGEST_TITLE),
        population=shortened(analysis.design.population, LONGEST_POPULATION),
        panels=panels,
        groups=groups,
        arms=arms,
        weaknesses=weak,
        would_change=change,
        departures=left,
        warnings=warned,
        methods=methods,
        first_pictures=first,
        pictures=pictures,
        held=held,
        leads=any(told.leads for told in found["sections"]),
        size="roomy" if used <= ROOMY_ROWS and lines <= ROOMY_LINES else "dense",
    )


def drawings(found: dict[str, Any]) -> tuple[list[Picture], str]:
    """The pictures, those that stand beside the answer first, and the names of the sections that the printed ones are from."""
    sections = sorted(found["sections"], key=lambda told: not told.first)
    drawn = [(shown, told.section.title) for told in sections for shown in told.first]
    drawn += [(shown, told.section.title) for told in sections for shown in told.rest]
    titles = dict.fromkeys(found["study"].brief(title) for _, title in drawn[:MOST_PICTURES])
    return [shown for shown, _ in drawn], shortened(" · ".join(titles), LONGEST_HEADING)


def first_rows(panels: Sequence[Panel], used: float) -> tuple[tuple[tuple[Panel, Cut], ...], float]:
    """The panels cut to what is left of the first page, and what the page then holds."""
    found = []
    for panel in panels:
        if found and used + PANEL_HEIGHT >= FIRST_PAGE_ROWS:
            found.append((panel, Cut((), len(panel.lines))))
            continue
        cut = fit(panel.lines, line_height, FIRST_PAGE_ROWS - used)
        used += height_of(cut, line_height) + PANEL_HEIGHT * bool(found)
        found.append((panel, cut))
    return tuple(found), used


def texts(found: dict[str, Any]) -> tuple[Sequence[str], ...]:
    """Weaknesses, what would change the answer, departures from the plan, warnings that are not weaknesses already."""
    analysis = found["analysis"]
    return (found["weaknesses"], analysis.would_change, analysis.departures or (), found["warnings"])


def tall(cut: Cut) -> int:
    """The lines that sentences take in half a page."""
    return sum(math.ceil(len(sentence) / COLUMN_LETTERS) for sentence in cut.shown)


def row_height(row: Any) -> int:
    """The lines that a row of the table of methods takes."""
    return max(1 + len(row.estimand) // ESTIMAND_LETTERS, 1 + len(row.method) // METHOD_LETTERS)


def height_of(cut: Cut, height: Callable[[Any], float]) -> float:
    """What the shown items take together."""
    return sum(map(height, cut.shown))


def fit(items: Sequence[Any], height: Callable[[Any], float], lines: float) -> Cut:
    """As many of the first items as the lines hold, one at least."""
    shown, used = [], 0.0
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


def line_height(line: Line) -> float:
    """The rows that an effect takes: two lines of words stand beside one mark."""
    lines = math.ceil((len(line.label) + len(line.note) + 1) / LABEL_LETTERS)
    return 1 + max(0, lines - 2) / 2


def shortened(text: str, most: int) -> str:
    """The text, or its beginning up to the end of a word."""
    return text if len(text) <= most else f"{text[:most].rsplit(' ', 1)[0]} …"
