"""The declared design of a study."""

from __future__ import annotations

from commonbeat.estimate.design.model import (
    Assignment,
    Attrition,
    BeforeAfter,
    Design,
    Equivalence,
    Interference,
    Mediation,
    Panel,
    Raking,
    Rollout,
    Scale,
    Series,
    Stops,
)
from commonbeat.estimate.design.reading import design_text, load_design, make_design, parse_design

__all__ = [
    "Assignment",
    "Attrition",
    "BeforeAfter",
    "Design",
    "Equivalence",
    "Interference",
    "Mediation",
    "Panel",
    "Raking",
    "Rollout",
    "Scale",
    "Series",
    "Stops",
    "design_text",
    "load_design",
    "make_design",
    "parse_design",
]
