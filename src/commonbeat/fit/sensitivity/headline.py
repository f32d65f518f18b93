"""A headline: one simulated figure of a report's opening, whose causes are asked for."""

from __future__ import annotations

from dataclasses import dataclass

PRESENT = "present"


@dataclass(frozen=True, slots=True)
class Headline:
    """The paired effect of an arm on an outcome at the end of a day, in latent SD.

    group: a reporting group, whose mean it is; or "present": the effect per person on those who were there.
    question: the words of the report; claim: the claim that it bears on.
    """

    question: str
    arm: str
    group: str
    day: int
    outcome: str = "trust"
    claim: str = "C5"

    @property
    def of_those_present(self) -> bool:
        """Whether it is told per person who was there instead of for a group of the city."""
        return self.group == PRESENT

    @property
    def key(self) -> str:
        """The headline's name in tables: arm, group, outcome and day."""
        return f"{self.arm}/{self.group}/{self.outcome}/{self.day}"
