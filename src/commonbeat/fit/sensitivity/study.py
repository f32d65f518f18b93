"""The whole study: screen all parameters, share out the variance of each headline, and find where its drivers turn it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.evidence import load_parameters
from commonbeat.fit.sensitivity.design import factors_of, rows, trajectories
from commonbeat.fit.sensitivity.indices import Estimate, Index, indices
from commonbeat.fit.sensitivity.inputs import Inputs
from commonbeat.fit.sensitivity.screening import Screened, screen
from commonbeat.fit.sensitivity.work import carry_out
from commonbeat.results.measures.intervals import Interval, interval
from commonbeat.results.measures.tipping import Tipping, tipping

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from commonbeat.fit.sensitivity.design import Factors, Piece
    from commonbeat.fit.sensitivity.headline import Headline
    from commonbeat.fit.sensitivity.work import Job

DRIVERS = 5
LEAST_SHARE = 0.01  # of the variance of ranks: less than that drives nothing


@dataclass(frozen=True, slots=True)
class Effort:
    """How many trajectories screen and how many rows share out; rows are a power of two, as Sobol' sequences want it."""

    trajectories: int = 12
    rows: int = 128


@dataclass(eq=False)
class Progress:
    """What is finished, piece by piece, and who is told of it."""

    effects: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    keep: Callable[[], None] = lambda: None
    heard: Callable[[int, int], None] = lambda _done, _total: None


@dataclass(frozen=True, slots=True)
class Driver:
    """One of the parameters that weigh most on a headline, with the value at which it turns the answer."""

    parameter: str
    unit: str
    index: Index
    tipping: Tipping


@dataclass(frozen=True, slots=True)
class HeadlineStudy:
    """What a headline hangs on. `why_none`: the reason, in words, where nothing drives it."""

    headline: Headline
    spread: Interval
    negative: float
    parameters: Estimate
    luck: Estimate
    indices: tuple[Index, ...]
    drivers: tuple[Driver, ...]
    why_none: str = ""


@dataclass(frozen=True, slots=True)
class Study:
    """All headlines, what was screened, and how many points all of it took."""

    headlines: tuple[HeadlineStudy, ...]
    kept: tuple[str, ...]
    screening: tuple[Screened, ...]
    effort: Effort
    evaluations: int


def study(job: Job, effort: Effort, seed: int, progress: Progress, *, workers: int) -> Study:
    """Every point of the design has been asked for, and what it says stands; finished pieces in `progress` are not worked on again."""
    inputs = Inputs(job.bands, sample=job.sample)
    walks = trajectories(inputs, seed, effort.trajectories)
    total = effort.trajectories + effort.rows
    _finish(job, walks, progress, (0, total), workers)
    keys = [each.key for each in job.headlines]
    order, screening = screen(inputs, walks, [_clean(progress.effects[walk.key]) for walk in walks], keys, seed)
    kept = tuple(each for each in order if any(row.kept and row.parameter == each for row in screening))
    inputs = Inputs(job.bands, order, job.sample)
    factors = factors_of(inputs, kept)
    pieces = rows(inputs, factors, seed, effort.rows)
    _finish(job, pieces, progress, (len(walks), total), workers)
    effects = np.stack([progress.effects[piece.key] for piece in pieces])
    values = np.stack([piece.values for piece in pieces])
    told = [
        _headline(headline, factors, inputs, values, effects[:, :, column], seed)
        for column, headline in enumerate(job.headlines)
    ]
    points = sum(len(piece.points) for piece in [*walks, *pieces])
    return Study(tuple(told), kept, screening, effort, points)


def _finish(job: Job, pieces: Sequence[Piece], progress: Progress, counted: tuple[int, int], workers: int) -> None:
    """Every piece is in `progress`. counted: how many were done before these, and how many there are in all."""
    before, total = counted
    missing = [piece for piece in pieces if piece.key not in progress.effects]
    safe = before + len(pieces) - len(missing)

    def keep(key: str, found: NDArray[np.float64]) -> None:
        nonlocal safe
        progress.effects[key] = found
        progress.keep()
        safe += 1
        progress.heard(safe, total)

    progress.heard(safe, total)
    carry_out(job, missing, keep, workers=workers)


def _clean(effects: NDArray[np.float64]) -> NDArray[np.float64]:
    """A headline that somewhere has nobody to tell of is no headline; its changes count as none."""
    return np.where(np.isnan(effects), 0.0, effects)


def _headline(
    headline: Headline,
    factors: Factors,
    inputs: Inputs,
    values: NDArray[np.float64],
    effects: NDArray[np.float64],
    seed: int,
) -> HeadlineStudy:
    """values: (rows, points, parameters); effects: (rows, points)."""
    single = len(factors.names)
    drawn = effects[:, [0, single + 1]]
    unknown = Estimate(float("nan"), float("nan"), float("nan"))
    if np.isnan(effects).any() or np.ptp(effects) == 0:
        why = "nobody was there at some points" if np.isnan(effects).any() else "it is the same at every point"
        return HeadlineStudy(headline, interval(drawn), float(np.mean(drawn < 0)), unknown, unknown, (), (), why)
    found = indices(factors, effects, seed)
    own = next(each for each in found if each.kind == "luck").total
    rest = Estimate(1.0 - own.value, 1.0 - own.high, 1.0 - own.low)
    leading = [each for each in found if each.kind == "parameter" and each.total_of_rank.value >= LEAST_SHARE]
    drivers = tuple(_driver(each, inputs, values, effects) for each in leading[:DRIVERS])
    why = "" if drivers else "no parameter stands out"
    return HeadlineStudy(headline, interval(drawn), float(np.mean(drawn < 0)), rest, own, found, drivers, why)


def _driver(index: Index, inputs: Inputs, values: NDArray[np.float64], effects: NDArray[np.float64]) -> Driver:
    """The driver with its tipping value, from all points: each is a draw of all parameters, those of a row belong together."""
    row = np.repeat(np.arange(len(effects)), effects.shape[1])
    own = values[:, :, inputs.names.index(index.factor)]
    return Driver(index.factor, _units()[index.factor], index, tipping(own.ravel(), effects.ravel(), row))


def _units() -> dict[str, str]:
    return {parameter.name: parameter.unit for parameter in load_parameters()}
