"""How long a share goes on being seen: a memory with a heavy tail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SOURCES_INSIDE = 8  # shares yet to come are spread over their step at this many places


@dataclass(frozen=True, slots=True)
class Memory:
    """The density of the time from a share until a follower reacts.

    phi(s) = c for s < s0 and c (s / s0)**-(1 + theta) beyond, with c = theta / (s0 (1 + theta)), so that it ends at 1.
    constant: s0 in seconds. exponent: theta. The form is that of Zhao et al. 2015, doi 10.1145/2783258.2783401.
    """

    constant: float
    exponent: float

    def remembered(self, age: Floats) -> Floats:
        """The integral of phi from 0 to each age in seconds; 0 before 0."""
        density = self.exponent / (self.constant * (1 + self.exponent))
        tail = (np.maximum(age, self.constant) / self.constant) ** -self.exponent
        late = density * self.constant * (1 + (1 - tail) / self.exponent)
        return np.where(age < self.constant, density * np.maximum(age, 0), late)


def attention(seconds: Floats, weights: Floats, edges: Floats, memory: Memory) -> Floats:
    """How much earlier shares are remembered in each step, on average per second: A_k = sum_i w_i (Phi(e_k+1 - t_i) - Phi(e_k - t_i)) / (e_k+1 - e_k).

    seconds, weights [n]: when shares came, and what each weighs. edges [steps + 1]: of the steps, in seconds. Returned [steps].
    """
    reached = np.array([float(weights @ memory.remembered(edge - seconds)) for edge in edges])
    return np.diff(reached) / np.diff(edges)


def passed_on(edges: Floats, memory: Memory) -> Floats:
    """Of a share that comes in step j, the part of its memory that falls into step k: [j, k], 0 before it.

    The share may come anywhere in its step.
    """
    places = (np.arange(SOURCES_INSIDE) + 0.5) / SOURCES_INSIDE
    origins = edges[:-1, None] + np.diff(edges)[:, None] * places[None]
    reached = memory.remembered(edges[None, None, :] - origins[:, :, None])
    return np.diff(reached, axis=2).mean(axis=1)
