"""A whole analysis of one data file: what workflows assemble and the report reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commonbeat.estimate.design import Design
    from commonbeat.estimate.row import Estimate


@dataclass(frozen=True, slots=True)
class Curve:
    """Points with intervals along one axis, for an event study, a series, or a dose; x in `x_label`'s unit.

    observed, expected: the series itself and what was expected without the event, where there is one; else empty. reference: the x at
    which something began.
    """

    name: str
    title: str
    x_label: str
    y_label: str
    x: tuple[float, ...]
    estimate: tuple[float | None, ...] = ()
    low: tuple[float | None, ...] = ()
    high: tuple[float | None, ...] = ()
    observed: tuple[float | None, ...] = ()
    expected: tuple[float | None, ...] = ()
    reference: float | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One question and what the methods say about it.

    key: its name in files and links. title: plain words. question: which question it answers, in a sentence. would_change: sentences on what
    would make its answer another one.
    """

    key: str
    title: str
    question: str
    rows: tuple[Estimate, ...] = ()
    notes: tuple[str, ...] = ()
    curves: tuple[Curve, ...] = ()
    would_change: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ArmAccount:
    """One arm as it was found: people assigned, people who answered, mean and SD of the outcome among them."""

    name: str
    outcome: str
    people: int
    answered: int
    clusters: int | None
    mean: float | None
    sd: float | None


@dataclass(frozen=True, slots=True)
class DataAccount:
    """The data file: name, SHA-256 of its bytes, rows read and used, what was dropped and why, what was odd about it."""

    name: str
    sha256: str
    rows_read: int
    rows_used: int
    dropped: tuple[tuple[str, int], ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Analysis:
    """The design, the data's account, the arms, the sections in the order of reading, and what weakens the answer.

    primary: the pre-declared estimates, one per outcome and comparison. by_group: rows by group, worst-off first (by the control arm's mean).
    weaknesses: sentences about the design. would_change: sentences on what would change the result. departures: where the analysis left its
    plan; None when there was no plan.
    """

    design: Design
    data: DataAccount
    arms: tuple[ArmAccount, ...]
    primary: tuple[Estimate, ...]
    sections: tuple[Section, ...]
    by_group: tuple[Estimate, ...] = ()
    weaknesses: tuple[str, ...] = ()
    would_change: tuple[str, ...] = ()
    departures: tuple[str, ...] | None = None
    versions: dict[str, str] = field(default_factory=dict)
    design_text: str = ""

    def rows(self) -> tuple[Estimate, ...]:
        """Every estimate, in the order of the sections."""
        return tuple(row for section in self.sections for row in section.rows)
