"""Everybody's movements together, beside the same people's segments at unrelated times."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from commonbeat.record.video.together.band import in_band, runs
from commonbeat.record.video.together.chance import LEAST_APART_S, PERCENTILES, UNRELATED
from commonbeat.record.video.together.group_measures import cluster_phase, symbolic_entropy
from commonbeat.record.video.together.music import beat_phase, without_beat
from commonbeat.record.video.together.pair import joint_seconds
from commonbeat.record.video.together.segments import LONGEST_SLIDE_S, SLIDES_SHARE
from commonbeat.record.video.together.told import LEAST_JOINT_S, Beside, GroupSynchrony, too_short

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Signals = NDArray[np.complex128]
    GroupMeasure = Callable[[Signals], float]

ROWS, MOVES, SEED = 6, 121, 70_421
# Joint patterns of three levels need many moments: above this many people nearly every pattern is seen once.
MOST_IN_PATTERNS: Final = 4


def group_synchrony(
    series: NDArray[np.floating],
    rate: float,
    *,
    times: NDArray[np.float64] | None = None,
    beats_s: NDArray[np.float64] | None = None,
) -> GroupSynchrony:
    """What is known of the movement of a group, from series (people, n), `rate` samples a second, NaN where unknown.

    Those followed for the shortest time are left out until 30 s are left in which everybody else is known. Groups have three people
    and more; for two there is `pair_synchrony`.
    """
    grid = np.arange(series.shape[1]) / rate if times is None else times
    same_music = beats_s is not None and len(beats_s) > 1
    chosen = _followed(series, rate)
    joint_s = joint_seconds(list(series[chosen]), rate) if chosen else 0.0
    if len(chosen) < 3:
        short = f"{too_short(joint_seconds(list(series), rate))}, for three people and more"
        why = short if len(series) > 2 else "a group has three people and more"
        return GroupSynchrony(len(chosen), joint_s, same_music=same_music, why_not=why)
    signals = np.stack([in_band(each, rate) for each in series[chosen]])
    span = _longest(np.isfinite(signals).all(axis=0))
    if span.stop - span.start < (LEAST_JOINT_S / 2) * rate:
        return GroupSynchrony(len(chosen), joint_s, same_music=same_music, why_not="the joint track is in pieces")
    signals = signals[:, span]
    measures: list[tuple[str, GroupMeasure]] = []
    if len(chosen) <= MOST_IN_PATTERNS:
        measures.append(("order of joint patterns", lambda each: -symbolic_entropy(each.real)))
    rest = None
    if same_music and beats_s is not None:
        phase = beat_phase(grid[span], beats_s)
        left = np.stack([without_beat(each, phase) for each in signals])
        known = _longest(np.isfinite(left).all(axis=0))
        if known.stop - known.start >= (LEAST_JOINT_S / 2) * rate:
            rest = _beside("cluster phase without the beat", left[:, known], rate, _rho)
    return GroupSynchrony(
        people=len(chosen),
        joint_seconds=joint_s,
        tested_seconds=(signals.shape[1] - 2 * _slide(signals, rate)) / rate,
        cluster_phase=_beside("cluster phase", signals, rate, _rho),
        others=tuple(_beside(name, signals, rate, measure) for name, measure in measures),
        without_beat=rest,
        same_music=same_music,
    )


def _beside(name: str, signals: Signals, rate: float, measure: GroupMeasure) -> Beside:
    """The measure of the middle segments beside the same measure of everybody's segments moved apart in time.

    In one row of moves each person's segment goes its own share of the way, from wholly back to wholly ahead; who goes which share is
    drawn anew for each row. Where people are independent and each is stationary, a row is stationary, so that p, the rank of no
    move among the moves, averaged over rows, holds; moves at random would share too much with the value to be its chance.
    """
    slide = _slide(signals, rate)
    length = signals.shape[1] - 2 * slide
    shares = np.linspace(-1.0, 1.0, len(signals))
    moves = np.unique(np.linspace(-slide, slide, MOVES).round().astype(int))
    luck = np.random.default_rng(SEED)
    value = measure(signals[:, slide : slide + length])
    moved, chances = [], []
    for _ in range(ROWS):
        ways = luck.permutation(shares)
        row = np.array([measure(_moved(signals, slide + np.rint(move * ways).astype(int), length)) for move in moves])
        rest = row[moves != 0]
        chances.append((1 + np.count_nonzero(rest >= value)) / (1 + len(rest)))
        apart = 2 * np.abs(moves) / (len(signals) - 1) >= min(LEAST_APART_S * rate, slide / (len(signals) - 1))
        moved.append(row[apart])
    low, middle, high = np.percentile(np.concatenate(moved), PERCENTILES)
    return Beside(name, float(value), float(low), float(middle), float(high), float(np.mean(chances)), UNRELATED)


def _moved(signals: Signals, starts: NDArray[np.int64], length: int) -> Signals:
    """Everybody's segment from each one's own start on, (people, length)."""
    return np.stack([each[at : at + length] for each, at in zip(signals, starts, strict=True)])


def _slide(signals: Signals, rate: float) -> int:
    """By how many samples a segment can begin before or after the middle one."""
    return min(int(SLIDES_SHARE * signals.shape[1]), round(LONGEST_SLIDE_S * rate))


def _rho(signals: Signals) -> float:
    """The mean over time of the cluster phase measure."""
    return float(cluster_phase(np.angle(signals)).mean())


def _followed(series: NDArray[np.floating], rate: float) -> list[int]:
    """The rows of those who are known together for 30 s, as many as there are."""
    chosen = sorted(range(len(series)), key=lambda each: -int(np.isfinite(series[each]).sum()))
    while chosen and joint_seconds(list(series[chosen]), rate) < LEAST_JOINT_S:
        chosen.pop()
    return sorted(chosen)


def _longest(mask: object) -> slice:
    """The longest stretch of True."""
    stretches = runs(np.asarray(mask, dtype=np.bool_))
    return slice(*max(stretches, key=lambda each: each[1] - each[0])) if stretches else slice(0, 0)
