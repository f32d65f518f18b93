"""The declared design of a study."""

from __future__ import annotations

from commonbeat.estimate.design.model import (
    Assignment,
    Attrition,
    Design,
    Equivalence,
    Interference,
    Mediation,
    Panel,
    Raking,
    Rollout,
    Scale,
    Series,
)

__all__ = [
    "Assignment",
    "Attrition",
    "Design",
    "Equivalence",
    "Interference",
    "Mediation",
    "Panel",
    "Raking",
    "Rollout",
    "Scale",
    "Series",
]
