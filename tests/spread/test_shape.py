"""The figures of a cascade against trees whose figures are known, and against distances counted one by one."""

from __future__ import annotations

import numpy as np
import pytest

from commonbeat.evidence import draw_parameters
from commonbeat.mind.kinds import CLIP_OF_ENCOUNTER
from commonbeat.society import build_small
from commonbeat.spread.clip import Circulation, Clip
from commonbeat.spread.shape import (
    ROOT,
    Cascade,
    broadcast_share,
    cascade_of,
    shallow_share,
    structural_virality,
    tail_exponent,
)


def tree(parents):
    parent = np.array(parents, np.int64)
    depth = np.zeros(len(parent), np.int64)
    for share, above in enumerate(parents):
        depth[share] = 1 if above == ROOT else depth[above] + 1
    return Cascade(depth, parent, np.arange(len(parent), dtype=float))


def mean_distance(cascade):
    """Floyd and Warshall, over all pairs of nodes."""
    nodes = cascade.size + 1
    far = np.full((nodes, nodes), np.inf)
    np.fill_diagonal(far, 0.0)
    for share, above in enumerate(cascade.parent):
        far[share + 1, above + 1] = far[above + 1, share + 1] = 1.0
    for middle in range(nodes):
        far = np.minimum(far, far[:, [middle]] + far[[middle], :])
    return far.sum() / (nodes * (nodes - 1))


def test_a_star_and_a_chain_have_their_closed_forms():
    star, chain = tree([ROOT] * 9), tree([ROOT, *range(8)])
    assert structural_virality(star) == pytest.approx(2 - 2 / 10)
    assert structural_virality(chain) == pytest.approx((10 + 1) / 3)
    assert (broadcast_share(star), broadcast_share(chain)) == (1.0, pytest.approx(1 / 9))
    assert (shallow_share(star), shallow_share(chain)) == (1.0, pytest.approx(1 / 9))


@pytest.mark.parametrize("seed", range(5))
def test_virality_is_the_mean_distance_of_all_pairs(seed):
    generator = np.random.default_rng(seed)
    cascade = tree([int(generator.integers(-1, share)) if share else ROOT for share in range(40)])
    assert structural_virality(cascade) == pytest.approx(mean_distance(cascade))


def test_a_post_that_nobody_shares_has_no_shape():
    nothing = tree([])
    assert all(np.isnan(figure(nothing)) for figure in (structural_virality, broadcast_share, shallow_share))


def test_the_tail_gives_back_its_exponent_and_weights_count_like_repeats():
    generator = np.random.default_rng(3)
    sizes = np.floor(9.5 * (1 - generator.random(40_000)) ** (-1 / 1.2) + 0.5).astype(np.int64)
    assert tail_exponent(sizes, 10) == pytest.approx(2.2, abs=0.03)
    few = sizes[:200]
    assert tail_exponent(few, 10, np.full(200, 3.0)) == pytest.approx(tail_exponent(np.repeat(few, 3), 10))
    assert np.isnan(tail_exponent(np.array([1, 2]), 10))


def test_a_clips_shares_are_a_tree_in_the_order_of_time():
    society = build_small(7)
    circulation = Circulation(society)
    parameters = {**draw_parameters(1, 0), "share_chance": 0.5, "feed_chance": 0.6, "resident_pickup_per_share": 0.0}
    poster = int(np.argmax(society.followers.degrees))
    views = circulation.views_of(Clip(1, "1", "resident", CLIP_OF_ENCOUNTER, poster, 0, 1), 4, parameters)
    cascade = cascade_of(views)
    assert cascade.size == views.shared.sum() > 10
    assert cascade.depth.max() > 1
    assert (np.diff(cascade.hour) >= 0).all()
    deeper = np.flatnonzero(cascade.parent != ROOT)
    assert (cascade.depth[cascade.parent == ROOT] == 1).all()
    assert (cascade.depth[deeper] == cascade.depth[cascade.parent[deeper]] + 1).all()
    assert (cascade.hour[cascade.parent[deeper]] < cascade.hour[deeper]).all()
