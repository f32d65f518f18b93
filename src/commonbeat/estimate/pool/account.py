"""Everything that is said about a set of effects, in the order of reading."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from commonbeat.estimate.pool.dependence import CORRELATION, NOT_INDEPENDENT, clustered_by_study, one_per_study
from commonbeat.estimate.pool.leave_one_out import MOST, Without, leave_one_out, what_one_study_carries
from commonbeat.estimate.pool.moderator import Moderation, by_group, by_number
from commonbeat.estimate.pool.pooled import PooledEffects, pool_sample
from commonbeat.estimate.pool.small_study import SmallStudy, small_study

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from commonbeat.estimate.pool.between import Method
    from commonbeat.estimate.pool.pooled import Interval
    from commonbeat.estimate.pool.sample import Sample
    from commonbeat.estimate.row import Estimate

ENOUGH_TO_PREDICT = (
    60  # simulated: with 5 to 40 studies and a tau of .1 it held the next one in 85 to 93 of 100 cases, with 60 in 91
)
OTHERS: tuple[tuple[Method, Interval], ...] = (
    ("REML", "Hartung-Knapp"),
    ("REML", "normal"),
    ("DL", "Hartung-Knapp"),
    ("DL", "normal"),
    ("common", "normal"),
)


@dataclass(frozen=True, slots=True, eq=False)
class PoolAccount:
    """The pooled effect by the method that was fixed beforehand, and everything that tests it.

    sample: every effect. studied: one effect per study, on which all else rests (the same sample where none repeats). main: REML with
    Hartung-Knapp, not below the normal SE. others: the other methods; with repeated studies also every effect as if independent, and clustered by
    study. notes: sentences for the reader.
    """

    sample: Sample
    studied: Sample
    main: PooledEffects
    others: tuple[PooledEffects, ...]
    dependence: tuple[Estimate, ...]
    small_study: SmallStudy | None
    without: tuple[Without, ...]
    groups: Moderation | None
    slope: Moderation | None
    notes: tuple[str, ...]

    @property
    def rows(self) -> tuple[Estimate, ...]:
        """Every estimate, the main one first; those without single studies are not among them."""
        found = [self.main.row, *(each.row for each in self.others), *self.dependence]
        if self.small_study is not None:
            found += self.small_study.rows
        for moderation in (self.groups, self.slope):
            found += () if moderation is None else (*moderation.by_group, *moderation.rows)
        return tuple(found)


def account_of(
    sample: Sample,
    *,
    moderator: NDArray[np.float64] | None = None,
    moderator_name: str = "",
    level: float = 0.05,
    warnings: Sequence[str] = (),
) -> PoolAccount:
    """The account of a sample. moderator [k]: a number of each effect; it is used where no study repeats. warnings: for the main row."""
    studied = one_per_study(sample)
    main = pool_sample(studied, level=level, warnings=[*warnings, *_repeats(sample)])
    without = leave_one_out(studied, level=level)
    groups = by_group(studied, level=level) if sample.groups else None
    slope = None if moderator is None or sample.repeated else by_number(sample, moderator, moderator_name, level=level)
    return PoolAccount(
        sample,
        studied,
        main,
        tuple(pool_sample(studied, method=method, interval=interval, level=level) for method, interval in OTHERS)
        if studied.k > 1
        else (),
        _every_effect(sample, level),
        small_study(studied, i2=main.heterogeneity.i2, level=level),
        without,
        groups,
        slope,
        (*_notes(studied, main, without), *_unanswered(sample, groups, moderator, slope)),
    )


def _repeats(sample: Sample) -> list[str]:
    if not sample.repeated:
        return []
    names = ", ".join(sample.repeated[:5]) + (" and others" if len(sample.repeated) > 5 else "")
    return [
        (
            f"several effects of one study ({names}) were averaged first, so that it counts once; "
            f"their errors are assumed to correlate {CORRELATION:g}"
        )
    ]


def _every_effect(sample: Sample, level: float) -> tuple[Estimate, ...]:
    """What comes out when each effect counts by itself: as if independent, and clustered by study."""
    if not sample.repeated:
        return ()
    alone = pool_sample(sample, level=level, estimand="pooled effect, every effect", warnings=[NOT_INDEPENDENT]).row
    alone = replace(alone, method=f"{alone.method}, as if independent")
    clustered = clustered_by_study(sample, level=level)
    return (alone,) if clustered is None else (alone, clustered)


def _notes(studied: Sample, main: PooledEffects, without: tuple[Without, ...]) -> tuple[str, ...]:
    said = list(what_one_study_carries(main.row, without))
    if studied.k > MOST:
        said.append(f"{studied.k} studies: leaving each one out is done for {MOST} at most.")
    if studied.k >= 3 and main.prediction is not None:
        inside = main.prediction.low <= 0 <= main.prediction.high
        word = (
            "holds 0: the next study of this kind may find nothing or the opposite"
            if inside
            else "lies on one side of 0"
        )
        said.append(f"The interval for the next study {word}.")
        if studied.k < ENOUGH_TO_PREDICT:
            said.append(
                "From so few studies the interval for the next one holds it in about nine of ten cases, not in 95 of 100."
            )
    return tuple(said)


def _unanswered(
    sample: Sample, groups: Moderation | None, moderator: NDArray[np.float64] | None, slope: Moderation | None
) -> list[str]:
    """What was asked about differences between studies and cannot be said."""
    said = []
    if sample.groups and groups is None:
        said.append("Groups cannot be compared: it takes two groups at least, and one of them with two studies.")
    if moderator is not None and slope is None:
        reason = (
            "a study stands there more than once" if sample.repeated else "it takes three studies that differ in it"
        )
        said.append(f"The slope on a number cannot be estimated: {reason}.")
    return said
