"""Covariates as columns of numbers: categories as 0/1, gaps filled so that nobody is dropped for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commonbeat.errors import Mistakes
    from commonbeat.estimate.prepare.columns import Columns
    from commonbeat.estimate.trial import Floats

MOST_CATEGORIES = 30
OFTEN_MISSING = 0.1


@dataclass(frozen=True, slots=True)
class Covariates:
    """Complete columns [n, k], their names, and what was done to make them complete."""

    values: Floats
    names: tuple[str, ...]
    warnings: tuple[str, ...]


def gather_covariates(
    names: Sequence[str], columns: Columns, mistakes: Mistakes, *, role: str = "covariates"
) -> Covariates:
    """Every covariate as numbers.

    A number that is missing becomes the mean of all who answered; where more than a tenth are missing, a 0/1 column says for whom. Both are
    the same for the arms, because covariates precede treatment. Text, and codes that all have labels, become one 0/1 column per
    category but the most frequent; not answered is a category.
    """
    parts: list[Floats] = []
    found: list[str] = []
    warnings: list[str] = []
    for name in names:
        if not columns.has(role, name):
            continue
        made = (
            _categories(role, name, columns, mistakes)
            if columns.is_categorical(name)
            else _number(role, name, columns, warnings)
        )
        for label, values in made:
            found.append(label)
            parts.append(values)
    rows = columns.rows
    values = np.column_stack(parts) if parts else np.empty((rows, 0))
    return Covariates(values, tuple(found), tuple(warnings))


def filled(values: Floats, name: str, warnings: list[str]) -> Floats:
    """The values with every gap filled by their mean; what was filled is said."""
    gap = np.isnan(values)
    if not gap.any() or gap.all():
        return values
    warnings.append(f"{name} is missing for {int(gap.sum())} people, who were given its mean")
    return np.where(gap, np.nanmean(values), values)


def _number(role: str, name: str, columns: Columns, warnings: list[str]) -> list[tuple[str, Floats]]:
    values = columns.numbers(role, name)
    if values is None:
        return []
    gap = np.isnan(values)
    made = [(name, filled(values, name, warnings))]
    if OFTEN_MISSING < gap.mean() < 1:
        made.append((f"{name} missing", gap.astype(np.float64)))
    return made if not gap.all() else []


def _categories(role: str, name: str, columns: Columns, mistakes: Mistakes) -> list[tuple[str, Floats]]:
    found = columns.categories(role, name)
    if found is None:
        return []
    codes, labels = found
    if len(labels) > MOST_CATEGORIES:
        rule = f"is text with {len(labels)} different values, more than {MOST_CATEGORIES}"
        mistakes.add(
            f"{role} {name}", None, rule, "Give numbers or fewer categories; a name or free text is no covariate."
        )
        return []
    counts = np.bincount(codes[codes >= 0], minlength=len(labels))
    most = int(counts.argmax()) if counts.size else -1
    made = [(f"{name} = {label}", (codes == i).astype(np.float64)) for i, label in enumerate(labels) if i != most]
    if (codes < 0).any():
        made.append((f"{name} not answered", (codes < 0).astype(np.float64)))
    return made
