"""One estimate, as every estimator returns it and every reader meets it."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from scipy import stats

if TYPE_CHECKING:
    from collections.abc import Iterable

NO_VARIATION = "Nothing varies where it would have to (a standard error of 0), so there is no interval."
ROUNDING = 1e-12  # of an estimate: an error below it is what doubles leave of 0


@dataclass(frozen=True, slots=True)
class Estimate:
    """What one method says about one estimand.

    estimand: what was asked, in words, with the outcome (and group or contrast) in it. estimate, std_error, ci_low, ci_high: in
    the outcome's unit unless the estimand names another. df: degrees of freedom of Student's t; inf for the normal, None where the
    method has none. p_value: two-sided unless the method says otherwise. n: people (or rows) used. clusters: clusters used, None
    without clusters. None stands for a figure that the method does not give, or that may not be shown.
    """

    estimand: str
    estimate: float | None
    std_error: float | None
    df: float | None
    ci_low: float | None
    ci_high: float | None
    p_value: float | None
    n: int
    clusters: int | None
    method: str
    warnings: tuple[str, ...] = ()

    def with_warnings(self, *warnings: str) -> Estimate:
        """The same estimate with these warnings after its own, none of them twice."""
        return replace(self, warnings=tuple(dict.fromkeys([*self.warnings, *warnings])))

    def as_row(self) -> dict[str, Any]:
        """The eleven fields in their order; figures that are not finite become None, as JSON has no word for them."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}


def student_estimate(
    estimand: str,
    estimate: float,
    std_error: float,
    df: float,
    *,
    level: float = 0.05,
    n: int,
    clusters: int | None,
    method: str,
    warnings: Iterable[str] = (),
) -> Estimate:
    """The estimate with its interval and two-sided p value by Student's t on `df` degrees (inf: the normal).

    level: one minus the interval's coverage. A standard error of 0 or nan gives no interval and no p value. One that is 0 but for
    rounding is 0: a single person who did not answer, beside people who all did, would be a difference beyond doubt otherwise.
    """
    if std_error < ROUNDING * abs(estimate):
        std_error = 0.0
    if not (math.isfinite(std_error) and std_error > 0 and df > 0):
        still = (NO_VARIATION,) if std_error == 0 else ()
        told = tuple(dict.fromkeys([*warnings, *still]))
        return Estimate(estimand, estimate, std_error, df, None, None, None, n, clusters, method, told)
    half = float(stats.t.isf(level / 2, df)) * std_error
    p_value = float(2 * stats.t.sf(abs(estimate / std_error), df))
    ends = (estimate - half, estimate + half)
    return Estimate(
        estimand, estimate, std_error, df, *ends, p_value, n, clusters, method, tuple(dict.fromkeys(warnings))
    )


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    return list(value) if isinstance(value, tuple) else value
