"""Cells of few respondents are hidden, and enough beside them that none can be worked out."""

from __future__ import annotations

from commonbeat.listen.results.suppression.attacker import bounds
from commonbeat.listen.results.suppression.cells import FEWEST, Count, Sum, Tables
from commonbeat.listen.results.suppression.protect import Shown, protect
from commonbeat.listen.results.suppression.rounding import behind, nearest, score_step, told_interval

__all__ = [
    "FEWEST",
    "Count",
    "Shown",
    "Sum",
    "Tables",
    "behind",
    "bounds",
    "nearest",
    "protect",
    "score_step",
    "told_interval",
]
