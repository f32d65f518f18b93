"""What is left of an effect at each wave, and what hearing of it is worth: joint draws from the evidence.

    R(t) = rho * 2**(-t / H) + (1 - rho) * exp(-t / T)

rho, H and T are drawn together from the posterior of the cards, as the simulator draws them, so power is an average over
what the evidence leaves open and not the power at an average.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.evidence import draw_parameters
from commonbeat.mind import kinds as word
from commonbeat.mind.rules import build_rules

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.estimate.power.model import PowerDesign

DRAWS = 400
HOURS = 24.0
CHANNEL_OF = {"direct": word.DIRECT, "watched": word.WATCHED}
ENDS = (0.05, 0.95)


@dataclass(frozen=True, slots=True, eq=False)
class Fading:
    """Joint draws: the share left at each wave [draws, waves], and the fraction of the effect that hearing carries [draws]."""

    left: NDArray[np.float64]
    told: NDArray[np.float64]

    @property
    def mean(self) -> NDArray[np.float64]:
        """The mean share left at each wave."""
        return self.left.mean(axis=0)

    @property
    def interval(self) -> NDArray[np.float64]:
        """[2, waves]: the 5 % and 95 % points of the share left."""
        return np.quantile(self.left, ENDS, axis=0)


@lru_cache(maxsize=8)
def _drawn(seed: int) -> tuple[dict[str, float], ...]:
    return tuple(draw_parameters(seed, draw) for draw in range(DRAWS))


def left_after(days: tuple[float, ...], *, outcome: str, experience: str, seed: int) -> NDArray[np.float64]:
    """[draws, days]: R at each delay for this outcome and kind of experience."""
    channel, column = CHANNEL_OF[experience], word.OUTCOMES.index(outcome)
    hours = HOURS * np.asarray(days, dtype=np.float64)
    rows = []
    for parameters in _drawn(seed):
        rules = build_rules(parameters, np.zeros(1))
        share = rules.retention[channel, column]
        durable, transient = rules.durable_rate[column], rules.transient_rate[column]
        rows.append(share * np.exp(-durable * hours) + (1 - share) * np.exp(-transient * hours))
    return np.array(rows)


def fading(design: PowerDesign) -> Fading:
    """What is left at the design's waves, and what hearing is worth: the design's own fraction, or the prior of what is told."""
    delays = tuple(wave.delay_days for wave in design.waves)
    left = left_after(delays, outcome=design.outcome, experience=design.experience, seed=design.seed)
    fraction = design.spillover.fraction if design.spillover else None
    told = np.array([parameters["told_fraction"] for parameters in _drawn(design.seed)])
    return Fading(left, told if fraction is None else np.full(DRAWS, fraction))


def prior_effects(design: PowerDesign) -> NDArray[np.float64]:
    """[draws]: what the model's own priors say of such an experience on somebody reached, latent SD, above 0 favourable.

    Direct: one structured contact as the cards measured it. Watched: a short clip.
    """
    reduction = design.outcome == "prejudice"
    name = {
        ("direct", True): "direct_prejudice_reduction",
        ("direct", False): "direct_trust",
        ("watched", True): "watched_prejudice_reduction",
        ("watched", False): "watched_trust",
    }[design.experience, reduction]
    drawn = _drawn(design.seed)
    effect = np.array([parameters[name] for parameters in drawn])
    if design.outcome in ("cooperation", "reform"):
        effect = effect * np.array([parameters[f"{design.outcome}_per_trust"] for parameters in drawn])
    if design.outcome == "regard":
        key = "direct_regard" if design.experience == "direct" else "watched_regard"
        effect = np.array([parameters[key] for parameters in drawn])
    return effect
