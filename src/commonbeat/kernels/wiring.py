"""Who is picked as friend, acquaintance or follower when a society is built; and where households begin.

Luck is addressed by stable ids. A pick that cannot be made is written as a tie to oneself, which joining drops.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from numba import njit, uint64

from commonbeat.luck import at, uniform

if TYPE_CHECKING:
    from numpy.typing import NDArray

CIRCLE = 4  # people next to each other in social order who choose their further friends together
BUNDLE = 2  # neighbours in social order who are befriended together
TRIES = 8  # candidates looked at before the last one is taken whatever their trust


@njit("int64(float64[:, ::1], int64, float64)", cache=True, nogil=True)
def column_of(chances: NDArray[Any], row: int, chance: float) -> int:
    """The first column whose cumulated chance exceeds the number; the last one takes the rest."""
    column = 0
    while column < chances.shape[1] - 1 and chance >= chances[row, column]:
        column += 1
    return column


@njit(
    "int64(int64[::1], float64[:, ::1], int64[::1], uint64, int32[::1], int8[::1], int8[::1])", cache=True, nogil=True
)
def carve_households(
    block_ends: NDArray[Any],
    size_chances: NDArray[Any],
    ids: NDArray[Any],
    key: int,
    household: NDArray[Any],
    spot: NDArray[Any],
    size: NDArray[Any],
) -> int:
    """People in a row form households that never cross the end of a block; how many there are is returned.

    `size_chances[b]` cumulates the chances of sizes 1, 2, ... in block b. `spot` is the position inside a household.
    """
    count = 0
    person = 0
    for block in range(len(block_ends)):
        while person < block_ends[block]:
            members = min(1 + column_of(size_chances, block, uniform(at(key, ids[person]))), block_ends[block] - person)
            for member in range(members):
                household[person + member] = count
                spot[person + member] = member
                size[person + member] = members
            person += members
            count += 1
    return count


@njit(
    "void(int64[::1], int32[::1], int64[::1], int64[::1], int64[::1], int8[::1], int8[::1], int16[::1],"
    " float64[:, ::1], int16[:, :, ::1], int64[::1], uint64, int64[::1], int32[::1])",
    cache=True,
    nogil=True,
)
def pick_core(
    ids: NDArray[Any],
    order: NDArray[Any],
    segment_end: NDArray[Any],
    near: NDArray[Any],
    away: NDArray[Any],
    group: NDArray[Any],
    band: NDArray[Any],
    place: NDArray[Any],
    group_chances: NDArray[Any],
    partner_place: NDArray[Any],
    cell_offsets: NDArray[Any],
    key: int,
    offsets: NDArray[Any],
    targets: NDArray[Any],
) -> None:
    """Each person's core picks stand in their row: the next `near` in social order, then `away` from further off.

    `order` lists people by group, band, place and luck, so a cell (group, band, place) is a stretch of it, bounded by
    `cell_offsets`. Circles of four choose the same bundles of two neighbours: that closes triangles.
    """
    places = partner_place.shape[0]
    bands = (len(cell_offsets) - 1) // (places * group_chances.shape[0])
    slots = uint64(partner_place.shape[2])
    for spot in range(len(order)):
        person = int(order[spot])
        filled = offsets[person]
        for step in range(1, near[person] + 1):
            follows = spot + step
            targets[filled] = order[follows] if follows < segment_end[spot] else person
            filled += 1
        circle = at(key, ids[int(order[spot - spot % CIRCLE])])
        for pick in range(away[person]):
            bundle = at(circle, pick // BUNDLE)
            chosen = column_of(group_chances, group[person], uniform(bundle))
            bits = at(bundle, 1)
            where = partner_place[place[person], chosen, (bits >> uint64(32)) % slots]
            cell = (chosen * bands + band[person]) * places + where
            begin, members = cell_offsets[cell], cell_offsets[cell + 1] - cell_offsets[cell]
            if members == 0:
                targets[filled] = person
            else:
                targets[filled] = order[begin + ((bits & uint64(0xFFFFFFFF)) + uint64(pick % BUNDLE)) % uint64(members)]
            filled += 1


@njit(
    "void(int64[::1], int32[::1], int64[::1], int64[::1], int64, int8[::1], int16[::1], float64[:, ::1],"
    " int16[:, :, ::1], int64[::1], int32[::1], uint64, int64[::1], int32[::1])",
    cache=True,
    nogil=True,
)
def pick_acquaintances(
    ids: NDArray[Any],
    order: NDArray[Any],
    segment_end: NDArray[Any],
    near: NDArray[Any],
    window: int,
    group: NDArray[Any],
    place: NDArray[Any],
    group_chances: NDArray[Any],
    partner_place: NDArray[Any],
    pool_offsets: NDArray[Any],
    pool: NDArray[Any],
    key: int,
    offsets: NDArray[Any],
    targets: NDArray[Any],
) -> None:
    """Each person's row is filled: `near` picks among the next `window` in social order, the others out of pools.

    Near picks are spread over the window, one in each of `near` equal stretches, so none repeats; for the sociable
    the window grows. Sociable people stand several times in the pools of (place, group) and are picked more often.
    """
    groups = group_chances.shape[0]
    slots = uint64(partner_place.shape[2])
    for position in range(len(order)):
        person = int(order[position])
        own = at(key, ids[person])
        span = max(window, near[person] + near[person] // 4)
        for spot in range(offsets[person], offsets[person + 1]):
            pick = spot - offsets[person]
            bits = at(own, pick)
            chance = uniform(bits)
            if pick < near[person]:
                next_one = position + 1 + int((pick + chance) * span / near[person])
                targets[spot] = order[next_one] if next_one < segment_end[position] else person
                continue
            chosen = column_of(group_chances, group[person], chance)
            bits = at(bits, 1)
            where = partner_place[place[person], chosen, (bits >> uint64(32)) % slots]
            cell = where * groups + chosen
            begin, members = pool_offsets[cell], pool_offsets[cell + 1] - pool_offsets[cell]
            if members == 0:
                targets[spot] = person
            else:
                targets[spot] = pool[begin + (bits & uint64(0xFFFFFFFF)) % uint64(members)]


@njit("int64(int64, int64, int64, float64, float64[::1])", cache=True, nogil=True)
def follower_region(place: int, elsewhere: int, ordinal: int, chance: float, habits: NDArray[Any]) -> int:
    """Where the follower number `ordinal` of somebody in `place` lives: a place, Elsewhere, or the whole city.

    First followers are near and later ones come from further off: the same place with chance
    near * half / (half + ordinal), then likewise the city; the rest live elsewhere.
    """
    _, near_chance, near_half, city_chance, city_half, from_city, _ = habits[:7]
    city = elsewhere + 1
    if place == elsewhere:
        return city if chance < from_city else elsewhere
    near = near_chance * near_half / (near_half + ordinal)
    if chance < near:
        return place
    return city if chance < near + city_chance * city_half / (city_half + ordinal) else elsewhere


@njit(
    "void(int64[::1], int8[::1], int16[::1], float32[::1], int64[::1], int64[::1], int32[::1], float64[:, ::1],"
    " int64[::1], int32[::1], float64[::1], uint64, int64[::1], int32[::1])",
    cache=True,
    nogil=True,
)
def pick_followers(
    ids: NDArray[Any],
    group: NDArray[Any],
    place: NDArray[Any],
    trust: NDArray[Any],
    friend_starts: NDArray[Any],
    friend_ends: NDArray[Any],
    friend_targets: NDArray[Any],
    group_chances: NDArray[Any],
    pool_offsets: NDArray[Any],
    pool: NDArray[Any],
    habits: NDArray[Any],
    key: int,
    offsets: NDArray[Any],
    targets: NDArray[Any],
) -> None:
    """Row i holds the people who follow i: some core friends, then others near in place, group and starting trust.

    Pools are (region, group); regions are the places, Elsewhere the last of them, and after it the whole city.
    `habits`: friend chance; near chance and its half count; city chance and its half count; chance that a follower of
    somebody elsewhere lives in the city; trust scale in latent SDs. A candidate is taken with chance
    exp(-|difference of trust| / scale), the last of eight in any case.
    """
    groups = group_chances.shape[0]
    elsewhere = (len(pool_offsets) - 1) // groups - 2
    for person in range(len(offsets) - 1):
        own = at(key, ids[person])
        filled = offsets[person]
        friends_until = filled + (offsets[person + 1] - filled) // 2
        for tie in range(friend_starts[person], friend_ends[person]):
            friend = int(friend_targets[tie])
            if filled < friends_until and uniform(at(own, ids[friend])) < habits[0]:
                targets[filled] = friend
                filled += 1
        base = at(own, 0)
        for spot in range(filled, offsets[person + 1]):
            bits = at(base, spot - offsets[person])
            region = follower_region(place[person], elsewhere, spot - offsets[person], uniform(bits), habits)
            bits = at(bits, 1)
            cell = region * groups + column_of(group_chances, group[person], uniform(bits))
            begin, members = pool_offsets[cell], pool_offsets[cell + 1] - pool_offsets[cell]
            candidate = person
            for _ in range(TRIES if members > 0 else 0):
                bits = at(bits, 2)
                candidate = pool[begin + (bits >> uint64(11)) % uint64(members)]
                bits = at(bits, 3)
                if uniform(bits) < math.exp(-abs(trust[candidate] - trust[person]) / habits[6]):
                    break
            targets[spot] = candidate
