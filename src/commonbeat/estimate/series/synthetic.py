"""A treated place against a weighted mean of others that moved as it did before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.estimate.analysis import Curve
from commonbeat.estimate.row import Estimate
from commonbeat.estimate.series.gaps import LEAST_WEIGHT, Gap, donor_gaps, exact_interval, place_gap, without_donors

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.estimate.series.data import PlaceSeries

    Floats = NDArray[np.float64]

POOR_FIT = 0.5  # of the treated place's SD over time before the start
METHOD = "synthetic control, weights on the outcome before the start"
UNEVEN = "No constant effect fits the gaps after the start: it grew, faded or jumped, so there is no interval."
ASSUMES = "Assumes that the mix of places would have gone on moving with the treated one, and that the event did not reach them."


@dataclass(frozen=True, slots=True)
class SyntheticResult:
    """mean_gap: the mean difference from the synthetic place after the start. ratio: its RMSPE ratio among all places.

    weights: donors with a share, largest first. in_time: the mean gap after a placebo start halfway through the time before; None when that is
    too short. without_donor: the mean gap with each weighted donor left out. curves: the series with its synthetic twin, the gaps, and
    the donors' gaps. rmspe_before, rmspe_after: root mean squared gaps.
    """

    mean_gap: Estimate
    ratio: Estimate
    in_time: Estimate | None
    without_donor: tuple[Estimate, ...]
    weights: tuple[tuple[str, float], ...]
    rmspe_before: float
    rmspe_after: float
    donor_ratios: tuple[tuple[str, float], ...]
    curves: tuple[Curve, ...]
    warnings: tuple[str, ...]


def synthetic_control(series: PlaceSeries) -> SyntheticResult:
    """What changed in the treated place against its synthetic twin, with placebos in every donor, in time, and without each donor.

    Gap_t = y_1t - sum_j w_j y_jt, w by `simplex_weights` on the periods before the start. p: the share of places, the treated one among
    them, with an RMSPE ratio (after / before) at least as large. Interval: all constant effects that this test does not
    reject. Abadie, Diamond and Hainmueller, Journal of the American Statistical Association 105 (2010), doi:10.1198/jasa.2009.ap08746; Firpo and
    Possebom, Journal of Causal Inference 6 (2018), doi:10.1515/jci-2016-0026. DataFileError as PlaceSeries.check.
    """
    series.check()
    own = place_gap(series, series.treated, series.start)
    others = donor_gaps(series, series.start)
    ratios = np.array([gap.ratio for gap in others])
    p_value = _share_as_large(ratios, own.ratio)
    low, high = exact_interval(own, ratios, series.level)
    uneven = (UNEVEN,) if low is None and 1 / (1 + len(ratios)) <= series.level else ()
    warnings = (*_warnings(series, own, len(others)), *uneven)
    n = series.outcome.size
    name = f"{series.outcome_name}, {series.places[series.treated]} against its synthetic twin"
    mean_gap = Estimate(
        f"mean gap after the start: {name}", own.mean_after, None, None, low, high, p_value, n, None, METHOD, warnings
    )
    ratio = Estimate(f"RMSPE ratio: {name}", own.ratio, None, None, None, None, p_value, n, None, METHOD, ())
    order = np.argsort(-own.weights)
    donors = [place for place in range(len(series.places)) if place != series.treated]
    weights = tuple((series.places[donors[j]], float(own.weights[j])) for j in order if own.weights[j] > LEAST_WEIGHT)
    return SyntheticResult(
        mean_gap,
        ratio,
        _in_time(series, n),
        _without_donor(series, mean_gap, ratios),
        weights,
        own.before,
        own.after,
        tuple((series.places[gap.place], gap.ratio) for gap in sorted(others, key=lambda gap: -gap.ratio)),
        _curves(series, own, others),
        warnings,
    )


def _warnings(series: PlaceSeries, own: Gap, donors: int) -> tuple[str, ...]:
    found = [ASSUMES]
    spread = float(series.outcome[series.treated, : series.start].std())
    if own.before > POOR_FIT * spread:
        found.append(
            f"The synthetic place misses the real one by {own.before:.3g} before the start (its SD over time is {spread:.3g}): a poor twin."
        )
    if (smallest := 1 / (1 + donors)) > series.level:
        found.append(f"{donors} other places: p cannot fall below {smallest:.2f}, so there is no interval.")
    if donors >= series.start:
        found.append(f"{donors} donors for {series.start} periods before the start: many other weights fit as well.")
    return tuple(found)


def _in_time(series: PlaceSeries, n: int) -> Estimate | None:
    """The mean gap between a start halfway through the time before and the real one: about zero when the twin is good."""
    halfway = series.start // 2
    if halfway < 3:
        return None
    own = place_gap(series, series.treated, halfway, series.start)
    ratios = np.array([gap.ratio for gap in donor_gaps(series, halfway, series.start)])
    p_value = _share_as_large(ratios, own.ratio)
    words = f"mean gap after a placebo start at {series.periods[halfway]}: {series.outcome_name}"
    return Estimate(words, own.mean_after, None, None, None, None, p_value, n, None, METHOD, ())


def _without_donor(series: PlaceSeries, whole: Estimate, ratios: Floats) -> tuple[Estimate, ...]:
    """The treated place without each donor in its mix, beside the same placebos as before, so that only its own twin changes."""
    rows = []
    for place, gap in without_donors(series):
        p_value = _share_as_large(ratios, gap.ratio)
        turned = gap.mean_after * (whole.estimate or 0.0) < 0
        found = (
            whole.p_value is not None and whole.p_value <= series.level
        )  # as the interval, which leaves out what has p = level
        lost = found and p_value > series.level
        told = (f"Without {series.places[place]} the sign turns.",) if turned else ()
        told += (f"The finding hangs on {series.places[place]}.",) if lost else ()
        words = f"{whole.estimand}, without {series.places[place]}"
        rows.append(Estimate(words, gap.mean_after, None, None, None, None, p_value, whole.n, None, METHOD, told))
    return tuple(rows)


def _share_as_large(ratios: Floats, own: float) -> float:
    """The share of places, the treated one among them, whose ratio is at least as large."""
    return float((1 + (ratios >= own).sum()) / (1 + len(ratios)))


def _curves(series: PlaceSeries, own: Gap, others: tuple[Gap, ...]) -> tuple[Curve, ...]:
    x = tuple(float(value) for value in np.arange(series.outcome.shape[1]) - series.start)
    seen = series.outcome[series.treated]
    place = series.places[series.treated]
    label = f"periods from {series.periods[series.start]}"
    donors = np.stack([gap.gaps for gap in others])
    low, high = np.quantile(donors, [series.level / 2, 1 - series.level / 2], axis=0)
    return (
        Curve(
            name="synthetic control",
            title=f"{series.outcome_name} in {place} and in its synthetic twin",
            x_label=label,
            y_label=series.outcome_name,
            x=x,
            observed=tuple(float(value) for value in seen),
            expected=tuple(float(value) for value in seen - own.gaps),
            reference=0.0,
        ),
        Curve(
            name="gaps",
            title=f"Gap in {place}, and where {1 - series.level:.0%} of the other places' gaps lie when they are put in its place",
            x_label=label,
            y_label=f"gap in {series.outcome_name}",
            x=x,
            estimate=tuple(float(value) for value in own.gaps),
            low=tuple(float(value) for value in low),
            high=tuple(float(value) for value in high),
            reference=0.0,
        ),
    )
