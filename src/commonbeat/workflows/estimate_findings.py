"""From an analysis to the findings that speak to its claim."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from commonbeat.claims import Finding

if TYPE_CHECKING:
    from commonbeat.estimate.analysis import Analysis


def findings_of(analysis: Analysis) -> tuple[Finding, ...]:
    """One finding for each arm's estimate on the main outcome, signed so that above 0 favours the claim; () without a claim.

    Other outcomes are in the report: which side of them favours the claim is not declared. All findings are of one study, which counts once.
    Intervals are those of the design's level.
    """
    from commonbeat.estimate.sections import direction_of

    design = analysis.design
    if design.claim is None:
        return ()
    sign = direction_of(design).sign
    study = design.title or PurePath(analysis.data.name).stem
    found = []
    arms = len(analysis.primary) // len(design.outcome)
    for row in analysis.primary[:arms]:
        if row.estimate is None or row.ci_low is None or row.ci_high is None:
            continue
        low, high = sorted((sign * row.ci_low, sign * row.ci_high))
        direction = "for" if low > 0 else "against" if high < 0 else "null"
        found.append(
            Finding(
                claim=design.claim,
                outcome=design.outcome[0],
                estimate=sign * row.estimate,
                low=low,
                high=high,
                source=f"study: {study} ({analysis.data.name}, {analysis.data.sha256[:12]})",
                population=design.population or "not said",
                kind="study",
                label=row.estimand,
                unit="of the outcome",
                direction=direction,
                bearing=design.bearing,
                study=study,
                note=row.method,
            )
        )
    return tuple(found)
