"""Pooling effects of several studies: how large on average, how different, how the next one may turn out."""

from __future__ import annotations

from commonbeat.estimate.pool.account import PoolAccount, account_of
from commonbeat.estimate.pool.between import Heterogeneity, heterogeneity
from commonbeat.estimate.pool.dependence import clustered_by_study, one_per_study
from commonbeat.estimate.pool.from_cards import sample_of_cards
from commonbeat.estimate.pool.from_file import sample_of_file
from commonbeat.estimate.pool.gathered import Gathered
from commonbeat.estimate.pool.leave_one_out import Without, leave_one_out
from commonbeat.estimate.pool.moderator import Moderation, by_group, by_number, moderate
from commonbeat.estimate.pool.pooled import PooledEffects, Prediction, pool_effects, pool_sample
from commonbeat.estimate.pool.sample import LeftOut, Sample, sample_of
from commonbeat.estimate.pool.small_study import SmallStudy, small_study

__all__ = [
    "Gathered",
    "Heterogeneity",
    "LeftOut",
    "Moderation",
    "PoolAccount",
    "PooledEffects",
    "Prediction",
    "Sample",
    "SmallStudy",
    "Without",
    "account_of",
    "by_group",
    "by_number",
    "clustered_by_study",
    "heterogeneity",
    "leave_one_out",
    "moderate",
    "one_per_study",
    "pool_effects",
    "pool_sample",
    "sample_of",
    "sample_of_cards",
    "sample_of_file",
    "small_study",
]
