"""The written rules: from a parameter, its readings and the cards left out, to a quantile function.

Each rule is a pure function. `joint` is not here: a block is drawn as a whole (`posterior.py`).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.evidence.estimates import readings_for
from commonbeat.evidence.pooling import error_covariance, pool_readings
from commonbeat.evidence.shapes import Z90, build, log_normal

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from commonbeat.evidence.estimates import Reading
    from commonbeat.evidence.parameters import Parameter
    from commonbeat.evidence.shapes import Quantile

THERMOMETER_SD_POINTS = 26.8  # E090: the SD of the police thermometer over all adults


def judged(parameter: Parameter, leave_out: Collection[str]) -> Quantile:
    """The shape we read off the cards together; without any one of them, the shape that stands without the reading.

    A shape that was judged with a card in view cannot be judged again without it, so nothing of it is kept.
    """
    if set(parameter.cards).isdisjoint(leave_out):
        return build(parameter.settings["prior"])
    return build(parameter.settings["without_cards"])


def assumed(parameter: Parameter, leave_out: Collection[str]) -> Quantile:  # noqa: ARG001 - no card can be left out
    """The assumed shape as it stands."""
    return build(parameter.settings["prior"])


def pooled(parameter: Parameter, leave_out: Collection[str]) -> Quantile:
    """The effect in the next place, pooled from the readings that are left."""
    readings = readings_for(parameter.name, leave_out)
    if not readings:
        return build(parameter.settings["without_cards"])
    transport = parameter.settings.get("transport", {})
    return pool_readings(readings, spread=parameter.settings["spread"], transport_sd=transport).next_place()


def ratio_of_pools(parameter: Parameter, leave_out: Collection[str]) -> Quantile:
    """The ratio of two mean effects as a log-normal, its log variance by the delta method plus `extra_log_sd`**2.

    The arms share a control, so numerator and denominator are correlated, which makes the ratio surer.
    """
    above = readings_for(f"{parameter.name}.text", leave_out)
    below = readings_for(f"{parameter.name}.film", leave_out)
    if not above or not below:
        return build(parameter.settings["without_cards"])
    mean_above, mean_below = _mean(above), _mean(below)
    covariance = error_covariance([*above, *below], {})
    gradient = np.r_[
        np.full(len(above), 1 / len(above) / mean_above), np.full(len(below), -1 / len(below) / mean_below)
    ]
    log_sd = math.sqrt(gradient @ covariance @ gradient + parameter.settings["extra_log_sd"] ** 2)
    ratio = mean_above / mean_below
    return log_normal(ratio * math.exp(-Z90 * log_sd), ratio * math.exp(Z90 * log_sd))


def gain_by_baseline(parameter: Parameter, leave_out: Collection[str]) -> Quantile:
    """How much starting trust carries of the ratio between groups: a flat share, 0 to 1, of the whole excess.

    A gain g per SD below the mean makes an effect 1 + g * x for a group x SDs below it. The share w of the excess
    (ratio - 1) asks for (1 + g * x_Black) / (1 + g * x_White) = 1 + w * (ratio - 1), which gives
    g = w * (ratio - 1) / (x_Black - (1 + w * (ratio - 1)) * x_White).
    """
    parts = {part: readings_for(f"{parameter.name}.{part}", leave_out) for part in ("ratio", "black", "white", "all")}
    if not all(parts.values()):
        return build(parameter.settings["without_cards"])
    level = {part: readings[0].effect for part, readings in parts.items()}
    latent_sd = THERMOMETER_SD_POINTS * math.sqrt(parts["all"][0].reliability)
    black, white = ((level["all"] - level[group]) / latent_sd for group in ("black", "white"))
    excess = level["ratio"] - 1
    return lambda share: share * excess / (black - (1 + share * excess) * white)


def _mean(readings: Sequence[Reading]) -> float:
    return float(np.mean([reading.latent_effect for reading in readings]))


RULES: dict[str, Callable[[Parameter, Collection[str]], Quantile]] = {
    "assumed": assumed,
    "gain_by_baseline": gain_by_baseline,
    "judged": judged,
    "pool": pooled,
    "ratio_of_pools": ratio_of_pools,
}
