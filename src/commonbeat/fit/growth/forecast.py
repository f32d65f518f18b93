"""From the draws of a clip's future to what is said about it: medians and intervals at every age."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

from commonbeat import luck
from commonbeat.fit.growth.ages import steps_around
from commonbeat.fit.growth.infectiousness import Infectiousness, infectiousness
from commonbeat.fit.growth.onward import onward

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from commonbeat.fit.growth.growth_prior import GrowthPrior
    from commonbeat.fit.growth.share_log import ShareLog

    Floats = NDArray[np.float64]

DRAWS = 1000
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
NOTHING = 0.5  # stands for no new share on the log scale
ROUNDING = 1e-9
RESAMPLED = 2000  # sharers drawn anew for one future; beyond it their mean stands for the rest


class Drawn(NamedTuple):
    """Futures of one clip: ages [steps] in seconds, shares in all [steps, draws], and the infectiousness that they were drawn from."""

    ages: Floats
    shares: Floats
    state: Infectiousness


def draw_futures(
    log: ShareLog, prior: GrowthPrior, end: float, *, marks: Iterable[float] = (), draws: int = DRAWS, seed: int = 1
) -> Drawn:
    """Futures of the clip from now to age `end`, with the prior's widening of intervals; every mark between is among the ages."""
    edges, past = steps_around(log.observed, end, marks)
    with threadpool_limits(1):  # matrices here are small: threads would wait for each other
        state = infectiousness(log, prior, edges, past)
        grown = np.cumsum(onward(log, prior, state, draws, seed), axis=0)
    return Drawn(edges[past + 1 :], log.shares + widened(grown, prior.widening(log.observed)), state)


def widened(grown: Floats, factor: float) -> Floats:
    """Draws of new shares [steps, draws] further from their median by a factor on the log scale; they stay in the same order."""
    logs = np.log(np.maximum(grown, NOTHING))
    middle = np.median(logs, axis=1, keepdims=True)
    # Whole counts again, and what stood for nothing is nothing.
    return np.maximum(np.ceil(np.exp(middle + factor * (logs - middle)) - NOTHING - ROUNDING), 0.0)


def followers_reached(log: ShareLog, drawn: Drawn, seed: int = 1) -> Floats | None:
    """Followers of all sharers up to each age, [steps, draws]; None where nobody knows followers.

    New sharers are drawn from the clip's own. Who follows two of them counts twice, so it is an upper bound of accounts.
    """
    if log.followers is None or log.shares == 0:
        return None
    known = log.followers[1:]
    numbers = np.arange(drawn.shares.shape[1])
    tosses = luck.uniforms(seed, luck.CLIP_FOLLOWERS, numbers[:, None], np.arange(RESAMPLED)[None])
    sums = np.cumsum(known[(tosses * len(known)).astype(int)], axis=1)
    sums = np.concatenate([np.zeros((len(numbers), 1)), sums], axis=1)
    new = drawn.shares - log.shares
    within = np.minimum(np.round(new), RESAMPLED).astype(int)
    return float(log.followers.sum()) + sums[numbers[None], within] * np.maximum(new / RESAMPLED, 1.0)


def levels(draws: Floats) -> Floats:
    """The 5, 25, 50, 75 and 95 % quantiles over draws: [steps, 5]."""
    return np.quantile(draws, LEVELS, axis=1).T
