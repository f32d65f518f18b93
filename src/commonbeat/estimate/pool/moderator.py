"""Whether effects differ by a property of the studies: subgroups, or a line along a number.

y_i ~ Normal(x_i beta, v_i + tau^2),   tau^2 left over by REML, one for all groups
Q_M = b' V^-1 b over the coefficients but the intercept, chi-squared with m df;   Knapp-Hartung: F = Q_M / (m s^2), df m and k - p,
s^2 = y'Py / (k - p)                       Knapp & Hartung 2003, doi:10.1002/sim.1482
R^2 = max(0, 1 - tau^2 with / tau^2 without the moderator)
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from commonbeat.estimate.pool.between import Heterogeneity, Method, fit_at, heterogeneity, tau2_of
from commonbeat.estimate.pool.pooled import pool_sample
from commonbeat.estimate.row import Estimate, student_estimate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from commonbeat.estimate.pool.sample import Sample

FEW_PER_GROUP = 4
FEW_PER_REGRESSOR = 10


@dataclass(frozen=True, slots=True)
class Moderation:
    """The coefficients, the two tests that all but the intercept are 0, and what heterogeneity is left.

    q_m, df, p_value: the chi-squared test. f, df_residual, f_p_value: Knapp and Hartung's, the one to read. r2: the share of tau^2 explained,
    None where there was none to explain. by_group: each subgroup pooled by itself, with a tau of its own; empty for a number.
    """

    rows: tuple[Estimate, ...]
    q_m: float
    df: int
    p_value: float
    f: float | None
    df_residual: int
    f_p_value: float | None
    heterogeneity: Heterogeneity
    r2: float | None
    by_group: tuple[Estimate, ...] = ()
    warnings: tuple[str, ...] = ()


def moderate(
    sample: Sample,
    regressors: NDArray[np.float64],
    names: Sequence[str],
    *,
    method: Method = "REML",
    level: float = 0.05,
    warnings: Sequence[str] = (),
) -> Moderation | None:
    """The meta-regression of effects on regressors [k, m], an intercept added; None where they are not of full rank or no df is left."""
    y, v, k = sample.effects, sample.variances, sample.k
    x = np.column_stack([np.ones(k), regressors])
    p = x.shape[1]
    if k <= p or np.linalg.matrix_rank(x) < p:
        return None
    between = heterogeneity(method, y, v, x, level=level)
    fit = fit_at(between.tau2, y, v, x)
    slopes = fit.coefficients[1:]
    q_m = float(slopes @ np.linalg.solve(fit.bread[1:, 1:], slopes))
    spread = fit.q / (k - p)
    f = q_m / (p - 1) / spread if spread > 0 else None
    before = tau2_of(method, y, v, np.ones((k, 1)))
    rows = tuple(
        student_estimate(
            name,
            float(value),
            math.sqrt(spread * square),
            float(k - p),
            level=level,
            n=k,
            clusters=None,
            method=f"mixed effects, {method}, Knapp-Hartung",
            warnings=warnings,
        )
        for name, value, square in zip(names, slopes, np.diag(fit.bread)[1:], strict=True)
    )
    return Moderation(
        rows,
        q_m,
        p - 1,
        float(stats.chi2.sf(q_m, p - 1)),
        f,
        k - p,
        None if f is None else float(stats.f.sf(f, p - 1, k - p)),
        between,
        max(0.0, 1.0 - between.tau2 / before) if before > 0 and method != "common" else None,
        warnings=tuple(warnings),
    )


def by_number(sample: Sample, values: NDArray[np.float64], name: str, *, level: float = 0.05) -> Moderation | None:
    """The slope of the effect along a number that every study has (for instance days of delay)."""
    warnings = []
    if sample.k < FEW_PER_REGRESSOR:
        warnings.append(f"{sample.k} studies, fewer than {FEW_PER_REGRESSOR}: a slope can hardly be told from chance")
    return moderate(sample, values[:, None], [f"slope of effect on {name}"], level=level, warnings=warnings)


def by_group(sample: Sample, *, level: float = 0.05) -> Moderation | None:
    """Each subgroup pooled, and whether they differ; None with fewer than two groups or nothing left to estimate tau from.

    Effects without a group ("") stay out. Differences are from the largest group (the first of equally large ones).
    """
    known = sample.rows([row for row, group in enumerate(sample.groups) if group])
    names = list(dict.fromkeys(known.groups))
    if len(names) < 2:
        return None
    sizes = {name: known.groups.count(name) for name in names}
    first = max(names, key=lambda name: sizes[name])
    others = [name for name in names if name != first]
    member = np.array([[float(group == name) for name in others] for group in known.groups])
    words = [f"{name} less {first}" for name in others]
    warnings = _group_warnings(sizes, sample.k - known.k)
    found = moderate(known, member, words, level=level, warnings=warnings)
    if found is None:
        return None
    pools = []
    for name in names:
        part = known.rows([row for row, group in enumerate(known.groups) if group == name])
        pools.append(pool_sample(part, level=level, estimand=f"pooled effect, {name}").row)
    return Moderation(**{**_fields(found), "by_group": tuple(pools)})


def _fields(found: Moderation) -> dict:
    return {name: getattr(found, name) for name in found.__dataclass_fields__}


def _group_warnings(sizes: dict[str, int], without: int) -> list[str]:
    warnings = []
    small = [f"{name} ({size})" for name, size in sizes.items() if size < FEW_PER_GROUP]
    if small:
        warnings.append(f"groups of fewer than {FEW_PER_GROUP} effects: {', '.join(small)}")
    if without:
        warnings.append(f"{without} effects have no group and stay out of the comparison")
    return warnings
