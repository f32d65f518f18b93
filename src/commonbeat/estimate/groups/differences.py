"""Whether the effect differs between groups."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import stats

from commonbeat.estimate.effects import primary_effect
from commonbeat.estimate.groups.effects import ordered_groups
from commonbeat.estimate.groups.holm import holm_rows
from commonbeat.estimate.groups.joint import JointFit, fit_jointly
from commonbeat.estimate.row import Estimate, student_estimate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commonbeat.estimate.groups.effects import Group, WorstOff
    from commonbeat.estimate.trial import Floats, Trial

NOT_DRAWN = (
    "Groups were not drawn by lot: a difference between their effects may be due to anything in which they differ."
)

TAKEN_APART = (
    "Clusters have people of several groups, in too many blocks for one regression or with a single cluster in some arm: the groups' effects are "
    "taken as independent, "
    "which makes these tests too careful where whole clusters were drawn."
)


class JointTest(NamedTuple):
    """An F statistic, its degrees of freedom, and the chance of one as large if all groups had the same effect."""

    statistic: float
    numerator: float
    denominator: float
    p_value: float


def group_differences(trial: Trial, *, worst_off: WorstOff = "lowest") -> tuple[Estimate, ...]:
    """First a test that all groups shown have the same effect, then each group's effect minus that of the worst-off group.

    Where no cluster has people of two groups the groups' effects are independent: the first row is Welch's test over the groups' own rows, the
    others have Welch's degrees of freedom. Else all come from one regression with everything interacted with group, CR2, and an
    approximate Hotelling test (see `fit_jointly`); with too many blocks for that, or single units in some, they are taken as independent,
    which a warning says.
    p values of the differences are Holm's. () with fewer than two groups to show.
    """
    groups = [each for each in ordered_groups(trial, worst_off) if each.shown]
    if len(groups) < 2:
        return ()
    mixed = not independent(trial, groups)
    joint = fit_jointly(trial, [group.trial for group in groups]) if mixed else None
    rows = _apart(trial, groups) if joint is None else _together(trial, groups, joint)
    if mixed and joint is None:
        rows = [row.with_warnings(TAKEN_APART) for row in rows]
    return tuple(row.with_warnings(NOT_DRAWN) for row in (rows[0], *holm_rows(rows[1:])))


def independent(trial: Trial, groups: Sequence[Group]) -> bool:
    """Whether no cluster has people of two of the groups."""
    if trial.cluster is None:
        return True
    found = [np.unique(group.trial.cluster) for group in groups if group.trial.cluster is not None]
    return np.unique(np.concatenate(found)).size == sum(each.size for each in found)


def _apart(trial: Trial, groups: Sequence[Group]) -> list[Estimate]:
    usable = [(group, row) for group in groups if (row := primary_effect(group.trial)).std_error and row.df]
    n, clusters = sum(row.n for _, row in usable), _sum([row.clusters for _, row in usable])
    if len(usable) < 2:
        return [_test_row(trial, None, n, clusters, "not estimated")]
    effects, errors, dfs = (
        np.array(values) for values in zip(*((row.estimate, row.std_error, row.df) for _, row in usable), strict=True)
    )
    test = welch_test(effects, errors, dfs)
    method = f"Welch's F({test.numerator:g}, {test.denominator:.1f}) = {test.statistic:.2f} over the groups' effects"
    rows = [_test_row(trial, test, n, clusters, method)]
    worst, first = usable[0]
    for at, (group, row) in enumerate(usable[1:], start=1):
        variances = errors[[at, 0]] ** 2
        df = float(variances.sum() ** 2 / (variances**2 / dfs[[at, 0]]).sum())
        rows.append(
            student_estimate(
                _estimand(trial, group, worst),
                float(effects[at] - effects[0]),
                math.sqrt(variances.sum()),
                df,
                level=trial.level,
                n=row.n + first.n,
                clusters=_sum([row.clusters, first.clusters]),
                method=f"difference of two groups' effects ({row.method}), Welch's df",
            )
        )
    return rows


def welch_test(effects: Floats, std_errors: Floats, dfs: Floats) -> JointTest:
    """Welch's test that k independent estimates have one mean: each has its own standard error and degrees of freedom.

    w = 1 / se^2, F = [sum w (tau - tau_w)^2 / (k - 1)] / [1 + 2 (k - 2) L / (k^2 - 1)], L = sum (1 - w / sum w)^2 / df, on k - 1 and
    (k^2 - 1) / (3 L) degrees of freedom (Welch 1951, doi 10.1093/biomet/38.3-4.330). With two, its root is the t of their difference.
    """
    count = effects.size
    weight = 1 / std_errors**2
    share = weight / weight.sum()
    spread = float(weight @ (effects - share @ effects) ** 2) / (count - 1)
    slack = float(((1 - share) ** 2 / dfs).sum())
    statistic = spread / (1 + 2 * (count - 2) * slack / (count**2 - 1))
    denominator = (count**2 - 1) / (3 * slack) if slack > 0 else math.inf
    p_value = float(
        stats.f.sf(statistic, count - 1, denominator) if slack > 0 else stats.chi2.sf(spread * (count - 1), count - 1)
    )
    return JointTest(statistic, count - 1, denominator, p_value)


def _together(trial: Trial, groups: Sequence[Group], joint: JointFit) -> list[Estimate]:
    n, clusters = joint.fit.n, joint.fit.clusters
    steps = np.column_stack([-np.ones(len(groups) - 1), np.eye(len(groups) - 1)]) @ joint.effects
    test = hotelling_test(joint, steps)
    method = "not estimated: too few clusters for so many groups"
    if test is not None:
        method = f"approximate Hotelling F({test.numerator:g}, {test.denominator:.1f}) = {test.statistic:.2f}, CR2, all interacted with group"
    rows = [_test_row(trial, test, n, clusters, method)]
    for group, step in zip(groups[1:], steps, strict=True):
        difference = joint.fit.contrast(step)
        estimand, shared = _estimand(trial, group, groups[0]), {"level": trial.level, "n": n, "clusters": clusters}
        method = "regression with all interacted with group, CR2, Satterthwaite"
        rows.append(student_estimate(estimand, *difference, method=method, **shared))
    return rows


def hotelling_test(joint: JointFit, steps: Floats) -> JointTest | None:
    """The approximate Hotelling test that `steps` [q, p] times the coefficients are all 0; None where its df are not above 0.

    With Q = b' V^-1 b and eta = q (q + 1) / sum over s, t of Var(V_st) (V standardised to mean 1 under the working model),
    F = (eta - q + 1) / (eta q) Q on q and eta - q + 1 degrees of freedom (Pustejovsky & Tipton 2018, doi 10.1080/07350015.2016.1247004).
    """
    tests = steps.shape[0]
    values = steps @ joint.fit.coefficients
    eta = joint.hotelling_df(steps)
    if not eta > tests - 1:
        return None
    distance = float(values @ np.linalg.solve(steps @ joint.fit.covariance @ steps.T, values))
    denominator = eta - tests + 1
    statistic = denominator / (eta * tests) * distance
    return JointTest(statistic, tests, denominator, float(stats.f.sf(statistic, tests, denominator)))


def _test_row(trial: Trial, test: JointTest | None, n: int, clusters: int | None, method: str) -> Estimate:
    p_value = None if test is None else test.p_value
    df = None if test is None else test.denominator
    estimand = f"same effect in all groups: {trial.outcome_name}, by {trial.grouping_name}"
    return Estimate(estimand, None, None, df, None, None, p_value, n, clusters, method)


def _estimand(trial: Trial, group: Group, worst: Group) -> str:
    return f"difference in effect: {trial.outcome_name}, {group.name} minus {worst.name}"


def _sum(counts: Sequence[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if known else None
