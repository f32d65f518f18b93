"""Who is picked as friend, acquaintance or follower when a society is built; and where households begin.

Luck is addressed by stable ids. A pick that cannot be made is written as a tie to oneself, which joining drops.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from numba import njit, uint64

from commonbeat.luck import at, uniform

if TYPE_CHECKING:
    from numpy.typing import NDArray

CIRCLE = 4  # people next to each other in social order who choose their further friends together
BUNDLE = 2  # neighbours in social order who are befriended together
TRIES = 8  # candidates looked at before the last one is taken whatever their trust


@njit("int64(int64[::1], float64[:, ::1], int64[::1], uint64, int32[::1], int8[::1], int8[::1])", cache=True, nogil=True)
def carve_households(
    block_ends: NDArray,
    size_chances: NDArray,
    ids: NDArray,
    key: int,
    household: NDArray,
    spot: NDArray,
    size: NDArray,
) -> int:
    """People in a row form households that never cross the end of a block; how many there are is returned.

    `size_chances[b]` cumulates the chances of sizes 1, 2, ... in block b. `spot` is the position inside a household.
    """
    count = 0
    person = 0
    for block in range(len(block_ends)):
        while person < block_ends[block]:
            chance = uniform(at(key, uint64(ids[person])))
            members = 1
            while members < size_chances.shape[1] and chance >= size_chances[block, members - 1]:
                members += 1
            members = min(members, block_ends[block] - person)
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
    ids: NDArray,
    order: NDArray,
    segment_end: NDArray,
    near: NDArray,
    away: NDArray,
    group: NDArray,
    band: NDArray,
    place: NDArray,
    group_chances: NDArray,
    partner_place: NDArray,
    cell_offsets: NDArray,
    key: int,
    offsets: NDArray,
    targets: NDArray,
) -> None:
    """Each person's core picks stand in their row: the next `near` in social order, then `away` from further off.

    `order` lists people by group, band, place and luck, so a cell (group, band, place) is a stretch of it, bounded by
    `cell_offsets`. Circles of four choose the same bundles of two neighbours: that closes triangles.
    """
    places = partner_place.shape[0]
    bands = (len(cell_offsets) - 1) // (places * group_chances.shape[0])
    slots = uint64(partner_place.shape[2])
    for spot in range(len(order)):
        person = order[spot]
        filled = offsets[person]
        for step in range(1, near[person] + 1):
            follows = spot + step
            targets[filled] = order[follows] if follows < segment_end[spot] else person
            filled += 1
        circle = at(key, uint64(ids[order[spot - spot % CIRCLE]]))
        for pick in range(away[person]):
            bundle = at(circle, uint64(pick // BUNDLE))
            chance = uniform(bundle)
            chosen = 0
            while chosen < group_chances.shape[1] - 1 and chance >= group_chances[group[person], chosen]:
                chosen += 1
            bits = at(bundle, uint64(1))
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
    ids: NDArray,
    order: NDArray,
    segment_end: NDArray,
    near: NDArray,
    window: int,
    group: NDArray,
    place: NDArray,
    group_chances: NDArray,
    partner_place: NDArray,
    pool_offsets: NDArray,
    pool: NDArray,
    key: int,
    offsets: NDArray,
    targets: NDArray,
) -> None:
    """Each person's row is filled: `near` picks among the next `window` in social order, the others out of pools.

    Near picks are spread over the window, one in each of `near` equal stretches, so none repeats; for the sociable
    the window grows. Sociable people stand several times in the pools of (place, group) and are picked more often.
    """
    groups = group_chances.shape[0]
    slots = uint64(partner_place.shape[2])
    for position in range(len(order)):
        person = order[position]
        own = at(key, uint64(ids[person]))
        span = max(window, near[person] + near[person] // 4)
        for spot in range(offsets[person], offsets[person + 1]):
            pick = spot - offsets[person]
            bits = at(own, uint64(pick))
            chance = uniform(bits)
            if pick < near[person]:
                next_one = position + 1 + int((pick + chance) * span / near[person])
                targets[spot] = order[next_one] if next_one < segment_end[position] else person
                continue
            chosen = 0
            while chosen < groups - 1 and chance >= group_chances[group[person], chosen]:
                chosen += 1
            bits = at(bits, uint64(1))
            where = partner_place[place[person], chosen, (bits >> uint64(32)) % slots]
            cell = where * groups + chosen
            begin, members = pool_offsets[cell], pool_offsets[cell + 1] - pool_offsets[cell]
            if members == 0:
                targets[spot] = person
            else:
                targets[spot] = pool[begin + (bits & uint64(0xFFFFFFFF)) % uint64(members)]


@njit(
    "void(int64[::1], int8[::1], int16[::1], float32[::1], int64[::1], int64[::1], int32[::1], float64[:, ::1],"
    " int64[::1], int32[::1], float64[::1], uint64, int64[::1], int32[::1])",
    cache=True,
    nogil=True,
)
def pick_followers(
    ids: NDArray,
    group: NDArray,
    place: NDArray,
    trust: NDArray,
    friend_starts: NDArray,
    friend_ends: NDArray,
    friend_targets: NDArray,
    group_chances: NDArray,
    pool_offsets: NDArray,
    pool: NDArray,
    habits: NDArray,
    key: int,
    offsets: NDArray,
    targets: NDArray,
) -> None:
    """Row i holds the people who follow i: some core friends, then others near in place, group and starting trust.

    Pools are (region, group); regions are the places, the last of them Elsewhere, and after it the whole city.
    `habits`: friend chance; near chance and its half count; city chance and its half count; chance that a follower of
    somebody elsewhere lives in the city; trust scale in latent SDs. The n-th follower of somebody in the city lives in
    the same place with chance near * half / (half + n): first followers are near, later ones come from further off.
    A candidate is taken with chance exp(-|difference of trust| / scale), the last of eight in any case.
    """
    friend_chance, near_chance, near_half, city_chance, city_half, from_city, trust_scale = habits[:7]
    groups = group_chances.shape[0]
    city = (len(pool_offsets) - 1) // groups - 1
    elsewhere = city - 1
    for person in range(len(offsets) - 1):
        own = at(key, uint64(ids[person]))
        filled = offsets[person]
        friends_until = filled + (offsets[person + 1] - filled) // 2
        for tie in range(friend_starts[person], friend_ends[person]):
            friend = friend_targets[tie]
            if filled < friends_until and uniform(at(own, uint64(ids[friend]))) < friend_chance:
                targets[filled] = friend
                filled += 1
        base = at(own, uint64(0))
        for spot in range(filled, offsets[person + 1]):
            ordinal = spot - offsets[person]
            bits = at(base, uint64(ordinal))
            chance = uniform(bits)
            region = elsewhere
            if place[person] == elsewhere:
                if chance < from_city:
                    region = city
            else:
                near = near_chance * near_half / (near_half + ordinal)
                if chance < near:
                    region = place[person]
                elif chance < near + city_chance * city_half / (city_half + ordinal):
                    region = city
            bits = at(bits, uint64(1))
            chance = uniform(bits)
            chosen = 0
            while chosen < groups - 1 and chance >= group_chances[group[person], chosen]:
                chosen += 1
            cell = region * groups + chosen
            begin, members = pool_offsets[cell], pool_offsets[cell + 1] - pool_offsets[cell]
            candidate = person
            for _ in range(TRIES if members > 0 else 0):
                bits = at(bits, uint64(2))
                candidate = pool[begin + (bits >> uint64(11)) % uint64(members)]
                bits = at(bits, uint64(3))
                if uniform(bits) < math.exp(-abs(trust[candidate] - trust[person]) / trust_scale):
                    break
            targets[spot] = candidate
