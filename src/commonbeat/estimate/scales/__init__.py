"""Indices built from items, and how well the items hang together."""

from __future__ import annotations

from commonbeat.estimate.scales.build import ScaleScore, build_scale
from commonbeat.estimate.scales.items import ItemCheck
from commonbeat.estimate.scales.reliability import (
    OneFactor,
    alpha_interval,
    cronbach_alpha,
    fit_one_factor,
    item_rest_correlations,
    pairwise_covariance,
)

__all__ = [
    "ItemCheck",
    "OneFactor",
    "ScaleScore",
    "alpha_interval",
    "build_scale",
    "cronbach_alpha",
    "fit_one_factor",
    "item_rest_correlations",
    "pairwise_covariance",
]
