"""Who closed a gap: each one's own share of the change of a distance, with the camera's motion taken out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from commonbeat.record.video.space.distances import joint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from commonbeat.record.video.space.places import Place

FIRST, SECOND, BOTH, UNCLEAR = "first", "second", "both", "cannot tell"
# Whoever did two thirds of the closing did it; below a fifth of a body height nobody did much.
MOST_SHARE, LEAST_HEIGHTS = 2.0 / 3.0, 0.2
SURE_SDS: Final = 2.0


@dataclass(frozen=True, slots=True)
class Closing:
    """By how many body heights each of two moved toward the other; negative is away. NaN where the camera is unknown.

    by_first + by_second is the change of the distance. sd: of each, by the jitter of keypoints. who: first, second, both, or
    cannot tell.
    """

    by_first: float
    by_second: float
    sd: float
    who: str

    @property
    def total(self) -> float:
        """By how much the gap closed, body heights."""
        return self.by_first + self.by_second


def closing(first: Place, second: Place, begin: int, end: int) -> Closing:
    """Who closed the gap between two people from frame `begin` to frame `end`, both counted from the clip's start.

    With r = second - first and u = (r1 + r2) / (|r1| + |r2|), each step changes the distance by exactly u (step of second -
    step of first); each one's part is summed. Gaps are stepped over; a change of the camera's passage makes the answer NaN.
    """
    shared = joint(first, second)
    if shared is None:
        return _unknown()
    one, other, start = shared
    span = slice(max(0, begin - start), max(0, end - start + 1))
    return parted(
        first.steady[one][span],
        second.steady[other][span],
        (first.steady_height[one][span] + second.steady_height[other][span]) / 2.0,
        (first.passage[one][span], second.passage[other][span]),
        float(np.hypot(first.jitter, second.jitter)),
    )


def closing_of_groups(joiners: Sequence[Place], others: Sequence[Place], begin: int, end: int) -> Closing:
    """Who closed the gap between two sets of people: as `closing`, with the mean place of those seen throughout."""
    one, other = _mean_place(joiners, begin, end), _mean_place(others, begin, end)
    if one is None or other is None:
        return _unknown()
    sd = float(np.hypot(one.jitter, other.jitter))
    height = (one.steady_height + other.steady_height) / 2.0
    return parted(one.steady, other.steady, height, (one.passage, other.passage), sd)


def parted(
    first: NDArray[np.float64],
    second: NDArray[np.float64],
    height: NDArray[np.float64],
    passages: tuple[NDArray[np.int32], NDArray[np.int32]],
    jitter: float,
) -> Closing:
    """The parts that two paths (n, 2) have in the change of their distance, in heights (n,) of the same unit."""
    known = np.isfinite(first).all(axis=1) & np.isfinite(second).all(axis=1) & np.isfinite(height) & (passages[0] >= 0)
    if known.sum() < 2 or len(np.unique(passages[0][known])) > 1:
        return _unknown()
    first, second, height = first[known], second[known], height[known]
    between = second - first
    length = np.linalg.norm(between, axis=1)
    toward = (between[1:] + between[:-1]) / np.maximum(length[1:] + length[:-1], 1e-9)[:, None]
    scale = (height[1:] + height[:-1]) / 2.0
    by_first = float(((np.diff(first, axis=0) * toward).sum(axis=1) / scale).sum())
    by_second = float((-(np.diff(second, axis=0) * toward).sum(axis=1) / scale).sum())
    # While the direction stays the same the steps of one person telescope: only the jitter of both ends is left.
    sd = float(jitter)
    return Closing(by_first, by_second, sd, _who(by_first, by_second, sd))


def _who(by_first: float, by_second: float, sd: float) -> str:
    """In a word, who closed the gap; also who opened it, when it opened."""
    total = by_first + by_second
    sign = 1.0 if total >= 0 else -1.0
    one, other = sign * by_first, sign * by_second
    if abs(total) < max(LEAST_HEIGHTS, SURE_SDS * np.sqrt(2.0) * sd):
        return UNCLEAR
    if one >= MOST_SHARE * abs(total) and one - other > SURE_SDS * np.sqrt(2.0) * sd:
        return FIRST
    if other >= MOST_SHARE * abs(total) and other - one > SURE_SDS * np.sqrt(2.0) * sd:
        return SECOND
    return BOTH if min(one, other) > SURE_SDS * sd else UNCLEAR


def _unknown() -> Closing:
    """Nothing is known."""
    return Closing(float("nan"), float("nan"), float("nan"), UNCLEAR)


def _mean_place(people: Sequence[Place], begin: int, end: int) -> Place | None:
    """The mean place of those who are followed from begin to end, or None if nobody is."""
    from commonbeat.record.video.space.places import Place

    whole = [each for each in people if each.start <= begin and each.stop > end]
    if not whole:
        return None
    spans = [slice(begin - each.start, end - each.start + 1) for each in whole]

    def mean(name: str) -> NDArray[np.float64]:
        return np.mean([getattr(each, name)[span] for each, span in zip(whole, spans, strict=True)], axis=0)

    jitter = float(np.sqrt(np.mean([each.jitter**2 for each in whole]) / len(whole)))
    return Place(
        whole[0].number,
        begin,
        mean("picture"),
        mean("steady"),
        mean("height"),
        mean("steady_height"),
        whole[0].passage[spans[0]],
        jitter,
    )
