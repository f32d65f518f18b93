"""What each item of a scale looks like beside the others, and the sentences that an odd one earns."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from commonbeat.estimate.scales.reliability import cronbach_alpha, item_rest_correlations
from commonbeat.estimate.trial import how_many

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from commonbeat.estimate.design import Scale
    from commonbeat.estimate.scales.reliability import OneFactor

    Floats = NDArray[np.float64]

WEAK_ITEM = 0.2  # an item-rest correlation below this adds little but noise
OFTEN_MISSING = 0.2
AT_THE_END = 0.8  # the share at the lowest or highest answer above which an item hardly tells people apart


@dataclass(frozen=True, slots=True)
class ItemCheck:
    """One item: how it was answered (as asked, before reversing), and how it goes with the others (after reversing).

    item_rest: correlation with the sum of the other items. alpha_without: the scale's alpha without it. loading: on the one factor, as a
    correlation. None where too few items or people allow no figure.
    """

    name: str
    reversed: bool
    answered: int
    missing: int
    mean: float | None
    sd: float | None
    item_rest: float | None
    alpha_without: float | None
    loading: float | None

    def as_row(self) -> dict[str, Any]:
        """The fields by name, for tables."""
        return asdict(self)


def check_items(
    asked: Floats, names: Sequence[str], scale: Scale, covariance: Floats, factor: OneFactor | None
) -> tuple[ItemCheck, ...]:
    """One check per item; asked [n, k]: answers as given by those who are described; covariance [k, k]: of the items as scored."""
    rest = item_rest_correlations(covariance)
    spread = np.sqrt(np.diag(covariance))
    checks = []
    for place, name in enumerate(names):
        answers = asked[:, place][~np.isnan(asked[:, place])]
        others = np.delete(np.delete(covariance, place, 0), place, 1)
        checks.append(
            ItemCheck(
                name=name,
                reversed=name in scale.reverse,
                answered=len(answers),
                missing=len(asked) - len(answers),
                mean=_figure(answers.mean() if len(answers) else np.nan),
                sd=_figure(answers.std(ddof=1) if len(answers) > 1 else np.nan),
                item_rest=_figure(rest[place]),
                alpha_without=_figure(cronbach_alpha(others)),
                loading=_figure(factor.loadings[place] / spread[place]) if factor else None,
            )
        )
    return tuple(checks)


def item_warnings(checks: Sequence[ItemCheck], asked: Floats, scale: Scale) -> list[str]:
    """Sentences on items that run against the others, add little, were often left out, or hardly tell people apart."""
    warnings = []
    for place, check in enumerate(checks):
        if check.item_rest is not None and check.item_rest < 0:
            hint = "it is reversed already" if check.reversed else "should it be reversed?"
            warnings.append(f"{check.name} runs against the other items (item-rest r = {check.item_rest:.2f}): {hint}")
        elif check.item_rest is not None and check.item_rest < WEAK_ITEM:
            warnings.append(f"{check.name} hardly goes with the other items (item-rest r = {check.item_rest:.2f})")
        people = check.answered + check.missing
        if check.missing > OFTEN_MISSING * people:
            warnings.append(f"{check.name} was left out by {how_many(check.missing)} of {people:,} people")
        for end in (scale.minimum, scale.maximum):
            at_end = int(np.sum(asked[:, place] == end)) if end is not None else 0
            if check.answered and at_end > AT_THE_END * check.answered:
                warnings.append(
                    f"{check.name}: {at_end:,} of {check.answered:,} answers are {end:g}, the end of its range"
                )
    return warnings


def _figure(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
