"""Sentences that stand beside an effect where its interval is weak."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from commonbeat.estimate.effects.units import renumbered, unit_counts

if TYPE_CHECKING:
    from commonbeat.estimate.trial import Trial

FEWEST_CLUSTERS = (
    10  # below this many in all, coverage of CR2 intervals is not what it says in trials with unequal clusters
)
FEWEST_IN_ARM = 4  # clusters in the smaller arm
FEWEST_PEOPLE_IN_ARM = 10
FEWEST_DF = 4.0  # below, Student's t stands for the true distribution badly: Pustejovsky and Tipton (2018), section 5
LARGEST_SHARE = 0.25  # of all people in one cluster
LARGEST_DESIGN_EFFECT = 2.0  # of unequal weights


def cautions(trial: Trial, df: float) -> tuple[str, ...]:
    """What a reader must know about the interval, from the counts of units, the clusters' sizes, the weights and the df."""
    return (*_about_units(trial), *_about_weights(trial), *_about_df(df))


def _about_df(df: float) -> tuple[str, ...]:
    if 0 < df < FEWEST_DF:
        return (f"Only {df:.1f} degrees of freedom: the interval is wide and still uncertain of its own width.",)
    return ()


def _about_units(trial: Trial) -> tuple[str, ...]:
    arms = unit_counts(trial).sum(axis=0)
    smaller = int(arms.min())
    if trial.cluster is None:
        if smaller < FEWEST_PEOPLE_IN_ARM:
            return (f"Only {smaller} people answered in the smaller arm: the interval leans on a normal outcome.",)
        return ()
    found = []
    sizes = np.bincount(renumbered(trial.cluster))
    if len(sizes) < FEWEST_CLUSTERS:
        found.append(
            f"Only {len(sizes)} clusters: below {FEWEST_CLUSTERS} the interval may cover less (or much more) than it says; "
            "see the wild cluster bootstrap and randomisation inference."
        )
    if smaller < FEWEST_IN_ARM:
        found.append(
            f"Only {smaller} {'cluster' if smaller == 1 else 'clusters'} in the smaller arm: little to tell luck by."
        )
    if sizes.max() > LARGEST_SHARE * sizes.sum() and len(sizes) > 1 / LARGEST_SHARE:
        found.append(
            f"One cluster holds {sizes.max() / sizes.sum():.0%} of the people, and people count alike: it largely decides the estimate."
        )
    return tuple(found)


def _about_weights(trial: Trial) -> tuple[str, ...]:
    if trial.weight is None:
        return ()
    effect = float(len(trial.weight) * (trial.weight**2).sum() / trial.weight.sum() ** 2)
    if effect < LARGEST_DESIGN_EFFECT:
        return ()
    equal = len(trial.weight) / effect
    sentence = f"Unequal weights leave as much to learn as {equal:.0f} equally weighted people would (design effect {effect:.1f})."
    return (sentence,)
