"""CR2: each cluster's residuals enlarged by what the fit took from them, by algebra of the size of the regressors.

Bell and McCaffrey (2002), Survey Methodology 28: 169; Pustejovsky and Tipton (2018), JBES 36: 672, doi 10.1080/07350015.2016.1247004.

With regressors X, weights W, M = inverse(X'WX), hat matrix H = X M X'W and working errors that are independent with equal variance,
cluster g's adjustment is the symmetric inverse root A of

    B = (I - H)_g (I - H)_g' = I - X M X'W - W X M X' + X M S M X',       S = X'W W X over all rows,

which differs from I only within the span of U = [X_g, W_g X_g] (of X_g alone without weights). Everything below happens in
coordinates of that span, from the sums U'U and U'e; no matrix is as large as a cluster. X is orthonormal in the weights, so M = 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.kernels.moments import cluster_moments

if TYPE_CHECKING:
    from commonbeat.estimate.trial import Codes, Floats

FULLY_FITTED = (
    1e-11  # less than this of a cluster's variance left: the fit passes through it, and it says nothing of error
)
NO_LENGTH = 1e-15  # a direction with less than this share of the longest is rounding
CLUSTERS_AT_ONCE = 10_000  # so that the steps between take little memory beside what is kept


@dataclass(frozen=True, slots=True, eq=False)
class Adjustment:
    """What CR2 does in each cluster; leading axes are free, so that many trials are adjusted at once.

    score [..., G, p, r]: times U'e gives the adjusted score X'W A e. reach [..., G, r, p]: U'A W X. own [..., G, p, p]: X'W A A W X.
    between [..., r, r]: K, such that the working covariance of the adjusted scores of clusters g and h along a contrast c is
    (g = h) c' own c + (reach c)_g' K (reach c)_h. fully_fitted [...]: clusters that the fit passes through in some direction.
    r = p without weights, 2p with them.
    """

    score: Floats
    reach: Floats
    own: Floats
    between: Floats
    fully_fitted: np.ndarray

    def working_moments(self, contrast: Floats) -> tuple[Floats, Floats]:
        """Trace and squared norm of the scores' working covariance along the contrast; their ratio gives degrees of freedom.

        df = trace**2 / norm**2. O(G r p) a contrast, from sum over g, h of (b_g' K b_h)**2 = tr(K T K T), T = sum of b_g b_g'.
        """
        reach = np.einsum("...grp,...p->...gr", self.reach, contrast)
        own = np.einsum("...p,...gpq,...q->...g", contrast, self.own, contrast)
        within = np.einsum("...gr,...rs,...gs->...g", reach, self.between, reach)
        turned = self.between @ (np.swapaxes(reach, -1, -2) @ reach)
        norm = (own * (own + 2 * within)).sum(-1) + (turned * np.swapaxes(turned, -1, -2)).sum((-1, -2))
        return (own + within).sum(-1), norm


def sum_in_clusters(design: Floats, weight: Floats | None, response: Floats, cluster: Codes, clusters: int) -> tuple:
    """U'U as products [powers, G, p, p] and U'e as moments [powers, G, p, m]: one power without weights, three and two with them."""
    columns, responses = design.shape[1], response.shape[1]
    products = np.zeros((1 if weight is None else 3, clusters, columns, columns))
    moments = np.zeros((1 if weight is None else 2, clusters, columns, responses))
    ones = np.ones(len(design)) if weight is None else weight
    cluster_moments(design, ones, np.ascontiguousarray(response), cluster, products, moments)
    return products, moments


def adjust_unweighted(products: Floats) -> Adjustment:
    """The adjustment without weights; products [..., G, p, p] sum to the identity over G.

    B has eigenvalues 1 - length and A their inverse roots, where `length` are the eigenvalues of X_g'X_g. A direction in which
    nothing is left gets 0 (the generalised inverse).
    """
    length, turn = np.linalg.eigh(products)
    left = 1 - length
    empty = left < FULLY_FITTED
    root = np.where(empty, 0.0, 1 / np.sqrt(np.where(empty, 1.0, left)))
    length = np.maximum(length, 0)
    score = _between_turns(turn, root)
    reach = _between_turns(turn, root * length)
    own = _between_turns(turn, root**2 * length)
    return Adjustment(score, reach, own, -np.eye(products.shape[-1]), empty.any(-1).sum(-1))


def adjust_weighted(products: Floats, square: Floats) -> Adjustment:
    """The adjustment with weights.

    products [..., 3, G, p, p]: X'X, X'WX (sums to the identity) and X'WWX. square [..., p, p]: S, the sum of X'WWX over all clusters.
    U = Z root(length) turn' with Z orthonormal; B = I + Z C Z' with C = root(length) turn' K turn root(length), K = [[S, -1], [-1, 0]].
    """
    plain, once, twice = (products[..., power, :, :, :] for power in range(3))
    columns = plain.shape[-1]
    gram = np.concatenate([np.concatenate([plain, once], -1), np.concatenate([once, twice], -1)], -2)
    eye = np.broadcast_to(np.eye(columns), (*plain.shape[:-3], columns, columns))
    below = np.concatenate([-eye, np.zeros_like(eye)], -1)
    between = np.concatenate([np.concatenate([square, -eye], -1), below], -2)
    length, turn = np.linalg.eigh(gram)
    length = np.where(length > NO_LENGTH * length[..., -1:], length, 0.0)
    out = turn * np.sqrt(length)[..., None, :]  # U'Z
    back = turn * np.where(length > 0, 1 / np.sqrt(np.where(length > 0, length, 1.0)), 0.0)[..., None, :]
    change, axes = np.linalg.eigh(np.swapaxes(out, -1, -2) @ between[..., None, :, :] @ out)
    empty = 1 + change < FULLY_FITTED
    root = np.where(empty, 0.0, 1 / np.sqrt(np.where(empty, 1.0, 1 + change)))
    half = out @ axes
    adjusted = half * root[..., None, :]
    reach = (adjusted @ np.swapaxes(half, -1, -2))[..., columns:]
    lower = adjusted[..., columns:, :]
    # A acts as I outside the span: U'Ae = U'e + U'Z (A - I) Z'e.
    less = (half[..., columns:, :] * (root - 1)[..., None, :]) @ np.swapaxes(back @ axes, -1, -2)
    score = less + np.concatenate([np.zeros((columns, columns)), np.eye(columns)], -1)
    return Adjustment(score, reach, lower @ np.swapaxes(lower, -1, -2), between, empty.any(-1).sum(-1))


def adjust(products: Floats) -> Adjustment:
    """The adjustment of one regression from its products [1 or 3, G, p, p], some clusters at a time."""
    pieces = []
    for start in range(0, products.shape[1], CLUSTERS_AT_ONCE):
        piece = products[:, start : start + CLUSTERS_AT_ONCE]
        weighted = len(products) == 3
        pieces.append(adjust_weighted(piece, products[2].sum(axis=0)) if weighted else adjust_unweighted(piece[0]))
    if len(pieces) == 1:
        return pieces[0]
    return Adjustment(
        np.concatenate([each.score for each in pieces]),
        np.concatenate([each.reach for each in pieces]),
        np.concatenate([each.own for each in pieces]),
        pieces[0].between,
        np.sum([each.fully_fitted for each in pieces]),
    )


def _between_turns(turn: Floats, values: Floats) -> Floats:
    return (turn * values[..., None, :]) @ np.swapaxes(turn, -1, -2)
