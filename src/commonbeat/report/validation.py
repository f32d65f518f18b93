"""A validation on one page: how many findings are not predicted, the failures first, two pictures, and how it was made."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from commonbeat.report.page import environment, style
from commonbeat.report.validation_picture import chance_picture, number_picture
from commonbeat.validate.target import load_targets

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from commonbeat.validate.scoring import Verdict

SMALLEST = 0.001
COIN = 0.25  # the score of a chance of one half
SECTIONS = (
    ("wrong", "Wrong"),
    ("open", "Left open"),
    ("passed", "Predicted"),
    ("studies", "The studies"),
    ("method", "How it was done"),
)


def render_validation(verdicts: Sequence[Verdict], made: Mapping[str, Any]) -> str:
    """The page of a validation as one HTML text that needs no network."""
    return environment().get_template("validation.html.j2").render(**everything(verdicts, made))


def everything(verdicts: Sequence[Verdict], made: Mapping[str, Any]) -> dict[str, Any]:
    """What the template shows."""
    chosen = {verdict.target for verdict in verdicts}
    targets = [target for target in load_targets() if target.id in chosen]
    findings = {finding.id: finding for target in targets for finding in target.finding}
    return {
        "style": style(),
        "made": made,
        "wrong": [verdict for verdict in verdicts if verdict.miss == "wrong"],
        "left_open": [verdict for verdict in verdicts if verdict.miss == "open"],
        "passed": [verdict for verdict in verdicts if verdict.passed],
        "better": sum(verdict.score < min(verdict.no_effect, verdict.pooled_mean) for verdict in contested(verdicts)),
        "contested": len(contested(verdicts)),
        "targets": targets,
        "pictures": [number_picture(verdicts, findings), chance_picture(verdicts)],
        "contents": SECTIONS,
        "published": published,
        "figure": figure,
        "chance": chance,
    }


def contested(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """The findings on which a rival says anything: where both toss a coin, beating them is no feat."""
    return [verdict for verdict in verdicts if not verdict.no_effect == verdict.pooled_mean == COIN]


def published(verdict: Verdict) -> str:
    """What was published, in words."""
    return verdict.published if isinstance(verdict.published, str) else figure(verdict.published)


def figure(value: float) -> str:
    """A number with two digits and a true minus; what is smaller than a thousandth only as that."""
    if 0 < abs(value) < SMALLEST:
        return f"below {SMALLEST:g}"
    return f"{value:.2g}".replace("-", "−") if math.isfinite(value) else "none"


def chance(verdict: Verdict) -> str:
    """The chance of what was published, for a yes or a no."""
    return (
        ""
        if verdict.probability is None or not math.isfinite(verdict.probability)
        else f"{100 * verdict.probability:.0f} %"
    )
