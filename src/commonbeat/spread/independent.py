"""The independent cascade: each person reached tries each of their ties once, with one and the same chance.

The plainest model of spread there is (Kempe, Kleinberg & Tardos 2003, doi 10.1145/956750.956769). Clips do not
spread like this (see `commonbeat.spread.clip`); it is here as a yardstick, for a user's own network, and because
its speed can be compared with others'.

    tie i -> j succeeds in cascade c   <=>   uniform(seed, CASCADE, c, name of i, name of j) < chance

The coin belongs to the tie. So a lower chance reaches a subset of who a higher one reaches, more seeds reach a
superset, a tie listed twice is one tie, and neither threads nor the order of rows change who is reached.
"""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from numbers import Integral, Real
from threading import Event
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from commonbeat import luck
from commonbeat.errors import InputError, Mistakes
from commonbeat.kernels import cascade as kernel

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from commonbeat.society.ties import Ties

_HEADING = "These cascades cannot run as they are asked for."
_COIN_SIDES = 2.0**53


@dataclass(frozen=True, slots=True, eq=False)
class Cascade:
    """Who was reached: `rows` step by step, the seeds (step 0) first; `steps[k]` is the step that reached `rows[k]`."""

    rows: NDArray[np.int32]
    steps: NDArray[np.int32]


class _Question(NamedTuple):
    """What all cascades of a call share, in the types for which the kernel is compiled."""

    rows: kernel.Rows
    limit: np.uint64
    seeds: NDArray[np.uint32]
    longest: int


def independent_cascade(
    ties: Ties, chance: float, seeds: ArrayLike, *, seed: int, cascade: int, ids: ArrayLike | None = None
) -> Cascade:
    """Everybody whom cascade number `cascade` reaches from the rows `seeds`, and in which step.

    `ties` are directed: row i may reach its targets. `chance` is the probability that a tie carries, 0 to 1. `ids`
    are people's stable whole numbers, one per row (default: the row itself); with them, renumbering rows changes
    nobody's luck. Within a step people stand in the order in which they were found, which does follow the rows.

    Raises:
        InputError: with every mistake in ties, chance, seeds, cascade or ids.
    """
    question = _ask(ties, chance, seeds, np.array([cascade]), ids, threads=1)
    workspace = _workspace(question)
    (key,) = luck.keys(seed, luck.CASCADE, [cascade])
    reached, steps = kernel.cascade(question.rows, key, question.limit, question.seeds, workspace)
    step = np.repeat(np.arange(steps, dtype=np.int32), np.diff(workspace.ends[:steps].astype(np.int64), prepend=0))
    return Cascade(workspace.queue[:reached].astype(np.int32), step)


def cascade_sizes(
    ties: Ties,
    chance: float,
    seeds: ArrayLike,
    *,
    seed: int,
    cascades: ArrayLike,
    threads: int = 1,
    ids: ArrayLike | None = None,
) -> NDArray[np.int64]:
    """How many people each of the numbered `cascades` reaches, seeds among them, as `independent_cascade` would.

    The numbers do not depend on `threads`, nor on which cascades are asked for together. Each thread needs
    8 bytes per person. Ties are checked once per call, so many cascades in one call cost less.

    Raises:
        InputError: with every mistake in ties, chance, seeds, cascades, threads or ids.
    """
    numbers = np.atleast_1d(np.asarray(cascades))
    question = _ask(ties, chance, seeds, numbers, ids, threads)
    keys = luck.keys(seed, luck.CASCADE, numbers)
    sizes = np.zeros(len(keys), dtype=np.int64)
    stop = Event()

    def share(thread: int) -> None:
        workspace = _workspace(question)
        for place in range(thread, len(keys), threads):
            if stop.is_set():
                return
            sizes[place] = kernel.cascade(question.rows, keys[place], question.limit, question.seeds, workspace)[0]

    if threads == 1:  # a pool takes as long to start as a cascade among a hundred thousand people
        share(0)
        return sizes
    with ThreadPoolExecutor(threads) as pool:
        try:
            list(pool.map(share, range(min(threads, len(keys)))))
        except BaseException:
            stop.set()  # or Ctrl-C would wait for every cascade that was asked for
            raise
    return sizes


