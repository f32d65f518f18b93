"""A person's score from several items: reversed, standardised, averaged over what was answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.errors import DataFileError, DesignError, Mistakes
from commonbeat.estimate.scales.items import ItemCheck, check_items, item_warnings
from commonbeat.estimate.scales.reliability import (
    alpha_interval,
    cronbach_alpha,
    fit_one_factor,
    pairwise_covariance,
)
from commonbeat.estimate.trial import SMALLEST_CELL, how_many

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from commonbeat.estimate.design import Scale
    from commonbeat.estimate.scales.reliability import OneFactor

    Floats = NDArray[np.float64]

LOW_RELIABILITY = 0.7


@dataclass(frozen=True, slots=True, eq=False)
class ScaleScore:
    """A scale's scores and how far they can be trusted.

    scores [n]: nan for people who answered too few items. unit: what one point is. alpha, with its 95 % interval, and omega: computed on
    the items as they enter the score, among `reference` ("control arm" or "everybody"); None where there is no such figure. mean, sd: of the
    scores in the reference group. items: one check each. unscored: people without a score. people: people in the reference group with a score.
    """

    name: str
    scores: Floats
    unit: str
    alpha: float | None
    alpha_low: float | None
    alpha_high: float | None
    omega: float | None
    reference: str
    people: int
    mean: float | None
    sd: float | None
    unscored: int
    items: tuple[ItemCheck, ...]
    warnings: tuple[str, ...]


def build_scale(
    answers: Floats,
    names: Sequence[str],
    scale: Scale,
    control: NDArray[np.bool_] | None = None,
    *,
    name: str = "scale",
) -> ScaleScore:
    """Scores, reliability and item checks of one scale.

        score_i = mean over answered j of (+-x_ij - mean_j) / sd_j,   mean_j and sd_j from the reference group

    answers [n, k]: as given, nan where missing, columns in the order of names. control [n]: the control arm; needed when the scale is
    standardised by it. A person who answered fewer than `scale.at_least` of the items has no score. Without standardising, reversed items are
    minimum + maximum - x and the score is the mean of the answered items. Averaging standardised items: Kling, Liebman and Katz (2007),
    Econometrica 75, doi:10.1111/j.1468-0262.2007.00733.x. Raises DesignError on a scale that cannot be built, DataFileError on answers outside its
    range and on items that nobody or everybody answered alike.
    """
    _check_scale(names, scale, control, name)
    reference = _reference(scale, control, len(answers))
    mistakes = Mistakes()
    _check_answers(answers, names, scale, reference, mistakes, name)
    mistakes.raise_if_any(DataFileError, f"The scale {name} cannot be built from these answers:")
    scored = _as_scored(answers, names, scale, reference)
    scores, short = _averages(scored, scale.at_least)
    return _describe(answers, names, scale, name, scored, scores, reference, short)


def _check_scale(names: Sequence[str], scale: Scale, control: NDArray[np.bool_] | None, name: str) -> None:
    """The scale makes sense by itself, or a DesignError lists why not."""
    mistakes, place = Mistakes(), f"scales.{name}"
    for item in scale.reverse:
        if item not in names:
            mistakes.add(f"{place}.reverse", item, "is not among the items", f"Items: {', '.join(names)}.")
    ends = (scale.minimum, scale.maximum)
    if scale.standardise == "none" and scale.reverse and None in ends:
        rule = "is needed to reverse an item that is not standardised"
        mistakes.add(f"{place}.minimum and maximum", None, rule, "Give both ends of the answers' range.")
    if scale.minimum is not None and scale.maximum is not None and scale.minimum >= scale.maximum:
        mistakes.add(f"{place}.minimum", scale.minimum, f"is not below the maximum, {scale.maximum:g}")
    if len(set(names)) < len(names):
        mistakes.add(f"{place}.items", list(names), "names an item twice")
    if scale.standardise == "control" and control is None:
        way_out = 'Declare the treatment, or set standardise = "everybody".'
        mistakes.add(f"{place}.standardise", "control", "needs a control arm", way_out)
    mistakes.raise_if_any(DesignError, f"The scale {name} cannot be built:")


def _reference(scale: Scale, control: NDArray[np.bool_] | None, people: int) -> NDArray[np.bool_]:
    if scale.standardise == "control" and control is not None:
        return control.astype(bool)
    return np.ones(people, bool)


def _check_answers(
    answers: Floats, names: Sequence[str], scale: Scale, reference: NDArray[np.bool_], mistakes: Mistakes, name: str
) -> None:
    who = "the control arm" if scale.standardise == "control" else "everybody"
    low = -np.inf if scale.minimum is None else scale.minimum
    high = np.inf if scale.maximum is None else scale.maximum
    for place, item in enumerate(names):
        given = answers[:, place]
        outside = given[(given < low) | (given > high)]
        if len(outside):
            shown = ", ".join(f"{value:g}" for value in np.unique(outside)[:5])
            rule = f"is outside {low:g} to {high:g} in {len(outside):,} answers"
            mistakes.add(
                f"{name}, {item}", shown, rule, "List codes for no answer under `missing`, or correct the range."
            )
            continue
        known = given[reference & ~np.isnan(given)]
        if len(known) < 2:
            mistakes.add(
                f"{name}, {item}", None, f"was answered by {len(known)} people in {who}", "Leave the item out."
            )
        elif scale.standardise != "none" and np.ptp(known) == 0:
            rule = f"is the same answer for all in {who}: it cannot be standardised"
            mistakes.add(f"{name}, {item}", float(known[0]), rule, "Leave the item out.")


def _as_scored(answers: Floats, names: Sequence[str], scale: Scale, reference: NDArray[np.bool_]) -> Floats:
    """The items with more meaning more, in the unit in which they are averaged."""
    turned = np.array([item in scale.reverse for item in names])
    if scale.standardise == "none":
        ends = (scale.minimum or 0.0) + (scale.maximum or 0.0)
        return np.where(turned, ends - answers, answers)
    signed = np.where(turned, -answers, answers)
    centre = np.nanmean(signed[reference], axis=0)
    spread = np.nanstd(signed[reference], axis=0, ddof=1)
    return (signed - centre) / spread


def _averages(scored: Floats, at_least: float) -> tuple[Floats, int]:
    """Means over the answered items, nan below the share that must be answered; and how many people that share cost their score."""
    answered = np.sum(~np.isnan(scored), axis=1)
    enough = (answered >= at_least * scored.shape[1] - 1e-9) & (answered > 0)
    sums = np.nansum(scored, axis=1)
    scores = np.where(enough, sums / np.maximum(answered, 1), np.nan)
    return scores, int(np.sum(~enough & (answered > 0)))


def _describe(
    answers: Floats,
    names: Sequence[str],
    scale: Scale,
    name: str,
    scored: Floats,
    scores: Floats,
    reference: NDArray[np.bool_],
    short: int,
) -> ScaleScore:
    described = scores[reference]
    people = int(np.sum(~np.isnan(described)))
    enough = people >= SMALLEST_CELL
    covariance = pairwise_covariance(scored[reference])
    factor = fit_one_factor(covariance) if enough else None
    alpha = cronbach_alpha(covariance) if enough else float("nan")
    low, high = alpha_interval(alpha, people, len(names))
    checks = check_items(answers[reference], names, scale, covariance, factor) if enough else ()
    warnings = [*item_warnings(checks, answers[reference], scale)]
    warnings += _scale_warnings(alpha, factor, short, scored, people, scale)
    return ScaleScore(
        name=name,
        scores=scores,
        unit=_unit(scale),
        alpha=_figure(alpha),
        alpha_low=_figure(low),
        alpha_high=_figure(high),
        omega=None if factor is None else factor.omega,
        reference="control arm" if scale.standardise == "control" else "everybody",
        people=people,
        mean=_figure(np.nanmean(described)) if enough else None,
        sd=_figure(np.nanstd(described, ddof=1)) if enough else None,
        unscored=int(np.isnan(scores).sum()),
        items=checks,
        warnings=tuple(warnings),
    )


def _unit(scale: Scale) -> str:
    whose = {"control": "the control arm's SDs", "everybody": "everybody's SDs", "none": "points of an answer"}
    return f"mean of the items, in {whose[scale.standardise]}"


def _scale_warnings(
    alpha: float, factor: OneFactor | None, short: int, scored: Floats, people: int, scale: Scale
) -> list[str]:
    warnings = []
    count, enough = scored.shape[1], people >= SMALLEST_CELL
    if not enough:
        warnings.append(
            f"under {SMALLEST_CELL} people were scored in the reference group; the scale's figures are not shown"
        )
    elif count > 1 and not np.isfinite(alpha):
        warnings.append("the scale has no alpha: the items' covariances do not add up to a variance")
    elif alpha < LOW_RELIABILITY:
        warnings.append(f"the scale is unreliable (alpha {alpha:.2f}): effects on it in SDs are drawn towards zero")
    if enough and count > 2 and factor is None:
        warnings.append("the scale has no omega: the items' correlations fit no factor model (are two items the same?)")
    if factor is not None and factor.improper:
        warnings.append("the factor takes up all of an item's variance; omega is not to be trusted")
    if short:
        warnings.append(f"{how_many(short)} people answered under {scale.at_least:.0%} of the items and have no score")
    if scale.standardise == "none" and np.isnan(scored[~np.isnan(scored).all(axis=1)]).any():
        warnings.append(
            "a score over some of the items depends on which were answered, since items are not standardised"
        )
    return warnings


def _figure(value: float | np.floating) -> float | None:
    return float(value) if np.isfinite(value) else None
