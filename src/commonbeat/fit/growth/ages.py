"""The ages of a clip in steps: fine while it is young, two hours at most later, so that a day still has its rhythm."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from commonbeat.fit.growth.share_log import DAY, HOUR

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

END = 7 * DAY  # the training clips were followed for a week: beyond it nothing is known
YOUNG = 600.0  # seconds within which age counts by differences, and beyond by ratios
STEP = 0.2  # of log age
WIDEST = 2 * HOUR
NARROWEST = 60.0
KNOTS = (0.0, 300.0, 1800.0, 2 * HOUR, 8 * HOUR, DAY, 3 * DAY, END)


def log_age(seconds: Floats | float) -> Floats:
    """log(1 + age / ten minutes)."""
    return np.log1p(np.asarray(seconds, dtype=float) / YOUNG)


def ladder(end: float = END) -> Floats:
    """The edges of steps from the post to `end`, in seconds."""
    edges = [0.0]
    while edges[-1] < end:
        longer = YOUNG * float(np.expm1(log_age(edges[-1]) + STEP))
        edges.append(min(longer, edges[-1] + WIDEST, end))
    return np.array(edges)


def steps_around(now: float, end: float, marks: Iterable[float] = ()) -> tuple[Floats, int]:
    """Edges up to `end` with `now` and every mark between among them, and how many steps lie before `now`."""
    wanted = [0.0, now, end, *(mark for mark in marks if now < mark < end)]
    rungs = [edge for edge in ladder(end) if all(abs(edge - each) > NARROWEST for each in wanted)]
    edges = np.unique([*rungs, *wanted])
    return edges, int(np.searchsorted(edges, now))


def middles(edges: Floats) -> Floats:
    """The middle of each step."""
    return (edges[1:] + edges[:-1]) / 2