def _workspace(question: _Question) -> kernel.Workspace:
    people = len(question.rows.offsets) - 1
    return kernel.Workspace(
        seen=np.zeros((people + 63) // 64, dtype=np.uint64),
        queue=np.empty(people + question.longest, dtype=np.uint32),
        ends=np.empty(people + 1, dtype=np.uint32),
    )


def _ask(
    ties: Ties, chance: float, seeds: ArrayLike, cascades: NDArray, ids: ArrayLike | None, threads: int
) -> _Question:
    """The question in the kernel's types, after everything that could be wrong with it was looked at."""
    mistakes = Mistakes()
    people = len(ties)
    _check_ties(ties, mistakes)
    if not isinstance(chance, Real) or not 0.0 <= chance <= 1.0:
        mistakes.add("chance", chance, "is not a probability", "Give a number from 0 to 1.")
    if not isinstance(threads, Integral) or threads < 1:
        mistakes.add("threads", threads, "is not a number of threads", "Give 1 or more.")
    if cascades.ndim != 1 or (len(cascades) and (cascades.dtype.kind not in "iu" or cascades.min() < 0)):
        mistakes.add("cascades", None, "are not whole numbers from 0 up", "Number them, for example with range(100).")
    started = _checked_seeds(np.atleast_1d(np.asarray(seeds)), people, mistakes)
    names = np.zeros(0, dtype=np.uint64) if ids is None else _checked_names(np.asarray(ids), people, mistakes)
    mistakes.raise_if_any(InputError, _HEADING)
    targets = ties.targets.view(np.uint32)
    target_names = targets if ids is None else names[targets]
    return _Question(
        rows=kernel.Rows(*(_read_only(array) for array in (ties.offsets, targets, target_names, names))),
        limit=np.uint64(math.ceil(chance * _COIN_SIDES)),
        seeds=started,
        longest=int(np.diff(ties.offsets).max(initial=0)),
    )


def _check_ties(ties: Ties, mistakes: Mistakes) -> None:
    """Nothing in the ties can lead the kernel outside an array, or `mistakes` says what does."""
    people = len(ties)
    if people < 0 or ties.offsets[0] != 0 or ties.offsets[-1] != len(ties.targets):
        rule = f"do not run from 0 to the number of targets, {len(ties.targets)}"
        mistakes.add("ties.offsets", None, rule, "Give one offset per row and the end of the last row.")
        return
    falling = np.flatnonzero(np.diff(ties.offsets) < 0)
    if len(falling):
        mistakes.add(f"ties.offsets[{falling[0] + 1}]", int(ties.offsets[falling[0] + 1]), "is below the one before")
    if len(ties.targets) and ties.targets.view(np.uint32).max() >= people:
        outside = np.flatnonzero(ties.targets.view(np.uint32) >= people)
        rule = f"is not a row of 0 to {people - 1} (in all {len(outside)} such targets)"
        mistakes.add(f"ties.targets[{outside[0]}]", int(ties.targets[outside[0]]), rule, "Drop ties to nobody.")


def _checked_seeds(seeds: NDArray, people: int, mistakes: Mistakes) -> NDArray[np.uint32]:
    if seeds.ndim != 1 or (len(seeds) and seeds.dtype.kind not in "iu"):
        mistakes.add("seeds", None, "are not whole numbers in a list", "Give the rows of the people who start.")
        return np.zeros(0, dtype=np.uint32)
    outside = (seeds < 0) | (seeds >= people)
    for place in np.flatnonzero(outside):
        mistakes.add(f"seeds[{place}]", int(seeds[place]), f"is not a row from 0 to {people - 1}")
    repeated = np.ones(len(seeds), dtype=bool)
    repeated[np.unique(seeds, return_index=True)[1]] = False
    for place in np.flatnonzero(repeated & ~outside):
        mistakes.add(f"seeds[{place}]", int(seeds[place]), "stands there twice", "Give each person once.")
    return np.where(outside, 0, seeds).astype(np.uint32)


def _checked_names(ids: NDArray, people: int, mistakes: Mistakes) -> NDArray[np.uint64]:
    if ids.shape != (people,) or ids.dtype.kind not in "iu":
        rule = f"are {ids.dtype} of shape {ids.shape}, not {people} whole numbers"
        mistakes.add("ids", None, rule, "Give one stable number per row, or leave them out.")
        return np.zeros(0, dtype=np.uint64)
    ordered = np.sort(ids)
    twice = ordered[1:][ordered[1:] == ordered[:-1]]
    if len(twice):
        mistakes.add("ids", int(twice[0]), "names more than one person", "Give each person a number of their own.")
    return np.ascontiguousarray(ids).astype(np.uint64)


def _read_only(array: NDArray) -> NDArray:
    """A view nobody can write through. A society read from its cache is such, and one type means compiling once."""
    view = array.view()
    view.flags.writeable = False
    return view
