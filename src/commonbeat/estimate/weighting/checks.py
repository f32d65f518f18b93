"""The population's margins beside the data's categories: each one found, or told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.errors import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from commonbeat.datafile import CategoryColumn
    from commonbeat.errors import Mistakes
    from commonbeat.estimate.design import Raking

    Floats = NDArray[np.float64]

ROUNDING = 0.011  # shares printed as whole per cents may sum to .99 or 1.01
NO_ANSWER = "(no answer)"


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """One column's categories: codes [n] into names, the shares that the weights shall give them, how many had no answer."""

    column: str
    names: tuple[str, ...]
    codes: NDArray[np.int64]
    shares: Floats
    unanswered: int


def targets_of(
    columns: Mapping[str, CategoryColumn], raking: Raking, start: Floats, mistakes: Mistakes
) -> list[Target]:
    """A target for each margin; what does not fit is in mistakes."""
    targets = []
    if not raking.margins:
        mistakes.add("raking.margins", None, "names no column", "Give the population's shares of at least one.")
    for column, shares in raking.margins.items():
        if column not in columns:
            mistakes.add(f"raking.margins.{column}", None, "is not among the columns", did_you_mean(column, columns))
            continue
        found = _target(column, columns[column], shares, start, mistakes)
        if found is not None:
            targets.append(found)
    return targets


def _target(
    column: str, data: CategoryColumn, shares: Mapping[str, float], start: Floats, mistakes: Mistakes
) -> Target | None:
    place, before = f"raking.margins.{column}", len(mistakes.found)
    total = sum(shares.values())
    if abs(total - 1) > ROUNDING:
        mistakes.add(place, round(total, 4), "is the sum of the shares, which must be 1")
    category_of = _matched(data, tuple(shares))
    counts = np.bincount(data.codes[data.codes >= 0], minlength=len(data.names))
    for name in shares:
        if name not in category_of.values():
            mistakes.add(
                f"{place}.{name}", None, "is a category that nobody in the data has", did_you_mean(name, data.names)
            )
    for code, name in enumerate(data.names):
        if code not in category_of and counts[code]:
            way_out = "Give its share of the population, or list it under `missing`."
            mistakes.add(place, name, "is a category in the data without a share", way_out)
    if len(mistakes.found) > before:
        return None
    names = tuple(shares)
    into = np.array([names.index(category_of[code]) if code in category_of else -1 for code in range(len(data.names))])
    codes = np.where(data.codes >= 0, into[data.codes], len(names))
    wanted = np.array(list(shares.values())) / total
    unanswered = int(np.sum(data.codes < 0))
    if unanswered:
        left = float(start[data.codes < 0].sum() / start.sum())
        names, wanted = (*names, NO_ANSWER), np.append(wanted * (1 - left), left)
    return Target(column, names, codes.astype(np.int64), wanted, unanswered)


def _matched(data: CategoryColumn, names: tuple[str, ...]) -> dict[int, str]:
    """Each of the data's codes with the margin's name for it: its label, or else its value as text."""
    by_label = {name: code for code, name in enumerate(data.names)}
    by_value = {str(value): code for code, value in enumerate(data.values)}
    found = {}
    for name in names:
        code = by_label.get(name, by_value.get(name))
        if code is not None:
            found[code] = name
    return found
