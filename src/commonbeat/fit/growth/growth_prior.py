"""What the training clips say about a clip before its own shares are looked at."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np

from commonbeat.fit.growth.ages import log_age, middles
from commonbeat.fit.growth.memory import Memory, attention
from commonbeat.fit.growth.regressors import audience, regressors
from commonbeat.fit.growth.variation import Variation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.fit.growth.share_log import ShareLog

    Floats = NDArray[np.float64]

FILE = "growth_priors.json"
USUAL_FOLLOWERS = 300.0  # a share by somebody with so many followers weighs 1
LEAST_ATTENTION = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class GrowthPrior:
    """Everything that is learnt from training clips and shared by all clips.

    rate(t) = exp(x(t)) A(t)**feedback, where A(t) = sum_i w_i phi(t - t_i) is the attention that earlier shares have left, w_i = ((1 + followers_i) /
    300)**mark_exponent, and log infectiousness x is Gaussian: mean by `coefficients` (whose error is `error`), covariance by `variation`.
    calibration: pairs (observed hours, factor) by which intervals are widened, from clips that were left out. clips: how many taught it.
    """

    memory: Memory
    mark_exponent: float
    feedback: float
    variation: Variation
    coefficients: Floats
    error: Floats
    uses_followers: bool
    uses_clock: bool
    clips: int
    calibration: tuple[tuple[float, float], ...] = ()

    def weights(self, log: ShareLog) -> Floats:
        """What each entry of the log weighs: [n + 1]."""
        if not self.uses_followers or log.followers is None:
            return np.ones(len(log.seconds))
        return ((1 + log.followers) / USUAL_FOLLOWERS) ** self.mark_exponent

    def log_exposure(self, log: ShareLog, edges: Floats) -> Floats:
        """Per step the log of what exp(x) is multiplied by to give the shares to be expected, from the entries of the log alone."""
        left = attention(log.seconds, self.weights(log), edges, self.memory)
        return self.feedback * np.log(left + LEAST_ATTENTION) + np.log(np.diff(edges))

    def rows(self, log: ShareLog, edges: Floats) -> Floats:
        """The regressors of this clip's steps."""
        followed = audience(log) if self.uses_followers else None
        return regressors(middles(edges), log.clock if self.uses_clock else None, followed)

    def gaussian(self, log: ShareLog, edges: Floats) -> tuple[Floats, Floats]:
        """Mean and covariance of log infectiousness in the steps, the error of the coefficients included."""
        rows = self.rows(log, edges)
        return rows @ self.coefficients, self.variation.covariance(middles(edges)) + rows @ self.error @ rows.T

    def widening(self, observed: float) -> float:
        """The factor by which intervals are widened on the log scale for a clip observed so many seconds; beyond the ends the nearest."""
        if not self.calibration:
            return 1.0
        hours, factors = np.array(self.calibration).T
        return float(np.interp(log_age(observed), log_age(hours * 3600), factors))

    def plain(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "uses_followers": self.uses_followers,
            "uses_clock": self.uses_clock,
            "clips": self.clips,
            "memory": asdict(self.memory),
            "mark_exponent": self.mark_exponent,
            "feedback": self.feedback,
            "variation": {name: round(value, 6) for name, value in asdict(self.variation).items()},
            "coefficients": np.round(self.coefficients, 5).tolist(),
            "error": np.round(self.error, 7).tolist(),
            "calibration": [list(pair) for pair in self.calibration],
        }


def prior_of(plain: dict[str, Any]) -> GrowthPrior:
    """The prior from its plain values."""
    return GrowthPrior(
        memory=Memory(**plain["memory"]),
        mark_exponent=plain["mark_exponent"],
        feedback=plain["feedback"],
        variation=Variation(**plain["variation"]),
        coefficients=np.array(plain["coefficients"]),
        error=np.array(plain["error"]),
        uses_followers=plain["uses_followers"],
        uses_clock=plain["uses_clock"],
        clips=plain["clips"],
        calibration=tuple((hours, factor) for hours, factor in plain["calibration"]),
    )


@cache
def shipped() -> dict[str, Any]:
    """The shipped file: its source, how it was made, and the priors."""
    return json.loads(resources.files("commonbeat.fit.growth").joinpath(FILE).read_text(encoding="utf-8"))


def shipped_prior(*, followers: bool, clock: bool) -> GrowthPrior:
    """The shipped prior for clips whose sharers' followers are known or not, and whose time of day is known or not."""
    wanted = (followers, clock)
    return next(
        prior_of(each) for each in shipped()["priors"] if (each["uses_followers"], each["uses_clock"]) == wanted
    )
