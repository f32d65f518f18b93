"""Pieces of a design, worked on by processes: what a worker needs to know once, and what it does with each piece."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.fit.sensitivity.evaluation import Evaluation
from commonbeat.fit.sensitivity.inputs import parameter_names
from commonbeat.simulate.workers import run_on_workers
from commonbeat.simulate.world import Workplace
from commonbeat.society import open_society

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from commonbeat.evidence.sample import ParameterSample
    from commonbeat.fit.sensitivity.design import Piece
    from commonbeat.fit.sensitivity.headline import Headline
    from commonbeat.scenario import Scenario


@dataclass(frozen=True, eq=False)
class Job:
    """What every worker needs to know; small, since the society is opened from the cache by its name."""

    scenario: Scenario
    society: str
    headlines: tuple[Headline, ...]
    bands: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    sample: ParameterSample | None = None  # rows that stand in place of priors


def carry_out(
    job: Job, pieces: Sequence[Piece], keep: Callable[[str, NDArray[np.float64]], None], *, workers: int
) -> None:
    """`keep` was called with each piece's key and its effects (points, headlines); Ctrl-C passes, and what was kept is whole."""

    def take(piece: Piece, found: NDArray[np.float64]) -> None:
        keep(piece.key, found)

    run_on_workers(partial(_open, job), effects_of, pieces, take, workers=workers)


def _open(job: Job) -> Evaluation:
    return Evaluation(Workplace(open_society(job.society)), job.scenario, job.headlines)


def effects_of(evaluation: Evaluation, piece: Piece) -> NDArray[np.float64]:
    """(points, headlines): the effects at the piece's points."""
    evaluation.forget()
    names = parameter_names()
    points = (dict(zip(names, one, strict=True)) for one in piece.values.tolist())
    return np.array([evaluation.effects(one, own) for one, own in zip(points, piece.lucks, strict=True)])
