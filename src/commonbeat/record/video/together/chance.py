"""What chance gives: unrelated segments of the same two people, and other people's tracks at other times.

Why not circular shifts: where a shifted track is wrapped around, its rhythm breaks, which the real pair's does not, so that two
strangers of nearly the same tempo seem to move together (docs/synchrony.csv has the rates). Segments are therefore moved
whole, as in the truncated time-shift test (Yuan & Shou 2024), and p is the rank of no move among all moves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from commonbeat.record.video.together.segments import shifted
from commonbeat.record.video.together.told import Beside

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from commonbeat.record.video.together.segments import Layout, Measure

UNRELATED, REPAIRED = "unrelated segments of the two", "other people's tracks at other times"
# Segments count as unrelated from here on; a longer decorrelation of the movement itself moves it out.
LEAST_APART_S, MOST_APART_SHARE = 2.5, 0.5
TOLERATED_LAG_S: Final = 0.35
PERCENTILES: Final = (5.0, 50.0, 95.0)
LEAST_NULL: Final = 10


def beside(
    name: str,
    pair: tuple[NDArray[np.complex128], NDArray[np.complex128]],
    others: Sequence[NDArray[np.complex128]],
    where: Layout,
    rate: float,
    measure: Measure,
) -> Beside | None:
    """The value of a pair beside its null; None where too few shifts are known to tell.

    Two nulls: the pair's own segments at other times, and each of the two with every other person at other times. The rule is
    the widest: each gives a p (`chance_of`), and the larger p stands, with the band from the lowest 5th to the highest 95th percentile. The rank among the pair's own segments counts near shifts too, so that
    slow movement, whose near shifts are like no shift, makes p larger and not smaller; bands leave near shifts out.
    """
    own = tolerant(shifted(*pair, where, measure), where, rate)
    value = own[where.own]
    apart = far(where, rate, max(decorrelation_s(each, rate) for each in pair))
    nulls = [(UNRELATED, np.delete(own, where.own), own[apart])]
    if others:
        rows = [tolerant(shifted(one, other, where, measure), where, rate)[apart] for one in pair for other in others]
        nulls.append((REPAIRED, np.concatenate(rows), np.concatenate(rows)))
    known = [(words, ranked[np.isfinite(ranked)], band[np.isfinite(band)]) for words, ranked, band in nulls]
    if not np.isfinite(value) or len(known[0][2]) < LEAST_NULL:
        return None
    usable = [each for each in known if len(each[2]) >= LEAST_NULL]
    chances = [chance_of(value, ranked) for _, ranked, _ in usable]
    bands = np.array([np.percentile(band, PERCENTILES) for _, _, band in usable])
    widest = int(np.argmax(chances))
    return Beside(
        name=name,
        value=float(value),
        null_low=float(bands[:, 0].min()),
        null_middle=float(bands[widest, 1]),
        null_high=float(bands[:, 2].max()),
        p=chances[widest],
        null=usable[widest][0],
        p_least=max(
            _least(len(ranked), reach_of(where, rate) if words == UNRELATED else 0) for words, ranked, _ in usable
        ),
    )


def tolerant(row: NDArray[np.float64], where: Layout, rate: float) -> NDArray[np.float64]:
    """The highest value within a third of a second of lag around each move, (m,); NaN at both ends, where that reaches outside.

    Two people who move together do so with a lag: the value at no move is the best within the tolerance, and so is every other
    value of the null.
    """
    reach = reach_of(where, rate)
    padded = np.pad(row, reach, constant_values=np.nan)
    around = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1)
    known = np.asarray(np.isfinite(around).all(axis=1), dtype=np.bool_)
    return np.where(known, np.where(known[:, None], around, 0.0).max(axis=1), np.nan)


def reach_of(where: Layout, rate: float) -> int:
    """The tolerated lag in moves."""
    return max(1, round(TOLERATED_LAG_S * rate / (2 * where.step)))


def _least(moves: int, reach: int) -> float:
    """The p of the highest value of all: within the tolerance on either side its neighbours found the same, and half of them count."""
    return (1 + reach) / (1 + moves)


def chance_of(value: float, null: NDArray[np.float64]) -> float:
    """The p of a value among its null: (1 + how many are higher + half of the others that are equal) / (1 + how many).

    Equal ones are neighbours that found the same best lag within the tolerance: a place among equals is as likely as another.
    """
    equal, higher = np.count_nonzero(null == value), np.count_nonzero(null > value)
    return float((1 + higher + equal / 2) / (1 + len(null)))


def far(where: Layout, rate: float, apart_s: float) -> NDArray[np.bool_]:
    """Which moves bring the two segments far enough apart in time to be unrelated, (m,)."""
    apart = 2 * np.abs(np.array(where.moves)) / rate
    return apart >= min(max(LEAST_APART_S, apart_s), MOST_APART_SHARE * apart.max())


def decorrelation_s(signal: NDArray[np.complex128], rate: float) -> float:
    """After how many seconds the strength of a movement no longer tells of itself: its autocorrelation falls below 1/e."""
    strength = np.abs(signal[np.isfinite(signal)])
    if len(strength) < 4:
        return LEAST_APART_S
    centred = strength - strength.mean()
    size = 2 ** int(np.ceil(np.log2(2 * len(centred))))
    spectrum = np.abs(np.fft.rfft(centred, size)) ** 2
    autocorrelation = np.fft.irfft(spectrum)[: len(centred)] / max(float(centred @ centred), 1e-12)
    below = np.flatnonzero(autocorrelation < np.exp(-1))
    return float(below[0] / rate) if len(below) else len(centred) / rate
