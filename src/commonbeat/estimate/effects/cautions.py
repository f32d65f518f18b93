"""Sentences that stand beside an effect where its interval is weak."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from commonbeat.estimate.effects.units import renumbered, unit_counts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from commonbeat.estimate.trial import Trial

# In 2,000 simulated trials for each of 90 layouts (4 to 30 clusters of 20 people, intra-cluster correlation .1) the 95 % interval by CR2 covered 94
# to 96 % where arms had the same number of clusters of about the same size, however few; 96 to 98 % with 3 or 4 in the smaller arm; and
# 92 to 95 % where sizes varied by more than their mean.
FEWEST_CLUSTERS = 10  # below, that rests on the clusters' means being normal
FEWEST_IN_ARM = 5
FEWEST_PEOPLE_IN_ARM = 10
FEWEST_DF = 4.0  # below, Student's t stands for the true distribution badly: Pustejovsky and Tipton (2018), section 5
LARGEST_SHARE = 0.25  # of all people in one cluster
SMALLEST_EVENNESS = 0.5  # clusters of equal size that would tell as much, as a share of those there are: sizes vary as much as their mean
LARGEST_DESIGN_EFFECT = 2.0  # of unequal weights


def cautions(trial: Trial, df: float) -> tuple[str, ...]:
    """What a reader must know about the interval, from the counts of units, the clusters' sizes, the weights and the df; nothing without one."""
    if not df > 0:
        return ()
    return (*_about_units(trial), *_about_weights(trial), *_about_df(df))


def _about_df(df: float) -> tuple[str, ...]:
    if df < FEWEST_DF:
        return (f"Only {df:.1f} degrees of freedom: the interval is wide and still uncertain of its own width.",)
    return ()


def _about_units(trial: Trial) -> tuple[str, ...]:
    arms = unit_counts(trial).sum(axis=0)
    smaller = int(arms.min())
    if trial.cluster is None:
        if smaller < FEWEST_PEOPLE_IN_ARM:
            return (f"Only {smaller} people answered in the smaller arm: the interval leans on a normal outcome.",)
        return ()
    return tuple(_about_clusters(np.bincount(renumbered(trial.cluster)), smaller))


def _about_clusters(sizes: NDArray[np.int64], smaller: int) -> Iterator[str]:
    """Sentences on clusters of these sizes, the smaller arm having `smaller` of them."""
    count, people = len(sizes), int(sizes.sum())
    if count < FEWEST_CLUSTERS:
        yield (
            f"Only {count} clusters: the interval rests on their means being normal. Compare it with randomisation inference and the "
            "wild cluster bootstrap."
        )
    if smaller < FEWEST_IN_ARM:
        yield (
            f"Only {smaller} {'cluster' if smaller == 1 else 'clusters'} in the smaller arm: the interval may be wider than it need be, and "
            "if clusters of that arm differ more it may be too short."
        )
    equal = people**2 / float((sizes.astype(np.float64) ** 2).sum())
    if equal < SMALLEST_EVENNESS * count:
        yield (
            f"The {count} clusters differ so much in size that they tell as much as {equal:.0f} equal ones: a 95 % interval may cover 92 %."
        )
    if sizes.max() > LARGEST_SHARE * people and count > 1 / LARGEST_SHARE:
        yield f"One cluster holds {sizes.max() / people:.0%} of the people, and people count alike: it largely decides the estimate."


def _about_weights(trial: Trial) -> tuple[str, ...]:
    if trial.weight is None:
        return ()
    effect = float(len(trial.weight) * (trial.weight**2).sum() / trial.weight.sum() ** 2)
    if effect < LARGEST_DESIGN_EFFECT:
        return ()
    equal = len(trial.weight) / effect
    sentence = f"Unequal weights leave as much to learn as {equal:.0f} equally weighted people would (design effect {effect:.1f})."
    return (sentence,)
