"""One linear regression: coefficients, a robust covariance, and degrees of freedom for any contrast of the coefficients."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

import numpy as np

from commonbeat.errors import DataFileError, Mistakes, did_you_mean
from commonbeat.estimate.linear.basis import Basis, orthonormal_basis
from commonbeat.estimate.linear.clustered import Adjustment, adjust, sum_in_clusters
from commonbeat.estimate.linear.rows import RowAdjustment, adjust_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from commonbeat.estimate.trial import Codes, Floats

Kind = Literal["HC2", "CR2", "classical", "HC0", "HC1", "CR0", "CR1", "stata"]


class Contrast(NamedTuple):
    """A linear combination of coefficients: estimate, standard error, degrees of freedom of Student's t."""

    estimate: float
    std_error: float
    df: float


@dataclass(frozen=True, slots=True, eq=False)
class LinearFit:
    """A fitted regression.

    names [p]: the columns that were kept, in the order given; dropped: those that repeat earlier ones. coefficients [p], covariance [p, p]:
    of the kept. n: rows. clusters: how many, or None. kind: which covariance. residuals [n]: outcome less fit. fully_fitted: rows
    (HC2) or clusters (CR2) through which the fit passes, so that they say nothing about error.
    """

    names: tuple[str, ...]
    dropped: tuple[str, ...]
    coefficients: Floats
    covariance: Floats
    n: int
    clusters: int | None
    kind: Kind
    residuals: Floats
    fully_fitted: int
    _inverse: Floats
    _adjustment: Adjustment | RowAdjustment | None

    @property
    def std_errors(self) -> Floats:
        """Standard error of each coefficient."""
        return np.sqrt(np.diag(self.covariance))

    @property
    def df(self) -> Floats:
        """Degrees of freedom of each coefficient; O(n p**2) (HC2) or O(G p**2) (CR2) for each, so ask `of` for a single one."""
        return np.array([self.contrast(row).df for row in np.eye(len(self.names))])

    def of(self, name: str) -> Contrast:
        """Estimate, standard error and degrees of freedom of the named coefficient."""
        if name not in self.names:
            raise KeyError(f"{name!r} was dropped or never given. {did_you_mean(name, self.names)}")
        return self.contrast(np.eye(len(self.names))[self.names.index(name)])

    def contrast(self, vector: ArrayLike) -> Contrast:
        """The combination `vector @ coefficients`, with Satterthwaite degrees of freedom for HC2 and CR2.

        df = 2 E(V)**2 / Var(V) = trace**2 / norm**2 of the scores' covariance under independent errors of equal variance. The other kinds have their customary df: n - p, or clusters - 1.
        """
        weights = np.asarray(vector, dtype=np.float64)
        variance = float(weights @ self.covariance @ weights)
        estimate, std_error = float(weights @ self.coefficients), math.sqrt(max(variance, 0.0))
        if self._adjustment is None:
            free = self.n - len(self.names) if self.clusters is None else self.clusters - 1
            return Contrast(estimate, std_error, float(free))
        trace, norm = self._adjustment.working_moments(self._inverse.T @ weights)
        return Contrast(estimate, std_error, float(trace**2 / norm) if norm > 0 else 0.0)

    def working_moments(self, vector: ArrayLike) -> tuple[float, float]:
        """Trace and squared norm whose ratio trace**2 / norm is the contrast's df; both add over parts that share no row and no cluster."""
        if self._adjustment is None:
            raise TypeError(f"{self.kind} has no working moments; HC2 and CR2 have")
        trace, norm = self._adjustment.working_moments(self._inverse.T @ np.asarray(vector, dtype=np.float64))
        return float(trace), float(norm)


