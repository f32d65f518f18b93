"""Made-up movement: people who dance alone, to nearly the same tempo, in bursts, or with each other."""

from __future__ import annotations

import numpy as np
from scipy.signal import lfilter

RATE = 12.5


def alone(luck: np.random.Generator, kind: str, people: int, seconds: float) -> np.ndarray:
    """Independent movement, (people, n): smooth noise, own tempos, nearly one tempo (loose, steady, machine-like), bursts."""
    samples = round(seconds * RATE)
    shared_hz = luck.uniform(1.4, 2.2)
    rows = []
    for _ in range(people):
        if kind == "smooth noise":
            rows.append(lfilter([1], [1, -0.9], luck.standard_normal(samples + 200))[200:])
            continue
        hz, jitter = {
            "own tempos": (luck.uniform(1.2, 2.4), 0.04),
            "nearly one tempo": (shared_hz * (1 + luck.normal(0, 0.01)), 0.04),
            "nearly one tempo, steady": (shared_hz * (1 + luck.normal(0, 0.005)), 0.01),
            "nearly one tempo, machine": (shared_hz * (1 + luck.normal(0, 0.002)), 0.001),
            "bursts": (shared_hz * (1 + luck.normal(0, 0.02)), 0.04),
        }[kind]
        rows.append(_dance(luck, hz, jitter, samples, bursts=kind == "bursts"))
    return np.array(rows)


def coupled(
    luck: np.random.Generator, coupling: float, seconds: float, lag: int = 0, jitter: float = 0.04
) -> np.ndarray:
    """Two dancers of 1.7 and 1.8 Hz who heed each other, (2, n): Kuramoto's oscillators with noise; the second `lag` samples late."""
    fine, samples = 4, round(seconds * RATE) + abs(lag)
    step, hz = 1 / RATE / fine, np.array([1.7, 1.8])
    phase, phases = luck.uniform(0, 2 * np.pi, 2), np.empty((2, samples))
    for sample in range(samples):
        for _ in range(fine):
            pull = 2 * np.pi * coupling * np.sin(phase[::-1] - phase)
            phase = phase + step * (2 * np.pi * hz + pull)
            phase = phase + 2 * np.pi * jitter * np.sqrt(hz * step) * luck.standard_normal(2)
        phases[:, sample] = phase
    moved = np.cos(phases) + 0.4 * np.cos(2 * phases + 1) + 0.4 * luck.standard_normal(phases.shape)
    if lag >= 0:
        return np.stack([moved[0, lag:], moved[1, : samples - lag]])
    return np.stack([moved[0, :lag], moved[1, -lag:]])


def _dance(luck: np.random.Generator, hz: float, jitter: float, samples: int, *, bursts: bool) -> np.ndarray:
    wander = jitter * np.sqrt(hz / RATE) * luck.standard_normal(samples)
    phase = luck.uniform(0, 2 * np.pi) + 2 * np.pi * np.cumsum(hz / RATE + wander)
    strength = 1 + 0.3 * np.convolve(luck.standard_normal(samples + 24), np.ones(25) / 5, "valid")
    moved = strength * np.cos(phase) + 0.4 * np.cos(2 * phase + luck.uniform(0, 6))
    moved = moved + 0.4 * luck.standard_normal(samples)
    if not bursts:
        return moved
    on = np.convolve(luck.standard_normal(samples + 49), np.ones(50) / 50**0.5, "valid") > 0
    return on * (np.abs(moved) + 0.5) + 0.1 * luck.standard_normal(samples)
