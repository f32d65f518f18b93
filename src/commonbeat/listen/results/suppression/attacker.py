"""What somebody can work out about hidden cells who sees the rest of the page and knows our rule.

The attacker knows every sum, that counts are whole and not negative, that a cell hidden for being small is below ten, and that one
hidden for its neighbours' sake is not. What is shown they know exactly, or, where the page rounds, within its step. The least and the largest value
of a cell, or of a difference of two, under all that are two integer programmes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from commonbeat.listen.results.suppression.cells import FEWEST
from commonbeat.listen.results.suppression.rounding import behind, nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from numpy.typing import NDArray

    from commonbeat.listen.results.suppression.cells import Count, Sum, Tables

    Floats = NDArray[np.float64]


class Attacker:
    """A reader of the page on which `hidden` cells are not shown; asks as few programmes as needed, since every solution tells of all cells.

    step: to which shown counts are rounded; 1 for a page that tells them exactly.
    """

    def __init__(self, tables: Tables, hidden: Collection[str], step: int = 1) -> None:
        self._names = [name for name in tables.counts if name in hidden or step > 1]
        self._place = {name: place for place, name in enumerate(self._names)}
        cells = [tables.counts[name] for name in self._names]
        most = 10 * (sum(each.people for each in tables.counts.values()) + FEWEST)
        ends = [(_least(each), _largest(each, most)) if each.name in hidden else _rounded(each, step) for each in cells]
        self._low, self._high = np.array(ends, dtype=float).reshape(len(ends), 2).T
        self._matrix, self._right = self._equations(tables)
        self._seen = [np.array([each.people for each in cells], dtype=float)]

    def _equations(self, tables: Tables) -> tuple[Floats, Floats]:
        rows, right = [], []
        for each in tables.sums:
            if not any(name in self._place for name in (each.total, *each.parts)):
                continue
            row, known = np.zeros(len(self._names)), 0.0
            for name, sign in _signed(each):
                if name in self._place:
                    row[self._place[name]] += sign
                else:
                    known += sign * tables.counts[name].people
            rows.append(row)
            right.append(-known)
        return np.array(rows).reshape(len(rows), len(self._names)), np.array(right)

    def values(self, name: str, enough: int, less: str = "") -> int:
        """How many values the cell, less another where one is named, could have for all that the attacker knows.

        The search ends when there are `enough`. A difference below zero does not count: who was lost is nobody or somebody.
        """
        goal = self._goal(name, less)
        for sign in (1.0, -1.0):
            if self._range(goal) + 1 >= enough:
                break
            self._seen.append(self._solve(sign * goal))
        return self._range(goal) + 1

    def bounds(self, name: str) -> tuple[int, int]:
        """The least and the largest value that the cell could have."""
        goal = self._goal(name)
        return round(float(goal @ self._solve(goal))), round(float(goal @ self._solve(-goal)))

    def _goal(self, name: str, less: str = "") -> Floats:
        goal = np.zeros(len(self._names))
        goal[self._place[name]] = 1.0
        if less:
            goal[self._place[less]] = -1.0
        return goal

    def _range(self, goal: Floats) -> int:
        values = [max(0.0, float(goal @ each)) for each in self._seen]
        return round(max(values) - min(values))

    def _solve(self, goal: Floats) -> Floats:
        from scipy.optimize import Bounds, LinearConstraint, milp

        # The stubs of Bounds and LinearConstraint know single numbers only; both take arrays.
        within = Bounds(self._low, self._high)  # pyright: ignore[reportArgumentType]
        rules = LinearConstraint(self._matrix, self._right, self._right) if len(self._right) else ()  # pyright: ignore[reportArgumentType]
        found = milp(goal, integrality=np.ones(len(goal)), bounds=within, constraints=rules)
        if found.x is None:  # the true counts always solve it
            message = f"the attacker's programme has no solution: {found.message}"
            raise RuntimeError(message)
        return np.round(found.x)


def bounds(tables: Tables, hidden: Collection[str]) -> dict[str, tuple[int, int]]:
    """For each hidden cell the least and the largest count that fit everything that a reader can know."""
    attacker = Attacker(tables, hidden)
    return {name: attacker.bounds(name) for name in tables.counts if name in hidden}


def _least(cell: Count) -> float:
    """Below this a hidden cell cannot lie: a printed one that is not small was hidden for its neighbours' sake."""
    return FEWEST if cell.printed and cell.told_something and not cell.few else 0


def _largest(cell: Count, most: int) -> float:
    """Above this a hidden cell cannot lie: one that would be printed and is small is known to be small."""
    return FEWEST - 1 if cell.printed and cell.few else most


def _rounded(cell: Count, step: int) -> tuple[int, int]:
    """Between which a cell lies that is shown to the nearest `step`."""
    return behind(nearest(cell.people, step), step, FEWEST if cell.told_something else 0)


def _signed(each: Sum) -> Iterable[tuple[str, float]]:
    yield each.total, -1.0
    for part in each.parts:
        yield part, 1.0