@dataclass(frozen=True, slots=True, eq=False)
class Regression:
    """Regressors made ready once, to be fitted to any number of outcomes.

    basis: orthonormal coordinates. weight [n]: mean 1, or None. cluster [n]: codes without gaps, or None.
    """

    basis: Basis
    weight: Floats | None
    cluster: Codes | None
    clusters: int | None
    kind: Kind
    adjustment: Adjustment | RowAdjustment | None

    @property
    def n(self) -> int:
        """Rows."""
        return len(self.basis.rows)

    @property
    def design(self) -> Floats:
        """Regressors in coordinates that are orthonormal under the weights, the root of the weight taken out again."""
        return self.basis.rows if self.weight is None else self.basis.rows / np.sqrt(self.weight)[:, None]

    def fit(self, outcome: ArrayLike) -> LinearFit:
        """The regression of this outcome [n]."""
        given = np.asarray(outcome, dtype=np.float64)
        root = np.ones(1) if self.weight is None else np.sqrt(self.weight)
        scaled = given * root
        inside = self.basis.rows.T @ scaled
        rest = scaled - self.basis.rows @ inside
        again = self.basis.rows.T @ rest  # one step of refinement: digits lost where the outcome's mean is far from 0
        inside += again
        return self.with_residuals(inside, (rest - self.basis.rows @ again) / root)

    def with_residuals(self, inside: Floats, residuals: Floats) -> LinearFit:
        """The fit with these coefficients in the basis and these residuals, which need not be the regression's own (as in 2SLS)."""
        inverse = self.basis.inverse
        core, fully_fitted = self._core(residuals)
        return LinearFit(
            self.basis.kept,
            self.basis.dropped,
            inverse @ inside,
            inverse @ core @ inverse.T,
            self.n,
            self.clusters,
            self.kind,
            residuals,
            fully_fitted,
            inverse,
            self.adjustment,
        )

    def _core(self, residuals: Floats) -> tuple[Floats, int]:
        """The covariance in the basis, where the bread is the identity, and how many rows or clusters are fitted fully."""
        if self.cluster is not None and self.clusters is not None:
            return self._clustered_core(residuals, self.cluster, self.clusters)
        scaled = residuals if self.weight is None else residuals * np.sqrt(self.weight)
        rows, columns = self.basis.rows.shape
        if self.kind == "classical":
            return np.eye(columns) * (scaled @ scaled / (rows - columns)), 0
        if isinstance(self.adjustment, RowAdjustment):
            scores = self.basis.rows * (scaled * self.adjustment.enlarge)[:, None]
            return scores.T @ scores, int((self.adjustment.enlarge == 0).sum())
        scores = self.basis.rows * scaled[:, None]
        return scores.T @ scores * (rows / (rows - columns) if self.kind == "HC1" else 1.0), 0

    def _clustered_core(self, residuals: Floats, cluster: Codes, clusters: int) -> tuple[Floats, int]:
        design = np.ascontiguousarray(self.design)
        _, moments = sum_in_clusters(design, self.weight, residuals[:, None], cluster, clusters)
        rows, columns = self.basis.rows.shape
        if isinstance(self.adjustment, Adjustment):
            stacked = np.concatenate(list(moments), axis=1)  # [G, r, 1]
            scores = (self.adjustment.score @ stacked)[..., 0]
            return scores.T @ scores, int(self.adjustment.fully_fitted)
        scores = moments[-1][..., 0]
        few = {"CR0": 1.0, "CR1": clusters / (clusters - 1)}
        factor = few.get(self.kind, clusters * (rows - 1) / ((clusters - 1) * (rows - columns)))
        return scores.T @ scores * factor, 0


