"""Raking: weights are multiplied, margin by margin, until each column's shares are those of the population."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.errors import DesignError, Mistakes
from commonbeat.estimate.trial import SMALLEST_CELL
from commonbeat.estimate.weighting.checks import Target, targets_of
from commonbeat.estimate.weighting.cost import clipping_factor, design_effect, effective_people

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from commonbeat.datafile import CategoryColumn
    from commonbeat.estimate.design import Raking

    Floats = NDArray[np.float64]

MOST_ROUNDS = 5_000
CHECKED_ROUNDS = 20  # after so many rounds raking stops that no longer comes nearer
NEAR_ENOUGH = 1e-12  # the largest difference of a category's share from its target at which raking stops
FARTHEST = 1e12  # how far beyond its bounds a weight is followed
TOLD = 1e-6  # a difference that a reader is told of
COSTLY = 2.0  # a design effect above this is worth a sentence


@dataclass(frozen=True, slots=True)
class Margin:
    """One category of one column: its share among the people, in the population, and among the people as weighted. None: too few people."""

    column: str
    category: str
    people: int | None
    unweighted: float | None
    target: float
    weighted: float | None


@dataclass(frozen=True, slots=True, eq=False)
class RakedWeights:
    """weights [n]: mean 1. held: people whose weight is at a bound. distance: the largest difference left from a target share."""

    weights: Floats
    design_effect: float
    effective_people: float
    margins: tuple[Margin, ...]
    held: int
    rounds: int
    distance: float
    warnings: tuple[str, ...]


def rake(columns: Mapping[str, CategoryColumn], raking: Raking, weights: Floats | None = None) -> RakedWeights:
    """Weights with the population's share of every category and within bounds.

        w_i = clip(d_i * product over columns of f[column, category of i], smallest, largest),   sum over a category of w = n * share

    columns: the data's categories for each column of `raking.margins`; a margin's name is a category's label or its value. weights [n]: where
    raking starts, above 0; left out, all are 1. People without an answer in a column keep their share of it, and the population's shares
    are those of the others. Without a bound that binds this is iterative proportional fitting: Deming and Stephan (1940), Annals of Mathematical
    Statistics 11, doi:10.1214/aoms/1177731829. With bounds it is their truncated form: Deville and Särndal (1992), JASA 87,
    doi:10.1080/01621459.1992.10475217. Raises DesignError on margins that the data do not have, or that contradict one another.
    """
    mistakes = Mistakes()
    start = _start(columns, weights, mistakes)
    _check_bounds(raking, mistakes)
    targets = targets_of(columns, raking, start, mistakes)
    mistakes.raise_if_any(DesignError, "The sample cannot be raked to these margins:")
    cells = _cells(targets, start)
    raked, rounds, distance = _rounds(cells, targets, raking)
    found = raked[cells.of_person]
    held = int(np.sum((found <= raking.smallest * (1 + 1e-9)) | (found >= raking.largest * (1 - 1e-9))))
    margins = tuple(margin for target in targets for margin in _margins(target, found))
    warnings = _warnings(targets, found, held, distance, raking)
    return RakedWeights(
        found, design_effect(found), effective_people(found), margins, held, rounds, distance, tuple(warnings)
    )


def _start(columns: Mapping[str, CategoryColumn], weights: Floats | None, mistakes: Mistakes) -> Floats:
    people = len(next(iter(columns.values())).codes) if columns else 0
    if weights is None:
        return np.ones(people)
    wrong = int(np.sum(~(np.isfinite(weights) & (weights > 0))))
    if wrong:
        mistakes.add(
            "raking, weights", None, f"holds {wrong:,} weights that are not above 0", "Mend or leave out these rows."
        )
        return np.ones(people)
    return weights / weights.mean()


def _check_bounds(raking: Raking, mistakes: Mistakes) -> None:
    if not raking.smallest < 1 < raking.largest:
        rule = f"and largest, {raking.largest:g}, do not have 1, the mean weight, between them"
        mistakes.add("raking.smallest", raking.smallest, rule)


@dataclass(frozen=True, slots=True, eq=False)
class _Cells:
    """People alike in all columns and in starting weight, taken together: codes [columns, cells], start and counts [cells]."""

    codes: NDArray[np.int64]
    start: Floats
    counts: Floats
    of_person: NDArray[np.int64]


def _cells(targets: list[Target], start: Floats) -> _Cells:
    together = np.column_stack([*[target.codes.astype(float) for target in targets], start])
    cells, of_person, counts = np.unique(together, axis=0, return_inverse=True, return_counts=True)
    return _Cells(cells[:, :-1].T.astype(np.int64), cells[:, -1].copy(), counts.astype(float), of_person.reshape(-1))


def _rounds(cells: _Cells, targets: list[Target], raking: Raking) -> tuple[Floats, int, float]:
    """The cells' weights, the rounds it took, and how far the shares stayed from their targets."""
    free = (
        cells.start.copy()
    )  # before the bounds; only these are multiplied, so that a weight can come back from a bound
    people = float(cells.counts.sum())
    before, distance = np.inf, np.inf
    for each in range(1, MOST_ROUNDS + 1):
        for codes, target in zip(cells.codes, targets, strict=True):
            for category, share in enumerate(target.shares):
                here = codes == category
                factor = clipping_factor(
                    free[here], cells.counts[here], share * people, raking.smallest, raking.largest
                )
                free[here] *= factor
        free = np.clip(free, 1 / FARTHEST, FARTHEST)  # margins that bounds do not allow would drive it on for ever
        held = np.clip(free, raking.smallest, raking.largest)
        distance = _distance(cells, targets, held, people)
        if distance < NEAR_ENOUGH or (each % CHECKED_ROUNDS == 0 and distance > 0.9999 * before):
            return held, each, distance
        before = distance if each % CHECKED_ROUNDS == 0 else before
    return np.clip(free, raking.smallest, raking.largest), MOST_ROUNDS, distance


