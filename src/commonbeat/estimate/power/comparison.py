"""One question to a design: can this arm be told from the comparison arm, in this wave, with a sample of this size?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from commonbeat.estimate.power.dilution import dilution
from commonbeat.estimate.power.layout import lay_out

if TYPE_CHECKING:
    from commonbeat.estimate.power.dilution import Dilution
    from commonbeat.estimate.power.fading import Fading
    from commonbeat.estimate.power.layout import Layout
    from commonbeat.estimate.power.model import Arm, PowerDesign


@dataclass(frozen=True, slots=True)
class Shares:
    """The variance of answers, 1 in all: between blocks, between units of a block, within units; and the baseline's r."""

    block: float
    unit: float
    within: float
    baseline: float

    @property
    def unexplained(self) -> float:
        """1 - r**2: the share that answers before the experience do not foretell."""
        return 1 - self.baseline**2


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """An arm against the first one at one wave, with a sample of `units` clusters or people in all arms."""

    arm: str
    wave: int
    units: int
    level: float
    layout: Layout
    dilution: Dilution
    shares: Shares


def compare(design: PowerDesign, arm: Arm, wave: int, units: int, faded: Fading) -> Comparison:
    """The comparison stands ready for the closed form and for simulation."""
    layout, diluted = lay_out(design, arm, units), dilution(design, arm, wave, faded)
    return Comparison(arm.name, wave, units, design.comparison_level, layout, diluted, shares_of(design))


def shares_of(design: PowerDesign) -> Shares:
    """How the variance of answers divides; single people are units with nothing left within."""
    sample, baseline = design.sample, design.measure.baseline_correlation
    block = sample.block_share
    if not design.clustered:
        return Shares(block, 1 - block, 0.0, baseline)
    return Shares(block, sample.icc - block, 1 - sample.icc, baseline)


def design_effect(sizes: list[int], icc: float) -> float:
    """How many times the variance of a mean grows when people come in clusters of these sizes.

    1 + (sum m**2 / sum m - 1) icc, which is 1 + ((CV**2 + 1) mean - 1) icc (Eldridge, Ashby & Kerry 2006,
    doi 10.1093/ije/dyl129); infinite sums are not met.
    """
    return 1 + (math.fsum(m * m for m in sizes) / math.fsum(sizes) - 1) * icc
