"""Two-stage least squares: the effect of what was received, moved only by what was assigned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.errors import DataFileError, Mistakes
from commonbeat.estimate.linear.basis import independent_columns
from commonbeat.estimate.linear.fit import LinearFit, prepare_regression

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

    from commonbeat.estimate.linear.fit import Kind


@dataclass(frozen=True, slots=True, eq=False)
class TwoStageFit:
    """second: the fit of the outcome. first: the fit of the first regressor on the instruments, with the same kind of covariance."""

    second: LinearFit
    first: LinearFit


def fit_two_stage(
    outcome: ArrayLike,
    regressors: ArrayLike,
    instruments: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    names: Sequence[str] = (),
    instrument_names: Sequence[str] = (),
    kind: Kind | None = None,
) -> TwoStageFit:
    """The two-stage fit of outcome [n] on regressors [n, p] by instruments [n, q], q >= p; what is exogenous stands in both.

    With F the regressors' projection on the instruments: coefficients = inverse(F'WF) F'W outcome, residuals = outcome - regressors @ coefficients,
    and the HC2 or CR2 of a regression on F with these residuals, as estimatr::iv_robust and clubSandwich do. Satterthwaite df take F as given.
    """
    given, columns = np.asarray(outcome, dtype=np.float64), np.asarray(regressors, dtype=np.float64)
    labels = tuple(names) or tuple(f"x{at + 1}" for at in range(columns.shape[1]))
    first_names = tuple(instrument_names) or tuple(f"z{at + 1}" for at in range(np.asarray(instruments).shape[1]))
    options = {"weights": weights, "clusters": clusters, "kind": kind}
    stage = prepare_regression(instruments, names=first_names, **options)
    root = np.ones(1) if stage.weight is None else np.sqrt(stage.weight)
    projected = stage.basis.rows @ (stage.basis.rows.T @ (columns * root[:, None])) / root[:, None]
    # The projection of what is exogenous is itself; rounding must not make it look like more columns than there are.
    main = prepare_regression(projected, names=labels, **options)
    keep = [labels.index(name) for name in main.basis.kept]
    wanted = int(independent_columns(np.asarray(np.linalg.qr(columns * root[:, None], mode="r"))).sum())
    if len(keep) < wanted:
        mistakes = Mistakes()
        mistakes.add(
            "instruments", len(keep), f"independent columns are moved by them, fewer than the {wanted} regressors"
        )
        mistakes.raise_if_any(DataFileError, "The two-stage regression cannot be fitted.")
    inside = main.basis.rows.T @ (given * root)
    coefficients = main.basis.inverse @ inside
    residuals = given - columns[:, keep] @ coefficients
    return TwoStageFit(main.with_residuals(inside, residuals), stage.fit(columns[:, 0]))