def _distance(cells: _Cells, targets: list[Target], held: Floats, people: float) -> float:
    worst = 0.0
    for codes, target in zip(cells.codes, targets, strict=True):
        shares = np.bincount(codes, weights=cells.counts * held, minlength=len(target.shares)) / people
        worst = max(worst, float(np.abs(shares - target.shares).max()))
    return worst


def _margins(target: Target, weights: Floats) -> list[Margin]:
    people = np.bincount(target.codes, minlength=len(target.names))
    weighted = np.bincount(target.codes, weights=weights, minlength=len(target.names)) / weights.sum()
    margins = []
    for place, name in enumerate(target.names):
        shown = people[place] >= SMALLEST_CELL
        count, share = (int(people[place]), float(people[place] / people.sum())) if shown else (None, None)
        after = float(weighted[place]) if shown else None
        margins.append(Margin(target.column, name, count, share, float(target.shares[place]), after))
    return margins


def _warnings(targets: list[Target], weights: Floats, held: int, distance: float, raking: Raking) -> list[str]:
    warnings = []
    for target in targets:
        counts = np.bincount(target.codes, minlength=len(target.names))
        few = [name for name, count in zip(target.names, counts, strict=True) if count < SMALLEST_CELL]
        if few:
            warnings.append(
                f"raking: under {SMALLEST_CELL} people stand for {', '.join(few)} ({target.column}); join categories"
            )
        if target.unanswered:
            warnings.append(
                f"raking: {target.unanswered:,} people have no answer in {target.column}; their share of it was left as it is"
            )
    if distance > TOLD:
        bounds = f"{raking.smallest:g} to {raking.largest:g}"
        warnings.append(f"raking: margins are missed by up to {100 * distance:.2f} points with weights within {bounds}")
    if held:
        warnings.append(f"raking: {held:,} people's weights were held at {raking.smallest:g} or {raking.largest:g}")
    effect = design_effect(weights)
    if effect > COSTLY:
        warnings.append(
            f"raking: unequal weights multiply variances by up to {effect:.2f}; {len(weights):,} people tell as much as {len(weights) / effect:,.0f}"
        )
    return warnings
