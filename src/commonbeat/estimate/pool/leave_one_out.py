"""The pooled effect again and again, each time without one study."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.estimate.pool.pooled import SAFE, Interval, pool_sample

if TYPE_CHECKING:
    from commonbeat.estimate.pool.between import Heterogeneity, Method
    from commonbeat.estimate.pool.sample import Sample
    from commonbeat.estimate.row import Estimate

MOST_NAMED = 5
MOST = 400  # each of them is a whole fit, so the work grows with the square


@dataclass(frozen=True, slots=True)
class Without:
    """The pooled effect and the heterogeneity without one study."""

    label: str
    row: Estimate
    heterogeneity: Heterogeneity


def leave_one_out(
    sample: Sample, *, method: Method = "REML", interval: Interval = SAFE, level: float = 0.05
) -> tuple[Without, ...]:
    """One pool for each effect that is left out, in the sample's order; none below two effects or above MOST."""
    if not 2 <= sample.k <= MOST:
        return ()
    found = []
    for place, label in enumerate(sample.labels):
        rest = sample.rows(np.delete(np.arange(sample.k), place))
        pooled = pool_sample(
            rest, method=method, interval=interval, level=level, estimand=f"pooled effect without {label}"
        )
        found.append(Without(label, pooled.row, pooled.heterogeneity))
    return tuple(found)


def what_one_study_carries(whole: Estimate, without: tuple[Without, ...]) -> tuple[str, ...]:
    """Sentences on what hangs on a single study: the widest shift, and whether the interval holds 0."""
    shifts = {each.label: _shift(whole, each.row) for each in without}
    if len(shifts) < 3:
        return ()
    widest = max(without, key=lambda each: shifts[each.label])
    said = [
        f"The pooled effect moves most without {widest.label}: from {whole.estimate:.2f} to {widest.row.estimate:.2f}."
    ]
    turned = [each.label for each in without if _spares_zero(each.row) != _spares_zero(whole)]
    if turned:
        now = "comes to hold 0" if _spares_zero(whole) else "no longer holds 0"
        more = f", or without any of {len(turned) - MOST_NAMED} others" if len(turned) > MOST_NAMED else ""
        said.append(f"One study decides: the interval {now} without {', or without '.join(turned[:MOST_NAMED])}{more}.")
    return tuple(said)


def _shift(whole: Estimate, row: Estimate) -> float:
    return 0.0 if whole.estimate is None or row.estimate is None else abs(row.estimate - whole.estimate)


def _spares_zero(row: Estimate) -> bool:
    return row.ci_low is not None and row.ci_high is not None and (row.ci_low > 0 or row.ci_high < 0)
