"""An emulator per statistic: what the simulator would give at parameters that were not run, and how far off that is.

On a scale g that is the statistic itself or asinh(y / s), with s the median of |y| in the bank (effects are products of parameters: small
ones differ as much in ratio as large ones), the bank's rows follow

    g = m(z) + e,        Var(e) = tau**2

z: normal scores of the few parameters that matter. m: a second-order surface (ridge), or a Gaussian process with a length for each parameter
(scikit-learn). The four pairs of scale and surface compete by cross-validation: sets of parameters are left out in five folds, and the pair
with the best predictive density of y wins. tau**2 is that of the left-out rows, so it holds luck and the emulator's own error; the two are
parted by rows that share their parameters. Back on the statistic's scale, by the delta method,

    y ~ Normal(s sinh(m), (s cosh(m) tau)**2).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from commonbeat.fit.posterior.features import chosen_parameters, quiet, surface
from commonbeat.simulate.workers import run_on_workers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.fit.posterior.bank import Bank

    Array = NDArray[np.float64]

FOLDS = 5
FEWEST_ROWS = 60  # with a value: below it a statistic is not emulated
ROWS_FOR_LENGTHS = 250  # rows on which a Gaussian process finds its lengths; all rows then carry it
CHUNK = 8192
SURFACES = ("second-order surface", "Gaussian process")


class Scale(NamedTuple):
    """The scale on which a statistic is emulated: the plain one (width inf), or asinh(y / width)."""

    width: float

    def of(self, y: Array) -> Array:
        """From the statistic to the scale."""
        return y if math.isinf(self.width) else np.arcsinh(y / self.width)

    def back(self, g: Array) -> Array:
        """From the scale to the statistic."""
        return g if math.isinf(self.width) else self.width * np.sinh(g)

    def slope(self, g: Array) -> Array:
        """How much of the statistic one unit of the scale is."""
        return np.ones_like(g) if math.isinf(self.width) else self.width * np.cosh(g)


@dataclass(frozen=True, eq=False)
class Emulator:
    """One statistic's emulator.

    inputs: columns of the scores. deviation: tau, on the scale. luck: the part of tau**2 that is luck, None when the bank repeats too few
    sets to tell. explained: share of the variance of left-out rows that is predicted. residuals [rows]: of left-out rows in units
    of tau, nan where the statistic has no value.
    """

    inputs: tuple[int, ...]
    surface: str
    scale: Scale
    model: Any
    deviation: float
    luck: float | None
    explained: float
    residuals: Array
    low: float
    high: float

    def mean(self, scores: Array) -> Array:
        """m(z) on the scale, for scores [rows, P]."""
        return _predict(self.model, self.surface, scores[:, list(self.inputs)])


def fit_emulators(scores: Array, bank: Bank, *, workers: int = 1) -> list[Emulator | None]:
    """An emulator for each statistic of the bank; None where fewer than FEWEST_ROWS rows have a value. scores: of the bank's rows."""
    made: dict[int, Emulator | None] = {}
    prepare = partial(_place, scores, bank.results, bank.parameter_set)
    run_on_workers(prepare, _fit_column, range(bank.results.shape[1]), made.__setitem__, workers=workers)
    return [made[column] for column in range(bank.results.shape[1])]


class _Place(NamedTuple):
    scores: Array
    results: Array
    parameter_set: NDArray[np.int64]


def _place(scores: Array, results: Array, parameter_set: NDArray[np.int64]) -> _Place:
    return _Place(scores, results, parameter_set)


def _fit_column(place: _Place, column: int) -> Emulator | None:
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1), quiet():  # matrices here are small: threads would wait for each other
        return fit_emulator(place.scores, place.results[:, column], place.parameter_set)


