"""The scenario: what a user writes in TOML, frozen and strict."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import NormalDist
from typing import Annotated, Self

from pydantic import Field, model_validator

from commonbeat.scenario.checks import raise_mistakes
from commonbeat.scenario.event import Authenticity, EncounterEvent, Event, Hour
from commonbeat.scenario.occurrence import Occurrence  # noqa: TC001  # pydantic reads it
from commonbeat.scenario.strict import StrictModel

USUAL_CHECKPOINTS = (7, 30, 90, 180, 365)
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Quantile = Annotated[float, Field(ge=0, le=1)]


class PriorBand(StrictModel):
    """The part of a prior that the scenario looks at, as quantiles of that prior: a bound, never a value."""

    from_quantile: Quantile
    """Lower end of the band."""
    to_quantile: Quantile
    """Upper end of the band."""


class Reproduction(StrictModel):
    """How many further encounters one encounter inspires; without it none, because nobody has measured it."""

    number_low: Annotated[float, Field(ge=0, le=5)]
    """Lower end of a 90 % interval."""
    number_high: Annotated[float, Field(ge=0, le=5)]
    """Upper end of a 90 % interval."""
    source: Annotated[str, Field(min_length=10)]
    """The data that gave it: a reader must be able to find them."""


class Quality(StrictModel):
    """How good an encounter of its kind this was: a factor on its dose, never known exactly; 1 is an ordinary one."""

    low: Annotated[float, Field(ge=-10, le=10)]
    """Lower end of a 90 % interval; below 0 where it may have done harm."""
    middle: Annotated[float, Field(ge=-10, le=10)]
    """The value that half of the draws lie below."""
    high: Annotated[float, Field(ge=-10, le=10)]
    """Upper end of the interval."""
    source: Annotated[str, Field(min_length=10)]
    """The answers and codes that gave it: a reader must be able to find them."""

    def at(self, number: float) -> float:
        """The factor at a number between 0 and 1, with a spread of its own on each side of the middle.

        Log-normal on both sides where the whole interval is above 0; otherwise normal, since it may turn its sign.
        """
        score = NormalDist().inv_cdf(min(max(number, 1e-9), 1 - 1e-9))
        steps = abs(score) / NormalDist().inv_cdf(0.95)
        end = self.high if score > 0 else self.low
        return self.middle * (end / self.middle) ** steps if self.low > 0 else self.middle + (end - self.middle) * steps


class EncounterSetting(StrictModel):
    """One kind of encounter: who takes part, who stands by, where and when, and how it came about."""

    title: Annotated[str, Field(min_length=1, max_length=200)]
    """What it is, for people."""
    children: Annotated[int, Field(ge=0, le=200)]
    """Children who take part."""
    children_group: str = "Black"
    """The group that the children belong to, as the society names it."""
    bystanders: Annotated[int, Field(ge=0, le=2000)]
    """People who stand by and see it."""
    officers: Annotated[int, Field(ge=1, le=50)] = 1
    """Officers who take part."""
    authenticity: Authenticity = "spontaneous"
    """Spontaneous, planned (nobody hides it) or staged (made for the camera)."""
    place: str = "drawn"
    """A place of the society, or "drawn": where the children's group lives, by luck."""
    hour: Hour = 16
    """Hour of the day."""
    quality: Quality | None = None
    """What answers and codes say of how good it was; left out, it is an ordinary one of its kind."""


class Arm(StrictModel):
    """One version of the year; arms share everything but what stands here."""

    name: Name
    """Short name, used in tables."""
    title: Annotated[str, Field(min_length=1, max_length=200)]
    """What it is, for people."""
    note: str = ""
    """What a reader should keep in mind."""
    stops_factor: Annotated[float, Field(ge=0, le=1)] = 1.0
    """Share of the recorded stops that are made; recorded stops can be thinned, not invented."""
    events: tuple[Event, ...] = ()
    """What happens in this version and not in the ordinary year."""

    def occurrences(self, days: int) -> tuple[Occurrence, ...]:
        """Everything that happens in this arm before day `days`, sorted by day, hour and ordinal."""
        return tuple(sorted(found for event in self.events for found in event.occurrences(days)))


class Scenario(StrictModel):
    """A comparison of several versions of the same stretch of days in the same society."""

    title: Annotated[str, Field(min_length=1, max_length=200)]
    """What is asked, for people."""
    seed: Annotated[int, Field(ge=0, lt=2**63)]
    """Where luck starts; the same seed gives the same run."""
    days: Annotated[int, Field(ge=1, le=3650)]
    """Simulated days after the burn-in year."""
    draws: Annotated[int, Field(ge=1, le=100_000)] = 48
    """How many times parameters and luck are drawn."""
    society: Annotated[str, Field(min_length=1)] = "minneapolis"
    """"minneapolis", "small" (invented, for trying things out), or the folder of a society of your own."""
    reference: str
    """The name of the arm with which the others are compared."""
    checkpoints: tuple[Annotated[int, Field(ge=1)], ...] = ()
    """Days on which rings, places and channels are told; left out, 7, 30, 90, 180, 365 and the last day."""
    priors: Mapping[str, PriorBand] = Field(default_factory=dict)
    """Parameters of which only a part of the prior is looked at."""
    reproduction: Reproduction | None = None
    """Data on encounters that cause encounters, if there are any."""
    encounters: Mapping[Name, EncounterSetting] = Field(default_factory=dict)
    """The encounters that arms may use, by name."""
    arms: Annotated[tuple[Arm, ...], Field(min_length=2)]
    """Versions of the year; the reference is one of them."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        """Names agree with each other, and what was left open is filled in."""
        raise_mistakes(self.model_dump())
        # Only here: a frozen model is written to once, before anybody has seen it.
        object.__setattr__(self, "arms", tuple(self._complete_arm(arm) for arm in self.arms))
        if not self.checkpoints:
            days = {day for day in USUAL_CHECKPOINTS if day < self.days} | {self.days}
            object.__setattr__(self, "checkpoints", tuple(sorted(days)))
        return self

    def _complete_arm(self, arm: Arm) -> Arm:
        """The arm with the hour and authenticity of each event taken from its encounter where left open."""
        return arm.model_copy(update={"events": tuple(self._complete_event(event) for event in arm.events)})

    def _complete_event(self, event: Event) -> Event:
        if not isinstance(event, EncounterEvent):
            return event
        setting = self.encounters[event.encounter]
        return event.model_copy(
            update={
                "hour": setting.hour if event.hour is None else event.hour,
                "authenticity": event.authenticity or setting.authenticity,
            }
        )

    def arm(self, name: str) -> Arm:
        """The arm of that name; KeyError if there is none."""
        for arm in self.arms:
            if arm.name == name:
                return arm
        raise KeyError(name)
