"""The pre-analysis plan: what will be asked of the data, written and frozen before they are opened."""

from __future__ import annotations

from commonbeat.estimate.plan.departures import departures
from commonbeat.estimate.plan.document import plan_document
from commonbeat.estimate.plan.frozen import FrozenDesign, code_hash, design_hash, freeze, load_frozen

__all__ = ["FrozenDesign", "code_hash", "departures", "design_hash", "freeze", "load_frozen", "plan_document"]
