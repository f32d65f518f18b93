"""Where music sounds, by signal alone: tones that stay where they are, and onsets that come back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.ndimage import minimum_filter1d

if TYPE_CHECKING:
    from numpy.typing import NDArray

# 16 kHz, as for speech; windows of 128 ms tell tones apart that are 16 Hz apart.
RATE, WINDOW, HOP, STEP_S, HELD_S = 16000, 2048, 512, 3.0, 0.4
# Below the first and above the second the answer is plain; in between it is "cannot tell". Set on made-up sound.
PLAINLY_NOT, PLAINLY = 0.13, 0.2
# The voice holds vowels for a tenth of a second and glides; below 80 Hz are rumble and hum of mains.
LOWEST_HZ, HIGHEST_HZ = 80.0, 4000.0
STEP: Final = int(STEP_S * RATE)


@dataclass(slots=True, eq=False)
class ToneMeter:
    """Takes blocks of one channel at 16 kHz, of any length; keeps one steadiness of tones per three seconds."""

    _rest: NDArray[np.float64] = field(init=False, default_factory=lambda: np.zeros(0))
    _found: list[float] = field(init=False, default_factory=list)

    def step(self, block: NDArray[np.floating]) -> None:
        """The block is counted in."""
        sound = np.concatenate([self._rest, np.asarray(block, dtype=float)])
        while len(sound) >= STEP:
            self._found.append(steadiness(sound[:STEP]))
            sound = sound[STEP:]
        self._rest = sound

    def finish(self) -> NDArray[np.float64]:
        """The steadiness of each whole three seconds, (steps,), 0 to 1; NaN in silence."""
        return np.array(self._found)


def steadiness(sound: NDArray[np.float64]) -> float:
    """The share of the sound's size, between 80 Hz and 4 kHz, that stays in its place for .4 s, in windows of 128 ms.

    The smallest size of each frequency over .4 s, summed, by the size itself, summed: near .6 for held tones, near .1 for noise, less
    for speech and for drums. NaN where nothing sounds.
    """
    windows = np.lib.stride_tricks.sliding_window_view(sound, WINDOW)[::HOP]
    size = np.abs(np.fft.rfft(windows * np.hanning(WINDOW), axis=1))
    pitch = np.fft.rfftfreq(WINDOW, 1 / RATE)
    power = size[:, (pitch >= LOWEST_HZ) & (pitch <= HIGHEST_HZ)] ** 2
    if power.sum() < 1e-6:
        return float("nan")
    kept = minimum_filter1d(power, round(HELD_S * RATE / HOP), axis=0, mode="nearest")
    return float(kept.sum() / power.sum())
