"""The effect in each pre-declared group, worst-off first, and whether groups differ."""

from __future__ import annotations

from commonbeat.estimate.groups.differences import group_differences
from commonbeat.estimate.groups.effects import effects_by_group
from commonbeat.estimate.groups.holm import holm, holm_rows

__all__ = ["effects_by_group", "group_differences", "holm", "holm_rows"]
