"""Two people's movements together, from two series on one even grid of times."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from commonbeat.record.video.together.adjust import benjamini_hochberg, holm
from commonbeat.record.video.together.band import BRIDGED_S, bridge, in_band
from commonbeat.record.video.together.chance import beside
from commonbeat.record.video.together.lag import lag_between
from commonbeat.record.video.together.measures import coherence, phase_locking
from commonbeat.record.video.together.music import beat_phase, without_beat
from commonbeat.record.video.together.segments import layout
from commonbeat.record.video.together.spans import spans_together
from commonbeat.record.video.together.told import LEAST_JOINT_S, PairSynchrony, too_short
from commonbeat.record.video.together.wavelet_chance import wavelets_beside

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from commonbeat.record.video.together.told import Beside

TESTED_AT: Final = 0.05
COHERENCE, LOCKING, REST = "coherence", "phase locking", "coherence without the beat"
# More strangers than these would take time and say the same.
MOST_OTHERS: Final = 4
# The band's filter leaves out both ends of every stretch: a track in pieces can have 30 s of joint time and little to compare.
LEAST_COMPARED_S: Final = 20.0


def pair_synchrony(
    first: NDArray[np.floating],
    second: NDArray[np.floating],
    rate: float,
    *,
    times: NDArray[np.float64] | None = None,
    others: Sequence[NDArray[np.floating]] = (),
    beats_s: NDArray[np.float64] | None = None,
) -> PairSynchrony:
    """What is known of two series of movement (n,), `rate` samples a second, NaN where unknown.

    times: (n,) seconds, from 0 where left out; others: other people's series on the same grid, for the null of strangers; beats_s:
    times of the music's beats where a beat was found.
    """
    grid = np.arange(len(first)) / rate if times is None else times
    joint_s = joint_seconds([first, second], rate)
    same_music = beats_s is not None and len(beats_s) > 1
    if joint_s < LEAST_JOINT_S:
        return PairSynchrony(joint_s, same_music=same_music, why_not=too_short(joint_s))
    signals = [in_band(each, rate) for each in (first, second, *others[:MOST_OTHERS])]
    both = np.flatnonzero(np.isfinite(signals[0]) & np.isfinite(signals[1]))
    if len(both) < LEAST_COMPARED_S * rate:
        return PairSynchrony(joint_s, same_music=same_music, why_not="not measurable: the joint track is in pieces")
    span = slice(int(both[0]), int(both[-1]) + 1)
    told = _told([each[span] for each in signals], rate, joint_s, float(grid[span.start]), same_music=same_music)
    if not same_music or beats_s is None or told.coherence is None:
        return told
    phase = beat_phase(grid[span], beats_s)
    left = [without_beat(each[span], phase) for each in signals]
    return replace(told, without_beat=_rest(left, rate))


def all_pairs(
    series: NDArray[np.floating],
    rate: float,
    *,
    times: NDArray[np.float64] | None = None,
    beats_s: NDArray[np.float64] | None = None,
) -> dict[tuple[int, int], PairSynchrony]:
    """Every pair of rows of series (people, n), by their places, with p adjusted for how many pairs were looked at."""
    people = range(len(series))
    found = {
        (a, b): pair_synchrony(
            series[a],
            series[b],
            rate,
            times=times,
            others=[series[each] for each in _strangers(series, a, b)],
            beats_s=beats_s,
        )
        for a in people
        for b in people
        if a < b
    }
    tested = {key: each.coherence.p for key, each in found.items() if each.coherence is not None}
    chances = np.array(list(tested.values()))
    for key, strict, share in zip(tested, holm(chances), benjamini_hochberg(chances), strict=True):
        found[key] = replace(found[key], p_holm=float(strict), q_benjamini_hochberg=float(share))
    return found


def joint_seconds(series: Sequence[NDArray[np.floating]], rate: float) -> float:
    """For how many seconds all series are known, gaps of up to half a second counted as known."""
    known = [np.isfinite(bridge(np.asarray(each, dtype=float), round(BRIDGED_S * rate))) for each in series]
    return float(np.logical_and.reduce(known).sum() / rate)


def _told(
    signals: list[NDArray[np.complex128]], rate: float, joint_s: float, start_s: float, *, same_music: bool
) -> PairSynchrony:
    """The measures of the first two signals beside their nulls."""
    one, two, *rest = signals
    where = layout(len(one), rate)
    tested = beside(COHERENCE, (one, two), rest, where, rate, coherence)
    if tested is None:
        return PairSynchrony(joint_s, same_music=same_music, why_not="not measurable: too few unrelated segments")
    known = np.isfinite(one) & np.isfinite(two)
    locked = beside(LOCKING, (one, two), rest, where, rate, phase_locking)
    waves = wavelets_beside((one, two), rest, where, rate)
    lag = lag_between(one, two, rate) if tested.p <= TESTED_AT else None
    return PairSynchrony(
        joint_seconds=joint_s,
        tested_seconds=where.length / rate,
        coherence=tested,
        whole=float(coherence(one[known], two[known])),
        others=tuple(each for each in (locked, waves) if each is not None),
        lag_s=None if lag is None else lag.seconds,
        lag_low_s=None if lag is None else lag.low,
        lag_high_s=None if lag is None else lag.high,
        lag_period_s=None if lag is None else lag.period_s,
        spans=spans_together(one, two, rate, start_s),
        same_music=same_music,
    )


def _rest(left: list[NDArray[np.complex128]], rate: float) -> Beside | None:
    """The coherence of what is left without the beat; None where too little of it is known."""
    both = np.flatnonzero(np.isfinite(left[0]) & np.isfinite(left[1]))
    if len(both) < LEAST_COMPARED_S * rate:
        return None
    part = [each[both[0] : both[-1] + 1] for each in left]
    return beside(REST, (part[0], part[1]), part[2:], layout(len(part[0]), rate), rate, coherence)


def _strangers(series: NDArray[np.floating], first: int, second: int) -> list[int]:
    """The other people who are known for longest, at most four."""
    known = np.isfinite(series).sum(axis=1)
    rest = [each for each in range(len(series)) if each not in {first, second}]
    return sorted(rest, key=lambda each: -int(known[each]))[:MOST_OTHERS]
