"""A planned study on one page: the verdict, what the sample sees, the cards, the curves, the trial through the society."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from commonbeat.report.number import number, quoted
from commonbeat.report.page import environment, style
from commonbeat.report.power_picture import card_ruler, card_strips, curve_picture, society_picture

if TYPE_CHECKING:
    from commonbeat.estimate.power import Answer, PowerStudy
    from commonbeat.report.chart import Picture

SECTIONS = (
    ("sees", "What it sees"),
    ("cards", "Against the evidence"),
    ("curve", "More people, fewer people"),
    ("society", "On the simulator’s people"),
    ("limits", "Limits and method"),
)


@dataclass(frozen=True, slots=True)
class Telling:
    """The words in which a study is told: its claim for every figure, what its sample is counted in."""

    title: str
    claim: str
    units: str
    unit: str
    planned: int
    people: int


def render_power(study: PowerStudy) -> str:
    """The page of a planned study as one HTML text that needs no network."""
    return environment().get_template("power.html.j2").render(**everything(study))


def everything(study: PowerStudy) -> dict[str, Any]:
    """What the template shows."""
    design = study.design
    telling = Telling(
        title=design.title or "A planned study",
        claim=design.claim,
        units="clusters" if design.clustered else "people",
        unit="cluster" if design.clustered else "person",
        planned=design.planned_size,
        people=round(design.planned_size * design.mean_cluster_size),
    )
    shown = [each for each in SECTIONS if each[0] != "society" or study.society]
    return {
        "telling": telling,
        "study": study,
        "design": design,
        "style": style(),
        "contents": [each for each in shown if each[0] != "cards" or study.cards],
        "first": study.answers[0],
        "strips": card_strips(study),
        "ruler": card_ruler(study),
        "curves": curves(study),
        "societies": [society_picture(study)] if study.society else [],
        "units_needed": units_needed,
        "sd": standard_deviations,
        "delay": delay,
        "is_finite": math.isfinite,
        "what_is_left": f"{study.answers[0].smallest_effect * study.answers[0].left:.2f} SD" in study.verdict,
    }


def curves(study: PowerStudy) -> list[Picture]:
    """One picture per arm and wave that has points."""
    found = [curve_picture(study, each) for each in study.answers]
    return [each for each in found if each is not None]


def units_needed(value: float, telling: Telling, source: str) -> Markup:
    """The number of people or clusters, or that none is enough."""
    if not math.isfinite(value):
        return quoted("no number is enough", telling.claim, source)
    return number(value, "count", telling.claim, source) + Markup('<span class="unit"> {}</span>').format(telling.units)


def standard_deviations(value: float, telling: Telling, source: str) -> Markup:
    """An effect in SDs, or that none would be seen."""
    if not math.isfinite(value):
        return quoted("none", telling.claim, source)
    return number(value, "SD", telling.claim, source)


def delay(each: Answer) -> str:
    """When a wave is asked, in words."""
    days = each.delay_days
    return "at once" if days == 0 else f"after {days:g} {'day' if days == 1 else 'days'}"
