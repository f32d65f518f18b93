"""Holm's step-down adjustment of p values."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commonbeat.estimate.row import Estimate


def holm(p_values: Sequence[float | None]) -> tuple[float | None, ...]:
    """Adjusted p values in the order given; None stays None and does not count.

    The k-th smallest of m becomes max over j <= k of (m - j + 1) p_(j), at most 1 (Holm 1979, Scandinavian Journal of Statistics 6:65-70).
    The chance of one false finding among them stays below the level however the tests hang together.
    """
    known = [(value, place) for place, value in enumerate(p_values) if value is not None]
    adjusted: list[float | None] = [None] * len(p_values)
    largest = 0.0
    for rank, (value, place) in enumerate(sorted(known)):
        largest = max(largest, min(1.0, (len(known) - rank) * value))
        adjusted[place] = largest
    return tuple(adjusted)


def holm_rows(rows: Sequence[Estimate]) -> tuple[Estimate, ...]:
    """The rows with Holm's p values in place of their own, and a method that says so; intervals stay as they are, one at a time."""
    adjusted = holm([row.p_value for row in rows])
    tests = sum(value is not None for value in adjusted)
    return tuple(
        row if value is None else replace(row, p_value=value, method=f"{row.method}; p by Holm over {tests}")
        for row, value in zip(rows, adjusted, strict=True)
    )
