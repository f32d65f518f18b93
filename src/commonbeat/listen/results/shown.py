"""The figures of a study as anybody may read them: hidden ones empty, the rest in steps that tell nothing of one person.

Every mean, change and effect is in points of 100 and carries its step. SDs, standard errors, degrees of freedom and exact counts are not here: a mean
with its SD and its error tells to the last how many people it rests on.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from commonbeat.listen.results.suppression import FEWEST, behind, nearest, score_step, told_interval

if TYPE_CHECKING:
    from collections.abc import Iterable

    from commonbeat.listen.results.score_row import ScoreRow


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean, change or effect with its 95 % interval, all None where it is hidden; people: on how many it rests, rounded. step: in which it is told."""

    mean: float | None = None
    low: float | None = None
    high: float | None = None
    people: int | None = None
    step: float | None = None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Both ends, or None."""
        return None if self.low is None or self.high is None else (self.low, self.high)

    @property
    def places(self) -> int:
        """The decimals that its step has."""
        return 1 if self.step is not None and self.step < 1 else 0


HIDDEN = Figure()


@dataclass(frozen=True, slots=True)
class ShownScore:
    """A scale in one wave and group. alpha, omega: of the items over everybody who was asked them in the wave, None where they were few; to two decimals."""

    scale: str
    construct: str
    claim: str | None
    wave: str
    group: str
    figure: Figure
    alpha: float | None
    omega: float | None

    def as_row(self) -> dict[str, Any]:
        """The fields by name, the figure's among them."""
        return flat(asdict(self))


@dataclass(frozen=True, slots=True)
class ShownChange:
    """How the same people's scores on a scale changed between two waves; no effect."""

    scale: str
    construct: str
    first: str
    second: str
    figure: Figure

    def as_row(self) -> dict[str, Any]:
        """The fields by name, the figure's among them."""
        return flat(asdict(self))


@dataclass(frozen=True, slots=True)
class ShownEffect:
    """What an arm changed against another one; arm and against: empty where it is what one more police stop goes with in the same person.

    side: gain or harm where the claim has a side and the interval lies on one, known where it lies on one and the claim has none, else open.
    """

    scale: str
    construct: str
    claim: str | None
    wave: str
    arm: str
    against: str
    side: str
    figure: Figure

    def as_row(self) -> dict[str, Any]:
        """The fields by name, the figure's among them."""
        return flat(asdict(self))


def shown_figure(mean: float, low: float, high: float, people: int, step: int) -> Figure:
    """The figure in the step that so many people allow. people: exactly. step: to which counts are rounded. Of fewer than ten it is hidden."""
    if people < FEWEST:
        return HIDDEN
    told = nearest(people, step)
    own = score_step(behind(told, step)[0])  # of the count that is told, so that it tells no more than that
    return Figure(*told_interval(mean, (high - low) / 2, own), told, own)


def shown_scores(rows: Iterable[ScoreRow], step: int) -> tuple[ShownScore, ...]:
    """The rows as they may be read; step: to which counts are rounded."""
    return tuple(
        ShownScore(
            row.scale,
            row.construct,
            row.claim,
            row.wave,
            row.group,
            _figure(row, step),
            _reliability(row.alpha),
            _reliability(row.omega),
        )
        for row in rows
    )


def _reliability(value: float | None) -> float | None:
    """To two decimals: all digits of a ratio of sums of whole answers would tell those sums."""
    return None if value is None else round(value, 2)


def _figure(row: ScoreRow, step: int) -> Figure:
    if row.mean is None or row.low is None or row.high is None or row.n is None:
        return HIDDEN
    return shown_figure(row.mean, row.low, row.high, row.n, step)


def flat(row: dict[str, Any]) -> dict[str, Any]:
    """The row with its figure's fields in the figure's place."""
    return {**{name: value for name, value in row.items() if name != "figure"}, **row["figure"]}
