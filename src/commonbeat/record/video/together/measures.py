"""Measures of two complex signals: coherence, which weighs by strength, and phase locking, which does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def coherence(first: NDArray[np.complex128], second: NDArray[np.complex128]) -> NDArray[np.float64]:
    """How closely two signals (..., n) keep one relation of strength and phase, (...), 0 to 1, whatever that phase is.

    |sum a conj(b)| / sqrt(sum |a|^2 sum |b|^2): the modulus of the complex correlation of analytic signals. What is unknown is 0
    in both.
    """
    strength = np.sqrt((np.abs(first) ** 2).sum(axis=-1) * (np.abs(second) ** 2).sum(axis=-1))
    together = np.abs((first * np.conj(second)).sum(axis=-1))
    return np.divide(together, strength, out=np.zeros_like(together), where=strength > 0)


def phase_locking(first: NDArray[np.complex128], second: NDArray[np.complex128]) -> NDArray[np.float64]:
    """The phase locking value of signals (..., n), (...), 0 to 1: |mean exp(i (phase of first - phase of second))| (Lachaux et al. 1999).

    What is unknown is 0 in both and does not count.
    """
    turned = first * np.conj(second)
    size = np.abs(turned)
    unit = np.divide(turned, size, out=np.zeros_like(turned), where=size > 0)
    return np.abs(unit.sum(axis=-1)) / np.maximum(np.count_nonzero(size > 0, axis=-1), 1)
