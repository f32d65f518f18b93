"""From a draw of the parameters to the tables that say what an experience changes.

Person i, outcome k, experience e of channel c (latent SD, at the moment itself), with z the starting trust:

    delta = dose(e) * channel[c] * (effect[kind, k] * share_i + own_i)
    share_i = max(0, 1 - low_trust_share * z_i) * (1 + residual)         contact: gains are larger at low trust (E008)
    own_i = -low_trust_gain * z_i + recent_stop_shift * stopped_i + youth_shift * youth_i         clips (E062-E064)

A clip's part of a person is added and not multiplied: a clip whose mean effect is zero helped some viewers and put
off others, which no factor on zero can say. A residual group effect is centred on zero, because E008 has no interval.

    R(t) = retention * 2**(-t / durable_half_life) + (1 - retention) * exp(-t / transient_mean)

with one pair of time constants per outcome, so that sums over people fade in closed form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from commonbeat.kernels.experience import COUNT_FULL, Rules
from commonbeat.mind import kinds as word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

# How many such experiences the people of the cards had already met in a year: contacts that police did not begin and
# contacts that they did (E093); what a year of the default city's burn-in lets a resident hear of either; no clip of
# the kind. Fewer than that adds nothing, more makes each one less new.
CARDS_HAD_MET = {
    word.GOOD_CONTACT: 0.13,
    word.BAD_CONTACT: 0.11,
    word.TOLD_GOOD: 1.6,
    word.TOLD_BAD: 1.2,
    word.GOOD_CLIP: 0.0,
    word.BAD_CLIP: 0.0,
}
HOURS_OF_DAY = 24
TRUST_LIKE = (word.TRUST, word.COOPERATION, word.REFORM, word.REGARD)


def build_rules(parameters: Mapping[str, float], residual_cell: NDArray[np.float64]) -> Rules:
    """The tables stand for this draw; `residual_cell` is 1 for cells of the group that the residual is about."""
    kinds, outcomes = len(word.KINDS), len(word.OUTCOMES)
    low_trust_share = np.zeros((kinds, outcomes))
    residual_share = np.zeros((kinds, outcomes))
    for kind in (word.ENCOUNTER, word.OTHER_CONTACT):
        low_trust_share[kind, [word.TRUST, word.COOPERATION, word.REFORM]] = parameters["direct_low_trust_gain"]
        residual_share[kind, [word.TRUST, word.COOPERATION, word.REFORM]] = parameters["direct_group_residual"]
    durable_rate, transient_rate = _rates(parameters)
    return Rules(
        effect=_effects(parameters),
        low_trust_share=low_trust_share,
        low_trust_gain=_clip_shifts(parameters, "watched_low_trust_gain"),
        recent_stop_shift=_clip_shifts(parameters, "watched_recent_stop_shift"),
        youth_shift=_youth_shifts(parameters),
        residual_share=residual_share,
        residual_cell=residual_cell,
        channel_factor=np.array([1.0, parameters["told_fraction"], 1.0, parameters["text_to_film"]]),
        retention=_retention(parameters),
        durable_rate=durable_rate,
        transient_rate=transient_rate,
        left_at_day_end=left_at_day_end(durable_rate, transient_rate),
        counter=_counters(),
        novelty=_novelty(parameters["novelty_exponent"]),
        is_stop=np.array([kind in word.STOPS for kind in range(kinds)], dtype=np.uint8),
    )


def _trust_like(parameters: Mapping[str, float], trust: float) -> NDArray[np.float64]:
    """One change in trust, with the cooperation and the demand for reform that go with it."""
    row = np.zeros(len(word.OUTCOMES))
    row[word.TRUST] = trust
    row[word.COOPERATION] = parameters["cooperation_per_trust"] * trust
    row[word.REFORM] = parameters["reform_per_trust"] * trust
    return row


def _effects(parameters: Mapping[str, float]) -> NDArray[np.float64]:
    trust = parameters["direct_trust"] * parameters["generalisation"]
    table = np.zeros((len(word.KINDS), len(word.OUTCOMES)))
    table[word.ENCOUNTER] = _trust_like(parameters, trust)
    table[word.ENCOUNTER, word.PREJUDICE] = -parameters["direct_prejudice_reduction"] * parameters["play_for_prejudice"]
    table[word.ENCOUNTER, word.REGARD] = parameters["direct_regard"]
    table[word.OTHER_CONTACT] = _trust_like(parameters, trust)
    # A negative with its own card takes it as it was measured; the ratio serves only the one that has none.
    table[word.STOP] = _trust_like(parameters, parameters["stop_trust"])
    table[word.HARASSMENT] = _trust_like(parameters, parameters["harassment_trust"])
    table[word.GUN_POINTED] = _trust_like(parameters, parameters["gun_pointed_trust"])
    table[word.VIOLENT_CLIP] = _trust_like(parameters, parameters["violent_clip_trust"])
    table[word.CLIP_OF_ENCOUNTER] = _trust_like(parameters, parameters["watched_trust"])
    table[word.CLIP_OF_ENCOUNTER, word.PREJUDICE] = -parameters["watched_prejudice_reduction"]
    table[word.CLIP_OF_ENCOUNTER, word.REGARD] = parameters["watched_regard"]
    mirrored = -parameters["negative_to_positive_ratio"] * abs(parameters["watched_trust"])
    table[word.CLIP_OF_STOP] = _trust_like(parameters, mirrored)
    return table


def _clip_shifts(parameters: Mapping[str, float], name: str) -> NDArray[np.float64]:
    """The named shift of a viewer of the encounter's clip, carried over to cooperation and reform."""
    table = np.zeros((len(word.KINDS), len(word.OUTCOMES)))
    table[word.CLIP_OF_ENCOUNTER] = _trust_like(parameters, parameters[name])
    return table


