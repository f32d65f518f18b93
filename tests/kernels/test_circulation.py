"""The life of a clip against a plain-Python twin, and what must hold whatever the luck."""

from __future__ import annotations

import heapq
import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonbeat import luck
from commonbeat.kernels import circulation as kernel

if TYPE_CHECKING:
    from commonbeat.kernels.circulation import Audience, Coins, Settings

PEOPLE, OUTLETS = 60, 3
DECISIONS = (
    luck.FEED, luck.SHARE, luck.SHARE_DELAY, luck.OUTLET_FEED, luck.OUTLET_PICKUP, luck.OUTLET_DELAY, luck.OUTLET_CHOICE,
)  # fmt: skip


def rows_from(draw: np.random.Generator, rows: int, most: int) -> tuple[np.ndarray, np.ndarray]:
    degrees = draw.integers(0, most, rows)
    offsets = np.concatenate(([0], np.cumsum(degrees)))
    return offsets, draw.integers(0, PEOPLE, offsets[-1]).astype(np.int32)


def audience_from(draw: np.random.Generator) -> Audience:
    ids = draw.permutation(10_000)[:PEOPLE].astype(np.int64)
    elsewhere = (draw.random(PEOPLE) < 0.4).astype(np.uint8)
    return kernel.Audience(
        *rows_from(draw, PEOPLE, 9), *rows_from(draw, OUTLETS, 25), ids, luck.hashed_parts(ids), elsewhere
    )


def settings_with(share: float, resident_pickup: float = 0.2) -> Settings:
    return kernel.Settings(
        0.7, 12.0, share, math.log(3.0), 2.3, 240.0, 0.5, 0.3, 0.4, resident_pickup, math.log(12.0), 1.0
    )


def coins_of(seed: int) -> Coins:
    return kernel.Coins(*(luck.address(seed, decision, 5) for decision in DECISIONS))


def run(start: int, audience: Audience, chances: Settings, seed: int, room: int = 500) -> list[tuple]:
    heap = kernel.Heap(
        np.empty(room),
        np.empty(room, np.int64),
        np.empty(room, np.int64),
        np.empty(room, np.int16),
        np.zeros(1, np.int64),
    )
    views = kernel.Views(
        np.empty(room, np.int32),
        np.empty(room, np.int64),
        np.empty(room),
        np.empty(room, np.int16),
        np.empty(room),
    )
    seen = np.zeros(PEOPLE, np.uint8)
    count = kernel.circulate(start, audience, chances, coins_of(seed), seen, 1, heap, views)
    assert count != kernel.FULL
    return list(zip(*(column[:count].tolist() for column in views), strict=True))


def uniform(seed: int, decision: int, *address: int) -> float:
    return float(luck.uniforms(seed, decision, 5, *address))


def delay(seed: int, decision: int, node: int, median: float, sigma: float) -> float:
    radius = math.sqrt(-2.0 * math.log(1.0 - uniform(seed, decision, node)))
    return math.exp(math.log(median) + sigma * radius * math.cos(2 * math.pi * uniform(seed, decision, node, 1)))


def passes_to_an_outlet(seed: int, who: int, chances: Settings) -> bool:
    return uniform(seed, luck.OUTLET_PICKUP, OUTLETS, who) < chances.resident_pickup


