"""People who did not answer: how many, how they differ, and what the effect could be with them."""

from __future__ import annotations

from commonbeat.estimate.attrition.lee import imbens_manski, lee_bounds
from commonbeat.estimate.attrition.rates import balance_of_answered, response_rates, wilson_interval
from commonbeat.estimate.attrition.response import ResponseWeights, response_weighted_effects, response_weights

__all__ = [
    "ResponseWeights",
    "balance_of_answered",
    "imbens_manski",
    "lee_bounds",
    "response_rates",
    "response_weighted_effects",
    "response_weights",
    "wilson_interval",
]
