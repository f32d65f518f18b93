"""The shape of a cascade: the shares of one post as a tree, and the figures that published cascades are told in.

The post is the root. Nodes are numbered from it: 0 is the post, k + 1 the k-th share in the order of time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.spread.clip import ClipViews

ROOT = -1


class Cascade(NamedTuple):
    """The shares of one post, in the order of their time: depth 1 is a share of the post itself."""

    depth: NDArray[np.int64]
    parent: NDArray[np.int64]  # position of the share that was shared on, or ROOT for the post
    hour: NDArray[np.float64]

    @property
    def size(self) -> int:
        """How many shares there are."""
        return len(self.depth)


def cascade_of(views: ClipViews) -> Cascade:
    """The shares among a clip's views: whoever passed it on counts at the hour of passing it on.

    Shares are sorted by that hour. A view by an outlet's post, or by the post itself, has the root for its parent.
    """
    rows = np.flatnonzero(views.shared)
    rows = rows[np.argsort(views.passed_on[rows], kind="stable")]
    who, source = views.viewer[rows].astype(np.int64), views.parent[rows]
    order = np.argsort(who, kind="stable")
    spot = np.minimum(np.searchsorted(who, source, sorter=order), max(0, len(who) - 1))
    parent = order[spot] if len(who) else np.empty(0, np.int64)
    parent = np.where(who[parent] == source, parent, ROOT) if len(who) else parent
    return Cascade(views.depth[rows].astype(np.int64), parent, views.passed_on[rows])


def structural_virality(cascade: Cascade) -> float:
    """The mean distance of two nodes of the tree, post included (Wiener index; Goel et al. 2016); nan without shares.

    By subtree sizes: an edge above a subtree of s of the n nodes lies on s (n - s) of the n (n - 1) / 2 paths. 2 - 2 / n for a star.
    """
    nodes = cascade.size + 1
    if nodes == 1:
        return float("nan")
    size = np.ones(nodes)
    for depth in range(int(cascade.depth.max()), 0, -1):  # from the leaves up: a share's own subtree is whole by then
        level = np.flatnonzero(cascade.depth == depth)
        np.add.at(size, cascade.parent[level] + 1, size[level + 1])
    below = size[1:]
    return float(2.0 * (below * (nodes - below)).sum() / (nodes * (nodes - 1)))


def broadcast_share(cascade: Cascade) -> float:
    """The largest number of shares of one post or share, as a share of all; nan without shares."""
    return float(np.bincount(cascade.parent + 1).max() / cascade.size) if cascade.size else float("nan")


def shallow_share(cascade: Cascade) -> float:
    """The share of the shares that are shares of the post itself; nan without shares."""
    return float((cascade.depth <= 1).mean()) if cascade.size else float("nan")


def tail_exponent(sizes: NDArray[np.int64], least: int, weights: NDArray[np.float64] | None = None) -> float:
    """Exponent a of the density size ** -a from `least` on, by maximum likelihood; nan when nothing is as large.

    a = 1 + sum w / sum w log(size / (least - 1/2)), the discrete form of Clauset, Shalizi & Newman 2009, doi 10.1137/070710111.
    """
    large = sizes >= least
    weight = np.ones(len(sizes)) if weights is None else weights
    total = float((weight[large] * np.log(sizes[large] / (least - 0.5))).sum())
    return 1.0 + float(weight[large].sum()) / total if large.any() else float("nan")
