"""A plan becomes a society."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commonbeat.society.befriend import befriend
from commonbeat.society.figures import figure_lines
from commonbeat.society.follow import follow, tune_in
from commonbeat.society.measure import measure
from commonbeat.society.settle import settle
from commonbeat.society.society import Society

if TYPE_CHECKING:
    from commonbeat.society.plan import Plan


def build_society(plan: Plan) -> Society:
    """Everybody is settled, befriended and followed; the account says what was assumed and what came out."""
    people, household = settle(plan)
    friends = befriend(plan, people)
    followers = follow(plan, people, friends)
    outlets, outlet_followers = tune_in(plan, people)
    measured = measure(people, plan.groups, len(plan.places) - 1, friends, followers, seed=plan.seed)
    return Society(
        people=people,
        groups=plan.groups,
        places=plan.places,
        household=household,
        friends=friends,
        followers=followers,
        outlets=outlets,
        outlet_followers=outlet_followers,
        stops=plan.stops,
        account=(*plan.account, *measured, *figure_lines(plan.figures, plan.groups)),
        content_hash=plan.content_hash,
    )
