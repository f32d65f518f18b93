"""Planned studies for tests, written as a user would write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commonbeat.estimate.power import parse_power_design
from commonbeat.estimate.power.assumption import assume
from commonbeat.estimate.power.comparison import compare

if TYPE_CHECKING:
    from commonbeat.estimate.power import PowerDesign
    from commonbeat.estimate.power.comparison import Comparison

ARMS = '[[arms]]\nname = "control"\n[[arms]]\nname = "dance"\n{arm}\n'


def planned(sample: str, *, arm: str = "effect = 0.3", more: str = "", top: str = "") -> PowerDesign:
    """A study of claim C5 with two arms, this sample, and further tables."""
    head = top if "claim" in top else f'claim = "C5"\n{top}'
    text = f"{head}\n{ARMS.format(arm=arm)}\n[sample]\n{sample}\n{more}\n"
    return parse_power_design(text, source="planned.toml")


def asked(design: PowerDesign, wave: int = 0, units: int | None = None) -> Comparison:
    """The design's second arm against its first."""
    return compare(design, design.treated[0], wave, units or design.planned_size, assume(design).uncertain)
