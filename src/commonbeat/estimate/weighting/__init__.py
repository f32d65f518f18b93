"""Weights that bring a sample to its population's margins, and what they cost."""

from __future__ import annotations

from commonbeat.estimate.weighting.cost import design_effect, effective_people, trim_weights
from commonbeat.estimate.weighting.rake import Margin, RakedWeights, rake

__all__ = ["Margin", "RakedWeights", "design_effect", "effective_people", "rake", "trim_weights"]
