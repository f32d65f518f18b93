"""People are settled: households, ages, roles and starting trust."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from commonbeat.kernels.wiring import carve_households
from commonbeat.society import plan as ask
from commonbeat.society.people import OFFICER, RESIDENT, People
from commonbeat.society.ties import Ties

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.society.plan import Plan

IDS_PER_PLACE = 1_000_000  # id = (place + 1) * 1,000,000 + number within the place; officers start at 900,000
FIRST_OFFICER_NUMBER = 900_000


class Homes(NamedTuple):
    """Residents in their order, before officers stand between them: parallel columns."""

    id: NDArray[np.int64]
    place: NDArray[np.int64]
    group: NDArray[np.int64]
    household: NDArray[np.int32]
    spot: NDArray[np.int8]
    size: NDArray[np.int8]


def settle(plan: Plan) -> tuple[People, Ties]:
    """Everybody of the plan has a row, sorted by place and household; the ties are the households."""
    homes = form_households(plan)
    age = draw_ages(plan, homes)
    officers = np.repeat(np.arange(len(plan.officers)), plan.officers)
    officer_number = np.arange(len(officers)) - np.repeat(np.cumsum(plan.officers) - plan.officers, plan.officers)
    officer_id = (officers + 1) * IDS_PER_PLACE + FIRST_OFFICER_NUMBER + officer_number
    elsewhere_place = len(plan.places) - 1
    elsewhere_id = (elsewhere_place + 1) * IDS_PER_PLACE + np.arange(plan.elsewhere)
    ids = np.concatenate([homes.id, officer_id, elsewhere_id])
    counts = (len(homes.id), len(officers), plan.elsewhere)
    figures = plan.figures
    group = np.concatenate(
        [
            homes.group,
            pick_group(plan.chance(ask.OFFICER_GROUP, officer_id), figures.officer_groups),
            pick_group(plan.chance(ask.ELSEWHERE_GROUP, elsewhere_id), figures.elsewhere_groups),
        ]
    )
    households = int(homes.household.max(initial=-1)) + 1
    adult_ages = pick_group(plan.chance(ask.AGE, ids[counts[0] :]), figures.adult_ages_without_children) + 2
    adult_ages[: counts[1]] = 3  # officers are of working age
    order = np.argsort(ids, kind="stable")
    people = People(
        id=ids[order],
        group=group[order],
        place=np.concatenate([homes.place, officers, np.full(plan.elsewhere, elsewhere_place)])[order],
        household=np.concatenate([homes.household, households + np.arange(counts[1]), np.full(plan.elsewhere, -1)])[
            order
        ],
        age_band=np.concatenate([age, adult_ages])[order],
        role=np.repeat([RESIDENT, OFFICER, RESIDENT], counts)[order],
        weight=np.repeat([1.0, 1.0, plan.elsewhere_weight], counts)[order],
        starting_trust=draw_trust(plan, ids, group, np.repeat([0, 1, 2], counts), homes)[order],
    )
    return people, household_ties(people.household)


def form_households(plan: Plan) -> Homes:
    """Residents stand by place, then group, then a pool of those whose households may mix groups."""
    places, groups = plan.residents.shape
    cell = np.repeat(np.arange(places * groups), plan.residents.ravel())
    place, group = cell // groups, cell % groups
    in_place = plan.residents.sum(axis=1)
    number = np.arange(len(cell)) - np.repeat(np.cumsum(in_place) - in_place, in_place)
    ids = (place + 1) * IDS_PER_PLACE + number
    pooled = plan.chance(ask.MIXED_POOL, ids) < plan.figures.mixed_pool
    block = np.where(pooled, groups, group)
    tie_break = np.where(pooled, plan.order(ask.MIXED_ORDER, ids) >> np.uint64(1), 0)
    order = np.lexsort((tie_break, block, place))
    # Ids were given before this shuffle; giving them anew keeps them in the order of rows.
    group, block_of = group[order], (place * (groups + 1) + block)[order]
    block_ends = np.cumsum(np.bincount(block_of, minlength=places * (groups + 1)))
    household = np.empty(len(ids), np.int32)
    spot, size = np.empty(len(ids), np.int8), np.empty(len(ids), np.int8)
    carve_households(block_ends, size_chances(plan, places), ids, plan.key(ask.HOUSEHOLD_SIZE), household, spot, size)
    return Homes(ids, place, group, household, spot, size)


def size_chances(plan: Plan, places: int) -> NDArray[np.float64]:
    """Cumulated chances of household sizes, a row for each block: the groups of a place, then its pool."""
    figures = plan.figures
    by_group = np.array(
        [figures.household_sizes_black, figures.household_sizes_white, figures.household_sizes_all_others]
    )
    rows = np.vstack([by_group, np.average(by_group, axis=0, weights=plan.residents.sum(axis=0))])
    return np.tile(np.cumsum(rows, axis=1), (places, 1))


def draw_ages(plan: Plan, homes: Homes) -> NDArray[np.int64]:
    """Age bands: the first of a household is an adult, so children always live with one."""
    figures = plan.figures
    chance_child = np.where(homes.spot == 1, np.array(figures.second_is_child)[homes.group], figures.later_is_child)
    child = (plan.chance(ask.CHILD, homes.id) < chance_child) & (homes.spot > 0)
    with_children = np.zeros(int(homes.household.max(initial=-1)) + 1, bool)
    with_children[homes.household[child]] = True
    age = plan.chance(ask.AGE, homes.id)
    adult_age = np.where(
        with_children[homes.household],
        pick_group(age, figures.adult_ages_with_children),
        pick_group(age, figures.adult_ages_without_children),
    )
    return np.where(child, (age >= figures.children_0_11).astype(int), adult_age + 2)


def draw_trust(plan: Plan, ids: NDArray, group: NDArray, kind: NDArray, homes: Homes) -> NDArray[np.float64]:
    """Starting trust in latent SDs; `kind` is 0 for residents, 1 for officers, 2 for people elsewhere.

    trust = group mean + place component + person; the place component has the SD that E092 finds between areas, less
    what the mix of groups explains, and the person's SD is what is then left of the group's own (E090).
    """
    figures = plan.figures
    mean, spread = np.array(figures.trust_mean), np.array(figures.trust_spread)
    trust = mean[group] + spread[group] * plan.normal(ask.TRUST, ids)
    shift, place_sd = place_component(plan)
    local = np.flatnonzero(kind == 0)
    left = np.sqrt(np.maximum(spread**2 - place_sd**2, 0.0))
    draw = plan.normal(ask.TRUST, ids[local])
    trust[local] = mean[group[local]] + shift[homes.place] + left[group[local]] * draw
    officer = np.flatnonzero(kind == 1)
    officer_mean, officer_sd = figures.officer_trust
    trust[officer] = officer_mean + officer_sd * plan.normal(ask.TRUST, ids[officer])
    return trust


def place_component(plan: Plan) -> tuple[NDArray[np.float64], float]:
    """Each place's shift, zero on average over residents, and its SD (population-weighted)."""
    in_place = plan.residents.sum(axis=1)
    weights = in_place / in_place.sum()
    composition = plan.residents @ np.array(plan.figures.trust_mean) / np.maximum(in_place, 1)
    explained = np.average((composition - np.average(composition, weights=weights)) ** 2, weights=weights)
    sd = np.sqrt(max(plan.figures.trust_between_places**2 - explained, 0.0))
    shift = sd * plan.normal(ask.PLACE_TRUST, np.arange(len(in_place)))
    return shift - np.average(shift, weights=weights), float(sd)


def pick_group(chance: NDArray[np.float64], shares: tuple[float, ...]) -> NDArray[np.int64]:
    """The position whose stretch of the cumulated shares holds the number."""
    return np.searchsorted(np.cumsum(shares)[:-1], chance, side="right")


def household_ties(household: NDArray[np.integer]) -> Ties:
    """Everybody is tied to the others of the household; rows of one household stand together."""
    begins = household < 0
    begins[:1] = True
    begins[1:] |= household[1:] != household[:-1]
    starts = np.flatnonzero(begins)
    sizes = np.diff(np.append(starts, len(household)))
    size = np.repeat(sizes, sizes)
    first = np.repeat(starts, sizes)
    offsets = np.concatenate(([0], np.cumsum(size - 1)))
    target = np.arange(offsets[-1]) - np.repeat(offsets[:-1] - first, size - 1)
    own = np.repeat(np.arange(len(household)), size - 1)
    return Ties(offsets, target + (target >= own))
