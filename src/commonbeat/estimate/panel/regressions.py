"""The three regressions of a panel: within people, across people, and how far the two lie apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from commonbeat.estimate.linear import fit_linear

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.estimate.linear import LinearFit
    from commonbeat.estimate.panel.data import PanelData

    Floats = NDArray[np.float64]

EXPOSURE = "exposure"
PERSON_MEAN = "exposure, person's mean"
MOST_COLUMNS = 100  # people with a column each: a second of work; 200 take half a minute


def fit_within(panel: PanelData) -> LinearFit:
    """Outcome on exposure and waves, each less its person's mean, clustered by person (or cluster), CR2.

    y_it = a_i + l_t + b x_it + e_it. Taking means out first gives the same CR2 as a column for each person, as people lie within
    clusters (Pustejovsky and Tipton, Journal of Business and Economic Statistics 36, 2018, doi:10.1080/07350015.2016.1247004), but only where
    a person's weight is the same in all waves. Where it is not, up to 100 people get a column each; more are `approximate`.
    """
    names, columns = _exposure_and_waves(panel)
    if _weights_vary(panel) and not approximate(panel):
        return _with_columns(panel, names, columns)
    return fit_linear(
        panel.outcome - person_means(panel, panel.outcome[:, None])[:, 0],
        columns - person_means(panel, columns),
        weights=panel.weight,
        clusters=_clusters(panel),
        names=names,
    )


def approximate(panel: PanelData) -> bool:
    """Whether `fit_within` gives only nearly CR2: weights change within people, who are too many for a column each."""
    return _weights_vary(panel) and len(np.unique(panel.person)) > MOST_COLUMNS


def _weights_vary(panel: PanelData) -> bool:
    if panel.weight is None:
        return False
    mean = person_means(panel, panel.weight[:, None])[:, 0]
    return not np.allclose(panel.weight, mean, rtol=1e-9, atol=0.0)


def _with_columns(panel: PanelData, names: list[str], columns: Floats) -> LinearFit:
    """The same regression with a column for each person; the exposure stands last, so that it is dropped if people and waves span it."""
    people = np.unique(panel.person)
    own = (panel.person[:, None] == people).astype(np.float64)
    return fit_linear(
        panel.outcome,
        np.column_stack([own, columns[:, 1:], columns[:, 0]]),
        weights=panel.weight,
        clusters=_clusters(panel),
        names=[*(f"person {person}" for person in people), *names[1:], EXPOSURE],
    )


def fit_across(panel: PanelData) -> LinearFit:
    """Outcome on exposure and waves over all rows, clustered likewise: who has more exposure also differs in all else."""
    names, columns = _exposure_and_waves(panel)
    table = np.column_stack([np.ones(len(columns)), columns])
    return fit_linear(
        panel.outcome, table, weights=panel.weight, clusters=_clusters(panel), names=["intercept", *names]
    )


def fit_apart(panel: PanelData) -> LinearFit:
    """Outcome on exposure, waves and the person's means of both: the mean's coefficient is what "across" has that "within" has not.

    y_it = a + l_t + b x_it + c mean_i(x) + d mean_i(waves) + e_it: b is the within coefficient, c = between - within. Mundlak, Econometrica
    46 (1978), doi:10.2307/1913646.
    """
    names, columns = _exposure_and_waves(panel)
    means = person_means(panel, columns)
    table = np.column_stack([np.ones(len(columns)), columns, means])
    labels = ["intercept", *names, PERSON_MEAN, *(f"{name}, person's mean" for name in names[1:])]
    return fit_linear(panel.outcome, table, weights=panel.weight, clusters=_clusters(panel), names=labels)


def person_means(panel: PanelData, columns: Floats) -> Floats:
    """Each row's (weighted) mean over its person's rows; columns [n, k]."""
    _, person = np.unique(panel.person, return_inverse=True)
    weight = np.ones(len(person)) if panel.weight is None else panel.weight
    total = np.bincount(person, weight)
    sums = np.stack([np.bincount(person, weight * column) for column in columns.T], axis=1)
    return (sums / total[:, None])[person]


def _clusters(panel: PanelData) -> NDArray[np.int64]:
    return panel.person if panel.cluster is None else panel.cluster


def _exposure_and_waves(panel: PanelData) -> tuple[list[str], Floats]:
    waves = np.unique(panel.time)[1:]
    later = (panel.time[:, None] == waves).astype(np.float64)
    return [EXPOSURE, *(f"wave {wave}" for wave in waves)], np.column_stack([panel.exposure, later])
