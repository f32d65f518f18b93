"""Households, friends and followers as the kernels pick them, against plain-Python twins."""

from __future__ import annotations

import math

import numpy as np

from commonbeat.kernels import wiring
from commonbeat.luck import at, uniform

KEY = 0x1234_5678_9ABC_DEF0
MASK = 0xFFFFFFFF


def column_plainly(chances, chance):
    return next((column for column, limit in enumerate(chances[:-1]) if chance < limit), len(chances) - 1)


def test_households_fill_blocks_and_never_cross_them():
    ends = np.array([7, 7, 20], np.int64)
    chances = np.array([[0.0, 0.0, 1.0], [1.0, 1.0, 1.0], [0.3, 0.6, 1.0]])
    ids = np.arange(100, 120)
    household, spot, size = np.empty(20, np.int32), np.empty(20, np.int8), np.empty(20, np.int8)
    count = wiring.carve_households(ends, chances, ids, KEY, household, spot, size)
    assert household[:7].tolist() == [0, 0, 0, 1, 1, 1, 2]
    assert spot[:7].tolist() == [0, 1, 2, 0, 1, 2, 0]
    person, expected = 7, []
    while person < 20:
        members = min(1 + column_plainly([0.3, 0.6, 1.0], uniform(at(KEY, 100 + person))), 20 - person)
        expected += [members] * members
        person += members
    assert size[7:].tolist() == expected
    assert count == household[-1] + 1


