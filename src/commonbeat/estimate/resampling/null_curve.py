"""The p value as a function of the effect that is tested, and the interval that follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_SAME = 1e-9  # statistics this close, relative to their size, are ties: they differ by rounding only
_STEPS = 256  # points at which the outermost crossing is looked for, on each side
_HALVINGS = 60


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
        shift = self.observed[0] / self.observed[1]
        return float(np.sqrt(max(self._parabola(self.observed, shift), 0.0)) / abs(self.observed[1]))

    def p_value(self, tested: float) -> float:
        """The share of worlds whose |t| is at least the observed one, were this the effect for everybody."""
        shift = tested - self.centre
        bar = self._square(self.observed[None, :], shift)[0]
        extreme = int(np.count_nonzero(self._square(self.redrawn, shift) >= bar * (1.0 - _SAME)))
        return extreme / len(self.redrawn) if self.listed else (1 + extreme) / (1 + len(self.redrawn))

    def squares(self, tested: float) -> tuple[float, Floats]:
        """The observed t squared, and those of the redrawn worlds [R]; infinite where a world has no statistic."""
        shift = tested - self.centre
        return float(self._square(self.observed[None, :], shift)[0]), self._square(self.redrawn, shift)

    def interval(self, level: float) -> tuple[float | None, float | None]:
        """The outermost effects that are not rejected at this level; None where none is rejected, however far."""
        return self._end(level, -1.0), self._end(level, 1.0)

    def _end(self, level: float, side: float) -> float | None:
        start, step = self.estimate, self.std_error
        if not (np.isfinite(step) and step > 0.0):
            return None
        reach = next((r for r in 4.0 ** np.arange(1, 12) if self._rejected(start + side * r * step, level)), None)
        if reach is None:
            return None
        points = np.linspace(0.0, reach, _STEPS + 1)
        inside = max(k for k, r in enumerate(points) if not self._rejected(start + side * r * step, level))
        kept, lost = points[inside], points[min(inside + 1, _STEPS)]
        for _ in range(_HALVINGS):
            middle = 0.5 * (kept + lost)
            if middle in (kept, lost):
                break
            if self._rejected(start + side * middle * step, level):
                lost = middle
            else:
                kept = middle
        return start + side * float(kept) * step

    def _rejected(self, tested: float, level: float) -> bool:
        return self.p_value(tested) <= level

    def _square(self, worlds: Floats, shift: float) -> Floats:
        """(effect / SE)^2 for each world. A world without a statistic counts as extreme, so that a test never gains by it."""
        effect = worlds[:, 0] - shift * worlds[:, 1]
        variance = self._parabola(worlds, shift)
        spread = float(self._parabola(self.observed, shift))
        nothing = 1e-13 * max(spread, float(np.max(variance, initial=0.0, where=np.isfinite(variance))))
        with np.errstate(divide="ignore", invalid="ignore"):
            square = effect * effect / variance
        flat = variance <= nothing
        square[flat] = np.where(effect[flat] ** 2 <= 10.0 * nothing, 0.0, np.inf)
        square[np.isnan(square)] = np.inf
        return square

    @staticmethod
    def _parabola(worlds: Floats, shift: float) -> Floats:
        return worlds[..., 2] - 2.0 * shift * worlds[..., 3] + shift * shift * worlds[..., 4]
