"""Who follows whom, and who uses which outlet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from commonbeat.kernels.wiring import pick_followers
from commonbeat.society import plan as ask
from commonbeat.society.befriend import log_normal, pooled
from commonbeat.society.mixing import cumulated, mixing_shares
from commonbeat.society.rows import ascending
from commonbeat.society.society import Outlet
from commonbeat.society.ties import Friends, Ties

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.society.people import People
    from commonbeat.society.plan import Plan

FIRST_BAND_ONLINE = 1  # children below 12 follow nobody and are followed by nobody (assumed)
STANDING = 3.0  # somebody of average activity stands three times in a pool
STANDING_MOST = 60


def follow(plan: Plan, people: People, friends: Friends) -> Ties:
    """Row i lists the followers of i: heavy-tailed counts, near in group, place and starting trust."""
    figures = plan.figures
    pool = follower_pool(plan, people)
    offsets = np.concatenate(([0], np.cumsum(follower_counts(plan, people))))
    targets = np.empty(offsets[-1], np.int32)
    mixing = mixing_shares(figures.follow_same_group, np.bincount(people.group, minlength=len(plan.groups)))
    habits = (
        figures.follow_friend,
        figures.follow_near,
        figures.follow_near_half,
        figures.follow_city,
        figures.follow_city_half,
        figures.follow_from_city,
        figures.follow_trust_scale,
    )
    pick_followers(
        people.id,
        people.group,
        people.place,
        people.starting_trust,
        friends.offsets[:-1],
        friends.core_end,
        friends.targets,
        cumulated(mixing),
        pool.offsets,
        pool.targets,
        np.array(habits),
        plan.key(ask.FOLLOWER_PICK),
        offsets,
        targets,
    )
    return ascending(Ties(offsets, targets))


def follower_pool(plan: Plan, people: People) -> Ties:
    """Row region * groups + group lists who can follow; active people stand there more often.

    Regions are the places, Elsewhere the last of them, and after it the whole city.
    """
    groups, city = len(plan.groups), len(plan.places)
    online = np.flatnonzero(people.age_band >= FIRST_BAND_ONLINE)
    activity = log_normal(plan.normal(ask.ACTIVITY, people.id[online]), STANDING, plan.figures.activity_sigma)
    standing = np.minimum(activity + plan.chance(ask.ACTIVITY, people.id[online]), STANDING_MOST).astype(np.int64)
    in_city = people.place[online] < city - 1
    rows = np.concatenate([online, online[in_city]])
    region = np.concatenate([people.place[online].astype(np.int64), np.full(np.count_nonzero(in_city), city)])
    return pooled(
        region * groups + people.group[rows],
        rows,
        np.concatenate([standing, standing[in_city]]),
        (city + 1) * groups,
    )


def follower_counts(plan: Plan, people: People) -> NDArray[np.int64]:
    """Followers aimed at: Pareto with tail exponent `follow_exponent` of the density, cut at the cap."""
    figures = plan.figures
    power = figures.follow_exponent - 1.0
    most = min(figures.follow_most, figures.follow_most_share * len(people))
    beyond = (figures.follow_least / most) ** power
    chance = plan.chance(ask.FOLLOWER_COUNT, people.id)
    counts = figures.follow_least * (1.0 - chance * (1.0 - beyond)) ** (-1.0 / power)
    return np.where(people.age_band < FIRST_BAND_ONLINE, 0, counts.astype(np.int64))


def tune_in(plan: Plan, people: People) -> tuple[tuple[Outlet, ...], Ties]:
    """The outlets, and for each the people of 12 and older who use it, each by their own luck."""
    online = people.age_band >= FIRST_BAND_ONLINE
    elsewhere = people.place == len(plan.places) - 1
    rows = []
    for number, audience in enumerate(plan.audiences):
        share = np.where(elsewhere, audience.elsewhere_share, audience.city_share)
        luck = plan.chance(ask.OUTLET, number, people.id)
        rows.append(np.flatnonzero(online & (luck < share)))
    offsets = np.concatenate(([0], np.cumsum([len(row) for row in rows])))
    outlets = tuple(Outlet(audience.name, audience.reach) for audience in plan.audiences)
    return outlets, Ties(offsets, np.concatenate([*rows, np.zeros(0, np.int32)]))
