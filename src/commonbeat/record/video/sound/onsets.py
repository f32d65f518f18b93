"""How strongly something sets in at each moment of the sound: the rise of loudness, summed over bands of pitch."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

RATE, HOP, WINDOW, BANDS = 22050, 256, 1024, 40
FRAMES_PER_S: Final = RATE / HOP
LOWEST_HZ, HIGHEST_HZ = 40.0, 8000.0
# Loudness enters as log(1 + size / floor): what lies far below the loud parts of the same second hardly counts.
FLOOR_SHARE: Final = 1e-3


@dataclass(slots=True, eq=False)
class OnsetMeter:
    """Takes blocks of one channel at 22,050 Hz, of any length; keeps one number per 11.6 ms."""

    _rest: NDArray[np.float64] = field(init=False, default_factory=lambda: np.zeros(WINDOW // 2))
    _last: NDArray[np.float64] | None = field(init=False, default=None)
    _peak: float = field(init=False, default=1e-6)
    _rises: list[NDArray[np.float32]] = field(init=False, default_factory=list)

    def step(self, block: NDArray[np.floating]) -> None:
        """The block is counted in."""
        sound = np.concatenate([self._rest, np.asarray(block, dtype=float)])
        frames = 1 + (len(sound) - WINDOW) // HOP
        if frames < 1:
            self._rest = sound
            return
        windows = np.lib.stride_tricks.sliding_window_view(sound, WINDOW)[::HOP][:frames]
        power = np.abs(np.fft.rfft(windows * np.hanning(WINDOW), axis=1)) ** 2 @ bands().T
        self._rest = sound[frames * HOP :]
        self._peak = max(0.7 * self._peak, float(np.sqrt(power.max(initial=0.0))), 1e-6)
        level = np.log1p(np.sqrt(power) / (FLOOR_SHARE * self._peak))
        before = level[:1] if self._last is None else self._last[None]
        rise = np.maximum(0.0, np.diff(np.concatenate([before, level]), axis=0)).mean(axis=1)
        self._last = level[-1]
        self._rises.append(rise.astype(np.float32))

    def finish(self) -> NDArray[np.float64]:
        """Onset strength (frames,), frame i at i / FRAMES_PER_S seconds."""
        return np.concatenate(self._rises).astype(float) if self._rises else np.zeros(0)


@lru_cache(maxsize=1)
def bands() -> NDArray[np.float64]:
    """Triangles evenly spaced in mel over the frequencies of the transform, (bands, bins)."""
    lowest, highest = (float(2595 * np.log10(1 + hz / 700)) for hz in (LOWEST_HZ, HIGHEST_HZ))
    mel = np.linspace(lowest, highest, BANDS + 2)
    edges = 700 * (10 ** (mel / 2595) - 1)
    bins = np.fft.rfftfreq(WINDOW, 1 / RATE)
    up = (bins[None] - edges[:-2, None]) / np.diff(edges)[:-1, None]
    down = (edges[2:, None] - bins[None]) / np.diff(edges)[1:, None]
    return np.maximum(0.0, np.minimum(up, down))
