"""What somebody can work out about hidden cells who sees the rest of the page and knows our rule.

The attacker knows every sum, that counts are whole and not negative, that a cell hidden for being small is below ten, and that one
hidden for its neighbours' sake is not. The least and the largest value of a cell under all that are two integer programmes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from commonbeat.listen.results.suppression.cells import FEWEST

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from numpy.typing import NDArray

    from commonbeat.listen.results.suppression.cells import Count, Sum, Tables

    Floats = NDArray[np.float64]


class Attacker:
    """A reader of the page on which `hidden` cells are not shown; asks as few programmes as needed, since every solution tells of all cells."""

    def __init__(self, tables: Tables, hidden: Collection[str]) -> None:
        self._names = [name for name in tables.counts if name in hidden]
        self._place = {name: place for place, name in enumerate(self._names)}
        cells = [tables.counts[name] for name in self._names]
        self._most = 10 * (sum(each.people for each in tables.counts.values()) + FEWEST)
        self._low = np.array([_least(each) for each in cells], dtype=float)
        self._high = np.array([FEWEST - 1 if each.printed and each.few else self._most for each in cells], dtype=float)
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

    def values(self, name: str, enough: int) -> int:
        """How many values the cell could have for all that the attacker knows; the search ends when there are `enough`."""
        place = self._place[name]
        for sign in (1.0, -1.0):
            if self._range(place) + 1 >= enough:
                break
            self._seen.append(self._solve(place, sign))
        return self._range(place) + 1

    def bounds(self, name: str) -> tuple[int, int]:
        """The least and the largest value that the cell could have."""
        place = self._place[name]
        return round(self._solve(place, 1.0)[place]), round(self._solve(place, -1.0)[place])

    def _range(self, place: int) -> int:
        values = [each[place] for each in self._seen]
        return round(max(values) - min(values))

    def _solve(self, place: int, sign: float) -> Floats:
        from scipy.optimize import Bounds, LinearConstraint, milp

        goal = np.zeros(len(self._names))
        goal[place] = sign
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


def _signed(each: Sum) -> Iterable[tuple[str, float]]:
    yield each.total, -1.0
    for part in each.parts:
        yield part, 1.0
