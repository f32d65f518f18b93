"""Many pairs looked at together: chances by Holm and by Benjamini and Hochberg."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def holm(chances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Adjusted p values that hold the chance of a single false one (Holm 1979), in the order given."""
    order = np.argsort(chances)
    factors = len(chances) - np.arange(len(chances))
    found = np.empty(len(chances))
    found[order] = np.minimum(1.0, np.maximum.accumulate(chances[order] * factors))
    return found


def benjamini_hochberg(chances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Adjusted p values that hold the share of false ones among those found (Benjamini & Hochberg 1995), in the order given."""
    order = np.argsort(chances)
    factors = len(chances) / np.arange(1, len(chances) + 1)
    found = np.empty(len(chances))
    found[order] = np.minimum(1.0, np.minimum.accumulate((chances[order] * factors)[::-1])[::-1])
    return found
