"""What coders gave to the same units: one table per code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from commonbeat.record.coding.levels import Level


class Cell(NamedTuple):
    """One coder's value of one code for one unit, and where it was read.

    group: what the units are told apart by ("" for nothing). clip: what the unit is a part of, or the unit itself. start_s: NaN
    where units have no time.
    """

    code: str
    group: str
    unit: str
    clip: str
    start_s: float
    coder: str
    value: str
    place: str


@dataclass(frozen=True, slots=True, eq=False)
class Ratings:
    """One code's values, units by coders.

    values: the scale in its order; scores: each as a number (its place in the order where the values are words). given: (units, coders),
    the index of the value, -1 where a coder gave none. start_s: (units,), NaN where units have no time.
    """

    code: str
    group: str
    level: Level
    values: tuple[str, ...]
    scores: NDArray[np.float64]
    units: tuple[str, ...]
    clips: tuple[str, ...]
    start_s: NDArray[np.float64]
    coders: tuple[str, ...]
    given: NDArray[np.int64]

    def clusters(self) -> NDArray[np.int64]:
        """The number of the clip that each unit is a part of, (units,)."""
        return np.unique(np.array(self.clips, dtype=object).astype(str), return_inverse=True)[1].reshape(-1)

    def disagreements(self) -> Iterator[Disagreement]:
        """Every unit to which two coders gave different values, in the order of clips and times."""
        order = sorted(range(len(self.units)), key=lambda row: (self.clips[row], self.start_s[row], self.units[row]))
        for row in order:
            codes = [
                (coder, int(index)) for coder, index in zip(self.coders, self.given[row], strict=True) if index >= 0
            ]
            if len({index for _, index in codes}) > 1:
                given = tuple((coder, self.values[index]) for coder, index in codes)
                yield Disagreement(
                    self.code, self.group, self.clips[row], self.units[row], float(self.start_s[row]), given
                )


class Disagreement(NamedTuple):
    """One unit, and what each coder gave to it."""

    code: str
    group: str
    clip: str
    unit: str
    start_s: float
    given: tuple[tuple[str, str], ...]
