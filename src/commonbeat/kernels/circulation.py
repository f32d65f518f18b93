"""The life of one clip: shares in the order of their hour, each seen by some of the followers.

A follower sees a share with a chance that falls with the clip's age; whoever sees it may pass it on after a
log-normal delay. Outlets post to their own followers and may pick a clip up from people or from each other.
The spread reads nobody's attitudes, so it is computed once and shared by the arms.

Lowering the share chance leaves a subset of the viewers: the coins stay, nothing happens earlier than before, and
a later share has a lower chance to be seen.

Nodes are coded as rows of people (0 and above) and outlets (-1 - outlet).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit, uint64

from commonbeat.kernels.memory import prefetch
from commonbeat.luck import at, toss, uniform

if TYPE_CHECKING:
    from numpy.typing import NDArray

TWO_PI = 2.0 * math.pi
FULL = -1
PREFETCH_AHEAD = 16


class Audience(NamedTuple):
    """Who follows whom, rows being the followed. `elsewhere` is 1 for people outside the city.

    `ids` are stable and settle ties in time; `hashed_ids` are their parts of a coin's address.
    """

    offsets: NDArray[np.int64]
    followers: NDArray[np.int32]
    outlet_offsets: NDArray[np.int64]
    outlet_followers: NDArray[np.int32]
    ids: NDArray[np.int64]
    hashed_ids: NDArray[np.uint64]
    elsewhere: NDArray[np.uint8]


class Settings(NamedTuple):
    """The chances and hours of one clip; `share_chance` already carries the clip's appeal."""

    feed_chance: float
    feed_decay_hours: float
    share_chance: float
    delay_log_median: float
    delay_sigma: float
    horizon_hours: float
    outlet_feed_city: float
    outlet_feed_elsewhere: float
    outlet_pickup: float
    resident_pickup: float
    outlet_delay_log_median: float
    outlet_delay_sigma: float


class Coins(NamedTuple):
    """The addresses of the clip's luck, one per decision."""

    feed: np.uint64
    share: np.uint64
    delay: np.uint64
    outlet_feed: np.uint64
    outlet_pickup: np.uint64
    outlet_delay: np.uint64
    outlet_choice: np.uint64


class Heap(NamedTuple):
    """Shares still to come: earliest hour first, then the smaller rank (an outlet, or the person's id)."""

    hour: NDArray[np.float64]
    rank: NDArray[np.int64]
    node: NDArray[np.int64]
    depth: NDArray[np.int16]
    size: NDArray[np.int64]  # one number


class Share(NamedTuple):
    """One post or share: who made it, when, how many hops from the post, and the chances that followers see it."""

    node: int
    hour: float
    depth: int
    base: np.uint64  # the address of its coins
    near: float
    far: float


class Views(NamedTuple):
    """Who saw it, through whom, when (hours after the post), how many hops from it, and when they passed it on."""

    viewer: NDArray[np.int32]
    parent: NDArray[np.int64]
    hour: NDArray[np.float64]
    depth: NDArray[np.int16]
    passed_on: NDArray[np.float64]  # hour after the post, or NaN for most, who do not


@njit(cache=True, nogil=True)
def _earlier(heap: Heap, a: int, b: int) -> bool:
    return heap.hour[a] < heap.hour[b] or (heap.hour[a] == heap.hour[b] and heap.rank[a] < heap.rank[b])


@njit(cache=True, nogil=True)
def _swap(heap: Heap, a: int, b: int) -> None:
    heap.hour[a], heap.hour[b] = heap.hour[b], heap.hour[a]
    heap.rank[a], heap.rank[b] = heap.rank[b], heap.rank[a]
    heap.node[a], heap.node[b] = heap.node[b], heap.node[a]
    heap.depth[a], heap.depth[b] = heap.depth[b], heap.depth[a]


@njit(cache=True, nogil=True)
def _push(heap: Heap, hour: float, rank: int, node: int, depth: int) -> bool:
    """The share stands in the heap; False when there is no room for it."""
    position = heap.size[0]
    if position >= heap.hour.size:
        return False
    heap.hour[position], heap.rank[position], heap.node[position], heap.depth[position] = hour, rank, node, depth
    heap.size[0] += 1
    while position > 0:
        above = (position - 1) >> 1
        if not _earlier(heap, position, above):
            break
        _swap(heap, position, above)
        position = above
    return True


@njit(cache=True, nogil=True)
def _drop_first(heap: Heap) -> None:
    """The earliest share is gone and the next one stands first."""
    heap.size[0] -= 1
    size = heap.size[0]
    position = np.int64(0)  # typed, since Numba compiles a callee once more for a literal
    _swap(heap, position, size)
    while 2 * position + 1 < size:
        child = 2 * position + 1
        if child + 1 < size and _earlier(heap, child + 1, child):
            child += 1
        if not _earlier(heap, child, position):
            break
        _swap(heap, position, child)
        position = child


@njit(cache=True, nogil=True)
def _delay(bits: np.uint64, log_median: float, sigma: float) -> float:
    """Hours until it is passed on: log-normal, by the Box-Muller transform of two addressed numbers."""
    radius = math.sqrt(-2.0 * math.log(1.0 - uniform(bits)))
    return math.exp(log_median + sigma * radius * math.cos(TWO_PI * uniform(at(bits, uint64(1)))))


