"""A fit on one page: what the targets taught and what they did not, what trades off, the check by real runs, and the method."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from commonbeat.evidence import load_parameters
from commonbeat.report.fit_picture import CHECK, CLAIM, POSTERIOR, check_picture, parameter_pictures
from commonbeat.report.number import written
from commonbeat.report.page import environment, style

if TYPE_CHECKING:
    from commonbeat.fit.posterior import Fitted, Learnt

SECTIONS = (
    ("learnt", "What was learnt"),
    ("targets", "Which target taught what"),
    ("check", "Observed against expected"),
    ("stayed", "What stayed as it was"),
    ("method", "Method and limits"),
)
DIGITS = 3


@dataclass(frozen=True, slots=True)
class Taught:
    """One target and the parameters that it informed, with the shrinkage by it alone and what goes without it."""

    target: str
    parameters: tuple[tuple[str, float, float], ...]


def render_fit(fitted: Fitted) -> str:
    """The page of a fit as one HTML text that needs no network."""
    return environment().get_template("fit.html.j2").render(**everything(fitted))


def everything(fitted: Fitted) -> dict[str, Any]:
    """What the template shows."""
    about = {parameter.name: parameter for parameter in load_parameters()}
    surprising = [each for each in fitted.checked if each.surprising]
    return {
        "fitted": fitted,
        "title": fitted.order.scenario.title,
        "style": style(),
        "contents": SECTIONS,
        "claim": CLAIM,
        "of": {"posterior": POSTERIOR, "check": CHECK, "bank": "fit:bank"},
        "about": about,
        "verdict": verdict(fitted),
        "pictures": parameter_pictures(fitted.informed, {name: each.unit for name, each in about.items()}),
        "checking": check_picture(fitted),
        "taught": taught(fitted),
        "surprising": surprising,
        "stayed": [each for each in fitted.learnt if not each.informed],
        "told": (*fitted.order.targets.repairs, *fitted.order.statistics.silent, *fitted.unused),
        "figure": figure,
        "is_finite": math.isfinite,
    }


def verdict(fitted: Fitted) -> str:
    """The result in one sentence."""
    count, total = len(fitted.informed), len(fitted.learnt)
    if not count:
        return f"The targets inform none of the {total} parameters: all stay at their priors."
    best = fitted.informed[0]
    share = f"{100 * max(best.shrinkage, 0):.0f} %"
    are = "parameter" if count == 1 else "parameters"
    return (
        f"The targets inform {count} {are} of {total}, most of all the {plain(best)}, of whose prior variance they take "
        f"{share} away; {total - count} stay at their priors."
    )


def plain(each: Learnt) -> str:
    """A parameter's name without underscores."""
    return each.parameter.replace("_", " ")


def taught(fitted: Fitted) -> tuple[Taught, ...]:
    """Every target that was used, with what it informed."""
    labels = [each.label for each in fitted.emulated if each.used]
    return tuple(
        Taught(
            label,
            tuple(
                (each.parameter, each.alone[place], each.lost[place])
                for each in fitted.informed
                if label in each.informed_by
            ),
        )
        for place, label in enumerate(labels)
    )


def figure(value: float) -> str:
    """A parameter's or a target's value with three significant digits."""
    if value == 0 or not math.isfinite(value):
        return written(value, 0)
    places = max(0, DIGITS - 1 - math.floor(math.log10(abs(value))))
    return written(value, places)
