"""The opening: three answers before anything else, in the same words whichever way they go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from commonbeat.report.words import direction

if TYPE_CHECKING:
    from commonbeat.report.arms import ArmStory, Telling
    from commonbeat.report.changes import Changes
    from commonbeat.report.reading import Reading
    from commonbeat.report.spread import Spread

PRESENT = "present"  # the ring of those who were there


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of the opening: the paired effect on trust of an arm, on those who were there or on a group's mean."""

    question: str
    arm: ArmStory
    group: str
    claim: str
    source: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One question of the opening with its figure, what the figure allows to be said, and what would change it."""

    question: str
    spread: Spread | None
    unit: str
    claim: str
    source: str
    words: str
    changes: Changes | None = None


def questions(telling: Telling, group: str) -> tuple[Asked, ...]:
    """Those who were there; the city when the clip travels; the same year with another number of stops."""
    clip = telling.headline
    first = telling.unfilmed or clip
    asked = [
        Asked("For each person who was there", first, PRESENT, "C12", "run:rings"),
        Asked(f"For {group}, on average: {lowered(clip.title)}", clip, group, "C5", "run:daily"),
    ]
    if telling.context is not None:
        title, remark = f"For {group}: {lowered(telling.context.title)}", " Nobody danced in this one."
        asked.append(Asked(title, telling.context, group, "C15", "run:daily", remark))
    return tuple(asked)


def opening(reading: Reading, changes: tuple[Changes | None, ...] = ()) -> tuple[Answer, ...]:
    """Every question of the opening with its answer; `changes` has what would change each, in their order."""
    asked = questions(reading.telling, reading.headline_group)
    return tuple(
        _answer(reading, each, changed) for each, changed in zip(asked, changes or (None,) * len(asked), strict=True)
    )


def _answer(reading: Reading, asked: Asked, changes: Changes | None) -> Answer:
    there = asked.group == PRESENT
    spread = reading.ring(asked.arm.name, PRESENT, "effect") if there else reading.last(asked.arm.name, asked.group)
    words = f"{'Trust in police' if there else 'Their mean trust'} {direction(spread)}.{asked.remark}"
    return Answer(asked.question, spread, "thousandths", asked.claim, asked.source, words, changes)


def lowered(title: str) -> str:
    """A title inside a sentence."""
    return title[:1].lower() + title[1:]
