"""A mediated effect from people to results."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.estimate.analysis import Curve
from commonbeat.estimate.mediation.paths import BOTH, TREATMENT, Paths, fit_paths, product_error, product_intervals
from commonbeat.estimate.mediation.sensitivity import Confounding, sensitivity_curve
from commonbeat.estimate.row import Estimate, student_estimate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.estimate.linear import Contrast
    from commonbeat.estimate.mediation.data import MediationData

    Floats = NDArray[np.float64]

ASSUMED = (
    "The trial assigned the treatment, not {mediator}: the path is identified only if nothing unmeasured moves both {mediator} and "
    "{outcome}. No data can show that."
)
CROSSED = (
    "The path from {mediator} to {outcome} differs between the arms (p = {p:.3f}): see each arm's mediated effect."
)
ORDER = "{outcome} must have been measured after {mediator}, or the arrow may point the other way."


@dataclass(frozen=True, slots=True)
class MediationResult:
    """rows: mediated (average causal mediation effect), direct, total. by_arm: the mediated effect with the path of each arm.

    bounds: the mediated effect over all correlations up to the strongest confounding. breakdown: the smallest correlation of errors at which
    the mediated effect's interval takes in zero; None when it does so at 0. verdict: "not identified", "no path seen" or "survives", with
    sentence. curve: the mediated effect by correlation.
    """

    rows: tuple[Estimate, Estimate, Estimate]
    by_arm: tuple[Estimate, Estimate]
    bounds: Estimate
    breakdown: float | None
    verdict: str
    sentence: str
    curve: Curve
    confounding: tuple[Confounding, ...]


def mediate(data: MediationData) -> MediationResult:
    """How much of the treatment's effect on the outcome runs through the mediator, and what hidden confounding would undo it.

    Mediated = a b, direct = g, total = a b + g (letters as in `Paths`). Identified only under sequential ignorability, which a trial of the
    treatment does not give; so the result always carries its sensitivity. Imai, Keele and Tingley, Psychological Methods 15 (2010),
    doi:10.1037/a0020761. Linear models; a yes/no outcome is read in shares. DataFileError as MediationData.known.
    """
    rows = data.known()
    paths = fit_paths(rows)
    curve = sensitivity_curve(rows, paths)
    breakdown = _breakdown(curve)
    verdict, sentence = _verdict(rows, breakdown)
    warnings = (_fill(ASSUMED, data), _fill(ORDER, data), *_crossed(rows, paths), sentence)
    name = f"{data.mediator_name} to {data.outcome_name}"
    mediated = _product(rows, paths.to_mediator, paths.to_outcome, f"mediated effect: {name}")
    return MediationResult(
        (
            mediated.with_warnings(*warnings),
            _coefficient(rows, paths.second.of(TREATMENT), f"direct effect: {data.outcome_name}, not through {data.mediator_name}")
            .with_warnings(_fill(ASSUMED, data)),
            _coefficient(rows, paths.whole.of(TREATMENT), f"total effect: {data.outcome_name}"),
        ),
        (_in_arm(rows, paths, 0.0, f"mediated effect: {name}, path of the control arm"),
         _in_arm(rows, paths, 1.0, f"mediated effect: {name}, path of the treated arm")),
        _bounds(rows, mediated, curve, name).with_warnings(sentence),
        breakdown,
        verdict,
        sentence,
        _as_curve(rows, curve, name),
        curve,
    )  # fmt: skip


def _product(rows: MediationData, first: Contrast, second: Contrast, estimand: str) -> Estimate:
    draws, ends = product_intervals(first, [second], rows)
    low, high = (float(end) for end in ends[:, 0])
    beyond = min(int((draws <= 0).sum()), int((draws >= 0).sum()))
    p_value = min(1.0, 2 * (1 + beyond) / (1 + draws.size))
    estimate = first.estimate * second.estimate
    method = f"product of coefficients, {_kind(rows)}, interval from {rows.draws:,} draws"
    error = product_error(first, second)
    return Estimate(estimand, estimate, error, None, low, high, p_value, len(rows.outcome), _clusters(rows), method)


def _in_arm(rows: MediationData, paths: Paths, arm: float, estimand: str) -> Estimate:
    if BOTH in paths.crossed.dropped:
        text = "The mediator is constant within an arm."
        return Estimate(estimand, None, None, None, None, None, None, len(rows.outcome), None, "not estimated", (text,))
    return _product(rows, paths.to_mediator, paths.to_outcome_in_arm(arm), estimand)


def _coefficient(rows: MediationData, found: Contrast, estimand: str) -> Estimate:
    method = f"least squares, {_kind(rows)}, Satterthwaite"
    return student_estimate(
        estimand, *found, level=rows.level, n=len(rows.outcome), clusters=_clusters(rows), method=method
    )


def _bounds(rows: MediationData, mediated: Estimate, curve: tuple[Confounding, ...], name: str) -> Estimate:
    strongest = rows.strongest_confounding
    within = [point for point in curve if abs(point.correlation) <= strongest + 1e-9]
    low, high = min(point.low for point in within), max(point.high for point in within)
    words = f"mediated effect: {name}, errors correlated by up to {strongest:g} either way"
    method = "sensitivity bounds, with sampling"
    return Estimate(words, mediated.estimate, None, None, low, high, None, mediated.n, mediated.clusters, method)


def _breakdown(curve: tuple[Confounding, ...]) -> float | None:
    """The smallest |correlation| whose interval takes in zero; None when it is 0 itself, 1 when none does."""
    at_zero = next(point for point in curve if point.correlation == 0)
    if not at_zero.seen:
        return None
    return min((abs(point.correlation) for point in curve if not point.seen), default=1.0)


def _verdict(rows: MediationData, breakdown: float | None) -> tuple[str, str]:
    if breakdown is None:
        return "no path seen", f"No path through {rows.mediator_name} is seen even without hidden confounding."
    share = f"{breakdown**2:.0%} of the unexplained variation of both (product of the two shares)"
    hidden = f"Unmeasured causes that correlate the errors by {breakdown:.2f}, {share},"
    if breakdown <= rows.strongest_confounding:
        return "not identified", f"Not identified: {hidden[0].lower()}{hidden[1:]} would be enough to explain the path."
    return (
        "survives",
        f"{hidden} would be needed to explain the path; more than the {rows.strongest_confounding:g} set as strongest.",
    )


def _crossed(rows: MediationData, paths: Paths) -> tuple[str, ...]:
    if BOTH in paths.crossed.dropped:
        return ()
    found = student_estimate("", *paths.crossed.of(BOTH), level=rows.level, n=0, clusters=None, method="")
    if found.p_value is None or found.p_value >= rows.level:
        return ()
    return (CROSSED.format(mediator=rows.mediator_name, outcome=rows.outcome_name, p=found.p_value),)


def _as_curve(rows: MediationData, curve: tuple[Confounding, ...], name: str) -> Curve:
    return Curve(
        name="sensitivity",
        title=f"Mediated effect, {name}, by how strongly something unmeasured moves both",
        x_label="correlation of the errors",
        y_label=f"mediated effect on {rows.outcome_name}",
        x=tuple(point.correlation for point in curve),
        estimate=tuple(point.mediated for point in curve),
        low=tuple(point.low for point in curve),
        high=tuple(point.high for point in curve),
        reference=0.0,
    )


def _kind(rows: MediationData) -> str:
    return "HC2" if rows.cluster is None else "CR2"


def _clusters(rows: MediationData) -> int | None:
    return None if rows.cluster is None else len(np.unique(rows.cluster))


def _fill(text: str, data: MediationData) -> str:
    return text.format(mediator=data.mediator_name, outcome=data.outcome_name)
