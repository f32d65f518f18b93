"""Measures: pure functions from the tables of a run to what can be said about it."""

from __future__ import annotations

from commonbeat.results.measures.break_even import BreakEvenArms, break_even, break_even_arms, break_even_summary
from commonbeat.results.measures.drivers import drivers
from commonbeat.results.measures.effects import (
    dose_effects,
    effects_at,
    effects_over_year,
    encounters_held,
    harmed_share,
    headline,
    ring_table,
    weighted_mean,
    worst_off_first,
)
from commonbeat.results.measures.intervals import Interval, Share, interval, probability_negative, share_of
from commonbeat.results.measures.knowability import Sample, knowability, required_sample
from commonbeat.results.measures.shares import VarianceShares, variance_shares

__all__ = [
    "BreakEvenArms",
    "Interval",
    "Sample",
    "Share",
    "VarianceShares",
    "break_even",
    "break_even_arms",
    "break_even_summary",
    "dose_effects",
    "drivers",
    "effects_at",
    "effects_over_year",
    "encounters_held",
    "harmed_share",
    "headline",
    "interval",
    "knowability",
    "probability_negative",
    "required_sample",
    "ring_table",
    "share_of",
    "variance_shares",
    "weighted_mean",
    "worst_off_first",
]
