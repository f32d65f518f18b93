"""The tables of studies in which time does the comparing."""

from __future__ import annotations

from commonbeat.estimate.prepare.places import prepare_rollout, prepare_series
from commonbeat.estimate.prepare.repeated import prepare_before_after, prepare_panel

__all__ = ["prepare_before_after", "prepare_panel", "prepare_rollout", "prepare_series"]
