"""What weakens the reading of a series, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from commonbeat.estimate.trial import SMALLEST_CELL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commonbeat.estimate.series.data import SeriesData
    from commonbeat.estimate.series.fit import SeriesFit
    from commonbeat.estimate.series.left_out import LeftOut

SHORT_SERIES = 60
STRONG_CORRELATION = 0.6
SMALL_COUNT = 5.0  # events a period on average
OUTLYING = 4.0  # standard deviations of what is new in a period
SMALL_COUNTS = (
    "{mean:.2g} events per {period} on the side of the start that has fewer: counts so small are skewed, and spread more as they rise. Where they doubled, the interval "
    "held the truth in 86 to 91 of 100 simulated series. Longer periods are better."
)
ONE_PLACE = "One place before and after: whatever else began then is in the estimate too."


def series_warnings(series: SeriesData) -> tuple[str, ...]:
    """Sentences that follow from the series' length, season and respondents alone."""
    count = len(series.outcome)
    found = [ONE_PLACE]
    if count < SHORT_SERIES:
        found.append(
            f"{count} periods: in series below {SHORT_SERIES} the interval holds the truth less often than it says."
        )
    season = series.season_periods
    if season is not None and count < season:
        found.append(f"Less than one year ({count} of {season} periods): the season could not be taken out.")
    elif season is not None and series.start < season:
        found.append(f"Less than one year before the start ({series.start} of {season} periods): season and event mix.")
    if series.respondents is not None and (few := int((series.respondents < SMALLEST_CELL).sum())):
        found.append(f"{few} periods with fewer than {SMALLEST_CELL} respondents are used but not shown.")
    mean = _mean_count(series)
    if mean is not None and mean <= SMALL_COUNT:
        found.append(SMALL_COUNTS.format(mean=mean, period=series.period_name))
    return tuple(found)


def _mean_count(series: SeriesData) -> float | None:
    """Events a period, on the side of the start where there are fewer; None where the outcome is no count: answers, below 0 or not whole."""
    if series.respondents is not None:
        return None
    counts = series.outcome if series.counts is None else series.counts
    if (counts < 0).any() or (counts != np.floor(counts)).any():
        return None
    return float(min(counts[: series.start].mean(), counts[series.start :].mean()))


def fit_warnings(series: SeriesData, fit: SeriesFit) -> tuple[str, ...]:
    """Sentences that follow from the fit: strong correlation, more than one lag of it, outlying periods."""
    found = []
    if fit.correlation > STRONG_CORRELATION:
        found.append(
            f"Errors hang together strongly ({fit.correlation:.2f} from one period to the next): drift looks like change."
        )
    lags = min(10, len(fit.residuals) // 5)
    p_value = _ljung_box(fit.residuals, lags)
    if p_value < 0.01:
        found.append(f"Errors hang together over more than one period (Ljung-Box over {lags} lags, p = {p_value:.3f}).")
    spread = float(np.median(np.abs(fit.residuals))) / float(stats.norm.ppf(0.75))
    if spread > 0:
        for position in np.flatnonzero(np.abs(fit.residuals) > OUTLYING * spread)[:5]:
            away = fit.residuals[position] / spread
            found.append(
                f"{series.periods[position]} lies {away:+.1f} standard deviations from what the series led to expect."
            )
    return tuple(found)


def left_out_warnings(left_out: Sequence[LeftOut], period_name: str) -> tuple[str, ...]:
    """Sentences that name the periods on which one finding hangs, that turn it, or that stand in its way; none where there are none."""
    gone, turned, hidden = (
        [each.period for each in left_out if each.without == what] for what in ("gone", "turned", "appears")
    )
    found = []
    if gone:
        found.append(f"The finding hangs on a single {period_name}: {_without(gone)} it is gone.")
    if turned:
        found.append(f"The finding turns on a single {period_name}: {_without(turned)} its sign is the other one.")
    if hidden:
        found.append(
            f"A single {period_name} hides a finding, or makes one by its absence: {_without(hidden)} there is one."
        )
    return tuple(found)


def _without(periods: Sequence[str]) -> str:
    more = f" or one of {len(periods) - 5} more" if len(periods) > 5 else ""
    return "without " + " or without ".join(periods[:5]) + more


def _ljung_box(residuals: np.ndarray, lags: int) -> float:
    """The p value of Ljung and Box's test (Biometrika 65, 1978) that residuals are unrelated over `lags` lags."""
    count = len(residuals)
    centred = residuals - residuals.mean()
    total = float(centred @ centred)
    if lags < 2 or total == 0:
        return 1.0
    squares = [float(centred[lag:] @ centred[:-lag] / total) ** 2 / (count - lag) for lag in range(1, lags + 1)]
    return float(stats.chi2.sf(count * (count + 2) * sum(squares), lags - 1))
