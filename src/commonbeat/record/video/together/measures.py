"""Measures of two complex signals: coherence, which weighs by strength, and phase locking, which does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def coherence(first: NDArray[np.complex128], second: NDArray[np.complex128]) -> float:
    """How closely two signals keep one relation of strength and phase, 0 to 1, whatever that phase is.

    |sum a conj(b)| / sqrt(sum |a|^2 sum |b|^2): the modulus of the complex correlation of analytic signals.
    """
    strength = np.sqrt(float((np.abs(first) ** 2).sum()) * float((np.abs(second) ** 2).sum()))
    return float(np.abs(np.vdot(second, first)) / strength) if strength > 0 else 0.0


def phase_locking(first: NDArray[np.complex128], second: NDArray[np.complex128]) -> float:
    """The phase locking value, 0 to 1: |mean exp(i (phase of first - phase of second))| (Lachaux et al. 1999)."""
    turned = first * np.conj(second)
    size = np.abs(turned)
    return float(np.abs(np.mean(turned[size > 0] / size[size > 0]))) if np.any(size > 0) else 0.0
