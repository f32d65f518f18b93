"""The opening: three answers before anything else, in the same words whichever way they go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from commonbeat.report.words import direction

if TYPE_CHECKING:
    from commonbeat.report.reading import Reading
    from commonbeat.report.spread import Spread


@dataclass(frozen=True, slots=True)
class Answer:
    """One question of the opening with its figure and what the figure allows to be said."""

    question: str
    spread: Spread | None
    unit: str
    claim: str
    source: str
    words: str


def opening(reading: Reading) -> tuple[Answer, ...]:
    """Those who were there; the city when the clip travels; the same year with another number of stops."""
    telling, group = reading.telling, reading.headline_group
    first = telling.unfilmed or telling.headline
    there = reading.ring(first.name, "present", "effect")
    clip = telling.headline
    city = reading.last(clip.name, group)
    answers = [
        Answer(
            "For each person who was there",
            there,
            "thousandths",
            "C12",
            "run:rings",
            f"Trust in police {direction(there)}.",
        ),
        Answer(
            f"For {group}, on average: {lowered(clip.title)}",
            city,
            "thousandths",
            "C5",
            "run:daily",
            f"Their mean trust {direction(city)}.",
        ),
    ]
    if telling.context is not None:
        stops = reading.last(telling.context.name, group)
        words = f"Their mean trust {direction(stops)}. Nobody danced in this one."
        answers.append(
            Answer(f"For {group}: {lowered(telling.context.title)}", stops, "thousandths", "C15", "run:daily", words)
        )
    return tuple(answers)


def lowered(title: str) -> str:
    """A title inside a sentence."""
    return title[:1].lower() + title[1:]
