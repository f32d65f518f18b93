"""Shares yet to come: the process is drawn onwards, step by step, from each draw of its infectiousness."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from commonbeat import luck
from commonbeat.fit.growth.counting import poisson_count
from commonbeat.fit.growth.memory import attention, passed_on

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.fit.growth.growth_prior import GrowthPrior
    from commonbeat.fit.growth.infectiousness import Infectiousness
    from commonbeat.fit.growth.share_log import ShareLog

    Floats = NDArray[np.float64]

ROUNDS = 4  # within a step shares bring shares: the mean is found by so many repetitions
MOST = 1e7  # shares in one step; a draw beyond it counts as this many


def onward(log: ShareLog, prior: GrowthPrior, state: Infectiousness, draws: int, seed: int) -> Floats:
    """New shares per step after now, one column per draw: [steps after now, draws].

    In step k: Poisson(width_k exp(x_k) A_k**feedback), where A_k adds to the attention left by the log what the drawn shares leave; a drawn share weighs
    what the clip's sharers weigh on average.
    """
    future = state.edges[state.past :]
    steps, numbers = len(future) - 1, np.arange(draws)
    normals = luck.normals(seed, luck.CLIP_INFECTIOUSNESS, numbers[None, :], np.arange(len(state.mean))[:, None])
    rates = np.exp(np.minimum(state.draws(normals)[state.past :], 50.0))
    weights = prior.weights(log)
    weight = float(weights[1:].mean()) if log.shares else 1.0
    left = attention(log.seconds, weights, future, prior.memory)
    inherited, widths = passed_on(future, prior.memory), np.diff(future)
    tosses = luck.uniforms(seed, luck.CLIP_SHARES, numbers[None, :], np.arange(steps)[:, None])
    new = np.zeros((steps, draws))
    for step in range(steps):
        brought = left[step] + weight * (inherited[:step, step] @ new[:step]) / widths[step]
        own = weight * inherited[step, step] / widths[step]
        expected = np.zeros(draws)
        for _ in range(ROUNDS):
            expected = np.minimum(widths[step] * rates[step] * (brought + own * expected) ** prior.feedback, MOST)
        new[step] = poisson_count(tosses[step], expected)
    return new
