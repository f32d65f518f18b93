"""The p value as a function of the effect that is tested, and the interval that follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_SAME = 1e-9  # statistics this close, relative to their size, are ties: they differ by rounding only
# Points of one look between an effect that is kept and one that is rejected: a wide one that finds the outermost crossing, then closer ones.
_LOOKS = (64, 16, 16, 16, 16, 16, 16, 16)
_CELLS_AT_ONCE = 2_000_000


@dataclass(frozen=True, slots=True, eq=False)
class NullCurve:
    """Studentised statistics of the observed and of R redrawn worlds, for any tested effect.

    centre: the observed estimate's rough place. observed [5], redrawn [R, 5]: with s = tested - centre,
    effect(s) = [0] - s [1] and variance(s) = [2] - 2 s [3] + s^2 [4]. listed: whether `redrawn` holds all worlds, the observed one with them;
    else they are random draws and the observed one is counted beside them, p = (1 + #) / (1 + R) (Phipson & Smyth 2010,
    doi 10.2202/1544-6115.1585).
    """

    centre: float
    observed: Floats
    redrawn: Floats
    listed: bool

    @property
    def estimate(self) -> float:
        """The tested effect at which the observed statistic is zero (Hodges & Lehmann 1963)."""
        return self.centre + float(self.observed[0] / self.observed[1])

    @property
    def std_error(self) -> float:
        """The observed statistic's own standard error at the estimate."""
        _, variance = _at(self.observed[None, :], self.observed[:1] / self.observed[1])
        return float(np.sqrt(max(variance[0, 0], 0.0)) / abs(self.observed[1]))

    def p_value(self, tested: float) -> float:
        """The share of worlds whose |t| is at least the observed one, were this the effect for everybody."""
        return float(self._p_values(np.array([tested - self.centre]))[0])

    def squares(self, tested: float) -> tuple[float, Floats]:
        """The observed t squared, and those of the redrawn worlds [R]; infinite where a world has no statistic."""
        observed, redrawn = self._squares(np.array([tested - self.centre]))
        return float(observed[0]), redrawn[0]

    def interval(self, level: float) -> tuple[float | None, float | None]:
        """The outermost effects that are not rejected at this level; None where none is rejected, however far."""
        return self._end(level, -1.0), self._end(level, 1.0)

    def _end(self, level: float, side: float) -> float | None:
        start, step = self.estimate, side * self.std_error
        if not (np.isfinite(step) and step != 0.0):
            return None

        def kept(reach: NDArray[Any]) -> NDArray[np.bool_]:
            return self._p_values(start + step * reach - self.centre) > level

        far = 4.0 ** np.arange(1, 12)
        rejected = ~kept(far)
        if not rejected[-1]:
            return None
        # From the farthest effect that is kept outward: the p value may rise again after a first crossing.
        inner, outer = 0.0, float(far[np.flatnonzero(~rejected)[-1] + 1] if not rejected.all() else far[0])
        for points in _LOOKS:
            reach = np.linspace(inner, outer, points + 1)
            last = max(np.flatnonzero(kept(reach[:-1])), default=0)
            inner, outer = float(reach[last]), float(reach[last + 1])
        return start + step * inner

    def _p_values(self, shifts: Floats) -> Floats:
        at_once = max(1, _CELLS_AT_ONCE // len(self.redrawn))
        found = []
        for first in range(0, len(shifts), at_once):
            observed, redrawn = self._squares(shifts[first : first + at_once])
            extreme = np.count_nonzero(redrawn >= observed[:, None] * (1.0 - _SAME), axis=1)
            found.append(extreme if self.listed else 1 + extreme)
        return np.concatenate(found) / (len(self.redrawn) + (0 if self.listed else 1))

    def _squares(self, shifts: Floats) -> tuple[Floats, Floats]:
        """(effect / SE)^2 observed [K] and redrawn [K, R]. A world without a statistic is extreme: no test gains by it."""
        effect, variance = _at(self.observed[None, :], shifts)
        effects, variances = _at(self.redrawn, shifts)
        known = np.where(np.isfinite(variances), variances, 0.0)
        nothing = 1e-13 * np.maximum(variance[:, 0], known.max(axis=1, initial=0.0))[:, None]
        return _over(effect, variance, nothing)[:, 0], _over(effects, variances, nothing)


def _at(worlds: Floats, shifts: Floats) -> tuple[Floats, Floats]:
    """Effects and variances [K, R] of worlds [R, 5] at K shifts."""
    shift = shifts[:, None]
    return worlds[:, 0] - shift * worlds[:, 1], worlds[:, 2] - shift * (2.0 * worlds[:, 3] - shift * worlds[:, 4])


def _over(effect: Floats, variance: Floats, nothing: Floats) -> Floats:
    """effect^2 / variance; where the variance is nothing but rounding, 0 for no effect and infinity for any."""
    with np.errstate(divide="ignore", invalid="ignore"):
        square = effect * effect / variance
    flat = variance <= nothing
    if flat.any():
        square = np.where(flat, np.where(effect * effect <= 10.0 * nothing, 0.0, np.inf), square)
    return np.where(np.isnan(square), np.inf, square)
