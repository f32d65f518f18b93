"""The questions that a design asks of its data, each answered in a section, in the order of reading."""

from __future__ import annotations

from commonbeat.estimate.sections.direction import Direction, direction_of
from commonbeat.estimate.sections.places import (
    before_after_sections,
    panel_sections,
    rollout_sections,
    series_sections,
)
from commonbeat.estimate.sections.remarks import about_the_arms, with_remarks
from commonbeat.estimate.sections.sentences import weaknesses, would_change
from commonbeat.estimate.sections.trial import Found, trial_sections

__all__ = [
    "Direction",
    "Found",
    "about_the_arms",
    "before_after_sections",
    "direction_of",
    "panel_sections",
    "rollout_sections",
    "series_sections",
    "trial_sections",
    "weaknesses",
    "with_remarks",
    "would_change",
]
