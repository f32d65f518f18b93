"""The beat: tempo, the times of beats, and how sure that is; where two tempos an octave apart fit, both are told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from commonbeat.record.video.sound.onsets import FRAMES_PER_S

if TYPE_CHECKING:
    from numpy.typing import NDArray

SLOWEST_BPM, FASTEST_BPM = 50.0, 210.0
WINDOW_S, STEP_S, SHORTEST_S = 12.0, 6.0, 6.0
# Where people tap, most often: a log-normal hill around 120 a minute, an octave wide (as most trackers have it).
USUAL_BPM, USUAL_OCTAVES = 120.0, 1.0
# Below this the onsets do not come back often enough to be called a beat; chosen on made-up sound (docs/synchrony.md).
LEAST_PULSE, LEAST_AGREEMENT, SAME_TEMPO = 0.2, 0.6, 0.04
# A tempo an octave away is a rival where its pulse is nearly as clear; chosen on made-up drums.
FASTER_SHARE, SLOWER_SHARE = 0.8, 0.83
# How dear an uneven beat is, in onsets; and how strong, among beats, the first and the last must be to count.
TIGHTNESS, HEARD = 100.0, 0.3
NO_BEAT: Final = "no beat found"


@dataclass(frozen=True, slots=True, eq=False)
class Beat:
    """The beat of a clip. tempo_bpm, tempo_low, tempo_high: the mean and a 95 % interval from the beats, None without a beat.

    rival_bpm: the tempo an octave away that fits as well, or None; beats_s: (beats,) seconds; pulse: 0 to 1, how much of the
    onsets comes back after a beat; agreement: share of 12-second windows that say the same tempo; words: for a reader.
    """

    tempo_bpm: float | None
    tempo_low: float | None
    tempo_high: float | None
    rival_bpm: float | None
    beats_s: NDArray[np.float64]
    pulse: float
    agreement: float
    words: str


def find_beat(onsets: NDArray[np.float64]) -> Beat:
    """The beat in onset strength (frames,), FRAMES_PER_S frames a second (`OnsetMeter`)."""
    if len(onsets) < SHORTEST_S * FRAMES_PER_S or not np.any(onsets > 0):
        return _none(0.0, 0.0)
    starts, windows = _autocorrelations(onsets)
    if not len(windows):
        return _none(0.0, 0.0)
    curve = windows.mean(axis=0)
    lag = _best_lag(curve)
    pulse = float(_at(curve, lag))
    own = np.array([_best_lag(each) for each in windows])
    octaves = np.log2(own / lag)
    agreement = float(np.mean(np.abs(octaves - np.round(octaves)) < np.log2(1 + SAME_TEMPO)))
    if pulse < LEAST_PULSE or agreement < LEAST_AGREEMENT:
        return _none(pulse, agreement)
    beats = _where_it_pulses(_track(onsets, lag), starts, np.array([float(_at(each, lag)) for each in windows]))
    if len(beats) < 6:
        return _none(pulse, agreement)
    tempo, half_width = _tempo(beats)
    factor = _rival(curve, lag)
    rival = None if factor is None else tempo * factor
    words = f"{tempo:.0f} beats a minute"
    if rival is not None:
        low, high = sorted((tempo, rival))
        words = f"{low:.0f} or {high:.0f} beats a minute: cannot say"
    return Beat(tempo, tempo - half_width, tempo + half_width, rival, beats, pulse, agreement, words)


def _none(pulse: float, agreement: float) -> Beat:
    return Beat(None, None, None, None, np.zeros(0), pulse, agreement, NO_BEAT)


def _autocorrelations(onsets: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where windows start, seconds, and the autocorrelation of each, (windows, lags), 1 at no lag and unbiased in lag; silent windows are left out."""
    length, step = min(len(onsets), round(WINDOW_S * FRAMES_PER_S)), round(STEP_S * FRAMES_PER_S)
    longest = min(round(2 * 60 / SLOWEST_BPM * FRAMES_PER_S), length - 2)
    found, starts = [], []
    last = len(onsets) - length
    for start in sorted({*range(0, last + 1, step), last}):
        part = np.convolve(onsets[start : start + length], np.hanning(7) / np.hanning(7).sum(), "same")
        part = part - part.mean()
        if part.std() < 1e-6:
            continue
        spectrum = np.abs(np.fft.rfft(part, 2 * length)) ** 2
        correlation = np.fft.irfft(spectrum)[: longest + 1] / (length - np.arange(longest + 1))
        found.append(correlation / correlation[0])
        starts.append(start / FRAMES_PER_S)
    return np.array(starts), np.array(found)


