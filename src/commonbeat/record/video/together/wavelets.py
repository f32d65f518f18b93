"""Wavelet coherence: at which tempos, and when, two movements keep one relation of phase."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from scipy.ndimage import convolve1d

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Morlet with six waves; its period is 1.033 times its scale, and it feels an edge for sqrt(2) scales (Torrence & Compo 1998).
WAVES: Final = 6.0
PERIOD_PER_SCALE: Final = 4 * np.pi / (WAVES + np.sqrt(2 + WAVES**2))
EDGE_PER_SCALE: Final = np.sqrt(2)
# Smoothing in scale: a box as wide as the decorrelation length of the Morlet wavelet, 0.6 octaves (Torrence & Webster 1999).
SMOOTHED_OCTAVES: Final = 0.6
PER_OCTAVE: Final = 12
SHORTEST_S, LONGEST_S = 0.4, 2.0


class Scales(NamedTuple):
    """Scales in seconds (scales,), rising, so many per octave."""

    seconds: NDArray[np.float64]
    per_octave: int


@dataclass(frozen=True, slots=True, eq=False)
class WaveletCoherence:
    """Squared coherence (periods, n), 0 to 1, of periods_s (periods,); sure (periods, n): outside the cone of influence.

    phase: (periods, n) radians, positive where the second follows the first.
    """

    periods_s: NDArray[np.float64]
    squared: NDArray[np.float64]
    phase: NDArray[np.float64]
    sure: NDArray[np.bool_]

    @property
    def mean(self) -> float:
        """The mean over all that lies outside the cone of influence, NaN where nothing does."""
        return float(self.squared[self.sure].mean()) if self.sure.any() else float("nan")


def wavelet_coherence(
    first: NDArray[np.float64],
    second: NDArray[np.float64],
    rate: float,
    shortest_s: float = SHORTEST_S,
    longest_s: float = LONGEST_S,
) -> WaveletCoherence:
    """The squared wavelet coherence of two fully known series of one length (Grinsted et al. 2004).

    |S(W1 conj(W2) / s)|^2 / (S(|W1|^2 / s) S(|W2|^2 / s)), S: Gaussian exp(-t^2 / (2 s^2)) in time, a box of .6 octaves in scale.
    """
    chosen = scales_of(rate, PER_OCTAVE, shortest_s, longest_s)
    scales = chosen.seconds
    one, two = (transformed(each, chosen, rate) for each in (first, second))
    cross = smoothed(one * np.conj(two) / scales[:, None], chosen, rate)
    powers = [smoothed(np.abs(each) ** 2 / scales[:, None], chosen, rate).real for each in (one, two)]
    squared = np.abs(cross) ** 2 / np.maximum(powers[0] * powers[1], 1e-300)
    from_edge = np.minimum(np.arange(len(first)), np.arange(len(first))[::-1]) / rate
    sure = from_edge[None, :] >= EDGE_PER_SCALE * scales[:, None]
    return WaveletCoherence(scales * PERIOD_PER_SCALE, np.clip(squared, 0.0, 1.0), np.angle(cross), sure)


def scales_of(rate: float, per_octave: int, shortest_s: float = SHORTEST_S, longest_s: float = LONGEST_S) -> Scales:
    """The scales whose periods go from the shortest, or what the rate can show, to the longest."""
    octaves = np.log2(longest_s / max(shortest_s, 2.1 / rate))
    periods = longest_s * 2.0 ** (-np.arange(int(octaves * per_octave), -1, -1) / per_octave)
    return Scales(periods / PERIOD_PER_SCALE, per_octave)


def transformed(series: NDArray[np.float64], chosen: Scales, rate: float) -> NDArray[np.complex128]:
    """The continuous Morlet transform, (scales, n), by way of frequencies, the series padded so that its ends do not meet."""
    scales, size = chosen.seconds, 2 ** int(np.ceil(np.log2(2 * len(series))))
    spectrum = np.fft.fft(series - series.mean(), size)
    angular = 2 * np.pi * np.fft.fftfreq(size, 1 / rate)
    shape = np.exp(-0.5 * (scales[:, None] * angular[None, :] - WAVES) ** 2) * (angular > 0)
    norm = np.pi**-0.25 * np.sqrt(2 * np.pi * scales[:, None] * rate)
    return np.asarray(np.fft.ifft(spectrum[None, :] * norm * shape, axis=1)[:, : len(series)], dtype=np.complex128)


def smoothed(field: NDArray, chosen: Scales, rate: float) -> NDArray[np.complex128]:
    """The field smoothed in time by a Gaussian as wide as each scale, then over .6 octaves of scale."""
    scales, size = chosen.seconds, 2 ** int(np.ceil(np.log2(2 * field.shape[1])))
    angular = 2 * np.pi * np.fft.fftfreq(size, 1 / rate)
    response = np.exp(-0.5 * (scales[:, None] * angular[None, :]) ** 2)
    even = np.fft.ifft(np.fft.fft(field, size, axis=1) * response, axis=1)[:, : field.shape[1]]
    width = max(1, round(SMOOTHED_OCTAVES * chosen.per_octave)) | 1
    box = np.full(width, 1 / width)
    real, imaginary = (convolve1d(part, box, axis=0, mode="nearest") for part in (even.real, even.imag))
    return (real + 1j * imaginary).astype(np.complex128)
