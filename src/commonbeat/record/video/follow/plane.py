"""Motions of the picture plane that keep shapes: z -> turn * z + shift, with points as complex numbers x + iy.

abs(turn) is the zoom, its angle the roll, shift the pan. Two of them in a row are again one of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class PlaneMotion(NamedTuple):
    """A point z goes to turn * z + shift."""

    turn: complex = 1.0 + 0.0j
    shift: complex = 0.0j


STILL = PlaneMotion()


def then(first: PlaneMotion, second: PlaneMotion) -> PlaneMotion:
    """The motion that does the first and then the second."""
    return PlaneMotion(second.turn * first.turn, second.turn * first.shift + second.shift)


def back(motion: PlaneMotion) -> PlaneMotion:
    """The motion that undoes another."""
    return PlaneMotion(1.0 / motion.turn, -motion.shift / motion.turn)


def carried(points: NDArray[np.floating], motion: PlaneMotion) -> NDArray[np.float64]:
    """Points (..., 2) where the motion brings them."""
    moved = motion.turn * (points[..., 0] + 1j * points[..., 1]) + motion.shift
    return np.stack([moved.real, moved.imag], axis=-1)
