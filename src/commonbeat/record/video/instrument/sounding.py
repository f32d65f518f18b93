"""The sound of the analysed part of a clip, told second by second."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from commonbeat.record.video.decode import sound_blocks
from commonbeat.record.video.instrument.measured import Sound
from commonbeat.record.video.sound.listening import BOTH, UNCLEAR, listen
from commonbeat.record.video.sound.music import STEP_S
from commonbeat.record.video.sound.onsets import RATE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from commonbeat.record.video.instrument.measured import Span
    from commonbeat.record.video.observed import ClipFacts
    from commonbeat.record.video.sound.listening import Sound as Heard

RELATIVE: Final = "loudness is relative to full scale and says nothing of sound pressure"
MUSICAL: Final = (
    "music means tones that hold or a regular beat, so that steady clicks, claps or steps count as music too"
)
BOTH_SPELT: Final = "speech and music"


def sound_of(clip: Path, facts: ClipFacts, span: Span, voice_model: Path | None = None) -> Sound:
    """What is heard in the span of the clip. Raises ClipError where the sound is damaged."""
    heard = listen(within(sound_blocks(clip, facts, rate=RATE), span), voice_model)
    times, levels = by_second(heard.loudness.times, heard.loudness.momentary)
    beat = heard.beat
    words = [
        RELATIVE,
        MUSICAL if heard.music else "",
        f"speech is not told apart: {heard.speech_why_not}" if heard.speech_why_not else "",
    ]
    return Sound(
        times=times + span[0],
        loudness=levels,
        kinds=kinds_by_second(heard, times),
        speech=heard.speech,
        music=heard.music,
        unclear=heard.unclear,
        tempo_bpm=beat.tempo_bpm,
        tempo_low=beat.tempo_low,
        tempo_high=beat.tempo_high,
        tempo_words=beat.words,
        beats=beat.beats_s + span[0],
        notes=tuple(each for each in words if each),
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


def kinds_by_second(heard: Heard, times: NDArray[np.float64]) -> tuple[str, ...]:
    """What each second consists of, by the step of three seconds that it lies in; what follows the last whole step cannot be told."""
    told = [BOTH_SPELT if each == BOTH else each for each in heard.kinds]
    places = (times // STEP_S).astype(int).tolist()
    return tuple(told[place] if place < len(told) else UNCLEAR for place in places)
