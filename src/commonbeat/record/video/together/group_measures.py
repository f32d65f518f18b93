"""Measures of a whole group: cluster phase, entropy of joint patterns, coherence, spectra in common, recurrence."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.signal import coherence as coherence_of
from scipy.signal import csd
from scipy.spatial.distance import pdist, squareform

if TYPE_CHECKING:
    from numpy.typing import NDArray

USUAL_SEGMENT, FEWEST_SEGMENTS = 256, 4
SHORTEST_LINE: Final = 2


def cluster_phase(phases: NDArray[np.float64]) -> NDArray[np.float64]:
    """How closely everybody keeps to the group's phase at each time, (n,), 0 to 1, from phases (people, n) in radians.

    rho(t) = |mean_i exp(i (phi_i(t) - mean phi_i))|, phi_i: a person's phase against the group's (Richardson et al. 2012, after
    Frank & Richardson 2010). Each person's own constant offset is taken out: moving in turn counts like moving at once.
    """
    group = np.angle(np.exp(1j * phases).mean(axis=0))
    against = np.exp(1j * (phases - group))
    mean = np.angle(against.mean(axis=1, keepdims=True))
    return np.abs((against * np.exp(-1j * mean)).mean(axis=0))


def symbolic_entropy(series: NDArray[np.float64]) -> float:
    """Shannon's entropy, in nats, of joint patterns of low, middle and high (terciles of each series), from (people, n).

    Lower where the same patterns return, which is to say where people's levels go together; at most log(3) per person.
    """
    low, high = np.quantile(series, [1 / 3, 2 / 3], axis=1)
    symbols = (series >= low[:, None]).astype(np.int64) + (series >= high[:, None])
    patterns = 3 ** np.arange(len(series)) @ symbols
    counts = np.unique(patterns, return_counts=True)[1]
    shares = counts / series.shape[1]
    return float(-(shares * np.log(shares)).sum())


def mean_coherence(series: NDArray[np.float64]) -> float:
    """The mean over pairs and frequencies of the magnitude-squared coherence (Welch), from (people, n) (Reinero et al. 2021)."""
    length = _segment(series.shape[1])
    return float(np.mean([coherence_of(a, b, nperseg=length)[1].mean() for a, b in combinations(series, 2)]))


def common_spectrum(series: NDArray[np.float64]) -> float:
    """The mean over pairs of sum |S_ab|^2 / sum (S_aa S_bb), from (people, n): coherence that weak frequencies do not swamp."""
    length = _segment(series.shape[1])
    own = [np.real(csd(each, each, nperseg=length)[1]) for each in series]
    shares = [
        float((np.abs(csd(series[a], series[b], nperseg=length)[1]) ** 2).sum() / (own[a] * own[b]).sum())
        for a, b in combinations(range(len(series)), 2)
    ]
    return float(np.mean(shares))


def recurrence(series: NDArray[np.float64], radius: float) -> tuple[float, float]:
    """How often the group returns to a state, and the share of returns in lines of two and more, from (people, n).

    Multidimensional recurrence (Wallot et al. 2016): states are people's standardised levels at a time; two are one when less
    than `radius` apart. The second is determinism: 0 where nothing returns.
    """
    level = (series - series.mean(axis=1, keepdims=True)) / series.std(axis=1, keepdims=True)
    near = squareform(pdist(level.T)) < radius
    samples, points, lined = len(near), 0, 0
    for away in range(1, samples):
        diagonal = np.concatenate([[False], np.diagonal(near, away), [False]])
        edges = np.flatnonzero(np.diff(diagonal.astype(np.int8))).reshape(-1, 2)
        lengths = edges[:, 1] - edges[:, 0]
        points += int(lengths.sum())
        lined += int(lengths[lengths >= SHORTEST_LINE].sum())
    return points / (samples * (samples - 1) / 2), lined / points if points else 0.0


def _segment(samples: int) -> int:
    """Welch's segment: 256 samples, or a quarter of the series where that is shorter."""
    return USUAL_SEGMENT if samples // USUAL_SEGMENT >= FEWEST_SEGMENTS else samples // FEWEST_SEGMENTS
