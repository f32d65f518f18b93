"""The log infectiousness of one clip, past and to come, after its shares have been looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.fit.growth.laplace import laplace

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.fit.growth.growth_prior import GrowthPrior
    from commonbeat.fit.growth.share_log import ShareLog

    Floats = NDArray[np.float64]

JITTER = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Infectiousness:
    """A Gaussian over log infectiousness in all steps, given the shares up to now.

    edges [steps + 1]: in seconds. past: how many steps lie before now. mean [steps], covariance [steps, steps]. usual [steps]: the prior mean for a clip
    of this hour and audience. log_exposure [steps]: from the shares in the log alone. counts [past].
    """

    edges: Floats
    past: int
    mean: Floats
    covariance: Floats
    usual: Floats
    log_exposure: Floats
    counts: Floats

    def draws(self, normals: Floats) -> Floats:
        """One row per step, one column per draw, from standard normal numbers of that shape."""
        root = np.linalg.cholesky(self.covariance + JITTER * np.eye(len(self.mean)))
        return self.mean[:, None] + root @ normals


def infectiousness(log: ShareLog, prior: GrowthPrior, edges: Floats, past: int) -> Infectiousness:
    """The posterior by Laplace's approximation on the observed steps, carried to the others by the prior's covariance."""
    mean, covariance = prior.gaussian(log, edges)
    exposure = prior.log_exposure(log, edges)
    counts = np.histogram(log.seconds[1:], edges[: past + 1])[0].astype(float)
    seen = laplace(counts, exposure[:past], mean[:past], covariance[:past, :past])
    held = covariance[:past, :past] + np.diag(1 / seen.precision)
    gain = np.linalg.solve(held, covariance[:past]).T
    left = covariance - gain @ covariance[:past]
    return Infectiousness(
        edges=edges,
        past=past,
        mean=mean + gain @ (seen.value - mean[:past]),
        covariance=(left + left.T) / 2,
        usual=mean,
        log_exposure=exposure,
        counts=counts,
    )