def pick_core_plainly(ids, order, ends, near, away, group, band, place, chances, partner, cells, offsets):
    rows = {}
    places, slots = partner.shape[0], partner.shape[2]
    bands = (len(cells) - 1) // (places * len(chances))
    for spot, person in enumerate(order):
        row = [order[spot + step] if spot + step < ends[spot] else person for step in range(1, near[person] + 1)]
        circle = at(KEY, int(ids[order[spot - spot % 4]]))
        for pick in range(away[person]):
            bundle = at(circle, pick // 2)
            chosen = column_plainly(chances[group[person]], uniform(bundle))
            bits = int(at(bundle, 1))
            where = partner[place[person], chosen, (bits >> 32) % slots]
            cell = (chosen * bands + band[person]) * places + where
            members = int(cells[cell + 1] - cells[cell])
            row.append(order[cells[cell] + ((bits & MASK) + pick % 2) % members] if members else person)
        rows[person] = row
    return [target for person in range(len(order)) for target in rows[person]]


def test_core_picks_equal_the_plain_twin():
    people, groups, bands, places, slots = 60, 2, 1, 3, 8
    random = np.random.default_rng(5)
    group, place = random.integers(0, groups, people), random.integers(0, places - 1, people)
    order = np.lexsort((place, group))
    cell = group * places + place
    cells = np.concatenate(([0], np.cumsum(np.bincount(cell, minlength=groups * bands * places))))
    ends = np.cumsum(np.bincount(group))[group[order]]
    near, away = random.integers(0, 4, people), random.integers(0, 5, people)
    chances = np.array([[0.7, 1.0], [0.4, 1.0]])
    partner = random.integers(0, places, (places, groups, slots)).astype(np.int16)
    offsets = np.concatenate(([0], np.cumsum(near + away)))
    targets, ids, band = np.full(offsets[-1], -1, np.int32), np.arange(people) * 3 + 1, np.zeros(people, np.int8)
    wiring.pick_core(
        ids, order.astype(np.int32), ends, near, away, group.astype(np.int8), band, place.astype(np.int16),
        chances, partner, cells, KEY, offsets, targets,
    )  # fmt: skip
    expected = pick_core_plainly(
        ids, order.tolist(), ends, near, away, group, band, place, chances, partner, cells, offsets
    )
    assert targets.tolist() == expected


def acquaintances_plainly(ids, order, ends, near, window, group, place, chances, partner, pool_offsets, pool, offsets):
    rows = {}
    groups, slots = len(chances), partner.shape[2]
    for position, person in enumerate(order):
        own, row = at(KEY, int(ids[person])), []
        span = max(window, int(near[person] + near[person] // 4))
        for pick in range(offsets[person + 1] - offsets[person]):
            bits = at(own, pick)
            if pick < near[person]:
                step = position + 1 + int((pick + uniform(bits)) * span / near[person])
                row.append(order[step] if step < ends[position] else person)
                continue
            chosen = column_plainly(chances[group[person]], uniform(bits))
            bits = int(at(bits, 1))
            cell = partner[place[person], chosen, (bits >> 32) % slots] * groups + chosen
            members = int(pool_offsets[cell + 1] - pool_offsets[cell])
            row.append(pool[pool_offsets[cell] + (bits & MASK) % members] if members else person)
        rows[person] = row
    return [target for person in range(len(order)) for target in rows[person]]


def test_acquaintance_picks_equal_the_plain_twin():
    people, groups, places, slots = 50, 2, 3, 8
    random = np.random.default_rng(6)
    group, place = random.integers(0, groups, people), random.integers(0, places - 1, people)
    order = np.argsort(group, kind="stable")
    ends = np.cumsum(np.bincount(group))[group[order]]
    near, picks = random.integers(0, 5, people), random.integers(5, 9, people)
    chances = np.array([[0.7, 1.0], [0.4, 1.0]])
    partner = random.integers(0, places, (places, groups, slots)).astype(np.int16)
    cell = place * groups + group
    pool = np.argsort(cell, kind="stable").astype(np.int32)
    pool_offsets = np.concatenate(([0], np.cumsum(np.bincount(cell, minlength=places * groups))))
    offsets = np.concatenate(([0], np.cumsum(picks)))
    targets, ids = np.full(offsets[-1], -1, np.int32), np.arange(people) * 7 + 2
    wiring.pick_acquaintances(
        ids, order.astype(np.int32), ends, near, 10, group.astype(np.int8), place.astype(np.int16), chances, partner,
        pool_offsets, pool, KEY, offsets, targets,
    )  # fmt: skip
    expected = acquaintances_plainly(
        ids, order.tolist(), ends, near, 10, group, place, chances, partner, pool_offsets, pool.tolist(), offsets
    )
    assert targets.tolist() == expected


def region_plainly(place, elsewhere, ordinal, chance, habits):
    _, near, near_half, city, city_half, from_city, _ = habits
    if place == elsewhere:
        return elsewhere + 1 if chance < from_city else elsewhere
    near_now, city_now = near * near_half / (near_half + ordinal), city * city_half / (city_half + ordinal)
    if chance < near_now:
        return place
    return elsewhere + 1 if chance < near_now + city_now else elsewhere


def followers_plainly(ids, group, place, trust, friends, chances, pool_offsets, pool, habits, wanted):
    elsewhere = (len(pool_offsets) - 1) // len(chances) - 2
    targets = []
    for person, count in enumerate(wanted):
        own, row = at(KEY, int(ids[person])), []
        for friend in friends[person]:
            if len(row) < count // 2 and uniform(at(own, int(ids[friend]))) < habits[0]:
                row.append(friend)
        base = at(own, 0)
        for ordinal in range(len(row), count):
            bits = at(base, ordinal)
            region = region_plainly(place[person], elsewhere, ordinal, uniform(bits), habits)
            bits = at(bits, 1)
            cell = region * len(chances) + column_plainly(chances[group[person]], uniform(bits))
            members = int(pool_offsets[cell + 1] - pool_offsets[cell])
            candidate = person
            for _ in range(8 if members else 0):
                bits = at(bits, 2)
                candidate = int(pool[pool_offsets[cell] + (int(bits) >> 11) % members])
                bits = at(bits, 3)
                if uniform(bits) < math.exp(-abs(trust[candidate] - trust[person]) / habits[6]):
                    break
            row.append(candidate)
        targets += row
    return targets


def test_followers_equal_the_plain_twin():
    people, groups, places = 40, 2, 3
    random = np.random.default_rng(8)
    group, place = random.integers(0, groups, people), np.sort(random.integers(0, places, people))
    trust = random.normal(size=people).astype(np.float32)
    friends = [[other for other in (person - 1, person + 1) if 0 <= other < people] for person in range(people)]
    friend_offsets = np.cumsum([0, *map(len, friends)])
    in_city = np.flatnonzero(place < places - 1)
    rows = np.concatenate([np.arange(people), in_city])
    cell = np.concatenate([place, np.full(len(in_city), places)]) * groups + group[rows]
    pool = rows[np.argsort(cell, kind="stable")].astype(np.int32)
    pool_offsets = np.concatenate(([0], np.cumsum(np.bincount(cell, minlength=(places + 1) * groups))))
    chances, wanted = np.array([[0.7, 1.0], [0.4, 1.0]]), random.integers(0, 12, people)
    habits, ids = np.array([0.5, 0.4, 5.0, 0.3, 50.0, 0.2, 0.8]), np.arange(people) * 11 + 5
    offsets = np.concatenate(([0], np.cumsum(wanted)))
    targets = np.full(offsets[-1], -1, np.int32)
    wiring.pick_followers(
        ids, group.astype(np.int8), place.astype(np.int16), trust, friend_offsets[:-1], friend_offsets[1:],
        np.concatenate(friends).astype(np.int32), chances, pool_offsets, pool, habits, KEY, offsets, targets,
    )  # fmt: skip
    expected = followers_plainly(ids, group, place, trust, friends, chances, pool_offsets, pool, habits, wanted)
    assert targets.tolist() == expected
