"""How a figure of a study is printed: with the decimals of its step and no more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from commonbeat.report.number import written

if TYPE_CHECKING:
    from commonbeat.listen.results.shown import Figure

HIDDEN: Final = "hidden"


def spelt(figure: Figure, sign: str = "") -> str:
    """The figure with its interval as plain words; sign: "+" for changes and effects."""
    if figure.mean is None or figure.interval is None:
        return HIDDEN
    low, high = (written(end, figure.places, sign) for end in figure.interval)
    return f"{written(figure.mean, figure.places, sign)} ({low} to {high})"


def people_words(figure: Figure) -> str:
    """On how many people the figure rests, as a few words; "" where it is hidden."""
    return "" if figure.people is None else f"about {figure.people:,} people"
