"""One clip on one page: how far it will go, what it is like, whom its sharers reach, and what to keep in mind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from commonbeat.report.clip_growth_picture import growth_picture
from commonbeat.report.number import number, rounded
from commonbeat.report.page import environment, style

if TYPE_CHECKING:
    from markupsafe import Markup

    from commonbeat.fit.growth.clip_fit import ClipFit, Spread

CLAIM, LOG, PROCESS = "C9", "log:shares", "fit:growth"
DAY, LONGEST_IN_HOURS = 24.0, 48.0
SECTIONS = (
    ("forecast", "How far it will go"),
    ("growth", "What it is like"),
    ("reach", "Whom it reaches"),
    ("limits", "Limits and method"),
)


def render_clip(fit: ClipFit) -> str:
    """The page of a clip as one HTML text that needs no network."""
    return environment().get_template("clip.html.j2").render(**everything(fit))


def everything(fit: ClipFit) -> dict[str, Any]:
    """What the template shows."""
    return {
        "fit": fit,
        "style": style(),
        "contents": [each for each in SECTIONS if each[0] != "reach" or fit.groups or fit.reach is not None],
        "sentence": sentence(fit),
        "picture_of_growth": growth_picture(fit),
        "age": age,
        "spread": spread,
        "rounded": rounded,
        "claim": CLAIM,
        "log": LOG,
        "process": PROCESS,
    }


def age(hours: float) -> str:
    """An age in words: hours up to two days, then days."""
    amount, word = (hours, "hour") if hours < LONGEST_IN_HOURS else (hours / DAY, "day")
    written = f"{amount:.1f}".removesuffix(".0")
    return f"{written} {word}" if written == "1" else f"{written} {word}s"


def sentence(fit: ClipFit) -> str:
    """The answer in one sentence."""
    end = fit.end.shares
    came = "" if fit.end.came is None else f" It came to {fit.end.came:,}."
    small = (
        " It is smaller than every clip that taught this forecast, which is likely too high."
        if fit.smaller_than_learnt
        else ""
    )
    return (
        f"After {age(fit.observed_hours)} and {fit.shares:,} shares, this clip is likely to have {rounded(end.median):,.0f} shares when it is "
        f"{age(fit.horizon_hours)} old (nine futures in ten: {rounded(end.low):,.0f} to {rounded(end.high):,.0f}).{came}{small}"
    )


def spread(values: Spread, source: str = PROCESS) -> Markup:
    """A median with its 90 % interval."""
    return number(values.median, "count", CLAIM, source, (values.low, values.high))
