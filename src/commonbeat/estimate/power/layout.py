"""Who stands where in one comparison of two arms: units, their sizes, blocks, and which arm each was assigned to.

A unit is what is assigned as a whole: a cluster, or a person alone (size 1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.estimate.power.model import Arm, PowerDesign


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """One comparison: people per unit before any is lost [units], block of each unit [units], treated units in each block.

    Units stand block by block. `treated` [blocks]: how many units of a block are in the treated arm.
    """

    sizes: NDArray[np.int64]
    block: NDArray[np.int64]
    treated: NDArray[np.int64]

    @property
    def units(self) -> int:
        """How many units both arms have."""
        return len(self.sizes)

    @property
    def blocks(self) -> int:
        """How many blocks there are."""
        return len(self.treated)


def unit_sizes(design: PowerDesign, units: int) -> NDArray[np.int64]:
    """[units]: people in each, in falling order; whole numbers with the declared mean and spread, at least 1.

    Declared sizes are repeated. Otherwise sizes are the quantiles of a gamma distribution with that mean and CV: what such
    clusters typically look like, with no luck in it.
    """
    if not design.clustered:
        return np.ones(units, np.int64)
    given = design.sample.cluster_sizes
    if given:
        return np.sort(np.resize(np.array(given, np.int64), units))[::-1].copy()
    mean, spread = design.mean_cluster_size, design.sample.cluster_size_cv
    if spread == 0:
        return _whole(np.full(units, mean), mean * units)
    shape = 1 / spread**2
    levels = (np.arange(units) + 0.5) / units
    raw = stats.gamma.isf(levels, shape, scale=mean / shape)
    return _whole(raw * mean / raw.mean(), mean * units)


def _whole(sizes: NDArray[np.float64], total: float) -> NDArray[np.int64]:
    """Whole sizes of at least 1 that add up to the total, as near to the given ones as rounding allows."""
    edges = np.rint(np.cumsum(sizes) * total / sizes.sum()).astype(np.int64)
    return np.maximum(np.diff(edges, prepend=0), 1)


def arm_units(design: PowerDesign, units: int) -> dict[str, int]:
    """How many units each arm has of that many in all: by shares, whole numbers, largest remainders first, at least 2."""
    shares = np.array([arm.share for arm in design.arms])
    exact = units * shares / shares.sum()
    counts = np.floor(exact).astype(np.int64)
    order = np.argsort(-(exact - counts), kind="stable")
    counts[order[: units - int(counts.sum())]] += 1
    return {arm.name: max(int(count), 2) for arm, count in zip(design.arms, counts, strict=True)}


def block_count(design: PowerDesign, units: int) -> int:
    """How many blocks a sample of that many units has, at least one, each with room for every arm."""
    sample = design.sample
    wanted = sample.blocks or (units // sample.block_size if sample.block_size else 1)
    return max(1, min(wanted, units // len(design.arms)))


def lay_out(design: PowerDesign, arm: Arm, units: int) -> Layout:
    """The comparison of `arm` with the first one in a sample of `units` in all arms.

    Blocks hold units of like size. Of several arms' clusters, those of two arms are spread evenly over the sizes.
    """
    counts = arm_units(design, units)
    here = counts[arm.name], counts[design.arms[0].name]
    sizes = unit_sizes(design, sum(counts.values()))
    sizes = sizes[np.linspace(0, len(sizes) - 1, sum(here)).round().astype(np.int64)]
    blocks = min(block_count(design, units), *here)
    edges = np.rint(np.linspace(0, len(sizes), blocks + 1)).astype(np.int64)
    block = np.repeat(np.arange(blocks), np.diff(edges))
    return Layout(sizes, block, _treated_by_block(np.diff(edges), here[0]))


def _treated_by_block(room: NDArray[np.int64], treated: int) -> NDArray[np.int64]:
    """[blocks]: the treated spread over the blocks as evenly as whole numbers allow, both arms in each block."""
    share = treated / room.sum()
    edges = np.rint(np.concatenate([[0.0], np.cumsum(room)]) * share)
    return np.clip(np.diff(edges).astype(np.int64), 1, np.maximum(room - 1, 1))
