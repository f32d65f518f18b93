"""Effects of an assignment: on everybody assigned, on those who complied, and on thousands of simulated trials at once."""

from __future__ import annotations

from commonbeat.estimate.effects.batch import BatchEffects, batch_effects
from commonbeat.estimate.effects.complier import complier_effect
from commonbeat.estimate.effects.intention import intention_to_treat, primary_effect

__all__ = ["BatchEffects", "batch_effects", "complier_effect", "intention_to_treat", "primary_effect"]
