"""Nobody who reads a page can work out a hidden cell: looked for by linear programming, and by trying every table that fits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from scipy.optimize import linprog

from commonbeat.listen.results.suppression import FEWEST, Tables, bounds, protect

COUNTS = some.one_of(some.integers(0, 14), some.integers(0, 60))
TABLES = some.tuples(some.integers(1, 4), some.integers(2, 4)).flatmap(
    lambda shape: some.lists(COUNTS, min_size=shape[0] * shape[1], max_size=shape[0] * shape[1]).map(
        lambda cells: np.array(cells).reshape(shape)
    )
)


def table_of(cells: np.ndarray) -> Tables:
    rows, columns = ([f"{kind}{place}" for place in range(size)] for kind, size in zip("rc", cells.shape, strict=True))
    made = Tables()
    made.add_table(
        {(row, column): int(cells[i, j]) for i, row in enumerate(rows) for j, column in enumerate(columns)},
        rows,
        columns,
    )
    return made


def relaxed_range(tables: Tables, shown: dict[str, int], few: frozenset[str], name: str) -> tuple[float, float]:
    """The least and largest value by linear programming, written anew: all cells are unknowns, what is shown is an equation."""
    names = list(tables.counts)
    place = {each: number for number, each in enumerate(names)}
    rows, right = [], []
    for each in tables.sums:
        row = np.zeros(len(names))
        row[place[each.total]] = -1
        for part in each.parts:
            row[place[part]] += 1
        rows.append(row)
        right.append(0)
    limits = [
        (shown[each], shown[each]) if each in shown else (0, FEWEST - 1) if each in few else (0, None) for each in names
    ]
    goal = np.zeros(len(names))
    goal[place[name]] = 1
    ends = []
    for sign in (1, -1):
        found = linprog(sign * goal, A_eq=np.array(rows), b_eq=np.array(right), bounds=limits)
        ends.append(np.inf if found.status == 3 else sign * found.fun)
    return ends[0], ends[1]


@settings(deadline=None, max_examples=60)
@given(TABLES)
def test_a_reader_who_knows_the_margins_and_the_rule_pins_no_hidden_cell(cells: np.ndarray) -> None:
    tables = table_of(cells)
    found = protect(tables)
    for name in found.hidden:
        low, high = relaxed_range(tables, found.counts, found.few, name)
        assert high - low > 0.5, f"{name} = {tables.counts[name].people} lies in {low} to {high}: {found.counts}"


@settings(deadline=None, max_examples=60)
@given(TABLES)
def test_no_shown_cell_is_small_and_no_shown_total_tells_of_few_hidden_people(cells: np.ndarray) -> None:
    tables = table_of(cells)
    found = protect(tables)
    assert all(people >= FEWEST for people in found.counts.values())
    for each in tables.sums:
        parts = [part for part in each.parts if part in found.hidden]
        if each.total in found.counts and parts:
            assert found.counts[each.total] - sum(found.counts.get(part, 0) for part in each.parts) >= FEWEST
            assert len(parts) > 1


@settings(deadline=None, max_examples=8)
@given(some.lists(some.integers(0, 13), min_size=4, max_size=4))
def test_every_whole_table_that_fits_was_counted(four: list[int]) -> None:
    """By trying: of all 2 by 2 tables that agree with the page and the rule, each hidden cell has three values or more."""
    tables = table_of(np.array(four).reshape(2, 2))
    found = protect(tables)
    inner = np.indices((41, 41, 41, 41)).reshape(4, -1) if found.hidden else np.zeros((4, 0), int)
    cells = dict(zip(("r0, c0", "r0, c1", "r1, c0", "r1, c1"), inner, strict=True))
    cells |= {f"r{i}, all": inner[2 * i] + inner[2 * i + 1] for i in (0, 1)}
    cells |= {f"all, c{j}": inner[j] + inner[2 + j] for j in (0, 1)} | {"all, all": inner.sum(axis=0)}
    fits = np.ones(inner.shape[1], bool)
    for name, values in cells.items():
        fits &= (values == found.counts[name]) if name in found.counts else (values < FEWEST) == (name in found.few)
    for name in found.hidden:
        assert len(np.unique(cells[name][fits])) >= 3, (name, found)


def test_a_table_without_small_cells_is_shown_whole() -> None:
    assert protect(table_of(np.array([[10, 20], [30, 40]]))).hidden == frozenset()


def test_the_smallest_pattern_of_an_ordinary_table_is_four_cells() -> None:
    found = protect(table_of(np.array([[40, 3], [25, 31], [18, 22]])))
    assert found.few == {"r0, c1"}
    assert found.beside == {"r0, c0", "r2, c0", "r2, c1"}
    assert found.counts["all, all"] == 139


def test_two_nines_cannot_stand_below_their_total() -> None:
    """Nine and nine are the only two numbers below ten that make eighteen."""
    tables = Tables()
    for name, people in (("all", 18), ("a", 9), ("b", 9)):
        tables.add(name, people)
    tables.add_sum("all", ["a", "b"])
    assert protect(tables).counts == {}


def test_two_hidden_cells_of_seven_people_together_are_not_told_by_the_total() -> None:
    tables = Tables()
    for name, people in (("all", 67), ("a", 3), ("b", 4), ("c", 25), ("d", 35)):
        tables.add(name, people)
    tables.add_sum("all", ["a", "b", "c", "d"])
    found = protect(tables)
    assert found.beside == {"c"}
    assert found.counts == {"all": 67, "d": 35}


def test_tables_of_one_page_are_one_system() -> None:
    """A small cell that one table hides must not come out of another table that shares its margin."""
    tables = Tables()
    for name, people in (
        ("all", 60),
        ("en", 57),
        ("es", 3),
        ("clip", 30),
        ("text", 30),
        ("clip en", 30),
        ("clip es", 0),
    ):
        tables.add(name, people)
    tables.add("text en", 27)
    tables.add("text es", 3)
    tables.add_sum("all", ["en", "es"])
    tables.add_sum("all", ["clip", "text"])
    tables.add_sum("en", ["clip en", "text en"])
    tables.add_sum("es", ["clip es", "text es"])
    tables.add_sum("clip", ["clip en", "clip es"])
    tables.add_sum("text", ["text en", "text es"])
    found = protect(tables)
    assert {"es", "clip es", "text es"} <= found.few
    for name, (low, high) in bounds(tables, found.hidden).items():
        assert high - low >= 2, name


def test_the_few_who_stopped_between_two_waves_are_not_the_difference_of_what_is_shown() -> None:
    """Forty answered both waves, three only the first: with `both` known, forty-three less forty would be three people."""
    tables = Tables()
    tables.add("wave 1", 43)
    tables.add("both", 40)
    tables.add("only wave 1", 3, printed=False)
    tables.add_sum("wave 1", ["both", "only wave 1"])
    found = protect(tables)
    assert len(found.beside) == 1
    tables.add("wave 2", 52)
    tables.add("only wave 2", 12, printed=False)
    tables.add_sum("wave 2", ["both", "only wave 2"])
    found = protect(tables)
    assert not {"wave 1", "both"} <= found.counts.keys()
    assert bounds(tables, found.hidden | {"only wave 1", "only wave 2"})["only wave 1"][0] == 0
    assert found.counts["wave 2"] == 52


def test_people_who_told_nothing_need_no_hiding() -> None:
    tables = Tables()
    tables.add("invited", 52)
    tables.add("came", 50)
    tables.add("did not come", 2, told_something=False)
    tables.add_sum("invited", ["came", "did not come"])
    assert protect(tables).hidden == frozenset()


def test_tables_that_contradict_each_other_are_no_tables() -> None:
    tables = Tables()
    tables.add("a", 3)
    with pytest.raises(ValueError, match="another"):
        tables.add("a", 4)
    tables.add("b", 4)
    tables.add("all", 8)
    with pytest.raises(ValueError, match="add up"):
        tables.add_sum("all", ["a", "b"])