def fit_emulator(scores: Array, results: Array, parameter_set: NDArray[np.int64]) -> Emulator | None:
    """The emulator with the best predictive density for one statistic. scores [rows, P]; results [rows]."""
    held = np.flatnonzero(np.isfinite(results))
    if held.size < FEWEST_ROWS:
        return None
    z, y, sets = scores[held], results[held], parameter_set[held]
    folds = _folds(sets)
    width = float(np.median(np.abs(y)))
    scales = [Scale(math.inf), *([Scale(width)] if width > 0 else [])]
    best: tuple[float, Scale, str, tuple[int, ...], Any, Array] | None = None
    for scale in scales:
        g = scale.of(y)
        inputs = chosen_parameters(z, g)
        for name in SURFACES if inputs else SURFACES[:1]:
            settings = _settings(name, z[:, list(inputs)], g)
            left_out = _left_out(name, settings, z[:, list(inputs)], g, folds)
            density = _density(scale, y, left_out, g)
            if best is None or density > best[0]:
                best = (density, scale, name, inputs, settings, left_out)
    if best is None:
        return None
    _, scale, name, inputs, settings, left_out = best
    g = scale.of(y)
    deviation = _deviation(g - left_out)
    residuals = np.full(results.shape, np.nan)
    residuals[held] = (g - left_out) / deviation
    luck = _luck_variance(g, sets)
    return Emulator(
        inputs=inputs,
        surface=name if inputs else "mean",
        scale=scale,
        model=_fitted(name, settings, z[:, list(inputs)], g),
        deviation=deviation,
        luck=None if luck is None else min(luck / deviation**2, 1.0),
        explained=max(0.0, 1 - float(np.mean((g - left_out) ** 2) / g.var())) if g.var() > 0 else 0.0,
        residuals=residuals,
        low=float(y.min()),
        high=float(y.max()),
    )


def _deviation(errors: Array) -> float:
    return max(float(np.sqrt(np.mean(errors**2))), 1e-12)


def _folds(sets: NDArray[np.int64]) -> NDArray[np.int64]:
    """Which fold a row is left out in; rows with the same parameters share one."""
    _, place = np.unique(sets, return_inverse=True)
    return place % FOLDS


def _density(scale: Scale, y: Array, left_out: Array, g: Array) -> float:
    """Mean log density of the left-out rows under the normal law on the statistic's own scale."""
    spread = scale.slope(left_out) * _deviation(g - left_out)
    return float(np.mean(-0.5 * ((y - scale.back(left_out)) / spread) ** 2 - np.log(spread)))


def _luck_variance(g: Array, sets: NDArray[np.int64]) -> float | None:
    """Half the mean squared difference between rows that share their parameters."""
    _, place, counts = np.unique(sets, return_inverse=True, return_counts=True)
    twice = counts[place] == 2
    if twice.sum() < 16:
        return None
    order = np.argsort(place[twice], kind="stable")
    pairs = g[twice][order].reshape(-1, 2)
    return float(np.mean((pairs[:, 0] - pairs[:, 1]) ** 2) / 2)


def _settings(name: str, z: Array, g: Array) -> Any:
    """What is found once and then kept for every fold: the penalty of the ridge, the lengths of the process."""
    if z.shape[1] == 0:
        return None
    if name == SURFACES[0]:
        from sklearn.linear_model import RidgeCV

        return float(RidgeCV(np.logspace(-2, 4, 25)).fit(surface(z), g).alpha_)  # pyright: ignore[reportArgumentType]
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel

    lengths = RBF(np.full(z.shape[1], 3.0), (0.3, 100.0))  # pyright: ignore[reportArgumentType]
    kernel = ConstantKernel(1.0, (1e-2, 1e3)) * lengths + WhiteKernel(0.3, (1e-5, 3.0))
    some = np.linspace(0, len(g) - 1, min(len(g), ROWS_FOR_LENGTHS)).astype(int)
    return GaussianProcessRegressor(kernel, normalize_y=True).fit(z[some], g[some]).kernel_


def _fitted(name: str, settings: Any, z: Array, g: Array) -> Any:
    if z.shape[1] == 0:
        return float(g.mean())
    if name == SURFACES[0]:
        from sklearn.linear_model import Ridge

        return Ridge(alpha=settings).fit(surface(z), g)
    from sklearn.gaussian_process import GaussianProcessRegressor

    keep: Any = None  # the lengths stay as they were found
    return GaussianProcessRegressor(settings, optimizer=keep, normalize_y=True).fit(z, g)


def _predict(model: Any, name: str, z: Array) -> Array:
    if isinstance(model, float):
        return np.full(len(z), model)
    if name == SURFACES[0]:
        return model.predict(surface(z))
    return np.concatenate([model.predict(z[start : start + CHUNK]) for start in range(0, len(z), CHUNK)])


def _left_out(name: str, settings: Any, z: Array, g: Array, folds: NDArray[np.int64]) -> Array:
    """What each row is predicted to be by the rows of the other folds."""
    found = np.empty_like(g)
    for fold in range(FOLDS):
        out = folds == fold
        if out.any():
            found[out] = _predict(_fitted(name, settings, z[~out], g[~out]), name, z[out])
    return found
