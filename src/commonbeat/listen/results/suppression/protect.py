"""Which cells of a page are hidden: those of few respondents, and beside them as few more as keep those from being worked out.

Cells of fewer than ten respondents are hidden (primary suppression). Then an attacker is asked what is left to know; while some hidden
cell has fewer than three values left, or the hidden parts of a shown total are fewer than ten people together, one more cell is hidden
(complementary suppression): the one that leaves fewest sums with a single hidden cell, the smallest of those; at the end whatever was hidden
needlessly is shown again. The problem is Fischetti and Salazar-Gonzalez's (2000), Journal of the American Statistical Association 95, 916-928: linked tables as one system of
sums. Their programme finds the pattern that loses least; this greedy one may hide a cell too many and never one too few. What is left is rounded, so that
nobody reads off how few were lost between two stages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from commonbeat.listen.results.suppression.attacker import Attacker
from commonbeat.listen.results.suppression.cells import FEWEST
from commonbeat.listen.results.suppression.rounding import COUNT_STEPS, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from commonbeat.listen.results.suppression.cells import Sum, Tables

FEWEST_VALUES = 3  # that a hidden count could have for all that a reader knows


@dataclass(frozen=True, slots=True)
class Shown:
    """A page's counts as they may be read. few: hidden for being small. beside: hidden for the sake of others. counts: the rest, exactly; step: to which a page rounds them."""

    counts: dict[str, int]
    few: frozenset[str]
    beside: frozenset[str]
    step: int = COUNT_STEPS[0]

    def people(self, name: str) -> int | None:
        """The count as it is told: rounded, or None where it is hidden."""
        found = self.counts.get(name)
        return None if found is None else nearest(found, self.step)

    @property
    def hidden(self) -> frozenset[str]:
        """Every cell that was asked for and is not shown; a page gives them all the same mark."""
        return self.few | self.beside


def protect(tables: Tables, losses: Iterable[tuple[str, str]] = ()) -> Shown:
    """The counts of a page that may be shown together. Every table of the page belongs into `tables`, or nothing is promised.

    losses: pairs of cells, of which the first less the second are people who were lost; of one to nine, no page tells how many.
    """
    never = {name for name, each in tables.counts.items() if not each.printed}
    few = {name for name, each in tables.counts.items() if each.printed and each.few}
    beside: set[str] = set()
    while (weak := _weakest(tables, never | few | beside)) and (more := _neighbour(tables, never | few | beside, weak)):
        beside.add(more)
    for name in sorted(beside, key=lambda name: -tables.counts[name].people):
        # What was hidden early may have become needless by what was hidden later.
        if not _weakest(tables, never | few | (beside - {name})):
            beside.remove(name)
    shown = {name: each.people for name, each in tables.counts.items() if name not in never | few | beside}
    step = _step(tables, never | few | beside, [pair for pair in losses if set(pair) <= shown.keys()])
    return Shown(shown, frozenset(few), frozenset(beside), step)


def _step(tables: Tables, hidden: set[str], losses: list[tuple[str, str]]) -> int:
    """The finest rounding in which a reader cannot work out how many were lost where few were."""
    small = [pair for pair in losses if 0 < tables.counts[pair[0]].people - tables.counts[pair[1]].people < FEWEST]
    for step in COUNT_STEPS[:-1]:
        attacker = Attacker(tables, hidden, step)
        if all(attacker.values(first, FEWEST_VALUES, less=second) >= FEWEST_VALUES for first, second in small):
            return step
    return COUNT_STEPS[-1]


def _weakest(tables: Tables, hidden: set[str]) -> set[str]:
    """Hidden cells that a reader could work out, alone or as a sum of few people; empty when all are safe."""
    for each in tables.sums:
        parts = [part for part in each.parts if part in hidden]
        exposed = parts and each.total not in hidden and all(tables.counts[part].told_something for part in parts)
        alone = len(parts) == 1 and _guarded(tables, parts[0])
        if exposed and (alone or sum(tables.counts[part].people for part in parts) < FEWEST):
            return set(parts)
    guarded = [name for name in hidden if _guarded(tables, name)]
    if not guarded:
        return set()
    attacker = Attacker(tables, hidden)
    guarded.sort(key=lambda name: (tables.counts[name].people, name))
    return next(({name} for name in guarded if attacker.values(name, FEWEST_VALUES) < FEWEST_VALUES), set())


def _guarded(tables: Tables, name: str) -> bool:
    """Whether a hidden cell must not be known: one that the page would print, or one of few people who told something."""
    return tables.counts[name].printed or tables.counts[name].few


def _neighbour(tables: Tables, hidden: set[str], weak: set[str]) -> str | None:
    """The cell to hide next, or None when nothing is left that could help.

    Candidates share a sum with the weak cells or with hidden cells that hang together with them.
    """
    reached, grown = set(weak), True
    touching: list[Sum] = []
    while grown:
        touching = [each for each in tables.sums if reached & _cells(each)]
        more = {name for each in touching for name in _cells(each) & hidden}
        grown = not more <= reached
        reached |= more
    found = {name for each in touching for name in _cells(each) if name not in hidden}
    totals = {each.total for each in touching}
    return min(
        found,
        key=lambda name: (*_cost(tables, hidden, name), name in totals, tables.counts[name].people, name),
        default=None,
    )


def _cost(tables: Tables, hidden: set[str], name: str) -> tuple[int, int]:
    """Sums that would have a hidden cell alone afterwards, less those that would no longer; and sums that are touched at all."""
    own = [each for each in tables.sums if name in _cells(each)]
    held = {each for each in hidden if _guarded(tables, each)}
    others = [len((_cells(each) - {name}) & held) for each in own]
    return sum(count == 0 for count in others) - sum(count == 1 for count in others), len(own)


def _cells(each: Sum) -> set[str]:
    return {each.total, *each.parts}
