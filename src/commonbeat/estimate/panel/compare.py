"""The same panel read within people and across people, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.estimate.panel.regressions import EXPOSURE, PERSON_MEAN, approximate, fit_across, fit_apart, fit_within
from commonbeat.estimate.row import Estimate, student_estimate
from commonbeat.estimate.trial import SMALLEST_CELL

if TYPE_CHECKING:
    from commonbeat.estimate.linear import LinearFit
    from commonbeat.estimate.panel.data import PanelData

DIFFERENT = (
    "Within and across answer different questions: what happens to a person whose exposure changes, and how people with more exposure "
    "differ from people with less. In one survey the same stops gave -.11 SD within and -.41 SD across (E039)."
)
WITHIN = (
    "Causes that change together with the exposure, and effects of the outcome on later exposure, are not ruled out."
)
ACROSS = "Not an effect: people with more exposure differ in everything else too."
STAGGERED = "People begin at different times: two-way fixed effects compare some with those who began before; estimate a roll-out instead."
HIDDEN = "The exposure of fewer than {least} people changed: not shown."
APPROXIMATE = "Weights change within people, who are too many for a column each: the standard error is CR2 only nearly, to one or two in 100."
NEVER = "Nobody's exposure changed other than with the waves: nothing can be said within people."


@dataclass(frozen=True, slots=True)
class PanelResult:
    """within: the primary row. across, apart: the comparison across people, and what separates the two. changed: people whose exposure changed."""

    within: Estimate
    across: Estimate
    apart: Estimate
    changed: int
    warnings: tuple[str, ...]

    @property
    def rows(self) -> tuple[Estimate, Estimate, Estimate]:
        """The three rows in the order of reading."""
        return self.within, self.across, self.apart


def compare_panel(data: PanelData) -> PanelResult:
    """What a change of exposure does to the same person, beside how the exposed and the others differ.

    Units: the outcome's, per unit of exposure. With exposure 0/1 that begins in one wave for all who get it, "within" is the
    difference in differences. Raises DataFileError as PanelData.known.
    """
    panel = data.known()
    once = _seen_once(panel)
    repeated = panel.rows(~once)
    changed = _changed(repeated) if len(repeated.outcome) else 0
    warnings = (DIFFERENT, *_left_out(int(once.sum())), *((STAGGERED,) if _staggered(repeated) else ()))
    words = f"{data.outcome_name} by {data.exposure_name}"
    kind = "CR2 by person" if data.cluster is None else "CR2 by cluster"
    across = _row(panel, fit_across(panel), EXPOSURE, f"across people: {words}", f"least squares with waves, {kind}")
    shown = changed >= SMALLEST_CELL
    return PanelResult(
        _within(repeated, f"within person: {words}", kind, changed).with_warnings(*warnings),
        across.with_warnings(ACROSS, DIFFERENT),
        _apart(repeated, f"between less within: {words}", kind) if shown else _nothing(f"between less within: {words}"),
        changed,
        warnings,
    )


def _within(panel: PanelData, estimand: str, kind: str, changed: int) -> Estimate:
    if changed < SMALLEST_CELL:
        return _nothing(estimand, HIDDEN.format(least=SMALLEST_CELL))
    fit = fit_within(panel)
    if EXPOSURE in fit.dropped:
        return _nothing(estimand, NEVER)
    return _row(panel, fit, EXPOSURE, estimand, f"person and wave fixed effects, {kind}").with_warnings(
        WITHIN, *((APPROXIMATE,) if approximate(panel) else ())
    )


def _apart(panel: PanelData, estimand: str, kind: str) -> Estimate:
    fit = fit_apart(panel)
    if PERSON_MEAN in fit.dropped or EXPOSURE in fit.dropped:
        return _nothing(estimand, "People do not differ in their mean exposure, or nobody's changes.")
    return _row(panel, fit, PERSON_MEAN, estimand, f"Mundlak's regression, {kind}")


def _row(panel: PanelData, fit: LinearFit, name: str, estimand: str, method: str) -> Estimate:
    estimate, std_error, df = fit.of(name)
    return student_estimate(
        estimand, estimate, std_error, df, level=panel.level, n=fit.n, clusters=fit.clusters, method=method
    )


def _nothing(estimand: str, *warnings: str) -> Estimate:
    return Estimate(estimand, None, None, None, None, None, None, 0, None, "not estimated", warnings)


def _seen_once(panel: PanelData) -> np.ndarray:
    _, person, counts = np.unique(panel.person, return_inverse=True, return_counts=True)
    return counts[person] == 1


def _left_out(count: int) -> tuple[str, ...]:
    return (f"{count} people were asked once only; they count across people, not within.",) if count else ()


def _changed(panel: PanelData) -> int:
    """People whose exposure is not the same in all their waves."""
    order = np.lexsort((panel.exposure, panel.person))
    person, exposure = panel.person[order], panel.exposure[order]
    return len(np.unique(person[1:][(person[1:] == person[:-1]) & (exposure[1:] != exposure[:-1])]))


def _staggered(panel: PanelData) -> bool:
    """Whether exposure is 0 or 1, never ends, and begins in different waves for different people."""
    if not np.isin(panel.exposure, (0.0, 1.0)).all() or len(np.unique(panel.time)) < 3:
        return False
    order = np.lexsort((panel.time, panel.person))
    person, exposure, time = panel.person[order], panel.exposure[order], panel.time[order]
    same = person[1:] == person[:-1]
    if (same & (exposure[1:] < exposure[:-1])).any():
        return False
    return len(np.unique(time[1:][same & (exposure[1:] > exposure[:-1])])) > 1
