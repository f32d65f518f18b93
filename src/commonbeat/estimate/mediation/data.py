"""Treatment, mediator and outcome of the same people."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.errors import DataFileError, Mistakes
from commonbeat.estimate.trial import SMALLEST_CELL

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Codes = NDArray[np.int64]

HEADING = "The path cannot be estimated from these rows."


@dataclass(frozen=True, slots=True, eq=False)
class MediationData:
    """People of a trial.

    treatment [n]: 0 or 1. mediator, outcome [n]: nan where not answered. covariates [n, k]: measured before treatment, complete. cluster,
    weight [n]: as in a trial, or None. draws: for intervals. strongest_confounding: the correlation, between what is left of
    mediator and outcome, that a path must survive to be called seen; 0.5 is strict, as two answers in one survey share mood and manner.
    """

    treatment: Floats
    mediator: Floats
    outcome: Floats
    covariates: Floats = field(default_factory=lambda: np.empty((0, 0)))
    covariate_names: tuple[str, ...] = ()
    cluster: Codes | None = None
    weight: Floats | None = None
    mediator_name: str = "mediator"
    outcome_name: str = "outcome"
    level: float = 0.05
    draws: int = 2_000
    seed: int = 1
    strongest_confounding: float = 0.5

    def known(self) -> MediationData:
        """The people with mediator and outcome, or DataFileError with every mistake."""
        keep = np.isfinite(self.mediator) & np.isfinite(self.outcome)
        empty = np.empty((len(keep), 0))
        rows = replace(
            self,
            treatment=self.treatment[keep],
            mediator=self.mediator[keep],
            outcome=self.outcome[keep],
            covariates=(self.covariates if self.covariates.shape[0] else empty)[keep],
            cluster=None if self.cluster is None else self.cluster[keep],
            weight=None if self.weight is None else self.weight[keep],
        )
        mistakes = Mistakes()
        for arm, name in ((0.0, "control"), (1.0, "treated")):
            if (count := int((rows.treatment == arm).sum())) < SMALLEST_CELL:
                mistakes.add(f"{name} arm", count, f"people with mediator and outcome; {SMALLEST_CELL} are the fewest")
        if not np.isin(rows.treatment, (0.0, 1.0)).all():
            mistakes.add("treatment", None, "must be 0 or 1 in every row")
        for name, column in ((self.mediator_name, rows.mediator), (self.outcome_name, rows.outcome)):
            if len(np.unique(column)) == 1:
                mistakes.add(name, float(column[0]), "from everybody: a constant carries nothing")
        if not np.isfinite(rows.covariates).all():
            mistakes.add("covariates", None, "must be complete")
        if not 0 < self.strongest_confounding < 1:
            mistakes.add("strongest_confounding", self.strongest_confounding, "must lie between 0 and 1")
        mistakes.raise_if_any(DataFileError, HEADING)
        return rows
