"""To whom a head is turned, in the plane of the picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from commonbeat.record.video.space.distances import joint
from commonbeat.record.video.space.heading import LEFT, RIGHT, UNKNOWN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.record.video.space.places import Place

# Somebody nearer to straight before or behind than this, in body heights, stands to neither side.
TO_THE_SIDE: Final = 0.3
LEAST_MEASURED_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class Facing:
    """How two people's heads were turned, as shares of the frames in which both headings are known.

    first: the first is turned to the side on which the second stands; second: the other way round; mutual: both at once. A head turned
    to the camera or away from it faces nobody in the plane of the picture, though somebody may stand there in depth. coverage:
    the share of the frames with both followed in which both headings are known and neither stands straight before the other; seconds: how long that is. None where that is under two seconds.
    """

    one: int
    other: int
    first: float | None
    second: float | None
    mutual: float | None
    coverage: float
    seconds: float
    why_not: str = ""


def facing(
    first: Place, second: Place, headings: tuple[NDArray[np.int8], NDArray[np.int8]], times: NDArray[np.float64]
) -> Facing | None:
    """How two people's heads were turned to each other, or None if they were never followed at once.

    headings: of each over their own frames, from `heading.headings`; times: of all frames.
    """
    shared = joint(first, second)
    if shared is None:
        return None
    one, other, start = shared
    span = times[start : start + one.stop - one.start]
    across = second.picture[other][:, 0] - first.picture[one][:, 0]
    height = (first.height[one] + second.height[other]) / 2.0
    mine, theirs = headings[0][one], headings[1][other]
    with np.errstate(invalid="ignore"):
        aside = np.abs(across) >= TO_THE_SIDE * height
    known = aside & (mine != UNKNOWN) & (theirs != UNKNOWN)
    step = float(np.median(np.diff(times))) if len(times) > 1 else 0.0
    seconds = float(known.sum() * step)
    coverage = float(known.mean()) if len(span) else 0.0
    if seconds < LEAST_MEASURED_S:
        why = f"heads are measurable for {seconds:.1f} s of {LEAST_MEASURED_S:.0f} s"
        return Facing(first.number, second.number, None, None, None, coverage, seconds, why)
    to_second = (mine == np.where(across > 0, RIGHT, LEFT))[known]
    to_first = (theirs == np.where(across > 0, LEFT, RIGHT))[known]
    shares = (float(each.mean()) for each in (to_second, to_first, to_second & to_first))
    return Facing(first.number, second.number, *shares, coverage=coverage, seconds=seconds)
