"""The sound of a clip from its blocks: loudness, what it consists of, and its beat, in memory that hardly grows."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.signal import resample_poly

from commonbeat.record.video.sound.beat import find_beat
from commonbeat.record.video.sound.loudness import STEP_S as LOUDNESS_STEP_S
from commonbeat.record.video.sound.loudness import LoudnessMeter
from commonbeat.record.video.sound.music import PLAINLY, PLAINLY_NOT, STEP_S, ToneMeter
from commonbeat.record.video.sound.onsets import RATE as ONSET_RATE
from commonbeat.record.video.sound.onsets import OnsetMeter
from commonbeat.record.video.sound.speech import CHUNK_S, SpeechMeter

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray

    from commonbeat.record.video.sound.beat import Beat
    from commonbeat.record.video.sound.loudness import Loudness

SPEECH, MUSIC, BOTH, NEITHER, UNCLEAR, SILENCE = "speech", "music", "both", "neither", "cannot tell", "silence"
# A step is speech where somebody speaks in a fifth of it; less than a twentieth is none; between the two nobody can tell.
SPOKEN, NOT_SPOKEN, CHANCE = 0.2, 0.05, 0.5
SILENT_LUFS: Final = -60.0


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """What was heard. times (steps,) seconds, start of each three seconds; kinds (steps,), one of the six words above.

    speech, music, unclear: shares of the sounding steps, None where nothing sounds or, for speech, where there is no voice model:
    then a step is music, neither or cannot tell, and `speech_why_not` says so.
    """

    loudness: Loudness
    beat: Beat
    times: NDArray[np.float64]
    kinds: tuple[str, ...]
    speech: float | None
    music: float | None
    unclear: float | None
    speech_why_not: str = ""


def listen(blocks: Iterable[NDArray[np.floating]], voice_model: Path | None) -> Sound:
    """The sound in blocks of one second of one channel at 22,050 Hz; voice_model: the checked weights (`SpeechMeter`), or None."""
    loudness, onsets, tones = LoudnessMeter(ONSET_RATE), OnsetMeter(), ToneMeter()
    voice = None if voice_model is None else SpeechMeter(voice_model)
    for block in blocks:
        loudness.step(block)
        onsets.step(block)
        slower = resample_poly(block, 320, 441)
        tones.step(slower)
        if voice is not None:
            voice.step(slower)
    beat, loud, steady = find_beat(onsets.finish()), loudness.finish(), tones.finish()
    spoken = None if voice is None else _spoken(voice.finish(), len(steady))
    silent = _silent(loud, len(steady))
    musical = _musical(steady, beat, len(steady))
    kinds = tuple(
        SILENCE if silent[step] else kind(None if spoken is None else float(spoken[step]), musical[step])
        for step in range(len(steady))
    )
    sounding = [each for each in kinds if each != SILENCE]
    return Sound(
        loudness=loud,
        beat=beat,
        times=np.arange(len(steady), dtype=np.float64) * np.float64(STEP_S),
        kinds=kinds,
        speech=None if spoken is None else _share(sounding, SPEECH, BOTH),
        music=_share(sounding, MUSIC, BOTH),
        unclear=_share(sounding, UNCLEAR),
        speech_why_not="" if spoken is not None else "no voice model is there",
    )


def kind(spoken: float | None, musical: bool | None) -> str:  # noqa: FBT001  # a fact that is unknown at times, no switch
    """The word for a step: spoken, the share of it in which somebody speaks; musical, None where that is unclear."""
    if musical is None or (spoken is not None and NOT_SPOKEN < spoken < SPOKEN):
        return UNCLEAR
    if spoken is None:
        return MUSIC if musical else UNCLEAR
    if spoken >= SPOKEN:
        return BOTH if musical else SPEECH
    return MUSIC if musical else NEITHER


def _spoken(chances: NDArray[np.float32], steps: int) -> NDArray[np.float64]:
    """The share of each step in which the chance of speech is above a half."""
    edges = np.round(np.arange(steps + 1) * STEP_S / CHUNK_S).astype(int)
    return np.array(
        [
            float((chances[a:b] > CHANCE).mean()) if b > a and a < len(chances) else 0.0
            for a, b in pairwise(edges.tolist())
        ]
    )


def _musical(steady: NDArray[np.float64], beat: Beat, steps: int) -> list[bool | None]:
    """Whether music sounds in each step: tones hold, or beats fall in it; None where neither is plain."""
    found: list[bool | None] = []
    for step in range(steps):
        beats = np.count_nonzero((beat.beats_s >= step * STEP_S) & (beat.beats_s < (step + 1) * STEP_S))
        if steady[step] >= PLAINLY or beats >= 2:
            found.append(True)
        else:
            found.append(False if steady[step] <= PLAINLY_NOT else None)
    return found


def _silent(loud: Loudness, steps: int) -> NDArray[np.bool_]:
    """Which steps are silent all through."""
    places = np.floor(loud.times / STEP_S + LOUDNESS_STEP_S / 10).astype(int)
    peaks = np.full(steps, -np.inf)
    inside = places < steps
    np.maximum.at(peaks, places[inside], loud.momentary[inside])
    return peaks < SILENT_LUFS


def _share(kinds: list[str], *wanted: str) -> float | None:
    """The share of steps that are one of the wanted kinds; None where there are none."""
    return sum(each in wanted for each in kinds) / len(kinds) if kinds else None
