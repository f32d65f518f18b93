"""The posterior predictive check: the simulator itself, not its emulator, is run at draws of the posterior and held against the city.

For each statistic, the replicated value is the simulated one with an error of observation added. Its tail probability is twice the
smaller chance of a replicate on either side of the observed value: small, and the fitted model does not give what was seen.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr, ndtri

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commonbeat.fit.posterior.bank import Bank
    from commonbeat.fit.posterior.emulator import Array, Emulator
    from commonbeat.fit.posterior.statistics import Statistics

SURPRISING = 0.05
OFTEN = 1.5  # stated deviations by which an emulator may miss the simulator at the posterior, as root mean square
ERROR_LEVELS = (np.arange(400) + 0.5) / 400
LEVELS = (0.05, 0.5, 0.95)


@dataclass(frozen=True, slots=True)
class Checked:
    """One statistic: observed, its error of observation, the simulator's points at the posterior, and replicates of the observation.

    draws: runs with a value. missed: root mean square of (simulated - emulated) over the stated deviation; nan where it was not used.
    """

    label: str
    kind: str
    unit: str
    observed: float
    std_error: float
    low: float
    median: float
    high: float
    replicate_low: float
    replicate_high: float
    tail: float
    draws: int
    used: bool
    missed: float

    @property
    def surprising(self) -> bool:
        """Whether the fitted model hardly gives what was observed."""
        return self.tail < SURPRISING


def check(
    statistics: Statistics, emulators: Sequence[Emulator | None], runs: Bank, scores: Array
) -> tuple[Checked, ...]:
    """Every statistic, in order. emulators: None for those that did not weigh. runs: simulated at the posterior; scores: of its rows."""
    errors = np.sqrt(np.diag(statistics.covariance))
    return tuple(
        _checked(statistics, place, float(errors[place]), emulators[place], runs, scores)
        for place in range(len(statistics.statistics))
    )


def _checked(
    statistics: Statistics, place: int, error: float, emulator: Emulator | None, runs: Bank, scores: Array
) -> Checked:
    about = statistics.statistics[place]
    held = np.isfinite(runs.results[:, place])
    simulated = runs.results[held, place]
    missed = math.nan
    if emulator is not None and simulated.size:
        g = emulator.mean(scores[held])
        missed = float(np.sqrt(np.mean(((emulator.scale.of(simulated) - g) / emulator.deviation) ** 2)))
    if not simulated.size:
        low, median, high, replicate_low, replicate_high, tail = (math.nan,) * 6
    else:
        low, median, high = (float(each) for each in np.quantile(simulated, LEVELS))
        replicates = (simulated[:, None] + error * ndtri(ERROR_LEVELS)).ravel() if error else simulated
        replicate_low, replicate_high = (float(each) for each in np.quantile(replicates, (LEVELS[0], LEVELS[-1])))
        tail = _tail(simulated, error, about.observed)
    return Checked(
        label=about.label,
        kind=about.kind,
        unit=about.unit,
        observed=about.observed,
        std_error=error,
        low=low,
        median=median,
        high=high,
        replicate_low=replicate_low,
        replicate_high=replicate_high,
        tail=tail,
        draws=int(simulated.size),
        used=emulator is not None,
        missed=missed,
    )


def _tail(simulated: Array, error: float, observed: float) -> float:
    """Twice the smaller chance; one replicate on either side is granted, so that few runs never say 'impossible'."""
    if error:
        below = float(ndtr((observed - simulated) / error).sum())
        above = simulated.size - below
    else:
        below, above = float((simulated <= observed).sum()), float((simulated >= observed).sum())
    return min(1.0, 2 * (min(below, above) + 0.5) / (simulated.size + 1))
