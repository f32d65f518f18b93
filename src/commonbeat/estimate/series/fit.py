"""What a model of a series comes to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class SeriesFit:
    """coefficients [k], covariance [k, k], residuals [t] (what is new in each period), df, and the errors' correlation from one to the next."""

    coefficients: Floats
    covariance: Floats
    residuals: Floats
    df: int
    correlation: float = 0.0

    def contrast(self, vector: Floats) -> tuple[float, float]:
        """The sum of the coefficients times `vector`, and its standard error."""
        return float(vector @ self.coefficients), float(np.sqrt(max(0.0, vector @ self.covariance @ vector)))


def t_ratio(estimate: float, std_error: float) -> float:
    """The estimate in standard errors; 0 where both are 0, as in a series that never moves."""
    if std_error > 0:
        return estimate / std_error
    return 0.0 if estimate == 0 else float(np.copysign(np.inf, estimate))