def _where_it_pulses(
    beats: NDArray[np.float64], starts: NDArray[np.float64], pulses: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The beats that lie in a window in which onsets come back after a beat: the chain runs on through noise, the music does not."""
    clear = starts[pulses >= LEAST_PULSE]
    inside = (beats[:, None] >= clear) & (beats[:, None] <= clear + WINDOW_S)
    return beats[inside.any(axis=1)]


def _best_lag(curve: NDArray[np.float64]) -> float:
    """The lag in frames of the clearest pulse: its own peak and half of its double's, on the hill of usual tempos."""
    lags = np.arange(60 / FASTEST_BPM * FRAMES_PER_S, min(60 / SLOWEST_BPM * FRAMES_PER_S, (len(curve) - 2) / 2), 0.25)
    hill = np.exp(-0.5 * (np.log2(60 * FRAMES_PER_S / lags / USUAL_BPM) / USUAL_OCTAVES) ** 2)
    score = np.maximum(_at(curve, lags) + 0.5 * _at(curve, 2 * lags), 0) * hill
    return float(lags[int(np.argmax(score))])


def _at(curve: NDArray[np.float64], lag: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """The curve between frames."""
    return np.asarray(np.interp(lag, np.arange(len(curve)), curve), dtype=np.float64)


def _rival(curve: NDArray[np.float64], lag: float) -> float | None:
    """2 or 1/2 where a tempo that much faster or slower fits nearly as well; None where the evidence is clear.

    Twice as fast is a rival where onsets come back after half a beat nearly as strongly. Half as fast is one where they come
    back after two beats clearly more strongly than after one: every other beat is then another kind of beat.
    """
    here, half, double = (float(_at(curve, lag * factor)) for factor in (1.0, 0.5, 2.0))
    tempo = 60 * FRAMES_PER_S / lag
    if half >= FASTER_SHARE * here and 2 * tempo <= FASTEST_BPM:
        return 2.0
    if here < SLOWER_SHARE * double and tempo / 2 >= SLOWEST_BPM:
        return 0.5
    return None


def _track(onsets: NDArray[np.float64], lag: float) -> NDArray[np.float64]:
    """The times of beats in seconds: the chain of onsets that is strongest and most even (dynamic programming, Ellis 2007).

    The best chain up to a frame is that frame's onset and the best chain up to one about a beat earlier, less
    TIGHTNESS log(gap / beat)^2. A chain ends where the last onset near its end is, and begins with the first.
    """
    strength = onsets / max(float(onsets.std()), 1e-9)
    gaps = np.arange(round(lag / 2), round(2 * lag) + 1)
    cost = TIGHTNESS * np.log(gaps / lag) ** 2
    best, before = strength.copy(), np.full(len(strength), -1)
    for frame in range(int(gaps[0]), len(strength)):
        reach = min(len(gaps), frame - int(gaps[0]) + 1)
        chains = best[frame - gaps[:reach]] - cost[:reach]
        top = int(np.argmax(chains))
        if chains[top] > 0:
            best[frame] += chains[top]
            before[frame] = frame - gaps[top]
    tail = len(best) - round(lag) if len(best) > lag else 0
    chain = [tail + int(np.argmax(best[tail:]))]
    while before[chain[-1]] >= 0:
        chain.append(int(before[chain[-1]]))
    beats = np.array(chain[::-1])
    heard = np.flatnonzero(strength[beats] > HEARD * np.median(strength[beats]))
    return beats[heard[0] : heard[-1] + 1] / FRAMES_PER_S if len(heard) else np.zeros(0)


def _tempo(beats: NDArray[np.float64]) -> tuple[float, float]:
    """Beats a minute and the half-width of its 95 % interval: the mean of intervals near their median, which skips missed beats."""
    gaps = np.diff(beats)
    near = gaps[np.abs(gaps / np.median(gaps) - 1) < 0.15]
    tempo = 60 / near.mean()
    # Each beat's jitter moves one gap up and the next down, so the mean of n gaps is surer than n free gaps would be.
    half_width = 1.96 * tempo * np.sqrt(2) * near.std() / near.mean() / len(near)
    return float(tempo), float(max(half_width, tempo / FRAMES_PER_S / (beats[-1] - beats[0])))
