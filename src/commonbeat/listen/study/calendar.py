"""The days of a study: when a wave opens and closes for somebody, and which one is open today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commonbeat.listen.study.model import StudyDesign


@dataclass(frozen=True, slots=True)
class WaveDays:
    """The first and last day on which somebody may answer a wave."""

    wave: str
    opens_on: date
    closes_on: date


def wave_days(study: StudyDesign, began_on: date) -> tuple[WaveDays, ...]:
    """The days of each wave, in order, for somebody who began on `began_on`; no wave lasts beyond the study.

    Viewers count from their own first day, so that everybody is asked equally long after the material; the others count from day_zero.
    A wave that would open only after the study's last day is left out.
    """
    zero = began_on if study.design == "viewers" else study.day_zero or study.starts_on
    spans = [(each.name, zero + timedelta(days=each.day), each.window_days) for each in study.waves]
    return tuple(
        WaveDays(name, opens, min(opens + timedelta(days=length - 1), study.closes_on))
        for name, opens, length in spans
        if opens <= study.closes_on
    )


def open_wave(study: StudyDesign, began_on: date, today: date) -> str | None:
    """The wave that somebody may answer today; None between waves, before the first and after the last."""
    return next((each.wave for each in wave_days(study, began_on) if each.opens_on <= today <= each.closes_on), None)


def next_opening(study: StudyDesign, began_on: date, today: date) -> date | None:
    """The day after today on which the next wave opens for somebody; None after the last."""
    return next((each.opens_on for each in wave_days(study, began_on) if each.opens_on > today), None)
