"""Friends are made: core ties with clustering and homophily, then acquaintances."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from commonbeat.kernels.wiring import pick_acquaintances, pick_core
from commonbeat.society import plan as ask
from commonbeat.society.mixing import chain, cumulated, distances, further_shares, mixing_shares, partner_places
from commonbeat.society.people import OFFICER, People
from commonbeat.society.rows import mutual
from commonbeat.society.ties import Friends, Ties, no_ties

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.society.plan import Plan

SOCIAL_BANDS = 3  # 0-11, 12-17, adults: children's core friends are children
SPREAD = 7919.0  # the lower digits of a number in [0, 1) serve as a second one
STUB = 8  # a person with 135 expected acquaintances stands 17 times in the pool


def befriend(plan: Plan, people: People) -> Friends:
    """Friends in the city, core ties first in each row; people elsewhere have none.

    Each tie is picked by one of its two ends, so half of a degree is picked and half is being picked.
    """
    nobody = no_ties(len(people))
    core = mutual(nobody, core_picks(plan, people), people.household)
    return mutual(core, acquaintance_picks(plan, people), people.household)


class Arrangement(NamedTuple):
    """People of the city in social order: by group, age, place along a walk through the city, and luck.

    `ends[p]` is where the stretch (group, age) of position p ends. `cell_offsets` bounds the cells (group, age,
    place), each a part of a stretch, so a cell with few people reaches into the next place. `focus` numbers places
    along the walk. Officers form a place of their own, the force: where they live is not in the data.
    """

    order: NDArray[np.int32]
    ends: NDArray[np.int64]
    cell_offsets: NDArray[np.int64]
    focus: NDArray[np.int16]
    band: NDArray[np.int8]
    walk: NDArray[np.int64]


def arrange(plan: Plan, people: People, question: int) -> Arrangement:
    """A social order whose luck answers this question, so that two orders are independent within a cell."""
    force, groups = len(plan.places) - 1, len(plan.groups)
    walk = chain(distances(plan.places[:-1]))
    rank = np.empty(force + 1, np.int64)
    rank[walk], rank[force] = np.arange(force), force
    local = np.flatnonzero(people.place < force)
    focus = rank[np.where(people.role == OFFICER, force, people.place)].astype(np.int16)
    band = np.minimum(people.age_band, SOCIAL_BANDS - 1)
    stretch = people.group[local].astype(np.int64) * SOCIAL_BANDS + band[local]
    cell = stretch * (force + 1) + focus[local]
    arranged = np.lexsort((plan.order(question, people.id[local]), cell))
    cells = np.bincount(cell, minlength=groups * SOCIAL_BANDS * (force + 1))
    ends = np.cumsum(np.bincount(stretch, minlength=groups * SOCIAL_BANDS))[stretch[arranged]]
    offsets = np.concatenate(([0], np.cumsum(cells)))
    return Arrangement(local[arranged].astype(np.int32), ends, offsets, focus, band, walk)


def core_picks(plan: Plan, people: People) -> Ties:
    """Half of each person's core ties: near ones in social order, the rest by the groups' mixing."""
    figures = plan.figures
    social = arrange(plan, people, ask.SOCIAL_ORDER)
    near, away = core_counts(plan, people)
    mixing = mixing_shares(figures.core_same_group, plan.residents.sum(axis=0))
    offsets = np.concatenate(([0], np.cumsum(near + away)))
    targets = np.empty(offsets[-1], np.int32)
    pick_core(
        people.id,
        social.order,
        social.ends,
        near,
        away,
        people.group,
        social.band,
        social.focus,
        cumulated(further_shares(mixing, figures.core_near)),
        core_places(plan, people, social.walk),
        social.cell_offsets,
        plan.key(ask.CORE_PICK),
        offsets,
        targets,
    )
    return Ties(offsets, targets)


def core_counts(plan: Plan, people: People) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """How many near and how many further core ties each person picks: together half of a log-normal degree."""
    figures = plan.figures
    degree = log_normal(plan.normal(ask.CORE_DEGREE, people.id), figures.core_degree, figures.core_degree_sigma)
    degree[people.place == len(plan.places) - 1] = 0.0
    rounding = plan.chance(ask.CORE_DEGREE, people.id)
    picks = np.floor(0.5 * degree + rounding).astype(np.int64)
    near = np.floor(picks * figures.core_near + (rounding * SPREAD) % 1.0).astype(np.int64)
    return near, picks - near


def core_places(plan: Plan, people: People, walk: NDArray[np.int64]) -> NDArray[np.int16]:
    """Partner places of core ties along the walk, the force last; officers reach all places alike."""
    force = len(plan.places) - 1
    is_officer = people.role == OFFICER
    officers = np.bincount(people.group[is_officer], minlength=len(plan.groups))
    closeness = np.zeros((force + 1, force + 1))
    closeness[:force, :force] = _closeness(plan)[np.ix_(walk, walk)]
    closeness[force, :force] = 1.0
    return partner_places(np.vstack([plan.residents[walk], officers]), closeness, plan.figures.core_own_place)


def _closeness(plan: Plan) -> NDArray[np.float64]:
    return np.exp(-distances(plan.places[:-1]) / plan.figures.distance_scale)


def acquaintance_picks(plan: Plan, people: People) -> Ties:
    """Half of each person's acquaintances, picked from pools in which sociable people stand more often."""
    figures, elsewhere = plan.figures, len(plan.places) - 1
    draw = plan.normal(ask.ACQUAINTANCE_DEGREE, people.id)
    degree = log_normal(draw, figures.acquaintance_degree, figures.acquaintance_sigma)
    degree = np.minimum(degree, figures.acquaintance_most)
    degree[people.place == elsewhere] = 0.0
    rounding = plan.chance(ask.ACQUAINTANCE_DEGREE, people.id)
    picks = np.floor(0.5 * degree + rounding).astype(np.int64)
    near = np.floor(picks * figures.acquaintance_near + (rounding * SPREAD) % 1.0).astype(np.int64)
    offsets = np.concatenate(([0], np.cumsum(picks)))
    local = np.flatnonzero(people.place < elsewhere)
    standing = np.floor(degree[local] / STUB + rounding[local]).astype(np.int64)
    cell = people.place[local].astype(np.int64) * len(plan.groups) + people.group[local]
    pool = pooled(cell, local, standing, elsewhere * len(plan.groups))
    living = np.bincount(cell, minlength=elsewhere * len(plan.groups)).reshape(elsewhere, -1)
    mixing = mixing_shares(figures.acquaintance_same_group, living.sum(axis=0))
    social = arrange(plan, people, ask.CIRCLE_ORDER)
    targets = np.empty(offsets[-1], np.int32)
    pick_acquaintances(
        people.id,
        social.order,
        social.ends,
        near,
        figures.acquaintance_window,
        people.group,
        people.place,
        cumulated(further_shares(mixing, figures.acquaintance_near)),
        partner_places(living, _closeness(plan), figures.acquaintance_own_place),
        pool.offsets,
        pool.targets,
        plan.key(ask.ACQUAINTANCE_PICK),
        offsets,
        targets,
    )
    return Ties(offsets, targets)


def log_normal(draw: NDArray[np.float64], mean: float, sigma: float) -> NDArray[np.float64]:
    """Log-normal numbers with this mean, from standard normal ones."""
    return mean * np.exp(sigma * draw - 0.5 * sigma**2)


def pooled(cell: NDArray[np.integer], rows: NDArray[np.integer], standing: NDArray[np.integer], cells: int) -> Ties:
    """Row c of the pool lists the rows of cell c, each as often as `standing` says."""
    order = np.argsort(cell, kind="stable")
    counts = np.bincount(cell, weights=standing, minlength=cells).astype(np.int64)
    return Ties(np.concatenate(([0], np.cumsum(counts))), np.repeat(rows[order], standing[order]))
