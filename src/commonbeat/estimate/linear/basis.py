"""Columns that say something new, and coordinates in which they are orthonormal.

In these coordinates the bread of every sandwich is the identity, a cluster's or a row's leverage is a plain sum of squares, and
a badly scaled column (a year beside a share) costs no digits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.linalg import cholesky, solve_triangular

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commonbeat.estimate.trial import Floats

TOLERANCE = 1e-7  # as R's lm: a column with less than this share of its length left is a copy of those before it


@dataclass(frozen=True, slots=True, eq=False)
class Basis:
    """Weighted regressors as `rows @ triangle`, with rows' rows = 1.

    rows [n, p]: orthonormal columns of the regressors times the root of the weight. inverse [p, p]: the inverse of the upper triangle,
    so that coefficients are `inverse @ rows.T @ (outcome times root of weight)`. kept, dropped: names of columns, in the order given.
    """

    rows: Floats
    inverse: Floats
    kept: tuple[str, ...]
    dropped: tuple[str, ...]


def orthonormal_basis(regressors: Floats, names: Sequence[str]) -> Basis:
    """The basis of the regressors (times the root of the weight); a column that repeats earlier ones is dropped and named.

    Of dependent columns the earlier stay, as in R's lm, so the column that matters stands first. Cost O(n p**2).
    """
    triangle = np.asarray(np.linalg.qr(regressors, mode="r"))
    keep = independent_columns(triangle)
    if not keep.all():
        regressors = regressors[:, keep]
        triangle = np.asarray(np.linalg.qr(regressors, mode="r"))
    rows = _solved(triangle, regressors)
    # Dividing by the triangle loses digits when columns are nearly dependent; a second pass brings them back.
    second = cholesky(rows.T @ rows)
    rows = _solved(second, rows)
    inverse = solve_triangular(second @ triangle, np.eye(len(triangle)))
    kept = tuple(name for name, stays in zip(names, keep, strict=True) if stays)
    dropped = tuple(name for name, stays in zip(names, keep, strict=True) if not stays)
    return Basis(rows, inverse, kept, dropped)


def independent_columns(columns: Floats) -> np.ndarray:
    """True for each column that those before it do not already span, to a share `TOLERANCE` of its length."""
    spanned: list[Floats] = []
    keep = np.zeros(columns.shape[1], dtype=bool)
    for at in range(columns.shape[1]):
        rest = columns[:, at].copy()
        length = np.linalg.norm(rest)
        for _ in range(2):  # once more, because rounding leaves a trace of the others
            for direction in spanned:
                rest -= direction * (direction @ rest)
        left = np.linalg.norm(rest)
        if length > 0 and left > TOLERANCE * length:
            keep[at] = True
            spanned.append(rest / left)
    return keep


def _solved(triangle: Floats, rows: Floats) -> Floats:
    """Rows in the coordinates of the triangle: rows @ inverse(triangle), C-ordered for the kernels."""
    return np.ascontiguousarray(rows @ solve_triangular(triangle, np.eye(len(triangle))))
