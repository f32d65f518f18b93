"""Group-time effects put together: over all, by time since the start, by cohort, by period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from commonbeat.estimate.rollout.group_time import GroupTime
    from commonbeat.estimate.rollout.table import RolloutTable

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Combined:
    """A weighted sum of group-time effects. key: the cohort, period or time since the start; None over all.

    cohorts: those in it. influence, treated, controls [units]: as of group-time effects.
    """

    key: float | None
    effect: float
    influence: Floats
    treated: Flags
    controls: Flags
    cohorts: tuple[float, ...]


def combine_by_size(table: RolloutTable, parts: Sequence[GroupTime], key: float | None = None) -> Combined:
    """The parts averaged with their cohorts' sizes (sums of weights) as shares.

    The shares are estimated, so they have an influence of their own: psi_share = (D_ig w_i - p_g) / sum(p) - p_g * sum_g(D_ig w_i - p_g) /
    sum(p)^2, one column per part, times the parts' effects.
    """
    members = np.stack([(table.first == part.cohort) * table.weight for part in parts], axis=1)
    return _by_size(members, parts, key)


def combine_evenly(parts: Sequence[GroupTime | Combined], key: float | None = None) -> Combined:
    """The plain mean of the parts."""
    return _combined(parts, np.full(len(parts), 1 / len(parts)), key, 0.0)


def over_all(table: RolloutTable, effects: Sequence[GroupTime]) -> Combined:
    """Every treated cohort and period, each with its cohort's size."""
    return combine_by_size(table, _known(effects, lambda part: part.after))


def by_cohort(effects: Sequence[GroupTime]) -> tuple[Combined, ...]:
    """For each cohort the mean over its treated periods."""
    after = _known(effects, lambda part: part.after)
    cohorts = sorted({part.cohort for part in after})
    return tuple(combine_evenly([part for part in after if part.cohort == each], each) for each in cohorts)


def over_cohorts(table: RolloutTable, cohorts: Sequence[Combined]) -> Combined:
    """The mean over cohorts of their mean effects, each cohort with its size: the effect on the average treated unit."""
    members = np.stack([(table.first == part.key) * table.weight for part in cohorts], axis=1)
    return _by_size(members, cohorts, None)


def by_time_since_start(table: RolloutTable, effects: Sequence[GroupTime]) -> tuple[Combined, ...]:
    """For each number of periods since the start (negative before it) the cohorts that reach it, each with its size."""
    known = _known(effects, lambda _: True)
    keys = sorted({part.since for part in known})
    return tuple(combine_by_size(table, [part for part in known if part.since == each], each) for each in keys)


def by_period(table: RolloutTable, effects: Sequence[GroupTime]) -> tuple[Combined, ...]:
    """For each calendar period the cohorts treated by then, each with its size."""
    after = _known(effects, lambda part: part.after)
    keys = sorted({part.time for part in after})
    return tuple(combine_by_size(table, [part for part in after if part.time == each], each) for each in keys)


def _known(effects: Sequence[GroupTime], wanted: Callable[[GroupTime], bool]) -> list[GroupTime]:
    return [part for part in effects if wanted(part) and not np.isnan(part.effect)]


def _by_size(members: Floats, parts: Sequence[GroupTime | Combined], key: float | None) -> Combined:
    share = members.mean(axis=0)
    total = share.sum()
    effects = np.array([part.effect for part in parts])
    away = members - share
    of_shares = away @ effects / total - away.sum(axis=1) * float(share @ effects) / total**2
    return _combined(parts, share / total, key, of_shares)


def _combined(
    parts: Sequence[GroupTime | Combined], share: Floats, key: float | None, of_shares: Floats | float
) -> Combined:
    influence = np.stack([part.influence for part in parts], axis=1) @ share + of_shares
    effect = float(share @ np.array([part.effect for part in parts]))
    treated = np.logical_or.reduce([part.treated for part in parts])
    controls = np.logical_or.reduce([part.controls for part in parts])
    cohorts: set[float] = set()
    for part in parts:
        cohorts |= set(part.cohorts) if isinstance(part, Combined) else {part.cohort}
    return Combined(key, effect, influence, treated, controls, tuple(sorted(cohorts)))
