"""Inference by drawing again: what the declared assignment, or the clusters' signs, could have given by chance."""

from __future__ import annotations

from commonbeat.estimate.resampling.planning import plan_reassignment
from commonbeat.estimate.resampling.randomisation import randomisation_inference
from commonbeat.estimate.resampling.reassignment import Reassignment
from commonbeat.estimate.resampling.step_down import romano_wolf, trials_by_group
from commonbeat.estimate.resampling.wild_bootstrap import wild_cluster_bootstrap

__all__ = [
    "Reassignment",
    "plan_reassignment",
    "randomisation_inference",
    "romano_wolf",
    "trials_by_group",
    "wild_cluster_bootstrap",
]
