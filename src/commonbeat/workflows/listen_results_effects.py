"""What of an estimate may be told to anybody: effects whose arms are both shown, in points of 100 and in steps that tell nothing of one person.

The rest of an estimate (each method, the groups, who is missing, blocks with a single person, cautions that count people) is for those who may see the data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from commonbeat.listen.results.plan import Plan
from commonbeat.listen.results.score_keys import scale_keys, score_name
from commonbeat.listen.results.shown import HIDDEN, ShownEffect, shown_figure

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from commonbeat.estimate.analysis import Analysis
    from commonbeat.estimate.row import Estimate
    from commonbeat.listen.bank.item import Scale
    from commonbeat.listen.results.collected import Collected
    from commonbeat.listen.results.score_row import ScoreRow

THIN: Final = (
    "No finding is saved: in one of the arms too few answered the main scale for a figure of theirs to be shown."
)


class Contrast(NamedTuple):
    """A declared effect: the row, its scale and wave, and the two arms; "" where nobody was drawn."""

    row: Estimate
    scale: Scale
    wave: str
    arm: str
    against: str


def shown_effects(
    analysis: Analysis, collected: Collected, scores: Sequence[ScoreRow], step: int
) -> tuple[ShownEffect, ...]:
    """The declared effects in their order, hidden where a mean of either arm is. scores: as `score_rows`. step: to which counts are rounded."""
    from commonbeat.report.study.study import Study

    study, people = (
        Study(analysis),
        {(each.scale, each.wave, each.group): each.n for each in scores if each.mean is not None},
    )
    found = []
    for each in contrasts(analysis, collected):
        arms = [people.get((each.scale.identifier, each.wave, arm)) for arm in (each.arm, each.against)]
        fewest = min(n or 0 for n in arms) if each.arm else each.row.clusters or 0
        keys, row = scale_keys(each.scale, each.wave, collected), each.row
        factor = 100 / (keys["maximum"] - keys["minimum"])
        hidden = row.estimate is None or row.ci_low is None or row.ci_high is None
        figure = (
            HIDDEN
            if hidden
            else shown_figure(*(end * factor for end in (row.estimate, row.ci_low, row.ci_high)), fewest, step)  # type: ignore[operator,misc]
        )
        claim = analysis.design.claim if study.topic(row).outcome == analysis.design.outcome[0] else None
        side = study.kind(row) if figure.mean is not None else "open"
        found.append(
            ShownEffect(
                each.scale.identifier, each.scale.construct, claim, each.wave, each.arm, each.against, side, figure
            )
        )
    return tuple(found)


def contrasts(analysis: Analysis, collected: Collected) -> Iterator[Contrast]:
    """The declared effects with what they are about."""
    design, first = analysis.design, collected.waves[0]
    if design.treatment is None:
        scale = collected.scales_of(first)[0]
        yield from (Contrast(row, scale, first, "", "") for row in analysis.primary)
        return
    control, treated = str(design.control), [str(arm) for arm in design.treated]
    rows = {row.estimand: row for row in analysis.primary}
    scales = _outcomes(collected)
    for outcome in design.outcome:
        for arm in treated:
            named = f", {arm} against {control}" if len(treated) > 1 else ""
            row = rows.get(f"intention to treat: {outcome}{named}")
            if row is not None:
                yield Contrast(row, *scales[outcome], arm, control)


def without_thin_claim(plan: Plan, collected: Collected, scores: Sequence[ScoreRow]) -> Plan:
    """The plan without its claim where a mean of the main scale is hidden: a finding in the project is read by everybody."""
    if "claim" not in plan.keys:
        return plan
    main, wave = _outcomes(collected)[plan.keys["outcome"][0]]
    shown = {row.group for row in scores if (row.scale, row.wave) == (main.identifier, wave) and row.mean is not None}
    if {plan.keys["control"], *plan.keys["treated"]} <= shown:
        return plan
    keys = {name: value for name, value in plan.keys.items() if name not in ("claim", "bearing")}
    return Plan(keys, plan.frame, (*plan.remarks, THIN))


def _outcomes(collected: Collected) -> dict[str, tuple[Scale, str]]:
    """The scale and the wave behind each name that an outcome can have."""
    return {
        score_name(scale, wave, collected): (scale, wave)
        for wave in collected.waves
        for scale in collected.scales_of(wave)
    }
