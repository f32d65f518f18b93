"""Who lives in a society: one column per fact, one row per person."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

RESIDENT = 0
OFFICER = 1
ROLES = ("resident", "officer")
AGE_BANDS = ("0-11", "12-17", "18-24", "25-64", "65+")
FIRST_ADULT_BAND = 2
COLUMN_TYPES = {
    "id": np.int64,
    "group": np.int8,
    "place": np.int16,
    "household": np.int32,
    "age_band": np.int8,
    "role": np.int8,
    "weight": np.float32,
    "starting_trust": np.float32,
}


@dataclass(frozen=True, eq=False)
class People:
    """Columns of equal length n, sorted by place and then household; `id` stays with a person in any order of rows.

    `group`, `place` and `age_band` are positions in the society's tuples of names. `household` is -1 for people whose
    household is not known. `weight` says for how many people of the world a row stands. `starting_trust` is trust in
    the police on day 0, in latent SDs from the national mean (E090). Columns take the types of COLUMN_TYPES.
    """

    id: NDArray[np.integer]
    group: NDArray[np.integer]
    place: NDArray[np.integer]
    household: NDArray[np.integer]
    age_band: NDArray[np.integer]
    role: NDArray[np.integer]
    weight: NDArray[np.floating]
    starting_trust: NDArray[np.floating]

    def __post_init__(self) -> None:
        for column in fields(self):
            values = np.ascontiguousarray(getattr(self, column.name), dtype=COLUMN_TYPES[column.name])
            object.__setattr__(self, column.name, values)

    def __len__(self) -> int:
        return len(self.id)

    @cached_property
    def _by_id(self) -> NDArray[np.int64]:
        return np.argsort(self.id, kind="stable")

    def row_of(self, ids: ArrayLike) -> NDArray[np.int64]:
        """The rows of these ids; a KeyError names the first id that nobody has."""
        wanted = np.atleast_1d(np.asarray(ids, dtype=np.int64))
        order = self._by_id
        spot = np.searchsorted(self.id, wanted, sorter=order)
        rows = order[np.minimum(spot, len(order) - 1)]
        strangers = self.id[rows] != wanted
        if strangers.any():
            message = f"nobody has the id {int(wanted[strangers][0])}"
            raise KeyError(message)
        return rows
