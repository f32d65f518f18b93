"""Encounters cause encounters: the reproduction number R_e, simulated only where data gave it.

No card says how many encounters one encounter causes, so the number is unknown and the shipped scenarios cause
none: the product prints "not simulated: no evidence". A scenario may bring an interval with its source; then each
encounter causes a Poisson number of spontaneous, unfilmed ones, on average R_e, after an exponential delay.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import poisson

from commonbeat import luck
from commonbeat.simulate.moment import event_of

if TYPE_CHECKING:
    from commonbeat.scenario import Occurrence
    from commonbeat.simulate.world import World

MEAN_DELAY_DAYS = 30.0  # assumed, no card: people who are inspired act within weeks or not at all


def inspired_by(world: World, cause: Occurrence) -> list[Occurrence]:
    """The encounters that this one causes within the scenario's days; none without a number from data."""
    reproduction = world.scenario.reproduction
    if reproduction is None:
        return []
    low, high = reproduction.number_low, reproduction.number_high
    number = low + (high - low) * float(luck.uniforms(world.seed, luck.INSPIRE, 0))
    event = event_of(cause.ordinal)
    many = int(poisson.ppf(float(luck.uniforms(world.seed, luck.INSPIRE, event)), number)) if number > 0 else 0
    waits = -MEAN_DELAY_DAYS * np.log1p(-luck.uniforms(world.seed, luck.INSPIRE, event, 1 + np.arange(many)))
    caused = []
    for index, wait in enumerate(waits):
        day = cause.day + 1 + math.floor(wait)
        if day < world.scenario.days:
            changes = {"day": day, "ordinal": f"{cause.ordinal}>{index}", "clip": "none", "authenticity": "spontaneous"}
            caused.append(replace(cause, **changes))
    return caused
