"""What came out of building or loading: degrees, homophily, clustering, tails, counted in the ties themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from commonbeat.kernels.csr import count_triangles
from commonbeat.luck import SOCIETY, keys
from commonbeat.society.account import AccountLine
from commonbeat.society.plan import SAMPLE
from commonbeat.society.ties import Ties

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from commonbeat.society.people import People
    from commonbeat.society.ties import Friends

CORE_SAMPLE = 20_000
ALL_SAMPLE = 1_000
TAIL_FROM = 20
MOST_TIES_CORRELATED = 2_000_000
ROWS_AT_ONCE = 10_000  # few enough that what is counted stays in the processor's cache
HERE = "counted in this society"


def measure(
    people: People, groups: tuple[str, ...], elsewhere: int, friends: Friends, followers: Ties, *, seed: int
) -> tuple[AccountLine, ...]:
    """The lines of account that describe the ties as they are, each marked measured."""
    local = np.flatnonzero(people.place != elsewhere)
    lines = (
        *_people_lines(people, groups, elsewhere),
        *_friend_lines(people, groups, friends, local, seed),
        *_follow_lines(people, groups, followers),
    )
    # What has no answer here (assortativity of one group only, correlation without spread) gets no line.
    return tuple(line for line in lines if np.isfinite(line.value))


def _line(name: str, value: float | np.number, unit: str) -> AccountLine:
    return AccountLine(name, float(value), unit, "measured", HERE)


def _people_lines(people: People, groups: tuple[str, ...], elsewhere: int) -> Iterator[AccountLine]:
    local = people.place != elsewhere
    officer = people.role == 1
    yield _line("residents", np.count_nonzero(local & ~officer), "people")
    yield _line("officers", np.count_nonzero(officer), "people")
    yield _line("people elsewhere", np.count_nonzero(~local), "people")
    yield _line("people elsewhere stand for", people.weight[~local].sum(dtype=np.float64), "people")
    for group, name in enumerate(groups):
        mine = local & ~officer & (people.group == group)
        if mine.any():
            yield _line(f"residents: {name}", np.count_nonzero(mine), "people")
            trust = people.starting_trust[mine].astype(np.float64)
            yield _line(f"starting trust: {name}", trust.mean(), "latent SD from the national mean")
            yield _line(f"spread of starting trust: {name}", trust.std(), "latent SD")


def _friend_lines(
    people: People, groups: tuple[str, ...], friends: Friends, local: NDArray[np.int64], seed: int
) -> Iterator[AccountLine]:
    core, every = friends.core, Ties(friends.offsets, friends.targets)
    if len(local) == 0 or len(every.targets) == 0:
        return
    yield _line("core ties per person", core.degrees[local].mean(), "ties")
    yield _line("friends and acquaintances per person", every.degrees[local].mean(), "ties")
    yield _line("people of the city without a core tie", np.count_nonzero(core.degrees[local] == 0), "people")
    for name, ties in (("core ties", core), ("friends and acquaintances", every)):
        mixing = mixing_counts(ties, people.group, len(groups))
        yield from _mixing_lines(name, mixing, groups)
    for name, ties, size in (("core ties", core, CORE_SAMPLE), ("friends and acquaintances", every, ALL_SAMPLE)):
        sample = _sample(people.id, local, size, seed)
        average, transitivity = clustering(ties, sample)
        yield _line(
            f"clustering of {name}, mean over people", average, f"share of pairs, {len(sample)} people looked at"
        )
        yield _line(f"transitivity of {name}", transitivity, f"share of pairs, {len(sample)} people looked at")


def _mixing_lines(name: str, mixing: NDArray[np.int64], groups: tuple[str, ...]) -> Iterator[AccountLine]:
    for group, label in enumerate(groups):
        if mixing[group].any():
            yield _line(f"same-group share of {name}: {label}", mixing[group, group] / mixing[group].sum(), "share")
    yield _line(f"group assortativity of {name}", assortativity(mixing), "coefficient, -1 to 1")


def _follow_lines(people: People, groups: tuple[str, ...], followers: Ties) -> Iterator[AccountLine]:
    counts = followers.degrees
    if len(followers.targets) == 0:
        return
    yield _line("follows", len(followers.targets), "ties")
    yield _line("most followers", counts.max(), "followers")
    if np.count_nonzero(counts >= TAIL_FROM) > 1:
        yield _line("tail exponent of followers", tail_exponent(counts, TAIL_FROM), f"exponent, from {TAIL_FROM} up")
    yield _line(
        "group assortativity of follows",
        assortativity(mixing_counts(followers, people.group, len(groups))),
        "coefficient, -1 to 1",
    )
    yield _line("trust assortativity of follows", tie_correlation(followers, people.starting_trust), "correlation")


def mixing_counts(ties: Ties, group: NDArray[np.integer], groups: int) -> NDArray[np.int64]:
    """int64[groups, groups]: ties from rows of one group to targets of another."""
    counts = np.zeros(groups * groups, np.int64)
    for start in range(0, len(ties), ROWS_AT_ONCE):
        offsets = ties.offsets[start : start + ROWS_AT_ONCE + 1]
        own = np.repeat(group[start : start + ROWS_AT_ONCE].astype(np.int64) * groups, np.diff(offsets))
        counts += np.bincount(own + group[ties.targets[offsets[0] : offsets[-1]]], minlength=groups * groups)
    return counts.reshape(groups, groups)


def assortativity(mixing: NDArray[np.int64]) -> float:
    """The coefficient of attribute assortativity: (trace e - sum of e squared) / (1 - sum of e squared), e the shares.

    Newman 2003, doi 10.1103/PhysRevE.67.026126. NaN where all ties touch one group.
    """
    share = mixing / mixing.sum()
    expected = float(np.dot(share.sum(axis=0), share.sum(axis=1)))
    return float((np.trace(share) - expected) / (1.0 - expected)) if expected < 1.0 else float("nan")


def clustering(ties: Ties, rows: NDArray[np.int64]) -> tuple[float, float]:
    """Mean local clustering of these rows, and transitivity over them; exact when `rows` is everybody.

    Local clustering: share of a person's pairs of neighbours who are tied, 0 with fewer than two neighbours.
    """
    closed = np.zeros(len(rows), np.int64)
    starts, ends = ties.offsets[:-1], ties.offsets[1:]
    stamp = np.zeros(len(ties), np.uint8)
    count_triangles(starts, ends, ties.targets, np.ascontiguousarray(rows, dtype=np.int64), stamp, closed)
    degree = ties.degrees[rows]
    pairs = degree * (degree - 1)
    local = np.divide(closed, pairs, out=np.zeros(len(rows)), where=pairs > 0)
    return float(local.mean()), float(closed.sum() / max(int(pairs.sum()), 1))


def tail_exponent(counts: NDArray[np.integer], least: int) -> float:
    """The exponent of the density of a discrete power law from `least` up, by maximum likelihood.

    1 + n / sum(log(k / (least - 1/2))): Clauset, Shalizi & Newman 2009, doi 10.1137/070710111, equation 3.7.
    """
    tail = counts[counts >= least].astype(np.float64)
    return float(1.0 + len(tail) / np.log(tail / (least - 0.5)).sum())


def tie_correlation(ties: Ties, value: NDArray[np.floating]) -> float:
    """The correlation of a value across ties, over about two million of them at most; NaN without spread."""
    step = max(1, len(ties.targets) // MOST_TIES_CORRELATED)
    chosen = np.arange(0, len(ties.targets), step)
    own = np.searchsorted(ties.offsets, chosen, side="right") - 1
    one, other = value[own], value[ties.targets[chosen]]
    return float(np.corrcoef(one, other)[0, 1]) if np.ptp(one) > 0 < np.ptp(other) else float("nan")


def _sample(ids: NDArray[np.integer], rows: NDArray[np.int64], size: int, seed: int) -> NDArray[np.int64]:
    if len(rows) <= size:
        return rows
    return rows[np.argpartition(keys(seed, SOCIETY, SAMPLE, ids[rows]), size)[:size]]
