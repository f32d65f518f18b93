"""Made-up people whose movement is known exactly: where they walk, when they dance, at what tempo, and whom they follow.

A body is a small stick figure in three dimensions (left, up, forward; in body heights) that is turned and projected.
What moves it are four signals in [-1, 1] or so: bounce (once a beat), sway (once in two beats) and each arm. A dancer who
follows another with coupling c and lag s moves by c * leader(t - s) + sqrt(1 - c**2) * own(t), so that c is the correlation
with the leader's signals and 0 makes strangers. Own signals have a tempo, a phase that wanders and a strength that swells. Where a lag
must come out exactly, the follower needs another tempo of their own: two parts of one tempo and different phases add up to a third phase.

    left, right = Dancer(path=((0, 200, 330),)), Dancer(path=((0, 440, 330),), follows=0, coupling=0.9, lag_s=0.2)
    keypoints = dancers([left, right], seconds=10, rate=15)        # (150, 2, 17, 2) pixels, in the order of KEYPOINTS
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

FINE_RATE = 240  # steps per second at which signals are made, so that lags need not be whole frames
STRIDE_HEIGHTS = 0.75  # the length of a double step, in body heights


@dataclass(frozen=True, slots=True)
class Dancer:
    """One made-up person.

    path: (time in s, x, y of the feet in px), straight between the points; one point: stays there. height_px: standing. strength: of the dance, 0 stands
    still. dances: from and to second. tempo_bpm, phase_beats: of the bounce. wander: how far the phase drifts, rad per root second (0: a metronome).
    follows: the number of the leader; coupling, lag_s: see above. yaw_deg: 0 faces the camera, 90 the right edge of the picture, 180 away; None:
    where they walk to, else the camera. arms: how high the arms go, 0 (hang) to 1 (above the head). seed: of what is their own.
    """

    path: Sequence[tuple[float, float, float]]
    height_px: float = 200.0
    strength: float = 1.0
    dances: tuple[float, float] = (0.0, float("inf"))
    tempo_bpm: float = 120.0
    phase_beats: float = 0.0
    wander: float = 0.3
    follows: int | None = None
    coupling: float = 0.0
    lag_s: float = 0.0
    yaw_deg: float | None = None
    arms: float = 0.5
    seed: int = 0


def dancers(
    people: Sequence[Dancer], seconds: float, rate: float, times: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """Keypoints, (frames, people, 17, 2) in pixels, at rate frames per second, or at the times given (for a variable rate)."""
    moments = np.arange(round(seconds * rate)) / rate if times is None else np.asarray(times)
    signals = _signals(people, seconds)
    fine = np.arange(signals.shape[1]) / FINE_RATE
    out = np.empty((len(moments), len(people), 17, 2))
    for number, person in enumerate(people):
        moved = np.stack([np.interp(moments, fine, row) for row in signals[number].T], axis=1)
        out[:, number] = _figure(person, moments, moved)
    return out


def leader_signals(people: Sequence[Dancer], seconds: float) -> NDArray[np.float64]:
    """The signals themselves, (people, steps, 4) at FINE_RATE: what a perfect observer would know."""
    return _signals(people, seconds)


def _signals(people: Sequence[Dancer], seconds: float) -> NDArray[np.float64]:
    steps = int(seconds * FINE_RATE) + FINE_RATE
    own = np.stack([_own(person, steps) for person in people])
    moved = own.copy()
    for number, person in enumerate(people):
        if person.follows is None:
            continue
        if person.follows >= number:
            raise ValueError("a leader stands before those who follow")
        late = round(person.lag_s * FINE_RATE)
        led = np.roll(moved[person.follows], late, axis=0)
        led[:late] = led[late]
        moved[number] = person.coupling * led + np.sqrt(1 - person.coupling**2) * own[number]
    times = np.arange(steps) / FINE_RATE
    for number, person in enumerate(people):
        start, end = person.dances
        ramp = np.clip(np.minimum((times - start) / 0.3 + 0.5, (end - times) / 0.3 + 0.5), 0, 1)
        moved[number] *= (person.strength * ramp)[:, None]
    return moved


def _own(person: Dancer, steps: int) -> NDArray[np.float64]:
    """Bounce, sway, left arm, right arm: (steps, 4)."""
    luck = np.random.default_rng(person.seed)
    drift = np.cumsum(luck.standard_normal(steps)) * person.wander / np.sqrt(FINE_RATE)
    beat = 2 * np.pi * (person.tempo_bpm / 60 * np.arange(steps) / FINE_RATE + person.phase_beats) + drift
    width = 1.5 * FINE_RATE
    slow = gaussian_filter1d(luck.standard_normal((4, steps)), width, axis=1) * np.sqrt(2 * np.sqrt(np.pi) * width)
    swell = np.clip(1 + 0.25 * slow, 0.4, 1.6) if person.wander > 0 else np.ones((4, steps))
    waves = np.stack([np.cos(beat), np.cos(beat / 2), np.sin(beat / 2 + 0.5), np.sin(beat / 2 + 2.2)])
    return (waves * swell).T


def _figure(person: Dancer, times: NDArray[np.float64], moved: NDArray[np.float64]) -> NDArray[np.float64]:
    """The body of one person in pixels, (frames, 17, 2)."""
    at, way, yaw = _walk(person, times)
    bounce, sway, arm_left, arm_right = moved.T
    low = 0.035 * person.strength * (np.ptp(bounce) > 0) + np.clip(
        0.035 * bounce, -0.03, None
    )  # knees bend while dancing
    body = np.zeros((len(times), 17, 3))
    hip_side, hip_up = 0.05 * sway, 0.52 - low
    lean = 0.03 * sway
    body[:, 0] = _at(hip_side + lean, 0.915 - low, 0.06)
    for left, sign in ((True, 1.0), (False, -1.0)):
        odd = 0 if left else 1
        body[:, 1 + odd] = _at(hip_side + lean + sign * 0.02, 0.935 - low, 0.05)
        body[:, 3 + odd] = _at(hip_side + lean + sign * 0.042, 0.925 - low, 0.0)
        shoulder = _at(hip_side + lean / 2 + sign * 0.115, 0.815 - low + sign * 0.02 * sway, 0.0)
        hip = _at(hip_side + sign * 0.075, hip_up, 0.0)
        step = sign * np.sin(2 * np.pi * way)
        swing = 0.13 * step * (np.ptp(way) > 0)
        lift = 0.03 * np.clip(sign * np.cos(2 * np.pi * way), 0, None) * (np.ptp(way) > 0)
        ankle = _at(np.full(len(times), sign * 0.085), 0.045 + lift, swing)
        body[:, 5 + odd], body[:, 11 + odd], body[:, 15 + odd] = shoulder, hip, ankle
        body[:, 13 + odd] = _bent(hip, ankle, 0.245, 0.235, np.array([sign * 0.35, 0.0, 1.0]))
        raised = 0.16 + 2.3 * person.arms * person.strength * (
            0.5 + 0.5 * np.clip(arm_left if left else arm_right, -1, 1)
        )
        upper = np.stack([sign * np.sin(raised), -np.cos(raised), -0.5 * swing], axis=1)
        fore_angle = raised + 0.15 + 0.6 * person.arms * person.strength * (0.5 + 0.5 * np.clip(bounce, -1, 1))
        fore = np.stack([sign * np.sin(fore_angle), -np.cos(fore_angle), 0.25 - swing], axis=1)
        body[:, 7 + odd] = shoulder + 0.165 * upper / np.linalg.norm(upper, axis=1, keepdims=True)
        body[:, 9 + odd] = body[:, 7 + odd] + 0.15 * fore / np.linalg.norm(fore, axis=1, keepdims=True)
    across = body[..., 0] * np.cos(yaw)[:, None] + body[..., 2] * np.sin(yaw)[:, None]
    return at[:, None] + person.height_px * np.stack([across, -body[..., 1]], axis=2)


def _walk(
    person: Dancer, times: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Where the feet are, how many double steps were made, and where the body faces (rad)."""
    path = np.array(person.path, float)
    at = np.stack([np.interp(times, path[:, 0], path[:, 1]), np.interp(times, path[:, 0], path[:, 2])], axis=1)
    far = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(path[:, 1:], axis=0), axis=1))])
    way = np.interp(times, path[:, 0], far) / (STRIDE_HEIGHTS * person.height_px)
    if person.yaw_deg is not None:
        return at, way, np.full(len(times), np.deg2rad(person.yaw_deg))
    speed = np.gradient(at[:, 0]) if len(times) > 1 else np.zeros(1)
    scale = max(len(times) / max(np.ptp(times), 1e-6) * 0.15, 0.5) if len(times) > 1 else 0.5
    return at, way, gaussian_filter1d(np.deg2rad(65) * np.sign(np.round(speed, 6)), scale)


def _at(
    side: NDArray[np.float64] | float, up: NDArray[np.float64] | float, ahead: NDArray[np.float64] | float
) -> NDArray[np.float64]:
    return np.stack(np.broadcast_arrays(side, up, ahead), axis=-1)


def _bent(
    top: NDArray[np.float64], end: NDArray[np.float64], upper: float, lower: float, toward: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The knee between hip and ankle, so that both parts keep their length; it goes toward the given side."""
    line = end - top
    length = np.linalg.norm(line, axis=1, keepdims=True)
    reach = np.clip(length, 1e-6, (upper + lower) * 0.9999)
    along = (upper**2 - lower**2 + reach**2) / (2 * reach)
    out = np.sqrt(np.clip(upper**2 - along**2, 0, None))
    unit = line / length
    side = toward - (unit @ toward)[:, None] * unit
    return top + along * unit + out * side / np.linalg.norm(side, axis=1, keepdims=True)
