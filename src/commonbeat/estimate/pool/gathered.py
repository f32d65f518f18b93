"""Effects with everything that is known about where they came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from commonbeat.estimate.pool.sample import LeftOut, Sample


@dataclass(frozen=True, slots=True, eq=False)
class Gathered:
    """A sample and its origin.

    source: what it was read from, in words. unit: of the effects, "" where the file does not say. left_out: cards or rows that are not in it.
    warnings: what was odd. moderator [k]: a number of each effect, or None. sha256: of the data file, "" for cards.
    """

    sample: Sample
    source: str
    unit: str
    left_out: tuple[LeftOut, ...] = ()
    warnings: tuple[str, ...] = ()
    moderator: NDArray[np.float64] | None = None
    sha256: str = ""
