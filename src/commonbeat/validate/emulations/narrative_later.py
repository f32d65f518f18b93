"""A long narrative was shown and its effect at once is known; what is left of it weeks later is predicted.

    later = effect * mean of R over the weeks + error,    effect ~ Normal(found at once, its SE)

with R of media and prejudice (`evidence/retention.py`). The errors of the two waves share people and correlate .5.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from commonbeat.evidence import mean_retained

if TYPE_CHECKING:
    from commonbeat.validate.draw import StudyDraw

CORRELATION = 0.5


def emulate(draw: StudyDraw) -> dict[str, float]:
    """The effect that the study would have found later."""
    target, luck = draw.target, draw.luck
    at_once, later = luck.standard_normal(2)
    true_effect = target.number("immediate_effect") - target.number("immediate_se") * at_once
    left = mean_retained(
        target.number("delay_days_low"),
        target.number("delay_days_high") - target.number("delay_days_low"),
        draw.parameters["media_retention"],
        draw.parameters["prejudice_durable_half_life_days"],
        draw.parameters["prejudice_transient_mean_days"],
    )
    error = CORRELATION * at_once + math.sqrt(1 - CORRELATION**2) * later
    found = true_effect * float(left) + target.number("standard_error_later") * error
    return {finding.id: found for finding in target.finding}
