"""Movement with the music's beat taken out: what two people share beyond what each does with the beat."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from commonbeat.record.video.together.band import runs

if TYPE_CHECKING:
    from numpy.typing import NDArray

SAME_MUSIC: Final = (
    "A beat was found in the sound. People who hear the same music move together without meeting: what is left without the beat "
    "is told beside."
)
# Per two beats, one beat and half a beat: what a body does every second time, once, or twice in a beat. What it does every second time
# and what it does each time give a speed that also has one and a half cycles in a beat.
MULTIPLES: Final = (0.5, 1.0, 1.5, 2.0)


def beat_phase(times: NDArray[np.float64], beats_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """The phase in beats at each time, (n,): whole at each beat, in between by straight lines; NaN before the first and after the last."""
    return np.interp(times, beats_s, np.arange(len(beats_s)), left=np.nan, right=np.nan)


def without_beat(signal: NDArray[np.complex128], phase_beats: NDArray[np.float64]) -> NDArray[np.complex128]:
    """The complex signal (n,) less what runs with the beat; NaN where either is unknown.

    Least squares on exp(2 pi i k beats), k = 1/2, 1, 3/2, 2, over each stretch that is wholly known. Partial: what the two do with the beat in
    changing ways stays in, and a common answer to the beat that is not periodic with it does too.
    """
    found = np.full(len(signal), np.nan, dtype=complex)
    for start, stop in runs(np.isfinite(signal) & np.isfinite(phase_beats)):
        if stop - start <= 4 * len(MULTIPLES):
            continue
        waves = np.exp(2j * np.pi * np.outer(phase_beats[start:stop], MULTIPLES))
        part = signal[start:stop]
        found[start:stop] = part - waves @ np.linalg.lstsq(waves, part, rcond=None)[0]
    return found
