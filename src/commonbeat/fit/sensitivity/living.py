"""Living through what happens: the engine's own kernel, called once for all the years of a few people.

    effect = sum over the people reached of weight * (level in the arm - level in the reference) / weight of all whom the figure is about

The burn-in is lived once, and both arms go on from it. Tables of the rules that nothing here can read (other outcomes, kinds that nobody
meets) are set to 0, so that two points that differ only there are seen to be one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.kernels.experience import CELL_WIDTH, CHANNELS, OUTCOMES, SOURCES, STORES, People, experience, levels
from commonbeat.simulate.background import HOURS
from commonbeat.simulate.world import BURN_IN_DAYS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.kernels.experience import Experiences, Rules

_TABLES = ("effect", "low_trust_share", "low_trust_gain", "recent_stop_shift", "youth_shift", "residual_share")
_READ = (*_TABLES, "channel_factor", "retention", "durable_rate", "transient_rate", "novelty")


@dataclass(frozen=True, eq=False)
class Pair:
    """The people of one headline and what they meet: in the burn-in, then in the arm and in the reference until the day.

    people: their rows in the society; in the experiences they are counted from 0. whole: the weight of all whom the figure is about, or
    None for those present, whose levels are read one by one.
    """

    people: NDArray[np.int32]
    weight: NDArray[np.float64]
    whole: float | None
    outcome: int
    day: int
    past: Experiences
    arm: Experiences
    reference: Experiences
    known: dict[bytes, float] = field(default_factory=dict)


def effect_of(pair: Pair, rules: Rules, fresh: NDArray[np.float32]) -> float:
    """The paired effect by these rules, latent SD; NaN where there is nobody. fresh: everybody's rows before the burn-in."""
    if not len(pair.people):
        return float("nan") if pair.whole is None else 0.0
    read = only_read(pair, rules)
    key = b"".join(getattr(read, name).tobytes() for name in _READ)
    if key not in pair.known:
        pair.known[key] = _lived(pair, read._replace(left_at_day_end=_left(read, pair)), fresh)
    return pair.known[key]


def only_read(pair: Pair, rules: Rules) -> Rules:
    """The rules with 0 wherever these people's outcome cannot read them."""
    parts = (pair.past, pair.arm, pair.reference)
    kinds = np.unique(np.concatenate([np.unique(part.kind) for part in parts]))
    channels = np.unique(np.concatenate([np.unique(part.channel) for part in parts]))
    mine = np.zeros(rules.effect.shape)
    mine[kinds, pair.outcome] = 1.0
    by_channel = np.zeros(rules.retention.shape)
    by_channel[channels, pair.outcome] = 1.0
    outcome = np.arange(OUTCOMES) == pair.outcome
    return rules._replace(
        **{name: getattr(rules, name) * mine for name in _TABLES},
        channel_factor=rules.channel_factor * by_channel[:, pair.outcome],
        retention=rules.retention * by_channel,
        durable_rate=rules.durable_rate * outcome,
        transient_rate=rules.transient_rate * outcome,
    )


def _lived(pair: Pair, rules: Rules, fresh: NDArray[np.float32]) -> float:
    rows = fresh[pair.people]
    _live(rows, pair.past, rules, pair)
    other = rows.copy()
    arm, reference = _live(rows, pair.arm, rules, pair), _live(other, pair.reference, rules, pair)
    if pair.whole is not None:
        return (arm - reference) / pair.whole
    change = _levels(rows, rules, pair) - _levels(other, rules, pair)
    return float((pair.weight * change).sum() / pair.weight.sum())


def _live(rows: NDArray[np.float32], met: Experiences, rules: Rules, pair: Pair) -> float:
    """The rows stand after what was met; returned is its sum over people, faded to the end of the day."""
    cells = len(rules.residual_cell)
    sums = np.zeros(cells * CELL_WIDTH)
    if met.person.size:
        experience(People(rows, rows.view(np.int32)), sums, met, _end(pair), rules)
    return float(sums.reshape(cells, SOURCES * CHANNELS, OUTCOMES, STORES)[:, :, pair.outcome].sum())


def _levels(rows: NDArray[np.float32], rules: Rules, pair: Pair) -> NDArray[np.float64]:
    level = np.empty((len(rows), OUTCOMES))
    everybody = np.arange(len(rows), dtype=np.int32)
    levels(rows, everybody, _end(pair), rules.durable_rate, rules.transient_rate, level)
    return level[:, pair.outcome]


def _end(pair: Pair) -> int:
    return (BURN_IN_DAYS + pair.day) * HOURS


def _left(rules: Rules, pair: Pair) -> NDArray[np.float64]:
    """(hours + 1, outcomes, 2): what is left of each store after up to so many hours, from the first of the burn-in on."""
    hours = np.arange(_end(pair) + 1.0)
    left = np.ones((len(hours), OUTCOMES, STORES))
    left[:, pair.outcome, 0] = np.exp(-hours * rules.durable_rate[pair.outcome])
    left[:, pair.outcome, 1] = np.exp(-hours * rules.transient_rate[pair.outcome])
    return left