@njit(cache=True, nogil=True)
def _outlet_will_post(
    heap: Heap, posted: NDArray[np.uint8], outlet: int, now: float, coins: Coins, settings: Settings
) -> bool:
    """The outlet's post stands in the heap, after its delay; False when there is no room."""
    posted[outlet] = 1
    wait = _delay(at(coins.outlet_delay, uint64(outlet)), settings.outlet_delay_log_median, settings.outlet_delay_sigma)
    if now + wait >= settings.horizon_hours:
        return True
    return _push(heap, now + wait, np.int64(-1 - outlet), np.int64(-1 - outlet), np.int16(0))


@njit(cache=True, nogil=True)
def _pick_up(
    heap: Heap,
    posted: NDArray[np.uint8],
    node: int,
    now: float,
    ids: NDArray[np.int64],
    coins: Coins,
    settings: Settings,
) -> bool:
    """Outlets that pick the clip up at this share have their posts in the heap; False when there is no room."""
    fits = True
    if node < 0:
        for other in range(posted.size):
            if not posted[other] and uniform(at(coins.outlet_pickup, uint64(other))) < settings.outlet_pickup:
                fits = fits and _outlet_will_post(heap, posted, other, now, coins, settings)
    elif uniform(at(at(coins.outlet_pickup, uint64(posted.size)), uint64(ids[node]))) < settings.resident_pickup:
        choice = min(posted.size - 1, int(uniform(coins.outlet_choice) * posted.size))
        if not posted[choice]:
            fits = _outlet_will_post(heap, posted, choice, now, coins, settings)
    return fits


@njit(cache=True, nogil=True)
def _show(
    share: Share,
    followed: NDArray[np.int32],
    audience: Audience,
    settings: Settings,
    coins: Coins,
    seen: NDArray[np.uint8],
    stamp: int,
    heap: Heap,
    views: Views,
    count: int,
) -> int:
    """Followers who see this share have their views and their own coming shares; returns the new count, or FULL."""
    highest = max(share.near, share.far)
    for position in range(followed.size):
        if position + PREFETCH_AHEAD < followed.size:
            prefetch(audience.hashed_ids, followed[position + PREFETCH_AHEAD])
        j = followed[position]
        coin = uniform(toss(share.base, audience.hashed_ids[j]))
        if coin >= highest or coin >= (share.far if audience.elsewhere[j] else share.near) or seen[j] == stamp:
            continue
        if count >= views.viewer.size:
            return FULL
        seen[j] = stamp
        views.viewer[count], views.parent[count], views.hour[count] = j, share.node, share.hour
        views.depth[count], views.passed_on[count] = share.depth + 1, math.nan
        who = audience.hashed_ids[j]
        if uniform(toss(coins.share, who)) < settings.share_chance:
            later = share.hour + _delay(toss(coins.delay, who), settings.delay_log_median, settings.delay_sigma)
            if later < settings.horizon_hours:
                views.passed_on[count] = later
                if not _push(heap, later, audience.ids[j], np.int64(j), np.int16(share.depth + 1)):
                    return FULL
        count += 1
    return count


@njit(cache=True, nogil=True)
def circulate(
    start: int,
    audience: Audience,
    settings: Settings,
    coins: Coins,
    seen: NDArray[np.uint8],
    stamp: int,
    heap: Heap,
    views: Views,
) -> int:
    """The clip's views stand in `views`, in the order of their hour; returns how many, or FULL when room is short.

    `start` is the node that posts it at hour 0. `seen` is marked with `stamp` for everybody who saw it.
    """
    posted = np.zeros(audience.outlet_offsets.size - 1, np.uint8)
    if start < 0:
        posted[-1 - start] = 1
    else:
        seen[start] = stamp  # who posts it does not come upon it later
    count = np.int64(0)
    heap.size[0] = 0
    fits = _push(heap, 0.0, np.int64(-1), np.int64(start), np.int16(0))
    run_by_outlet = False
    while fits and count != FULL and heap.size[0] > 0:
        now, node, depth = heap.hour[0], heap.node[0], heap.depth[0]
        _drop_first(heap)
        if not run_by_outlet:
            fits = _pick_up(heap, posted, node, now, audience.ids, coins, settings)
        if node < 0:
            run_by_outlet = True
            outlet = -1 - node
            followed = audience.outlet_followers[audience.outlet_offsets[outlet] : audience.outlet_offsets[outlet + 1]]
            base = at(coins.outlet_feed, uint64(outlet))
            near, far = settings.outlet_feed_city, settings.outlet_feed_elsewhere
        else:
            followed = audience.followers[audience.offsets[node] : audience.offsets[node + 1]]
            base = toss(coins.feed, audience.hashed_ids[node])
            near = settings.feed_chance * math.exp(-now / settings.feed_decay_hours)
            far = near
        share = Share(node, now, depth, base, near, far)
        count = _show(share, followed, audience, settings, coins, seen, stamp, heap, views, count)
    return count if fits else FULL
