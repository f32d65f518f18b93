"""What one clip is like, in numbers with intervals: how much a share brings, how catching the clip still is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from commonbeat import luck
from commonbeat.fit.growth.ages import middles
from commonbeat.fit.growth.share_log import HOUR

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.fit.growth.growth_prior import GrowthPrior
    from commonbeat.fit.growth.infectiousness import Infectiousness
    from commonbeat.fit.growth.share_log import ShareLog

    Floats = NDArray[np.float64]

SHARED = "the same for every clip, chosen on the training clips; this clip does not tell it, so it has no interval"


class Trait(NamedTuple):
    """name, value (median), the ends of its 90 % interval or None, unit, and what it means."""

    name: str
    value: float
    low: float | None
    high: float | None
    unit: str
    meaning: str


def traits(log: ShareLog, prior: GrowthPrior, state: Infectiousness, seed: int, draws: int) -> tuple[Trait, ...]:
    """The clip's own traits from draws of its infectiousness, then the parameters that all clips share."""
    steps = np.arange(len(state.mean))[:, None]
    normals = luck.normals(seed, luck.CLIP_INFECTIOUSNESS, np.arange(draws)[None, :], steps)
    logs = state.draws(normals)
    widths = np.diff(state.edges)
    # A**feedback = exposure / width, so a share of the clip's usual weight brings feedback exp(x) A**(feedback - 1) weight more in the long run.
    left = np.exp((state.log_exposure - np.log(widths)) / prior.feedback)
    weights = prior.weights(log)
    weight = float(weights[1:].mean()) if log.shares else 1.0
    bringing = prior.feedback * np.exp(logs) * left[:, None] ** (prior.feedback - 1) * weight
    now, early = state.past - 1, int(np.argmin(np.abs(middles(state.edges[: state.past + 1]) - HOUR / 2)))
    pace = np.exp(logs[now]) * left[now] ** prior.feedback * HOUR
    return (
        _trait("branching_number_now", bringing[now], "shares per share", "what one more share would bring directly, if the clip stayed as it is now"),
        _trait("branching_number_early", bringing[early], "shares per share", "the same half an hour after the post"),
        _trait("shares_per_hour_now", pace, "shares per hour", "the pace of the last step observed"),
        _trait(
            "infectiousness_against_usual",
            np.exp(logs[now] - state.usual[now]),
            "ratio",
            "how catching the clip is now, against training clips of its age, hour and audience",
        ),
        Trait("memory_exponent", prior.memory.exponent, None, None, "", f"tail of the memory, phi(s) ~ s**-(1 + exponent); {SHARED}"),
        Trait("memory_constant", prior.memory.constant, None, None, "seconds", f"until the memory begins to fade; {SHARED}"),
        Trait("mark_exponent", prior.mark_exponent if prior.uses_followers else 0.0, None, None, "", f"weight of a share ~ followers**exponent; {SHARED}"),
        Trait("feedback", prior.feedback, None, None, "", f"pace ~ attention**feedback, below 1 as audiences overlap; {SHARED}"),
    )  # fmt: skip


def _trait(name: str, draws: Floats, unit: str, meaning: str) -> Trait:
    low, middle, high = (float(each) for each in np.quantile(draws, (0.05, 0.5, 0.95)))
    return Trait(name, middle, low, high, unit, meaning)
