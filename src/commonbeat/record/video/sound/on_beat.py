"""The whole group's movement against the music's beat; never one person's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from commonbeat.record.video.together.band import in_band
from commonbeat.record.video.together.music import beat_phase
from commonbeat.record.video.together.told import LEAST_JOINT_S, Beside, too_short

if TYPE_CHECKING:
    from numpy.typing import NDArray

# A body may move once in two beats, once a beat, or twice a beat: speed peaks twice where a limb swings to and fro.
MULTIPLES: Final = (0.5, 1.0, 2.0)
OTHER_TEMPOS: Final = "beats of other tempos"
WIDEST_STRETCH, STRETCHES = 1.35, 201
# Tempos closer than this many cycles over the clip are the same tempo as far as the clip can tell.
SAME_CYCLES: Final = 2.0


@dataclass(frozen=True, slots=True)
class OnBeat:
    """The group's movement against the beat. concentration: beside the same measure for beats of other tempos, None if not told.

    multiple: movements per beat at which it is highest; phase_beats: where in the beat that movement is highest, -.5 to .5, for
    multiples of one and two in parts of the movement; seconds: for how long both are known.
    """

    seconds: float
    concentration: Beside | None = None
    multiple: float | None = None
    phase_beats: float | None = None
    why_not: str = ""


def on_beat(
    group: NDArray[np.floating], times: NDArray[np.float64], beats_s: NDArray[np.float64], rate: float
) -> OnBeat:
    """How closely the group's mean movement (n,) at times (n,) keeps to beats_s (beats,), `rate` samples a second.

    R = |sum a exp(-2 pi i k beats)| / (sqrt(n) |a|) of the movement's analytic signal a in the band, the highest over k = 1/2, 1, 2:
    Rayleigh's mean resultant, weighted by how much is moved. The null are the same beats at tempos up to 35 % slower and faster: to
    shift a steady beat in time would change nothing, so a null of shifts could never tell. It answers whether the group keeps
    this tempo; a steady tempo kept for another reason gives the same.
    """
    signal = in_band(np.asarray(group, dtype=float), rate)
    phase = beat_phase(times, beats_s)
    known = np.isfinite(signal) & np.isfinite(phase)
    seconds = float(known.sum() / rate)
    if seconds < LEAST_JOINT_S - 2:  # the filter takes a second off a stretch, and beats begin and end inside it
        return OnBeat(seconds, why_not=too_short(seconds))
    moved, turned = signal[known], phase[known]
    values = _resultants(moved, turned)
    best = int(np.argmax(np.abs(values)))
    value = float(np.abs(values[best]))
    null = np.array([np.abs(_resultants(moved, turned * stretch)).max() for stretch in _stretches(turned)])
    low, middle, high = np.percentile(null, (5.0, 50.0, 95.0))
    chance = float((1 + np.count_nonzero(null >= value)) / (1 + len(null)))
    return OnBeat(
        seconds,
        Beside("movement on the beat", value, float(low), float(middle), float(high), chance, OTHER_TEMPOS),
        MULTIPLES[best],
        float(-np.angle(values[best]) / (2 * np.pi)),
    )


def _resultants(moved: NDArray[np.complex128], beats: NDArray[np.float64]) -> NDArray[np.complex128]:
    """The movement's mean resultant at each multiple of the beat, (3,)."""
    waves = np.exp(-2j * np.pi * np.outer(MULTIPLES, beats))
    size = np.sqrt(len(moved)) * np.linalg.norm(moved)
    return waves @ moved / size if size > 0 else np.zeros(len(MULTIPLES), dtype=np.complex128)


def _stretches(beats: NDArray[np.float64]) -> NDArray[np.float64]:
    """Factors of tempo, evenly spaced in ratio, without those too close to this one to be another."""
    factors = np.exp(np.linspace(-np.log(WIDEST_STRETCH), np.log(WIDEST_STRETCH), STRETCHES))
    return factors[np.abs(factors - 1) * (beats.max() - beats.min()) >= SAME_CYCLES]
