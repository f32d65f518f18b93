"""What a reader of a power study must know before trusting it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commonbeat.estimate.power.model import PowerDesign
    from commonbeat.estimate.power.result import Answer, Point, SocietyPoint

FEW_CLUSTERS = 20
LAST_MEASURED_DAYS = 90
MUCH_LOST = 0.3
FEW_DEGREES = 8
WIDE = 0.3


def cautions(
    design: PowerDesign, answers: Sequence[Answer], points: Sequence[Point], society: Sequence[SocietyPoint]
) -> tuple[str, ...]:
    """Sentences on what weakens the design or this study of it."""
    found = [
        *_of_sample(design, answers),
        *_of_waves(design, answers),
        *_of_exposure(design),
        *_of_points(design, points),
    ]
    if design.society is not None:
        found += _of_society(design, society)
    return tuple(dict.fromkeys(found))


def _of_sample(design: PowerDesign, answers: Sequence[Answer]) -> list[str]:
    found = []
    if design.clustered and design.planned_size < FEW_CLUSTERS:
        found.append(f"{design.planned_size} clusters are few: one unusual cluster can decide the result.")
    if design.clustered and design.sample.icc == 0:
        found.append("The icc is 0, as if people of one cluster had nothing in common; .02 to .10 is usual.")
    if any(each.df < FEW_DEGREES for each in answers):
        found.append("Fewer than 8 degrees of freedom are left, so the test rests on how normal the clusters are.")
    if len(design.treated) > 1 and design.several_arms == "each alone":
        found.append(
            "Several arms are tested at the full level each, so one of them errs more often than the level says."
        )
    return found


def _of_waves(design: PowerDesign, answers: Sequence[Answer]) -> list[str]:
    found = []
    late = [f"{wave.delay_days:g}" for wave in design.waves if wave.delay_days >= LAST_MEASURED_DAYS]
    if late:
        days = ", ".join(late)
        found.append(
            f"At {days} days what is left of an effect is extrapolated: the cards measured trust up to 21 days."
        )
    if any(each.power_high - each.power_low > WIDE for each in answers):
        found.append("How fast the effect fades decides much of the power: see the interval beside it.")
    lost = max((max([wave.attrition, *wave.attrition_by_arm.values()]) for wave in design.waves), default=0.0)
    if lost >= MUCH_LOST:
        found.append(
            f"Up to {lost:.0%} do not answer; the formula counts them as lost by chance alone.".replace("%", " %")
        )
    if any(len(set(wave.attrition_by_arm.values())) > 1 for wave in design.waves):
        found.append("Arms lose unequal shares: those who stay may differ, which costs more than numbers (Lee bounds).")
    return found


def _of_exposure(design: PowerDesign) -> list[str]:
    found = []
    if design.spillover is None and design.society is None:
        found.append(
            "The comparison arm is assumed to hear and see nothing of it; write [spillover] or [society] to ask."
        )
    if any(design.take_up(arm) < 1 for arm in design.treated):
        found.append("Power is for all people assigned; the effect on those reached is seen no better than that.")
    return found


def _of_points(design: PowerDesign, points: Sequence[Point]) -> list[str]:
    found = []
    apart = [each for each in points if not each.low <= each.closed <= each.high]
    if apart:
        sizes = ", ".join(f"{each.units:,}" for each in apart)
        found.append(f"At {sizes} units formula and simulation differ by more than chance: trust the simulation there.")
    short = [each for each in points if not each.side and each.trials < design.simulation.trials]
    if short:
        sizes = ", ".join(f"{each.units:,}" for each in short)
        found.append(f"At {sizes} units fewer trials were simulated than wanted, because samples are so large.")
    return found


def _of_society(design: PowerDesign, society: Sequence[SocietyPoint]) -> list[str]:
    found = [
        "How often people tell and share is assumed with wide intervals; the trial through the society inherits them."
    ]
    worst = max((each.shrunk for each in society if math.isfinite(each.shrunk)), default=0.0)
    if worst >= 0.05:
        share = f"{worst:.0%}".replace("%", " %")
        found.append(
            f"On the simulator's people, what the comparison arm hears and sees takes up to {share} of the difference."
        )
    if design.outcome == "prejudice":
        found.append("Nobody's prejudice at the start is known: the simulator's people are given luck for it.")
    return found
