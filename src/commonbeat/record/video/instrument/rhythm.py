"""Moving together, the beat and the sound, as they are told of a clip."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from commonbeat.record.video.instrument.measured import GroupMeasure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from commonbeat.record.video.instrument.measured import Sound
    from commonbeat.record.video.instrument.pairs import Rhythm

ON_THE_BEAT = GroupMeasure(
    "movement on the beat",
    "how closely everybody's movement keeps to this tempo, 0 to 1; the null are other tempos",
    None,
    "no beat was found",
)


@dataclass(frozen=True, slots=True)
class Rhythms:
    """What is known of movements together and of the sound; why_not where there is no sound."""

    pairs: Mapping[tuple[int, int], Rhythm] = field(default_factory=dict)
    measures: tuple[GroupMeasure, ...] = ()
    beat: GroupMeasure = ON_THE_BEAT
    sound: Sound | None = None
    sound_why_not: str = "the clip has no sound"
