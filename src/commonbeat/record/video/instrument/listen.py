"""Movements together and the sound of a clip."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from commonbeat.record.video.instrument.measured import Chance, GroupMeasure, Lag
from commonbeat.record.video.instrument.pairs import Rhythm
from commonbeat.record.video.instrument.rhythm import ON_THE_BEAT, Rhythms
from commonbeat.record.video.instrument.sounding import sound_of
from commonbeat.record.video.movement.series import FEWEST_IN_A_MEAN, group_movement, movement_series, of_several
from commonbeat.record.video.sound.on_beat import on_beat
from commonbeat.record.video.together.group import group_synchrony
from commonbeat.record.video.together.pair import LOCKING, TESTED_AT, all_pairs
from commonbeat.record.video.together.told import LEAST_JOINT_S
from commonbeat.record.video.together.wavelet_chance import WAVELETS

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from commonbeat.record.video.instrument.measured import Span
    from commonbeat.record.video.observed import ClipFacts, Tracks
    from commonbeat.record.video.together.told import Beside, GroupSynchrony, PairSynchrony

RATE_HZ: Final = 10.0
MOST_COMPARED: Final = (
    40  # people: all their pairs are 780; more would take minutes and be strangers to each other mostly
)
FEWEST: Final = 3
ALONE: Final = "two people and more have to be followed at once: of one it would be that person's measure"
TOO_FEW: Final = f"fewer than three people were followed for {LEAST_JOINT_S:.0f} s"
MEANINGS: Final = {
    "cluster phase": "how closely everybody keeps to one common rhythm, 0 to 1",
    "cluster phase without the beat": "the same with the music's beat taken out of all, 0 to 1",
    "spectrum in common": "how much of everybody's rhythm is the same, 0 to 1",
    "order of joint patterns": "how ordered everybody's joint movement is; nearer to 0 is more",
}


def rhythms_of(clip: Path, facts: ClipFacts, span: Span, tracks: Tracks, voice_model: Path | None = None) -> Rhythms:
    """What is known of movements together and of the sound; without a voice model speech is not told apart."""
    sound = sound_of(clip, facts, span, voice_model) if facts.has_sound else None
    beats = sound.beats if sound is not None and len(sound.beats) > 1 else None
    pairs, measures = compared(tracks, beats)
    return Rhythms(pairs=pairs, measures=measures, beat=with_the_beat(tracks, beats), sound=sound)


def compared(
    tracks: Tracks, beats_s: NDArray[np.float64] | None
) -> tuple[dict[tuple[int, int], Rhythm], tuple[GroupMeasure, ...]]:
    """Every pair of those who were followed for half a minute, by their numbers, and the measures of everybody."""
    long = [
        track for track in tracks.tracks if len(track.keypoints) > 1 and _seconds(tracks, track.number) >= LEAST_JOINT_S
    ]
    chosen = sorted(long, key=lambda track: (-len(track.keypoints), track.number))[:MOST_COMPARED]
    movement = movement_series(tracks, RATE_HZ, {track.number for track in chosen})
    numbers = movement.numbers.tolist()
    told = all_pairs(movement.series, RATE_HZ, times=movement.times, beats_s=beats_s)
    pairs = {(int(numbers[a]), int(numbers[b])): _rhythm(each) for (a, b), each in told.items()}
    if len(numbers) < FEWEST:
        return pairs, (GroupMeasure("cluster phase", MEANINGS["cluster phase"], None, TOO_FEW),)
    group = group_synchrony(movement.series, RATE_HZ, times=movement.times, beats_s=beats_s)
    return pairs, _measures(group)


def with_the_beat(tracks: Tracks, beats_s: NDArray[np.float64] | None) -> GroupMeasure:
    """How closely everybody's mean movement keeps to the beat, beside beats of other tempos; never one person's."""
    from dataclasses import replace

    if beats_s is None:
        return ON_THE_BEAT
    moved = group_movement(tracks, RATE_HZ)
    if moved.people.max(initial=0) < FEWEST_IN_A_MEAN:
        return replace(ON_THE_BEAT, why_not=ALONE)
    found = on_beat(of_several(moved), moved.times, beats_s, RATE_HZ)
    return replace(ON_THE_BEAT, chance=_chance(found.concentration), why_not=found.why_not)


def _seconds(tracks: Tracks, number: int) -> float:
    track = tracks.tracks[number - 1]
    return float(tracks.times[track.start + len(track.keypoints) - 1] - tracks.times[track.start])


def _rhythm(each: PairSynchrony) -> Rhythm:
    lag, together = None, _chance(each.coherence, each.p_holm)
    if each.lag_s is not None and each.lag_low_s is not None and each.lag_high_s is not None:
        lag = Lag(each.lag_s, each.lag_low_s, each.lag_high_s, each.lag_period_s)
    return Rhythm(
        joint_s=each.joint_seconds,
        together=together,
        without_beat=_chance(each.without_beat),
        lag=lag,
        # One window in twenty of strangers is above chance: windows say when, and only the whole says whether.
        spans=each.spans if together is not None and together.outside and together.p <= TESTED_AT else (),
        why_not=each.why_not,
        locking=_named(each, LOCKING),
        wavelets=_named(each, WAVELETS),
    )


def _named(each: PairSynchrony, name: str) -> Chance | None:
    return next((_chance(other) for other in each.others if other.name == name), None)


def _chance(each: Beside | None, adjusted: float | None = None) -> Chance | None:
    if each is None:
        return None
    return Chance(each.value, each.null_low, each.null_middle, each.null_high, each.p, adjusted, each.p_least)


def _measures(group: GroupSynchrony) -> tuple[GroupMeasure, ...]:
    if group.cluster_phase is None:
        return (GroupMeasure("cluster phase", MEANINGS["cluster phase"], None, group.why_not),)
    found = [each for each in (group.cluster_phase, group.without_beat, *group.others) if each is not None]
    return tuple(GroupMeasure(each.name, MEANINGS.get(each.name, each.name), _chance(each)) for each in found)
