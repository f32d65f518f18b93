"""The society as the simulator sees it: cells for sums, reporting groups, and who can be met where.

A cell is a place and a group of its residents; officers are one cell, people elsewhere one per group. Sums are
kept per cell and added up to the reporting groups, so a map costs nothing extra.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from commonbeat.kernels.experience import (
    BITS,
    CELL_SHIFT,
    LAST_STOP,
    NEVER,
    OUTCOMES,
    ROW,
    STARTING_TRUST,
    WEIGHT,
    YOUTH_BIT,
)
from commonbeat.kernels.experience import People as Rows
from commonbeat.mind import kinds as word
from commonbeat.society.people import FIRST_ADULT_BAND, OFFICER

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.society import Society
    from commonbeat.society.ties import Ties

OFFICERS, ELSEWHERE = "Officers", "Elsewhere"
ALL_RESIDENTS = "All residents"
RESIDUAL_GROUP = "Black"  # E008 compares Black with White residents; the residual is about this side of it
LINE_BYTES = 64
FOLLOWER_EXPONENT = 0.25  # who posts: chance grows with followers ** 0.25 (trial against E072-E080)


def reporting_name(group: str) -> str:
    """The group as figures name it: 'All others' reads as 'All other residents'."""
    return f"{group.replace('All others', 'All other')} residents"


def empty_rows(people: int) -> NDArray[np.float32]:
    """Room for so many people, each exactly on one cache line: otherwise each would lie across two."""
    raw = np.empty(people * ROW * 4 + LINE_BYTES, np.uint8)
    start = -raw.ctypes.data % LINE_BYTES
    return raw[start : start + people * ROW * 4].view(np.float32).reshape(people, ROW)


@dataclass(frozen=True, eq=False)
class Frame:
    """A society with its cells; everything that does not change from draw to draw."""

    society: Society

    @cached_property
    def officers_cell(self) -> int:
        """The one cell of all officers: the last."""
        return len(self.society.places) * len(self.society.groups)

    @property
    def cells(self) -> int:
        """How many cells there are."""
        return self.officers_cell + 1

    @cached_property
    def cell(self) -> NDArray[np.int32]:
        """The cell of each person."""
        people = self.society.people
        cell = people.place.astype(np.int32) * len(self.society.groups) + people.group
        return np.where(people.role == OFFICER, self.officers_cell, cell).astype(np.int32)

    @cached_property
    def reporting(self) -> tuple[str, ...]:
        """Names of the disjoint reporting groups: residents by group, officers, people elsewhere."""
        return (*(reporting_name(group) for group in self.society.groups), OFFICERS, ELSEWHERE)

    @cached_property
    def reporting_of_cell(self) -> NDArray[np.int64]:
        """The reporting group of each cell."""
        groups = len(self.society.groups)
        of_cell = np.arange(self.cells) % groups
        of_cell[self.society.elsewhere_place * groups :] = groups + 1
        of_cell[self.officers_cell] = groups
        return of_cell

    @cached_property
    def reporting_of_person(self) -> NDArray[np.int8]:
        """The reporting group of each person."""
        return self.reporting_of_cell[self.cell].astype(np.int8)

    @cached_property
    def applies(self) -> NDArray[np.bool_]:
        """(people, outcomes): stereotypes are never asked of children, trust in police never of officers."""
        people = self.society.people
        applies = np.zeros((len(people), OUTCOMES), dtype=bool)
        resident = people.role != OFFICER
        applies[:, [word.TRUST, word.COOPERATION, word.REFORM]] = resident[:, None]
        applies[:, word.PREJUDICE] = people.age_band >= FIRST_ADULT_BAND
        applies[:, word.REGARD] = ~resident
        return applies

    @cached_property
    def cell_weight(self) -> NDArray[np.float64]:
        """(cells, outcomes): for how many people of the world each cell answers each outcome."""
        weight = self.society.people.weight.astype(np.float64)
        columns = [
            np.bincount(self.cell, weights=weight * self.applies[:, outcome], minlength=self.cells)
            for outcome in range(OUTCOMES)
        ]
        return np.stack(columns, axis=1).astype(np.float64)

    @cached_property
    def reporting_weight(self) -> NDArray[np.float64]:
        """(reporting groups, outcomes): the same, added up."""
        total = np.zeros((len(self.reporting), OUTCOMES))
        np.add.at(total, self.reporting_of_cell, self.cell_weight)
        return total

    @cached_property
    def residual_cell(self) -> NDArray[np.float64]:
        """1 for the cells of the group that the residual group effect is about, if the society has it."""
        flags = np.zeros(self.cells)
        if RESIDUAL_GROUP in self.society.groups:
            groups = len(self.society.groups)
            flags[self.society.groups.index(RESIDUAL_GROUP) : self.officers_cell : groups] = 1.0
        return flags

    @cached_property
    def adults(self) -> Ties:
        """Adult residents by cell (place x group), in the order of their ids."""
        return self.society.adults_by_place_group

    @cached_property
    def adults_of_group(self) -> tuple[NDArray[np.int32], ...]:
        """Adult residents of the city by group, in the order of their ids."""
        groups, local = len(self.society.groups), self.society.elsewhere_place
        return tuple(
            np.concatenate([self.adults.row(place * groups + group) for place in range(local)] or [[]]).astype(np.int32)
            for group in range(groups)
        )

    @cached_property
    def city_adults(self) -> NDArray[np.int32]:
        """All adult residents of the city, group by group."""
        return np.concatenate(self.adults_of_group)

    @cached_property
    def reporting_matrix(self) -> csr_array:
        """(reporting groups, cells): 1 where the cell belongs to the group.

        Sparse, also because a dense product would wake the threads of the linear algebra library in every worker.
        """
        where = self.reporting_of_cell, np.arange(self.cells)
        return csr_array((np.ones(self.cells), where), shape=(len(self.reporting), self.cells))

    @cached_property
    def posting_weight(self) -> NDArray[np.float64]:
        """How likely a person is to be the one who posts, relative to others: followers ** 0.25."""
        return self.society.followers.degrees.astype(np.float64) ** FOLLOWER_EXPONENT

    @cached_property
    def cumulative_posting_weight(self) -> NDArray[np.float64]:
        """The running sum of the posting weights of the city's adults."""
        return np.cumsum(self.posting_weight[self.city_adults], dtype=np.float64)

    def fresh_rows(self) -> Rows:
        """Everybody stands as on the first hour of the burn-in: nothing met, nothing changed."""
        people = self.society.people
        rows = empty_rows(len(people))
        rows[:] = 0.0
        rows[:, STARTING_TRUST] = people.starting_trust
        rows[:, LAST_STOP] = NEVER
        rows[:, WEIGHT] = people.weight
        bits = rows.view(np.int32)
        flags = (self.applies * (1 << np.arange(OUTCOMES))).sum(axis=1)
        flags += np.where(people.age_band < FIRST_ADULT_BAND, YOUTH_BIT, 0)
        bits[:, BITS] = flags + (self.cell.astype(np.int64) << CELL_SHIFT)
        return Rows(rows, bits)
