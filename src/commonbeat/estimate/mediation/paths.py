"""The two regressions of a mediated effect, and draws of what they leave open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.estimate.linear import fit_linear

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from commonbeat.estimate.linear import Contrast, LinearFit
    from commonbeat.estimate.mediation.data import MediationData

    Floats = NDArray[np.float64]

TREATMENT, MEDIATOR, BOTH = "treatment", "mediator", "treatment times mediator"


@dataclass(frozen=True, slots=True, eq=False)
class Paths:
    """M = a0 + a T + c'X + e2 (first); Y = b0 + b M + g T + d'X + e3 (second); Y = t0 + t T + f'X + e1 (whole); with T M (crossed)."""

    first: LinearFit
    second: LinearFit
    whole: LinearFit
    crossed: LinearFit

    @property
    def to_mediator(self) -> Contrast:
        """a: treatment to mediator."""
        return self.first.of(TREATMENT)

    @property
    def to_outcome(self) -> Contrast:
        """b: mediator to outcome at a given treatment."""
        return self.second.of(MEDIATOR)

    def to_outcome_in_arm(self, arm: float) -> Contrast:
        """The path b + k arm, mediator to outcome within one arm, from the regression with treatment times mediator."""
        vector = np.zeros(len(self.crossed.names))
        vector[self.crossed.names.index(MEDIATOR)] = 1.0
        vector[self.crossed.names.index(BOTH)] = arm
        return self.crossed.contrast(vector)


def fit_paths(rows: MediationData) -> Paths:
    """The four regressions, HC2, or CR2 with clusters."""
    ones = np.ones(len(rows.outcome))
    labels = [f"covariate {name}" for name in rows.covariate_names]
    labels += [f"covariate {place + 1}" for place in range(len(labels), rows.covariates.shape[1])]

    def fit(outcome: Floats, **columns: Floats) -> LinearFit:
        table = np.column_stack([ones, *columns.values(), rows.covariates])
        names = ("intercept", *(name.replace("_", " ") for name in columns), *labels)
        return fit_linear(outcome, table, weights=rows.weight, clusters=rows.cluster, names=names)

    treatment, mediator = rows.treatment, rows.mediator
    return Paths(
        fit(mediator, treatment=treatment),
        fit(rows.outcome, mediator=mediator, treatment=treatment),
        fit(rows.outcome, treatment=treatment),
        fit(rows.outcome, mediator=mediator, treatment=treatment, treatment_times_mediator=treatment * mediator),
    )


def product_intervals(first: Contrast, seconds: Sequence[Contrast], rows: MediationData) -> tuple[Floats, Floats]:
    """Draws [k, draws] of the first coefficient times each of the second ones, and their intervals [2, k].

    Each coefficient is drawn from Student's t about its estimate; the two are unrelated under the model, and every product meets the same
    luck. A product is skewed, so its interval comes from its draws. MacKinnon, Lockwood and Williams, Multivariate Behavioral Research
    39 (2004), doi:10.1207/s15327906mbr3901_4.
    """
    luck = np.random.default_rng(rows.seed)
    one = first.estimate + first.std_error * luck.standard_t(first.df, rows.draws)
    other = luck.standard_t(seconds[0].df, rows.draws)
    estimates = np.array([[second.estimate] for second in seconds])
    errors = np.array([[second.std_error] for second in seconds])
    draws = one * (estimates + errors * other)
    return draws, np.quantile(draws, [rows.level / 2, 1 - rows.level / 2], axis=1)


def product_error(first: Contrast, second: Contrast) -> float:
    """The delta method's standard error of the product: sqrt(a^2 s_b^2 + b^2 s_a^2) (Sobel, Sociological Methodology 13, 1982)."""
    return float(np.hypot(first.estimate * second.std_error, second.estimate * first.std_error))
