"""Effects where people reach each other: exposure through ties, and how likely it was."""

from __future__ import annotations

from commonbeat.estimate.interference.effects import Condition, ExposureAccount, exposure_effects
from commonbeat.estimate.interference.ties import Ties, directed_ties, exposed_controls, mutual_ties

__all__ = [
    "Condition",
    "ExposureAccount",
    "Ties",
    "directed_ties",
    "exposed_controls",
    "exposure_effects",
    "mutual_ties",
]
