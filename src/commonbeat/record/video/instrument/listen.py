"""Movements together and the sound of a clip."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commonbeat.record.video.instrument.rhythm import Rhythms

if TYPE_CHECKING:
    from pathlib import Path

    from commonbeat.record.video.instrument.measured import Span
    from commonbeat.record.video.observed import ClipFacts, Tracks


def rhythms_of(clip: Path, facts: ClipFacts, span: Span, tracks: Tracks) -> Rhythms:
    """What is known of movements together and of the sound."""
    del clip, facts, span, tracks
    return Rhythms()
