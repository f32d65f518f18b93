"""Programmes that places took up at different times: effects by cohort and period, and what they add up to."""

from __future__ import annotations

from commonbeat.estimate.rollout.group_time import GroupTime, group_time_effects
from commonbeat.estimate.rollout.result import RolloutResult, staggered_rollout
from commonbeat.estimate.rollout.table import RolloutData, RolloutTable, tabulate_rollout

__all__ = [
    "GroupTime",
    "RolloutData",
    "RolloutResult",
    "RolloutTable",
    "group_time_effects",
    "staggered_rollout",
    "tabulate_rollout",
]