def twin(start: int, audience: Audience, chances: Settings, seed: int) -> list[tuple]:
    """Shares in a heap of tuples; sets and dictionaries instead of stamps and arrays."""
    posted = {-1 - start} if start < 0 else set()
    shares, seen, views, run_by_outlet = [(0.0, -1, start, 0)], {start}, [], False

    def outlet_posts(outlet: int, now: float) -> None:
        posted.add(outlet)
        later = now + delay(seed, luck.OUTLET_DELAY, outlet, 12.0, 1.0)
        if later < chances.horizon_hours:
            heapq.heappush(shares, (later, -1 - outlet, -1 - outlet, 0))

    while shares:
        now, _, node, depth = heapq.heappop(shares)
        if not run_by_outlet and node < 0:
            for other in sorted(set(range(OUTLETS)) - posted):
                if uniform(seed, luck.OUTLET_PICKUP, other) < chances.outlet_pickup:
                    outlet_posts(other, now)
        elif not run_by_outlet and passes_to_an_outlet(seed, int(audience.ids[node]), chances):
            choice = int(uniform(seed, luck.OUTLET_CHOICE) * OUTLETS)
            if choice not in posted:
                outlet_posts(choice, now)
        if node < 0:
            run_by_outlet = True
            offsets, targets, row = audience.outlet_offsets, audience.outlet_followers, -1 - node
        else:
            offsets, targets, row = audience.offsets, audience.followers, node
        for j in targets[offsets[row] : offsets[row + 1]].tolist():
            who = int(audience.ids[j])
            if node < 0:
                chance = chances.outlet_feed_elsewhere if audience.elsewhere[j] else chances.outlet_feed_city
                coin = uniform(seed, luck.OUTLET_FEED, row, who)
            else:
                chance = chances.feed_chance * math.exp(-now / chances.feed_decay_hours)
                coin = uniform(seed, luck.FEED, int(audience.ids[node]), who)
            if coin >= chance or j in seen:
                continue
            seen.add(j)
            later = now + delay(seed, luck.SHARE_DELAY, who, 3.0, 2.3)
            passes = uniform(seed, luck.SHARE, who) < chances.share_chance and later < chances.horizon_hours
            if passes:
                heapq.heappush(shares, (later, who, j, depth + 1))
            views.append((j, node, now, depth + 1, later if passes else math.nan))
    return views


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), share=st.floats(0, 1), start=st.integers(-OUTLETS, PEOPLE - 1))
def test_equals_the_twin_view_by_view(seed: int, share: float, start: int) -> None:
    audience, chances = audience_from(np.random.default_rng(seed)), settings_with(share)
    found, expected = run(start, audience, chances, seed), twin(start, audience, chances, seed)
    assert [(view[0], view[1], view[3]) for view in found] == [(view[0], view[1], view[3]) for view in expected]
    for column in (2, 4):
        np.testing.assert_allclose([view[column] for view in found], [view[column] for view in expected], rtol=1e-12)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), share=st.floats(0, 1), factor=st.floats(0, 1), start=st.integers(-OUTLETS, 9))
def test_a_lower_share_chance_reaches_a_subset_and_nobody_earlier(
    seed: int, share: float, factor: float, start: int
) -> None:
    audience = audience_from(np.random.default_rng(seed))
    more = {view[0]: view[2] for view in run(start, audience, settings_with(share), seed)}
    fewer = {view[0]: view[2] for view in run(start, audience, settings_with(share * factor), seed)}
    assert set(fewer) <= set(more)
    assert all(hour >= more[viewer] for viewer, hour in fewer.items())


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    draw = np.random.default_rng(seed)
    audience, chances = audience_from(draw), settings_with(0.5)
    new_row = draw.permutation(PEOPLE)
    old_row = np.argsort(new_row)
    degrees = np.diff(audience.offsets)[old_row]
    offsets = np.concatenate(([0], np.cumsum(degrees)))
    rows = [audience.followers[audience.offsets[i] : audience.offsets[i + 1]] for i in old_row.tolist()]
    followers = np.array([new_row[j] for row in rows for j in row.tolist()], np.int32)
    moved = kernel.Audience(
        offsets,
        followers,
        audience.outlet_offsets,
        new_row[audience.outlet_followers].astype(np.int32),
        audience.ids[old_row],
        audience.hashed_ids[old_row],
        audience.elsewhere[old_row],
    )
    before = {(int(audience.ids[view[0]]), *map(str, view[2:])) for view in run(3, audience, chances, seed)}
    after = {(int(moved.ids[view[0]]), *map(str, view[2:])) for view in run(int(new_row[3]), moved, chances, seed)}
    assert before == after


def test_too_little_room_is_said() -> None:
    audience = audience_from(np.random.default_rng(3))
    with pytest.raises(AssertionError):
        run(-1, audience, settings_with(1.0), 3, room=2)
