"""From what an experience does to somebody reached to the difference between arms that a wave can see.

    difference = effect * sqrt(reliability) * R(t) * (p_treated - p_control - s f (1 - p_control))

in SDs of the answers; p: take-up, s: share of controls who hear or see it, f: what that is worth. Errors of measurement
widen the SD of the answers, so an effect shrinks by the root of the reliability.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.estimate.power.fading import Fading
    from commonbeat.estimate.power.model import Arm, PowerDesign, Wave


@dataclass(frozen=True, slots=True, eq=False)
class Dilution:
    """One comparison at one wave: what an effect of 1 becomes.

    factor [draws]: the difference between the arms, SDs of the answers, per SD of the true score on somebody reached.
    left [draws]: R(t). reached: take-up in the treated and in the comparison arm. spilled: share of the comparison arm that
    hears of it without being reached. told [draws]: what hearing is worth. root: of the reliability.
    """

    factor: NDArray[np.float64]
    left: NDArray[np.float64]
    reached: tuple[float, float]
    spilled: float
    told: NDArray[np.float64]
    root: float
    attrition: tuple[float, float]

    @property
    def mean(self) -> float:
        """The mean factor over what the evidence leaves open."""
        return float(self.factor.mean())


def dilution(design: PowerDesign, arm: Arm, wave: int, faded: Fading) -> Dilution:
    """What an effect in `arm` becomes at the wave of that position."""
    control = design.arms[0]
    treated_share, control_share = design.take_up(arm), design.take_up(control)
    reached = design.spillover.controls_reached if design.spillover else 0.0
    spilled = reached * (1 - control_share)
    root = math.sqrt(design.reliability)
    left = faded.left[:, wave]
    factor = root * left * (treated_share - control_share - spilled * faded.told)
    lost = (attrition_of(design.waves[wave], arm), attrition_of(design.waves[wave], control))
    return Dilution(factor, left, (treated_share, control_share), spilled, faded.told, root, lost)


def attrition_of(wave: Wave, arm: Arm) -> float:
    """The share of the arm's people who do not answer in the wave."""
    return wave.attrition_by_arm.get(arm.name, wave.attrition)


def effect_variance(each: Dilution, effect: float) -> tuple[float, float]:
    """The variance of answers that unequal exposure adds in the treated and in the comparison arm, over the draws' mean.

    Some are reached and others are not: p (1 - p) e**2 among the treated; in the comparison arm a share p feels e, a share
    s feels f e and the rest nothing.
    """
    e = effect * each.root * each.left
    p1, p0 = each.reached
    second = p0 * e**2 + each.spilled * (each.told * e) ** 2
    first = p0 * e + each.spilled * each.told * e
    return float(np.mean(p1 * (1 - p1) * e**2)), float(np.mean(second - first**2))
