"""The counts of a page, and how they add up: all tables of a page are one system, because readers see them together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

FEWEST = 10  # respondents in a cell that is shown


@dataclass(frozen=True, slots=True)
class Count:
    """How many people stand in a cell.

    printed: whether the page would show it; a cell that is only known to exist (who answered one wave and not the next) is not.
    told_something: whether its people answered anything; somebody who did not has told nothing that could be worked out.
    """

    name: str
    people: int
    printed: bool = True
    told_something: bool = True

    @property
    def few(self) -> bool:
        """Whether the cell may not be shown by itself."""
        return self.told_something and self.people < FEWEST


@dataclass(frozen=True, slots=True)
class Sum:
    """total = the sum of parts, by the cells' names."""

    total: str
    parts: tuple[str, ...]


@dataclass(slots=True)
class Tables:
    """Every count of a page, and every sum that a reader knows to hold."""

    counts: dict[str, Count] = field(default_factory=dict)
    sums: list[Sum] = field(default_factory=list)

    def add(self, name: str, people: int, *, printed: bool = True, told_something: bool = True) -> None:
        """The cell stands in the system. A cell that is there already must have the same count: ValueError else."""
        made = Count(name, int(people), printed, told_something)
        if name in self.counts and self.counts[name].people != made.people:
            message = f"{name} is {self.counts[name].people} in one table and {made.people} in another"
            raise ValueError(message)
        self.counts.setdefault(name, made)

    def add_sum(self, total: str, parts: Iterable[str]) -> None:
        """A reader knows that the parts add up to the total. ValueError where they do not."""
        made = Sum(total, tuple(parts))
        found = sum(self.counts[part].people for part in made.parts)
        if self.counts[total].people != found:
            message = f"{total} is {self.counts[total].people} and its parts add up to {found}"
            raise ValueError(message)
        self.sums.append(made)

    def add_table(self, cells: Mapping[tuple[str, str], int], rows: Sequence[str], columns: Sequence[str]) -> None:
        """A table of rows by columns with both margins stands in the system; its cells are named "row, column", margins "all, ..." ."""
        for row in rows:
            for column in columns:
                self.add(f"{row}, {column}", cells[row, column])
        for row in rows:
            self.add(f"{row}, all", sum(cells[row, column] for column in columns))
            self.add_sum(f"{row}, all", [f"{row}, {column}" for column in columns])
        for column in columns:
            self.add(f"all, {column}", sum(cells[row, column] for row in rows))
            self.add_sum(f"all, {column}", [f"{row}, {column}" for row in rows])
        self.add("all, all", sum(cells.values()))
        self.add_sum("all, all", [f"{row}, all" for row in rows])
        self.add_sum("all, all", [f"all, {column}" for column in columns])
