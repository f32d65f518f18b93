"""Loudness over time, relative to full scale, as broadcasters measure it (ITU-R BS.1770); no sound pressure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.signal import lfilter

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Momentary loudness is the mean power of 400 ms; blocks begin every 100 ms (BS.1770-4, annex 2; EBU Tech 3341).
STEP_S, STEPS_IN_BLOCK = 0.1, 4
OFFSET_LUFS: Final = -0.691
ABSOLUTE_GATE_LUFS, RELATIVE_GATE_LU = -70.0, -10.0
# The two filters of K-weighting, a high shelf and a high pass, as analogue parameters that give the published
# coefficients at 48 kHz; so they can be had at any rate.
SHELF_HZ, SHELF_DB, SHELF_Q, SHELF_MIDDLE = 1681.974450955533, 3.999843853973347, 0.7071752369554196, 0.4996667741545416
PASS_HZ, PASS_Q = 38.13547087602444, 0.5003270373238773


@dataclass(frozen=True, slots=True, eq=False)
class Loudness:
    """times (n,) seconds, start of each 400 ms; momentary (n,) LUFS, -inf for digital silence; integrated: gated, or None."""

    times: NDArray[np.float64]
    momentary: NDArray[np.float64]
    integrated: float | None


@dataclass(slots=True, eq=False)
class LoudnessMeter:
    """Takes blocks of one channel of sound, of any length; keeps one number per tenth of a second."""

    rate: int
    _states: list[NDArray[np.float64]] = field(init=False)
    _rest: NDArray[np.float64] = field(init=False)
    _powers: list[NDArray[np.float64]] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self._states = [np.zeros(2), np.zeros(2)]
        self._rest = np.zeros(0)

    def step(self, block: NDArray[np.floating]) -> None:
        """The block is counted in."""
        sound = np.asarray(block, dtype=float)
        for place, (numerator, denominator) in enumerate(k_weighting(self.rate)):
            sound, self._states[place] = lfilter(numerator, denominator, sound, zi=self._states[place])
        squared = np.concatenate([self._rest, sound**2])
        edges = self._edges(len(squared))
        if len(edges) > 1:
            self._powers.append(np.add.reduceat(squared[: edges[-1]], edges[:-1]) / np.diff(edges))
        self._rest = squared[edges[-1] :]

    def finish(self) -> Loudness:
        """The loudness of all that was counted in; what is left of the last tenth of a second is not."""
        powers = np.concatenate(self._powers) if self._powers else np.zeros(0)
        if len(powers) < STEPS_IN_BLOCK:
            return Loudness(np.zeros(0), np.zeros(0), None)
        blocks = np.convolve(powers, np.full(STEPS_IN_BLOCK, 1 / STEPS_IN_BLOCK), "valid")
        return Loudness(np.arange(len(blocks), dtype=np.float64) * np.float64(STEP_S), lufs(blocks), integrated(blocks))

    def _edges(self, samples: int) -> NDArray[np.int64]:
        """Where tenths of a second end in what has not been summed yet, by the clock of all sound so far."""
        done = sum(len(each) for each in self._powers)
        begin = round(done * STEP_S * self.rate)
        ends = np.floor(np.arange(done, done + samples / (STEP_S * self.rate) + 2) * STEP_S * self.rate + 0.5) - begin
        return ends[ends <= samples].astype(np.int64)


def lufs(power: NDArray[np.float64]) -> NDArray[np.float64]:
    """Loudness of K-weighted mean power: 10 log10 of it, less .691."""
    with np.errstate(divide="ignore"):
        return OFFSET_LUFS + 10 * np.log10(power)


def integrated(blocks: NDArray[np.float64]) -> float | None:
    """The gated loudness of blocks of power: those above -70 LUFS, then those above 10 LU below their mean; None in silence."""
    loud = blocks[lufs(blocks) > ABSOLUTE_GATE_LUFS]
    if not len(loud):
        return None
    gate = lufs(np.array([loud.mean()]))[0] + RELATIVE_GATE_LU
    return float(lufs(np.array([loud[lufs(loud) > gate].mean()]))[0])


def k_weighting(rate: int) -> tuple[tuple[NDArray[np.float64], NDArray[np.float64]], ...]:
    """The shelf's and the high pass's numerator and denominator at a rate, by the bilinear transform with warped corner."""
    warped, gain = np.tan(np.pi * SHELF_HZ / rate), 10 ** (SHELF_DB / 20)
    middle = gain**SHELF_MIDDLE
    scale = 1 + warped / SHELF_Q + warped**2
    shelf = np.array(
        [
            gain + middle * warped / SHELF_Q + warped**2,
            2 * (warped**2 - gain),
            gain - middle * warped / SHELF_Q + warped**2,
        ]
    )
    shelf_back = np.array([scale, 2 * (warped**2 - 1), 1 - warped / SHELF_Q + warped**2])
    low = np.tan(np.pi * PASS_HZ / rate)
    low_scale = 1 + low / PASS_Q + low**2
    pass_back = np.array([1.0, 2 * (low**2 - 1) / low_scale, (1 - low / PASS_Q + low**2) / low_scale])
    return (shelf / scale, shelf_back / scale), (np.array([1.0, -2.0, 1.0]), pass_back)
