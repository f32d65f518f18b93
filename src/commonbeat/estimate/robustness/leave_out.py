"""How few people, or which one cluster, a result rests on."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.estimate.arms import comparable_weights
from commonbeat.estimate.effects import primary_effect
from commonbeat.estimate.effects.units import comparable, layout
from commonbeat.estimate.groups.joint import adjusted_columns, most_columns
from commonbeat.estimate.linear import prepare_regression

if TYPE_CHECKING:
    from collections.abc import Callable

    from commonbeat.estimate.row import Estimate
    from commonbeat.estimate.trial import Codes, Floats, Trial

MOST_REFITS = 200
FEWEST_REFITS = 10
LARGEST_TABLE = 100_000_000  # rows times columns, above which blocks go by weights
MOST_ROWS_REFITTED = 4_000_000  # some tens of seconds
FINENESS = 200  # a count is sought to one in this many
HOLDS_ZERO = "The interval holds zero with everybody in: nobody has to leave."
NOT_REACHED = "Leaving out up to half of the people did not do it."
AT_MOST = "Found by leaving out those with the most influence: no more people than this are needed, perhaps fewer."
AFTERWARDS = "Chosen by their outcomes: this says on how many the result rests, and is no reason to leave anybody out."


def leave_one_cluster_out(trial: Trial) -> tuple[Estimate, ...]:
    """Two rows: the lowest and the highest effect found when one cluster is left out; () without clusters or with fewer than three.

    A warning says in how many cases the interval touches zero, or the sign turns, though neither is so with all clusters in.
    """
    used, _ = comparable(trial)
    if used.cluster is None or np.unique(used.cluster).size < 3:
        return ()
    codes = _clusters_to_try(used, used.cluster)
    every = np.unique(used.cluster).size
    whole = primary_effect(trial)
    found = [row for code in codes if (row := primary_effect(used.rows(used.cluster != code))).estimate is not None]
    if not found or whole.estimate is None:
        return ()
    warnings = (
        *_falls(whole, found, trial.cluster_name),
        *((_some_tried(codes.size, every),) if codes.size < every else ()),
    )
    ordered = sorted(found, key=lambda row: row.estimate or 0.0)
    name = f"intention to treat: {trial.outcome_name}, without one {trial.cluster_name}"
    return tuple(
        replace(row, estimand=f"{name}, {which}").with_warnings(*warnings)
        for row, which in ((ordered[0], "lowest"), (ordered[-1], "highest"))
    )


def _clusters_to_try(used: Trial, cluster: Codes) -> Codes:
    codes, place = np.unique(cluster, return_inverse=True)
    most = min(max(MOST_ROWS_REFITTED // cluster.size, FEWEST_REFITS), MOST_REFITS)
    if codes.size <= most:
        return codes
    order = np.argsort(np.bincount(place, row_influence(used)), kind="stable")
    return codes[np.concatenate([order[: most // 2], order[-(most // 2) :]])]


def _some_tried(tried: int, every: int) -> str:
    return f"Of {every} clusters only the {tried} with the most influence were left out in turn."


def _falls(whole: Estimate, found: list[Estimate], name: str) -> tuple[str, ...]:
    estimate = whole.estimate or 0.0
    turned = sum((row.estimate or 0.0) * estimate < 0 for row in found)
    touched = sum(holds_zero(row) for row in found) if not holds_zero(whole) else 0
    said = []
    if touched:
        said.append(
            f"In {touched} of {len(found)} cases the interval touches zero without one {name}: the result rests on it."
        )
    if turned:
        said.append(f"In {turned} of {len(found)} cases the effect changes its sign without one {name}.")
    return tuple(said)


def holds_zero(row: Estimate) -> bool:
    """Whether the row's interval holds zero, or there is none."""
    return row.ci_low is None or row.ci_high is None or row.ci_low <= 0 <= row.ci_high


