"""Covariates as columns of numbers: categories as 0/1, gaps filled so that nobody is dropped for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from commonbeat.errors import Mistakes
    from commonbeat.estimate.prepare.columns import Columns
    from commonbeat.estimate.trial import Floats

    Made = tuple[list[tuple[str, Floats]], NDArray[np.bool_]]

MOST_CATEGORIES = 30
OFTEN_MISSING = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A column of the file: for whom it is missing [n], which of the made columns are its own, and what was done about the gaps."""

    name: str
    missing: NDArray[np.bool_]
    columns: tuple[int, ...]
    filled_with: str


@dataclass(frozen=True, slots=True, eq=False)
class Covariates:
    """Complete columns [n, k], their names, and the columns of the file that they were made of."""

    values: Floats
    names: tuple[str, ...]
    sources: tuple[Source, ...]


def gather_covariates(
    names: Sequence[str], columns: Columns, mistakes: Mistakes, *, role: str = "covariates"
) -> Covariates:
    """Every covariate as numbers.

    A number that is missing becomes the mean of all who answered; where more than a tenth are missing, a 0/1 column says for whom. Text, and
    codes that all have labels, become one 0/1 column per category but the most frequent; not answered is a category. Whether gaps are
    alike in the arms is judged for each comparison: see `known_alike`.
    """
    parts: list[Floats] = []
    found: list[str] = []
    sources: list[Source] = []
    for name in names:
        if not columns.has(role, name):
            continue
        category = columns.is_categorical(name)
        made, missing = _categories(role, name, columns, mistakes) if category else _number(role, name, columns)
        words = "for whom that is a category of its own" if category else "who were given its mean"
        sources.append(Source(name, missing, tuple(range(len(found), len(found) + len(made))), words))
        found += [label for label, _ in made]
        parts += [values for _, values in made]
    values = np.column_stack(parts) if parts else np.empty((columns.rows, 0))
    return Covariates(values, tuple(found), tuple(sources))


def _number(role: str, name: str, columns: Columns) -> Made:
    values = columns.numbers(role, name)
    if values is None:
        return [], np.zeros(columns.rows, dtype=bool)
    gap = np.isnan(values)
    if gap.all():
        return [], gap
    made = [(name, np.where(gap, np.nanmean(values), values))]
    if gap.mean() > OFTEN_MISSING:
        made.append((f"{name} missing", gap.astype(np.float64)))
    return made, gap


def _categories(role: str, name: str, columns: Columns, mistakes: Mistakes) -> Made:
    found = columns.categories(role, name)
    if found is None:
        return [], np.zeros(columns.rows, dtype=bool)
    codes, labels = found
    if len(labels) > MOST_CATEGORIES:
        rule = f"is text with {len(labels)} different values, more than {MOST_CATEGORIES}"
        mistakes.add(
            f"{role} {name}", None, rule, "Give numbers or fewer categories; a name or free text is no covariate."
        )
        return [], codes < 0
    counts = np.bincount(codes[codes >= 0], minlength=len(labels))
    most = int(counts.argmax()) if counts.size else -1
    made = [(f"{name} = {label}", (codes == i).astype(np.float64)) for i, label in enumerate(labels) if i != most]
    if (codes < 0).any():
        made.append((f"{name} not answered", (codes < 0).astype(np.float64)))
    return made, codes < 0
