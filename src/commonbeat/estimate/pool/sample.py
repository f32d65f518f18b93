"""The effects to be pooled, checked, with what had to be left out and why."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from commonbeat.errors import DataFileError, Mistakes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

HEADING = "These effects cannot be pooled:"
MOST_MISTAKES = 20  # more of one kind are counted, not listed


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Effects with their standard errors, row by row, all finite and every standard error above 0.

    effects, std_errors [k]: in one unit. labels [k]: words for tables. studies [k]: whose effect it is; effects of one study are not
    independent. groups [k]: a subgroup's name, or "" where none is known; empty without groups.
    """

    effects: Floats
    std_errors: Floats
    labels: tuple[str, ...]
    studies: tuple[str, ...]
    groups: tuple[str, ...] = ()

    @property
    def k(self) -> int:
        """How many effects there are."""
        return self.effects.size

    @property
    def variances(self) -> Floats:
        """The squared standard errors [k]."""
        return self.std_errors**2

    @property
    def repeated(self) -> tuple[str, ...]:
        """The studies with more than one effect, in the order of first appearance."""
        return tuple(name for name, count in Counter(self.studies).items() if count > 1)

    def rows(self, keep: Sequence[int] | NDArray[np.int64]) -> Sample:
        """The sample of these rows only."""
        chosen = [int(row) for row in keep]
        return replace(
            self,
            effects=self.effects[chosen],
            std_errors=self.std_errors[chosen],
            labels=tuple(self.labels[row] for row in chosen),
            studies=tuple(self.studies[row] for row in chosen),
            groups=tuple(self.groups[row] for row in chosen) if self.groups else (),
        )


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An effect that is not in the pool, and why."""

    label: str
    reason: str


def sample_of(
    effects: Sequence[Any] | NDArray,
    std_errors: Sequence[Any] | NDArray,
    *,
    labels: Sequence[str] = (),
    studies: Sequence[str] = (),
    groups: Sequence[str] = (),
    place: str = "",
) -> tuple[Sample, tuple[LeftOut, ...]]:
    """The rows whose effect and standard error are known, and those left out because one of the two is missing.

    None and nan are missing. labels: left out, "1", "2", ... studies: left out, each effect is a study of its own. place: the file's name, for
    error messages. Raises DataFileError for columns of different length, values without end, standard errors of 0 (an infinite weight)
    or below, and when no row is left.
    """
    mistakes = Mistakes()
    d, se = _floats(effects), _floats(std_errors)
    names = tuple(labels) or tuple(str(row + 1) for row in range(d.size))
    columns = (("std_errors", se), ("labels", names), ("studies", studies), ("groups", groups))
    for name, column in columns:
        if len(column) not in ({d.size} if name in ("std_errors", "labels") else {0, d.size}):
            mistakes.add(name, len(column), f"rows stand beside {d.size} effects", "Give one value for each effect.")
    mistakes.raise_if_any(DataFileError, HEADING)
    rows = [f"{place} row {row + 1} ({name})".strip() for row, name in enumerate(names)]
    _check(d, se, rows, mistakes)
    missing = np.isnan(d) | np.isnan(se)
    if not mistakes.found and missing.all():
        mistakes.add(place or "effects", d.size, "rows hold no effect with a standard error", "Give at least one.")
    mistakes.raise_if_any(DataFileError, HEADING)
    whole = Sample(d, se, names, tuple(studies) or tuple(_own_names(names)), tuple(groups))
    reasons = {row: _reason(d[row], se[row]) for row in np.flatnonzero(missing)}
    return whole.rows(np.flatnonzero(~missing)), tuple(LeftOut(names[row], why) for row, why in reasons.items())


def _check(d: Floats, se: Floats, rows: Sequence[str], mistakes: Mistakes) -> None:
    rules: tuple[tuple[NDArray[np.bool_], Floats, str, str], ...] = (
        (np.isinf(d), d, "effect is without end", "Correct the effect."),
        (np.isinf(se), se, "standard error is without end", "Leave it empty if it is not known."),
        (se < 0, se, "standard error is below 0", "Correct it, or leave it empty if it is not known."),
        (se == 0, se, "standard error is 0, which would give it all the weight", "Leave it empty if it is not known."),
    )
    for bad, values, rule, way_out in rules:
        found = np.flatnonzero(bad)
        for row in found[:MOST_MISTAKES]:
            mistakes.add(rows[int(row)], float(values[row]), rule, way_out)
        if found.size > MOST_MISTAKES:
            mistakes.add("and", found.size - MOST_MISTAKES, f"more rows whose {rule}", way_out)


def _floats(values: Sequence[Any] | NDArray) -> Floats:
    return np.array([math.nan if value is None else float(value) for value in values], dtype=np.float64)


def _own_names(labels: Sequence[str]) -> list[str]:
    """Each effect is a study of its own, even where two labels are alike."""
    return [f"{label} (row {row + 1})" for row, label in enumerate(labels)]


def _reason(effect: float, std_error: float) -> str:
    if math.isnan(effect) and math.isnan(std_error):
        return "has neither effect nor standard error"
    return "has no effect" if math.isnan(effect) else "has no standard error"
