"""From an analysis to the findings that speak to its claim."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from scipy import stats

from commonbeat.claims import Finding

if TYPE_CHECKING:
    from commonbeat.estimate.analysis import Analysis
    from commonbeat.estimate.design import Design
    from commonbeat.estimate.row import Estimate

LEVEL = 0.05  # of every finding, as the rule of the claims has it
SMALL_EFFECT = 0.2  # SD of controls: a study that cannot exclude this much has not found that nothing changed
ONE_PERIOD = "Shown, not counted: the finding hangs on single periods."
NOT_DRAWN = "Shown, not counted: the design does not say how the arms were drawn."


def findings_of(analysis: Analysis) -> tuple[Finding, ...]:
    """One finding for each arm's estimate on the main outcome, signed so that above 0 favours the claim; () without a claim.

    Intervals are 95 % ones whatever the design's level. An interval that holds zero and favourable effects of at least the declared margin
    (.2 SD of controls where none was declared) is open. A comparison of arms bears directly on the claim only if the design says how the arms were
    drawn, and a series only if no single period decides it. Other outcomes are in the report: which side of them favours the claim is not declared.
    """
    from commonbeat.estimate.sections import direction_of

    design = analysis.design
    if design.claim is None:
        return ()
    sign = direction_of(design).sign
    study = design.title or PurePath(analysis.data.name).stem
    arms = len(analysis.primary) // len(design.outcome)
    doubts = [
        words for words, holds in ((NOT_DRAWN, not_drawn(design)), (ONE_PERIOD, hangs_on_periods(analysis))) if holds
    ]
    rows = [(row, ends) for row in analysis.primary[:arms] if (ends := _interval(row, design.level)) is not None]
    return tuple(
        Finding(
            claim=design.claim,
            outcome=design.outcome[0],
            estimate=sign * (row.estimate or 0.0),
            low=min(sign * end for end in ends),
            high=max(sign * end for end in ends),
            source=f"study: {study} ({analysis.data.name}, {analysis.data.sha256[:12]})",
            population=design.population or "not said",
            kind="study",
            label=row.estimand,
            unit=f"points of {design.outcome[0]}",
            direction=_direction(sign, ends, _worth_seeing(analysis)),
            bearing="adjacent" if doubts else design.bearing,
            study=study,
            note=". ".join([row.method, *doubts]),
            data=analysis.data.sha256,
        )
        for row, ends in rows
    )


def not_drawn(design: Design) -> bool:
    """Whether arms are compared and nobody said how they were drawn: then it may be a difference between people."""
    return design.treatment is not None and design.assignment is None


def hangs_on_periods(analysis: Analysis) -> bool:
    """Whether the main row's finding is gone or turned round without a single period (cards E042 and E043)."""
    from commonbeat.estimate.sections.places import HANGS

    main = [section for section in analysis.sections if analysis.primary and analysis.primary[0] in section.rows]
    return any(sentence.startswith(HANGS) for section in main for sentence in section.would_change)


def _interval(row: Estimate, level: float) -> tuple[float, float] | None:
    """The 95 % interval of a row, or None where it has none."""
    if row.estimate is None or row.ci_low is None or row.ci_high is None:
        return None
    if level == LEVEL:
        return row.ci_low, row.ci_high
    if row.std_error is None or row.df is None:
        return None
    half = float(stats.t.isf(LEVEL / 2, row.df)) * row.std_error
    return row.estimate - half, row.estimate + half


def _direction(sign: int, ends: tuple[float, float], worth_seeing: float | None) -> str:
    low, high = sorted(sign * end for end in ends)
    if low > 0 or high < 0:
        return "for" if low > 0 else "against"
    return "null" if worth_seeing is not None and high < worth_seeing else "open"


def _worth_seeing(analysis: Analysis) -> float | None:
    """The smallest favourable effect that would matter, in the outcome's unit; None where no SD and no margin tells."""
    declared = analysis.design.equivalence
    spread = analysis.arms[0].sd if analysis.arms else None
    if declared is not None and declared.unit == "outcome":
        return declared.margin
    if spread is None:
        return None
    return (declared.margin if declared is not None else SMALL_EFFECT) * spread
