"""What a score looked like in one wave and group, exactly."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """A scale's mean, from 0 to 100, in one wave and group, with its 95 % interval; None where the cell is hidden.

    sd: of the people's scores. alpha, omega: of the items over everybody asked in the wave. What a page may tell of it is a `ShownScore`.
    """

    scale: str
    construct: str
    claim: str | None
    outcome: str | None
    wave: str
    group: str
    mean: float | None
    low: float | None
    high: float | None
    sd: float | None
    std_error: float | None
    n: int | None
    alpha: float | None
    omega: float | None

    def as_row(self) -> dict[str, Any]:
        """The fields by name."""
        return asdict(self)
