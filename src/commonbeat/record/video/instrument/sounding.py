"""The sound of a clip in one pass: loudness second by second, and its beat."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from commonbeat.record.video.decode import sound_blocks
from commonbeat.record.video.instrument.measured import Sound
from commonbeat.record.video.sound.beat import find_beat
from commonbeat.record.video.sound.loudness import LoudnessMeter
from commonbeat.record.video.sound.onsets import RATE, OnsetMeter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from commonbeat.record.video.instrument.measured import Span
    from commonbeat.record.video.observed import ClipFacts

RELATIVE: Final = "loudness is relative to full scale and says nothing of sound pressure"
CANNOT_TELL: Final = "cannot tell"


def sound_of(clip: Path, facts: ClipFacts, span: Span) -> Sound:
    """What is heard in the span of the clip. Raises ClipError where the sound is damaged."""
    loudness, onsets = LoudnessMeter(RATE), OnsetMeter()
    for block in within(sound_blocks(clip, facts, rate=RATE), span):
        loudness.step(block)
        onsets.step(block)
    loud, beat = loudness.finish(), find_beat(onsets.finish())
    times, levels = by_second(loud.times, loud.momentary)
    return Sound(
        times=times + span[0],
        loudness=levels,
        kinds=(CANNOT_TELL,) * len(times),
        speech=None,
        music=None,
        unclear=None,
        tempo_bpm=beat.tempo_bpm,
        tempo_low=beat.tempo_low,
        tempo_high=beat.tempo_high,
        tempo_words=beat.words,
        beats=beat.beats_s + span[0],
        notes=(RELATIVE,),
    )


def within(blocks: Iterable[NDArray[np.float32]], span: Span) -> Iterator[NDArray[np.float32]]:
    """The samples of the span, block by block; all blocks are read, so that damage after the span shows too."""
    first, last = round(span[0] * RATE), round(span[1] * RATE)
    done = 0
    for block in blocks:
        part = block[max(0, first - done) : max(0, last - done)]
        done += len(block)
        if len(part):
            yield part


def by_second(
    times: NDArray[np.float64], momentary: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The mean power of each second as loudness, -inf for silence: seconds (n,), LUFS (n,)."""
    seconds = np.floor(times + 1e-9).astype(int)
    count = int(seconds.max()) + 1 if len(seconds) else 0
    power = np.bincount(seconds, 10 ** (momentary / 10), count) / np.maximum(np.bincount(seconds, minlength=count), 1)
    with np.errstate(divide="ignore"):
        return np.arange(count, dtype=float), 10 * np.log10(power)
