"""The points at which headlines are asked for: trajectories that screen all parameters, then rows that share out the variance.

Luck is addressed, and it is held fixed wherever two points are compared: along a trajectory, and between a row's first point and those that
differ from it in one factor. From one trajectory or row to the next it is another luck, so that no index hangs on one world; and
luck is itself a factor of every row, so that what it does is counted in the same currency as what the parameters do.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

from commonbeat import luck

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from commonbeat.fit.sensitivity.inputs import Inputs

LUCK, OTHERS = "luck", "all other parameters"
LEVELS = 4  # of a trajectory's coordinates
LOWEST, HIGHEST = 0.05, 0.95  # the levels' ends as quantiles: a prior's own ends may be infinite
_WHOLE = 1 << 53


@dataclass(frozen=True, eq=False)
class Piece:
    """Points that share most of what happens in them, to be worked on together: coordinates, parameters and a luck for each."""

    name: str
    points: NDArray[np.float64]
    values: NDArray[np.float64]
    lucks: tuple[int, ...]

    @cached_property
    def key(self) -> str:
        """The name with what it stands for, so that only the very same piece is taken up again."""
        content = self.values.tobytes() + repr(self.lucks).encode()
        return f"{self.name}, {blake2b(content, digest_size=8).hexdigest()}"


def trajectories(inputs: Inputs, seed: int, many: int) -> list[Piece]:
    """So many walks through the cube (Morris 1991), each changing every parameter once and alone, under one luck."""
    from SALib.sample import morris

    points = morris.sample(screening_problem(inputs), many, num_levels=LEVELS, seed=_whole_number(seed, luck.SCREENING))
    walks = points.reshape(many, inputs.number + 1, inputs.number)
    lucks = [_whole_number(seed, luck.SCREENING_LUCK, number, bits=63) for number in range(many)]
    return [
        Piece(f"trajectory {number}", walk, inputs.margins(walk), (own,) * len(walk))
        for number, (walk, own) in enumerate(zip(walks, lucks, strict=True))
    ]


def screening_problem(inputs: Inputs) -> dict[str, object]:
    """The screened parameters as SALib names them."""
    return {"num_vars": inputs.number, "names": list(inputs.names), "bounds": [[LOWEST, HIGHEST]] * inputs.number}


@dataclass(frozen=True, eq=False)
class Factors:
    """What a row changes one by one: single parameters, all others together, luck; and each block as a whole beside them."""

    names: tuple[str, ...]
    blocks: tuple[str, ...]
    groups: tuple[str, ...]  # for each coordinate and, last, for luck: the factor that it belongs to

    @property
    def points_per_row(self) -> int:
        """How many points a row has."""
        return len(self.names) + 2 + len(self.blocks)


def factors_of(inputs: Inputs, kept: Sequence[str]) -> Factors:
    """The kept parameters as factors of their own, the others as one."""
    groups = (*(name if name in kept else OTHERS for name in inputs.names), LUCK)
    return Factors(tuple(dict.fromkeys(groups)), tuple(block.name for block in inputs.blocks), groups)


def rows(inputs: Inputs, factors: Factors, seed: int, many: int) -> list[Piece]:
    """So many rows of Saltelli's design (2010): a point A, A with each factor taken from B, B, and A with each block taken from B."""
    from SALib.sample import sobol

    columns = inputs.number + 1
    problem = {
        "num_vars": columns,
        "names": [*inputs.names, LUCK],
        "bounds": [[0.0, 1.0]] * columns,
        "groups": list(factors.groups),
    }
    generator = np.random.default_rng(_whole_number(seed, luck.INDICES))
    points = sobol.sample(problem, many, calc_second_order=False, seed=generator)
    pieces = []
    for number, row in enumerate(points.reshape(many, len(factors.names) + 2, columns)):
        whole = np.vstack([row, *(_with_block(row, block.columns) for block in inputs.blocks)])
        lucks = tuple(_whole_number(seed, luck.INDICES_LUCK, int(u * _WHOLE), bits=63) for u in whole[:, -1])
        pieces.append(Piece(f"row {number}", whole[:, :-1], inputs.values(whole[:, :-1]), lucks))
    return pieces


def _with_block(row: NDArray[np.float64], columns: NDArray[np.int64]) -> NDArray[np.float64]:
    """(1, columns): the row's first point with these coordinates of its last."""
    made = row[:1].copy()
    made[0, columns] = row[-1, columns]
    return made


def _whole_number(seed: int, decision: int, *parts: int, bits: int = 31) -> int:
    """A number below 2**bits that belongs to the address."""
    return int(luck.keys(seed, decision, *parts) >> np.uint64(64 - bits))