def prepare_regression(
    regressors: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    names: Sequence[str] = (),
    kind: Kind | None = None,
) -> Regression:
    """The regressors [n, p] are ready for `fit`, with everything that does not depend on the outcome worked out.

    weights [n]: above 0; only their ratios matter. clusters [n]: any labels. kind: left out, HC2, or CR2 with clusters. CR1 is G / (G - 1) times CR0,
    as clubSandwich calls it (and survey::svyglm does); `stata` is CR1S. Raises DataFileError with everything that is wrong.
    """
    columns = np.asarray(regressors, dtype=np.float64)
    chosen: Kind = kind or ("HC2" if clusters is None else "CR2")
    labels = tuple(names) or tuple(f"x{at + 1}" for at in range(columns.shape[1]))
    weight = None if weights is None else np.asarray(weights, dtype=np.float64)
    codes = None if clusters is None else np.unique(np.asarray(clusters), return_inverse=True)[1].astype(np.int64)
    _check(columns, weight, codes, labels, chosen)
    if weight is not None:
        weight = weight / weight.mean()
        columns = columns * np.sqrt(weight)[:, None]
    count = None if codes is None else int(codes.max()) + 1
    bare = Regression(orthonormal_basis(columns, labels), weight, codes, count, chosen, None)
    if bare.n <= len(bare.basis.kept):
        mistakes = Mistakes()
        mistakes.add(
            "regressors",
            bare.n,
            f"rows are too few for {len(bare.basis.kept)} columns: nothing is left to tell error by",
        )
        mistakes.raise_if_any(DataFileError, "The regression cannot be fitted.")
    return Regression(bare.basis, weight, codes, count, chosen, _adjustment(bare))


def fit_linear(
    outcome: ArrayLike,
    regressors: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    names: Sequence[str] = (),
    kind: Kind | None = None,
) -> LinearFit:
    """The (weighted) least-squares fit of outcome [n] on regressors [n, p]; the intercept is a column of ones that the caller gives.

    See `prepare_regression` for the arguments and errors.
    """
    given = np.asarray(outcome, dtype=np.float64)
    mistakes = Mistakes()
    if given.shape != (len(np.asarray(regressors)),):
        mistakes.add("outcome", given.shape, "must have one entry for each row of the regressors")
    elif not np.isfinite(given).all():
        mistakes.add(
            "outcome", int((~np.isfinite(given)).sum()), "entries are missing or not finite", "Leave them out."
        )
    mistakes.raise_if_any(DataFileError, "The regression cannot be fitted.")
    return prepare_regression(regressors, weights=weights, clusters=clusters, names=names, kind=kind).fit(given)


def _adjustment(regression: Regression) -> Adjustment | RowAdjustment | None:
    if regression.kind == "HC2":
        return adjust_rows(regression.basis.rows, regression.weight)
    if regression.kind != "CR2" or regression.cluster is None or regression.clusters is None:
        return None
    design = np.ascontiguousarray(regression.design)
    nothing = np.empty((len(design), 0))
    products, _ = sum_in_clusters(design, regression.weight, nothing, regression.cluster, regression.clusters)
    return adjust(products)


def _check(columns: Floats, weight: Floats | None, codes: NDArray | None, names: Sequence[str], kind: Kind) -> None:
    mistakes = Mistakes()
    if columns.ndim != 2 or not columns.size:
        mistakes.add("regressors", columns.shape, "must be rows by columns, at least one of each")
        mistakes.raise_if_any(DataFileError, "The regression cannot be fitted.")
    if len(names) != columns.shape[1]:
        mistakes.add("names", len(names), f"must be as many as the regressors' {columns.shape[1]} columns")
    if not np.isfinite(columns).all():
        mistakes.add("regressors", None, "hold entries that are missing or not finite")
    if not columns.any():
        mistakes.add("regressors", None, "are 0 throughout")
    if weight is not None and (weight.shape != columns.shape[:1] or not (np.isfinite(weight) & (weight > 0)).all()):
        mistakes.add("weights", None, "must be finite and above 0, one a row")
    if codes is not None and codes.shape != columns.shape[:1]:
        mistakes.add("clusters", codes.shape, "must be one a row")
    if codes is not None and codes.size and codes.max() == 0:
        mistakes.add("clusters", 1, "is a single one", "Between clusters there must be something to compare.")
    if kind not in get_args(Kind):
        mistakes.add("kind", kind, "is not a covariance", did_you_mean(kind, get_args(Kind)))
    elif (codes is None) == kind.startswith(("CR", "stata")):
        mistakes.add("kind", kind, "needs clusters" if codes is None else "does not go with clusters")
    mistakes.raise_if_any(DataFileError, "The regression cannot be fitted.")
