"""How clips differ from each other, and each from itself an hour later: the covariance of log infectiousness."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.fit.growth.ages import log_age
from commonbeat.fit.growth.share_log import DAY, HOUR

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MIDDLE_AGE = 4.0  # log age at which the level is counted, about nine hours


@dataclass(frozen=True, slots=True)
class Variation:
    """Standard deviations and lengths of the parts that add up; every field is positive.

    level, slope: of a clip as a whole and of its fading over log age. drift, drift_length: of what changes over log age. gust, gust_hours: of what
    comes and goes within hours. daily, half_daily: of the clip's own rhythm, whatever its phase. noise: of one step.
    """

    level: float
    slope: float
    drift: float
    drift_length: float
    gust: float
    gust_hours: float
    daily: float
    half_daily: float
    noise: float

    def covariance(self, ages: Floats) -> Floats:
        """Between the log infectiousness at these ages in seconds: [ages, ages].

        level**2 + slope**2 v v' + drift**2 exp(-|v - v'| / length) + gust**2 exp(-|t - t'| / hours) + daily**2 cos(2 pi (t - t') / day)
        + half_daily**2 cos(4 pi (t - t') / day) + noise**2 [t = t'], with v the log age.
        """
        aged = log_age(ages) - MIDDLE_AGE
        apart, hours = np.abs(aged[:, None] - aged), np.abs(ages[:, None] - ages)
        turn = 2 * np.pi * hours / DAY
        return (
            self.level**2
            + self.slope**2 * np.outer(aged, aged)
            + self.drift**2 * np.exp(-apart / self.drift_length)
            + self.gust**2 * np.exp(-hours / (self.gust_hours * HOUR))
            + self.daily**2 * np.cos(turn)
            + self.half_daily**2 * np.cos(2 * turn)
            + self.noise**2 * (hours == 0)
        )

    def logs(self) -> Floats:
        """The logarithms of the fields, in their order."""
        return np.log(np.array(astuple(self)))

    @staticmethod
    def from_logs(logs: Floats) -> Variation:
        """The variation whose fields have these logarithms."""
        return Variation(*(float(each) for each in np.exp(logs)))
