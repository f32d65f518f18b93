"""What the mean of log infectiousness goes with: the clip's age, the time of day, and how widely its sharers are followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from commonbeat.fit.growth.ages import KNOTS, log_age
from commonbeat.fit.growth.share_log import DAY
from commonbeat.fit.growth.variation import MIDDLE_AGE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.fit.growth.share_log import ShareLog

    Floats = NDArray[np.float64]

HARMONICS = 3
USUAL_AUDIENCE = 5.0  # mean of log(1 + followers) among sharers of the training clips, rounded
AUDIENCE_BEFORE = 10.0  # sharers' worth of the usual audience that every clip begins with


def audience(log: ShareLog) -> float:
    """How widely the sharers are followed: the mean of log(1 + followers) against the usual one, drawn to it while sharers are few."""
    if log.followers is None or log.shares == 0:
        return 0.0
    logs = np.log1p(log.followers[1:])
    return float((logs - USUAL_AUDIENCE).sum() / (len(logs) + AUDIENCE_BEFORE))


def regressors(ages: Floats, clock: float | None, followed: float | None) -> Floats:
    """One row per age, one column per coefficient: [ages, coefficients].

    Hats over log age; with a clock (days) three harmonics of the day; with an audience its level, slope and bend over log age; with both
    also the first two harmonics by audience. Columns of what is None are left out.
    """
    aged = log_age(ages)
    knots = log_age(np.array(KNOTS))
    columns = [np.interp(aged, knots, hat) for hat in np.eye(len(knots))]
    waves = []
    if clock is not None:
        turn = 2 * np.pi * (clock + ages / DAY)
        waves = [wave(times * turn) for times in range(1, HARMONICS + 1) for wave in (np.cos, np.sin)]
    columns += waves
    if followed is not None:
        later = aged - MIDDLE_AGE
        columns += [followed * np.ones_like(aged), followed * later, followed * later**2]
        columns += [followed * wave for wave in waves[:4]]
    return np.column_stack(columns)
