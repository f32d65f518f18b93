"""Wavelet coherence of two people beside that of unrelated segments: the same null as for coherence, with fewer moves.

The transforms of the whole tracks are made once; a move only lays them against each other anew. Tempos at which nobody moves hold noise
alone, so the mean over tempos and moments is weighed by the root of both powers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from commonbeat.record.video.together.chance import PERCENTILES, REPAIRED, UNRELATED, chance_of, decorrelation_s, far
from commonbeat.record.video.together.told import Beside
from commonbeat.record.video.together.wavelets import EDGE_PER_SCALE, Scales, scales_of, smoothed, transformed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from commonbeat.record.video.together.segments import Layout

WAVELETS: Final = "wavelet coherence"
PER_OCTAVE: Final = 6
# Smoothing in time is dear: so many moves of the two, of each other person so many, and never longer segments than two minutes.
OWN_MOVES, OTHER_MOVES, LONGEST_S = 40, 6, 120.0
LEAST_NULL: Final = 10
# Beyond so many of the longest scales a Gaussian is over: what lies further out does not reach into a segment.
MARGIN_SCALES: Final = 3.0


class Waves(NamedTuple):
    """One person's transform (scales, n), its smoothed power (scales, n), and where it is sure (scales, n)."""

    transform: NDArray[np.complex128]
    power: NDArray[np.float64]
    sure: NDArray[np.bool_]


def wavelets_beside(
    pair: tuple[NDArray[np.complex128], NDArray[np.complex128]],
    others: Sequence[NDArray[np.complex128]],
    where: Layout,
    rate: float,
) -> Beside | None:
    """The mean squared wavelet coherence of the middle segments beside its null; told, and not tested. None where too little is sure."""
    scales = scales_of(rate, PER_OCTAVE)
    one, two, *rest = (_waves(each, scales, rate) for each in (*pair, *others))
    apart = far(where, rate, max(decorrelation_s(each, rate) for each in pair))
    moves = np.array(where.moves)
    value = _mean(one, two, 0, where, scales, rate)
    chosen = _some(moves[moves != 0], OWN_MOVES)
    own = np.array([_mean(one, two, int(move), where, scales, rate) for move in chosen])
    distant = set(moves[apart].tolist())
    band = own[[int(move) in distant for move in chosen]]
    nulls = [(UNRELATED, own, band)]
    if rest:
        row = [
            _mean(each, other, int(move), where, scales, rate)
            for each in (one, two)
            for other in rest
            for move in _some(moves[apart], OTHER_MOVES)
        ]
        nulls.append((REPAIRED, np.array(row), np.array(row)))
    known = [(words, ranked[np.isfinite(ranked)], far_off[np.isfinite(far_off)]) for words, ranked, far_off in nulls]
    if not np.isfinite(value) or len(known[0][2]) < LEAST_NULL:
        return None
    known = [each for each in known if len(each[2]) >= LEAST_NULL]
    chances = [chance_of(value, ranked) for _, ranked, _ in known]
    bands = np.array([np.percentile(each, PERCENTILES) for _, _, each in known])
    widest = int(np.argmax(chances))
    low, middle, high = bands[:, 0].min(), bands[widest, 1], bands[:, 2].max()
    return Beside(WAVELETS, value, float(low), float(middle), float(high), chances[widest], known[widest][0])


def _some(moves: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """At most so many of the moves, evenly spread."""
    return moves[np.unique(np.linspace(0, len(moves) - 1, min(most, len(moves))).round().astype(int))]


def _waves(signal: NDArray[np.complex128], scales: Scales, rate: float) -> Waves:
    """What is unknown counts as rest, and as an edge: nothing near it is sure."""
    known = np.isfinite(signal)
    transform = transformed(np.where(known, signal.real, 0.0), scales, rate)
    power = smoothed(np.abs(transform) ** 2 / scales.seconds[:, None], scales, rate).real
    unknown = np.flatnonzero(~np.concatenate([[False], known, [False]])) - 1
    place = np.arange(len(signal))
    after = unknown[np.searchsorted(unknown, place)]
    before = unknown[np.searchsorted(unknown, place, side="right") - 1]
    edge_s = np.minimum(after - place, place - before) / rate
    return Waves(transform, power, edge_s[None, :] >= EDGE_PER_SCALE * scales.seconds[:, None])


def _mean(one: Waves, two: Waves, move: int, where: Layout, scales: Scales, rate: float) -> float:
    """The mean squared coherence where both are sure, by how much both move there; NaN without any.

    The first's segment is moved back and the second's ahead.
    """
    length = min(where.length, round(LONGEST_S * rate))
    starts = [where.middle + sign * move + (where.length - length) // 2 for sign in (-1, 1)]
    samples = one.transform.shape[1]
    margin = min(
        round(MARGIN_SCALES * float(scales.seconds.max()) * rate),
        *starts,
        *(samples - start - length for start in starts),
    )
    wide = [slice(start - margin, start + length + margin) for start in starts]
    cross = one.transform[:, wide[0]] * np.conj(two.transform[:, wide[1]]) / scales.seconds[:, None]
    joint = smoothed(cross, scales, rate)[:, margin : margin + length]
    ones, twos = (slice(start, start + length) for start in starts)
    sure = one.sure[:, ones] & two.sure[:, twos]
    powers = one.power[:, ones] * two.power[:, twos]
    squared = np.clip(np.abs(joint) ** 2 / np.maximum(powers, 1e-300), 0.0, 1.0)
    weight = np.where(sure, np.sqrt(np.maximum(powers, 0.0)), 0.0)
    return float((squared * weight).sum() / weight.sum()) if weight.sum() > 0 else float("nan")
