"""Targets that see the same people or the same occurrences: what is known of their joint error, and a word where it is not.

A run has the chance of its own occurrences: a count over all D simulated days needs none besides. One up to an earlier day d is read off at
the rate of all days, so the run's chance is in it with d / D of its variance only. The rest is that of a Poisson process whose end is known,

    Cov(N_d, N_e) = N_d (1 - e / D),        d <= e <= D

which is 0 for e = D and ties nested counts. It stands for every count whose standard error is the root of the count. How answers of a group and of All residents, or of one panel on two
days, go together is not in a table of targets: such rows are counted as independent, and a doubt says so.
"""

from __future__ import annotations

import math
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING

from commonbeat.simulate.columns import EVERYBODY
from commonbeat.simulate.frame import ALL_RESIDENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from commonbeat.fit.posterior.target import Target

AS_ROOT = 0.01  # a standard error this near to the root of the count is the root, rounded
WORDS = "these overlap and are counted as independent; the posterior is too sure"


def is_chance(target: Target) -> bool:
    """Whether the count's standard error is the root of the count: Poisson chance and nothing else."""
    root = math.sqrt(max(target.estimate, 1.0))
    return target.kind == "count" and abs(target.std_error - root) <= AS_ROOT * root


def leave_chance_to_the_run(counts: Sequence[tuple[int, Target]], days: int, covariance: NDArray[np.float64]) -> None:
    """Counts have that part of their chance in `covariance` [T, T] which a run of so many days lacks; counts: each with its place there."""
    for (place, one), (other_place, other) in combinations_with_replacement(counts, 2):
        if _counted(one) == _counted(other) and is_chance(one) and is_chance(other):
            early, late = sorted((one, other), key=lambda each: each.day)
            left = early.std_error**2 * (1 - late.day / days)
            covariance[place, other_place] = covariance[other_place, place] = left


def overlaps_of(targets: Sequence[Target]) -> tuple[str, ...]:
    """A doubt for all rows that see the same and are counted as independent."""
    return (*_days_of_one_effect(targets), *_nested_counts(targets), *_parts_beside_wholes(targets))


def _counted(target: Target) -> tuple[str, str, str]:
    return target.arm, target.counted, target.group


def _sets(targets: Iterable[Target], key: Callable[[Target], Hashable]) -> list[list[Target]]:
    """The targets that share a key, where there is more than one."""
    found: dict[Hashable, list[Target]] = {}
    for target in targets:
        found.setdefault(key(target), []).append(target)
    return [each for each in found.values() if len(each) > 1]


def _doubt(labels: Iterable[str]) -> str:
    return f"{' and '.join(labels)}: {WORDS}."


def _days_of_one_effect(targets: Sequence[Target]) -> list[str]:
    effects = [each for each in targets if each.kind == "effect"]
    found = _sets(effects, lambda each: (each.arm, each.group, each.ring, each.outcome))
    return [_doubt(each.label for each in one) for one in found]


def _nested_counts(targets: Sequence[Target]) -> list[str]:
    """Of counts whose errors are more than chance it is not known how they go together."""
    found = _sets([each for each in targets if each.kind == "count"], _counted)
    return [_doubt(each.label for each in one) for one in found if not all(is_chance(each) for each in one)]


def _parts_beside_wholes(targets: Sequence[Target]) -> list[str]:
    """A group's row beside that of all of whom it is a part."""
    surveys = _sets([each for each in targets if each.kind == "survey_mean"], lambda each: each.outcome)
    rest = [each for each in targets if each.kind in ("effect", "count")]
    found = []
    for one in surveys:
        groups = sorted({each.group for each in one})
        if ALL_RESIDENTS in groups and len(groups) > 1:
            found.append(_doubt(f"surveys of {one[0].outcome} among {group}" for group in groups))
    sets = _sets(rest, lambda each: (each.kind, each.arm, each.ring, each.outcome, each.counted, each.day))
    wholes = (ALL_RESIDENTS, EVERYBODY)
    return found + [_doubt(each.label for each in one) for one in sets if any(each.group in wholes for each in one)]