def _youth_shifts(parameters: Mapping[str, float]) -> NDArray[np.float64]:
    table = np.zeros((len(word.KINDS), len(word.OUTCOMES)))
    table[word.CLIP_OF_ENCOUNTER, word.COOPERATION] = parameters["watched_youth_cooperation_shift"]
    return table


def _retention(parameters: Mapping[str, float]) -> NDArray[np.float64]:
    """The lasting share by channel and outcome: contact and media differ, prejudice has its own cards."""
    table = np.empty((len(word.CHANNELS), len(word.OUTCOMES)))
    table[[word.DIRECT, word.TOLD]] = parameters["contact_retention"]
    table[[word.DIRECT, word.TOLD], word.PREJUDICE] = parameters["prejudice_retention"]
    table[[word.WATCHED, word.NEWS]] = parameters["media_retention"]
    return table


def _rates(parameters: Mapping[str, float]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Durable and transient rates per hour, one of each per outcome."""
    durable, transient = np.empty(len(word.OUTCOMES)), np.empty(len(word.OUTCOMES))
    for outcome in range(len(word.OUTCOMES)):
        family = "trust" if outcome in TRUST_LIKE else "prejudice"
        durable[outcome] = np.log(2.0) / (24.0 * parameters[f"{family}_durable_half_life_days"])
        transient[outcome] = 1.0 / (24.0 * parameters[f"{family}_transient_mean_days"])
    return durable, transient


def left_at_day_end(durable_rate: NDArray[np.float64], transient_rate: NDArray[np.float64]) -> NDArray[np.float64]:
    """(25, outcomes, 2): what is left of the durable and the transient store after 0 to 24 hours."""
    hours = np.arange(HOURS_OF_DAY + 1)[:, None, None]
    return np.exp(-hours * np.stack([durable_rate, transient_rate], axis=1))


def _counters() -> NDArray[np.int64]:
    """Which count an experience adds to, by kind and channel."""
    good = np.isin(np.arange(len(word.KINDS)), word.GOOD_KINDS)
    table = np.empty((len(word.KINDS), len(word.CHANNELS)), dtype=np.int64)
    table[:, word.DIRECT] = np.where(good, word.GOOD_CONTACT, word.BAD_CONTACT)
    table[:, word.TOLD] = np.where(good, word.TOLD_GOOD, word.TOLD_BAD)
    table[:, [word.WATCHED, word.NEWS]] = np.where(good, word.GOOD_CLIP, word.BAD_CLIP)[:, None]
    return table


def _novelty(exponent: float) -> NDArray[np.float64]:
    """min(1, ((1 + count) / (1 + what the cards' people had met)) ** -exponent), by counter and count."""
    count = np.arange(COUNT_FULL + 1, dtype=np.float64)
    rows = [((1.0 + count) / (1.0 + CARDS_HAD_MET[counter])) ** -exponent for counter in range(len(word.COUNTERS))]
    return np.minimum(1.0, np.array(rows))