def row_influence(used: Trial) -> Floats:
    """By how much each row moves the pre-declared effect [n]: about what the effect would fall by if it were left out.

    (x_i' (X'WX)^-1)_treatment w_i e_i / (1 - h_i): exact for one row of an unblocked regression, an approximation for several. `used` has
    answers only, as from `comparable`.
    """
    if most_columns(used) * used.outcome.size > LARGEST_TABLE or layout(used) == "single":
        used = replace(used, block=None, weight=comparable_weights(used))
    regression = prepare_regression(adjusted_columns(used), weights=used.weight)
    residuals = regression.fit(used.outcome).residuals
    root = np.ones_like(residuals) if regression.weight is None else np.sqrt(regression.weight)
    rows = regression.basis.rows
    left = np.maximum(1 - np.einsum("np,np->n", rows, rows), 1e-9)
    return (rows @ regression.basis.inverse[1]) * residuals * root / left


def people_who_carry(trial: Trial) -> tuple[Estimate, ...]:
    """Two rows: how many people left out bring the interval to zero, and how many turn the sign; the share is said in the method.

    People are ranked by how far each holds up the effect, or the interval's end nearer to zero: influence - t influence^2 / (2 se), as a row also
    makes up part of the variance (Broderick, Giordano & Meager 2020, arXiv:2011.14999). The effect is then estimated anew without the
    first k, and the smallest k that does it is sought (to half a per cent): an upper limit, since a cleverer choice may need fewer.
    """
    used, _ = comparable(trial)
    whole = primary_effect(trial)
    if whole.estimate is None or not whole.std_error or whole.ci_high is None:
        return ()
    side = math.copysign(1.0, whole.estimate)
    influence = side * row_influence(used)
    reach = (whole.ci_high - whole.estimate) / whole.std_error
    lift = influence - reach * influence**2 / (2 * whole.std_error)
    above = abs(whole.estimate) - reach * whole.std_error
    zero = 0 if holds_zero(whole) else fewest(used, lift, above, holds_zero)
    sign = fewest(used, influence, abs(whole.estimate), lambda row: side * (row.estimate or 0.0) <= 0)
    first = _count_row(trial, whole, zero, "the interval touches zero")
    second = _count_row(trial, whole, sign, "the effect changes its sign")
    return (first.with_warnings(HOLDS_ZERO) if zero == 0 else first, second)


def fewest(used: Trial, lift: Floats, height: float, done: Callable[[Estimate], bool]) -> int | None:
    """The smallest k such that the effect is `done` without the k rows of largest `lift`; None if half of the rows do not do it.

    The search begins where the lifts add up to `height`, and ends within one in `FINENESS`, exactly below that many.
    """
    order = np.argsort(-lift, kind="stable")
    half = order.size // 2

    def without(count: int) -> bool:
        keep = np.ones(order.size, dtype=bool)
        keep[order[:count]] = False
        row = primary_effect(used.rows(keep))
        return row.estimate is None or done(row)

    high = min(max(int(np.searchsorted(np.cumsum(lift[order[:half]]), height)) + 1, 1), half)
    low = 0
    while high < half and not without(high):
        low, high = high, min(high + high // 4 + 1, half)
    if high == half and not without(half):
        return None
    while low == 0 and high > 1:
        fewer = 4 * high // 5
        low, high = (low, fewer) if without(fewer) else (fewer, high)
    while high - low > max(1, high // FINENESS):
        middle = (low + high) // 2
        low, high = (low, middle) if without(middle) else (middle, high)
    return high


def _count_row(trial: Trial, whole: Estimate, count: int | None, what: str) -> Estimate:
    share = "" if count is None else f"; {100 * count / whole.n:.2g} % of {whole.n}"
    warnings = (AT_MOST, AFTERWARDS) if count is not None else (NOT_REACHED,)
    nothing = {"std_error": None, "df": None, "ci_low": None, "ci_high": None, "p_value": None}
    return replace(
        whole,
        estimand=f"people left out until {what}: {trial.outcome_name}",
        estimate=None if count is None else float(count),
        method=f"the most influential left out{share}",
        warnings=warnings,
        **nothing,
    )
