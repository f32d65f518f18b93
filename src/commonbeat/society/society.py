"""A society: people, places, three layers of ties, outlets, recorded stops, and an account of what is known."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from commonbeat.society.people import AGE_BANDS, FIRST_ADULT_BAND, OFFICER, RESIDENT, People
from commonbeat.society.ties import Friends, Ties, group_rows

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from commonbeat.society.account import AccountLine
    from commonbeat.society.places import Place, StopTable

GROUPS = ("Black", "White", "All others")


@dataclass(frozen=True, slots=True)
class Outlet:
    """A news outlet or large page; `reach` says where most of its audience lives."""

    name: str
    reach: Literal["local", "elsewhere"]


@dataclass(frozen=True, eq=False)
class Society:
    """Everything that a run needs to know about who lives where and who hears from whom.

    The last place is "Elsewhere": its people meet the city only through clips and news, have no household and no
    friends here, and stand for many each (`people.weight`). Rows of `household` and `friends` are people; rows of
    `followers` are the people followed; rows of `outlet_followers` are outlets. Arrays may be memory-mapped and are
    never written to.
    """

    people: People
    groups: tuple[str, ...]
    places: tuple[Place, ...]
    household: Ties
    friends: Friends
    followers: Ties
    outlets: tuple[Outlet, ...]
    outlet_followers: Ties
    stops: StopTable
    account: tuple[AccountLine, ...]
    content_hash: str
    age_bands: tuple[str, ...] = AGE_BANDS

    @property
    def elsewhere_place(self) -> int:
        """The position of the place called Elsewhere: the last."""
        return len(self.places) - 1

    @cached_property
    def local(self) -> NDArray[np.bool_]:
        """True for people of the city, False for people elsewhere."""
        return self.people.place != self.elsewhere_place

    @cached_property
    def residents_by_place_group(self) -> Ties:
        """Row place * len(groups) + group holds the rows of its residents of all ages, by stable id."""
        return self._cells(self.people.role == RESIDENT)

    @cached_property
    def adults_by_place_group(self) -> Ties:
        """The same cells as `residents_by_place_group`, with residents of 18 and above."""
        return self._cells((self.people.role == RESIDENT) & (self.people.age_band >= FIRST_ADULT_BAND))

    @cached_property
    def children_by_place_group(self) -> Ties:
        """The same cells as `residents_by_place_group`, with residents below 18."""
        return self._cells((self.people.role == RESIDENT) & (self.people.age_band < FIRST_ADULT_BAND))

    @cached_property
    def officers_by_place(self) -> Ties:
        """Row place holds the rows of the officers on its beat, by stable id."""
        rows = self._by_id(np.flatnonzero(self.people.role == OFFICER))
        return group_rows(self.people.place[rows].astype(np.int64), rows, len(self.places))

    def row_of(self, ids: ArrayLike) -> NDArray[np.int64]:
        """The rows of these stable ids."""
        return self.people.row_of(ids)

    def _cells(self, chosen: NDArray[np.bool_]) -> Ties:
        rows = self._by_id(np.flatnonzero(chosen))
        cell = self.people.place[rows].astype(np.int64) * len(self.groups) + self.people.group[rows]
        return group_rows(cell, rows, len(self.places) * len(self.groups))

    def _by_id(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """These rows in the order of their ids; most societies are in that order already."""
        ids = self.people.id[rows]
        return rows if np.all(ids[1:] > ids[:-1]) else rows[np.argsort(ids)]
