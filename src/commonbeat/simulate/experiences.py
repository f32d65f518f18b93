"""Columns of experiences: made by the phases of a day, put in order, handed to the kernel."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.kernels.experience import CHANNELS, Experiences

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import ArrayLike, NDArray

HOURS = 24
TYPES = (np.int32, np.int32, np.int8, np.int8, np.int8, np.float32, np.int64)


def experiences(
    person: ArrayLike, hour: ArrayLike, kind: ArrayLike, channel: int, source: int, dose: ArrayLike, event: ArrayLike
) -> Experiences:
    """One entry per person; single values are repeated."""
    person = np.atleast_1d(np.asarray(person, np.int32))
    columns = (person, hour, kind, channel, source, dose, event)
    return Experiences._make(
        np.ascontiguousarray(np.broadcast_to(np.asarray(column, dtype), person.shape))
        for column, dtype in zip(columns, TYPES, strict=True)
    )


NOTHING = experiences(np.empty(0, np.int32), 0, 0, 0, 0, 0.0, 0)


def joined(parts: Sequence[Experiences]) -> Experiences:
    """All parts, one after the other."""
    kept = [part for part in parts if part.person.size]
    if len(kept) < 2:
        return kept[0] if kept else NOTHING
    return Experiences._make(np.concatenate(columns) for columns in zip(*kept, strict=True))


def chosen(whole: Experiences, which: NDArray[np.bool_] | NDArray[np.int64] | slice) -> Experiences:
    """The entries that `which` names, in its order."""
    return Experiences._make(column[which] for column in whole)


def by_day(whole: Experiences) -> Iterator[tuple[int, Experiences]]:
    """(day counted from the burn-in, its experiences), for experiences that are sorted by hour."""
    day = whole.hour // HOURS
    starts = np.flatnonzero(np.diff(day, prepend=-1))
    for start, end in itertools.pairwise([*starts.tolist(), len(day)]):
        yield int(day[start]), chosen(whole, slice(start, end))


def in_order(whole: Experiences) -> Experiences:
    """Sorted by hour, channel and event: the order in which experiences are applied, whoever made them."""
    return chosen(whole, np.lexsort((whole.event, whole.channel, whole.hour)))


def by_day_and_event(whole: Experiences) -> Experiences:
    """Sorted by day and event, so that what is told of them in the evening is in order at once."""
    return chosen(whole, np.lexsort((whole.event, whole.hour // HOURS)))


def merged(parts: Sequence[Experiences]) -> Experiences:
    """Parts that are each in order and share no channel, in order: far quicker than to sort a year anew."""
    whole = joined(parts)
    key = whole.hour.astype(np.int64) * CHANNELS + whole.channel
    return chosen(whole, np.argsort(key, kind="stable"))
