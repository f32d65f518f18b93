"""Which group and which place the next tie goes to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from commonbeat.society.places import Place

SLOTS = 1024  # partner places are looked up, not searched for: chances are exact to a thousandth
ROUNDS = 500
KM_PER_DEGREE = 111.2


def mixing_shares(same_group: Sequence[float], sizes: NDArray[np.integer]) -> NDArray[np.float64]:
    """Row g: the shares of group g's ties that go to each group; as many ties go from g to h as from h to g.

    The diagonal is `same_group`; the rest is fitted in proportion to the groups' sizes (iterative proportional
    fitting of a symmetric table). Where no table has these margins, the nearest that the rounds reach stands.
    """
    share, size = np.asarray(same_group, dtype=float), np.asarray(sizes, dtype=float)
    across = size * (1.0 - share)
    table = np.outer(size, size)
    np.fill_diagonal(table, 0.0)
    for _ in range(ROUNDS):
        margin = table.sum(axis=1)
        scale = np.divide(across, margin, out=np.zeros_like(margin), where=margin > 0)
        table = table * np.sqrt(np.outer(scale, scale))
    mixing = table / np.maximum(size, 1.0)[:, None]
    np.fill_diagonal(mixing, share)
    return mixing / mixing.sum(axis=1, keepdims=True)


def further_shares(mixing: NDArray[np.float64], near: float) -> NDArray[np.float64]:
    """The mixing left for further ties when a share `near` of all ties already goes to one's own group."""
    rest = np.maximum(mixing - near * np.eye(len(mixing)), 0.0)
    return rest / rest.sum(axis=1, keepdims=True)


def cumulated(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rows that end in exactly one, from which a number in [0, 1) picks a column."""
    rows = np.cumsum(shares, axis=1)
    return np.ascontiguousarray(rows / rows[:, -1:])


def distances(places: Sequence[Place]) -> NDArray[np.float64]:
    """Kilometres between the middles of places, on a plane that is good enough for a city."""
    latitude = np.array([place.latitude for place in places])
    longitude = np.array([place.longitude for place in places]) * np.cos(np.radians(np.mean(latitude)))
    return KM_PER_DEGREE * np.hypot(latitude[:, None] - latitude, longitude[:, None] - longitude)


def chain(distance: NDArray[np.float64]) -> NDArray[np.int64]:
    """A walk through all places, from each to the nearest not yet seen."""
    walk, left = [0], set(range(1, len(distance)))
    while left:
        walk.append(min(left, key=lambda place: (distance[walk[-1], place], place)))
        left.remove(walk[-1])
    return np.array(walk)


def partner_places(people: NDArray[np.integer], closeness: NDArray[np.float64], own_share: float) -> NDArray[np.int16]:
    """int16[places, groups, SLOTS]: where a partner of a group lives, each slot being equally likely.

    `people` [places, groups] counts who can be picked, `closeness` [places, places] weighs them; `own_share` of the
    picks stay in the own place where somebody of that group lives there.
    """
    places, groups = people.shape
    marks = (np.arange(SLOTS) + 0.5) / SLOTS
    lookup = np.empty((places, groups, SLOTS), np.int16)
    for place in range(places):
        for group in range(groups):
            weight = closeness[place] * people[:, group]
            weight[place] = 0.0
            total = weight.sum()
            if people[place, group] > 0:
                weight = weight * ((1.0 - own_share) / total if total > 0 else 0.0)
                weight[place] = own_share if total > 0 else 1.0
            steps = np.cumsum(weight)
            lookup[place, group] = np.searchsorted(steps, marks * steps[-1], side="right") if steps[-1] > 0 else place
    return lookup
