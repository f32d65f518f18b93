"""The effect that a design assumes: as written, as its card has it, or as the model's priors have it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.estimate.power.claim import cards_of, carried, delay_of, per_true_sd
from commonbeat.estimate.power.fading import Fading, fading, prior_effects
from commonbeat.evidence.estimates import ASSUMED_RELIABILITY

if TYPE_CHECKING:
    from commonbeat.estimate.power.model import Arm, PowerDesign


@dataclass(frozen=True, slots=True, eq=False)
class Assumption:
    """What each treated arm is assumed to do, what is left of it at each wave, and where that comes from.

    certain: what is left of an effect of a given size, for the smallest effect seen. uncertain: the same with what the source leaves
    open on the effect itself, for power; they differ only where the priors decide.
    """

    effects: dict[str, float]
    words: str
    certain: Fading
    uncertain: Fading


def assume(design: PowerDesign) -> Assumption:
    """The assumption stands: written effects first, then the card, then the priors."""
    faded = fading(design)
    written = {arm.name: arm.effect for arm in design.treated if arm.effect is not None}
    if written:
        return Assumption(written, "as written in the design", faded, faded)
    name = design.treated[0].name
    if design.card is not None:
        finding = cards_of(design)[0]
        delay = delay_of(finding.source)
        left = np.stack([carried(design, delay, wave, faded) for wave in range(len(design.waves))], axis=1)
        effect = (finding.estimate or 0.0) * per_true_sd(design)
        when = "" if delay is None else f", measured {delay:g} days after"
        return Assumption({name: effect}, f"card {finding.source}{when}", faded, Fading(left, faded.told))
    drawn = prior_effects(design) * (1.0 if per_true_sd(design) != 1.0 else math.sqrt(ASSUMED_RELIABILITY))
    middle = float(np.median(drawn))
    middle = middle if abs(middle) > 1e-6 else 1e-6
    left = faded.left * (drawn / middle)[:, None]
    return Assumption(
        {name: middle}, "drawn from the model's priors, effect and fading together", faded, Fading(left, faded.told)
    )


def effect_of(assumption: Assumption, arm: Arm) -> float:
    """The arm's assumed effect, true SD, on somebody reached, at the moment itself."""
    return assumption.effects[arm.name]
