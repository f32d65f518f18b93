"""The events of an arm: an encounter (once or again and again), a violent clip, or a stop that goes badly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from commonbeat.scenario.occurrence import Occurrence
from commonbeat.scenario.strict import StrictModel

if TYPE_CHECKING:
    from collections.abc import Iterator

Authenticity = Literal["spontaneous", "planned", "staged"]
Day = Annotated[int, Field(ge=0, le=3649)]
Hour = Annotated[int, Field(ge=0, le=23)]


class EncounterEvent(StrictModel):
    """An encounter that the scenario describes takes place, once or every so many days."""

    kind: Literal["encounter"]
    """What sort of event this is."""
    encounter: str
    """The name of a table under [encounters], or the path of a record: "dance-off-encounter.toml"."""
    day: Day
    """The day of the first time; 0 is the first day after the burn-in."""
    every_days: Annotated[int, Field(ge=1)] | None = None
    """Days from one time to the next; left out, it happens once."""
    until_day: Annotated[int, Field(ge=1)] | None = None
    """The first day on which it happens no more; left out, it goes on to the end."""
    hour: Hour | None = None
    """Hour of the day; left out, the encounter's own."""
    authenticity: Authenticity | None = None
    """Spontaneous, planned or staged; left out, the encounter's own."""
    clip: Literal["none", "resident", "outlet"] = "none"
    """Whether it was filmed and who posts the clip: nobody, a resident, or a news outlet."""

    def occurrences(self, days: int) -> Iterator[Occurrence]:
        """Every time that it takes place before day `days`, in order."""
        if self.hour is None or self.authenticity is None:
            msg = "An encounter's hour and authenticity are completed by the Scenario that holds its arm."
            raise ValueError(msg)
        end = days if self.until_day is None else min(self.until_day, days)
        for day in range(self.day, end, self.every_days or days):
            yield Occurrence(
                day=day,
                hour=self.hour,
                ordinal=f"{self.encounter}/{day}",
                kind=self.kind,
                encounter=self.encounter,
                authenticity=self.authenticity,
                clip=self.clip,
                origin="" if self.clip == "none" else self.clip,
            )


class ViolentClipEvent(StrictModel):
    """A clip of police violence that happened elsewhere is posted."""

    kind: Literal["violent_clip"]
    """What sort of event this is."""
    day: Day
    """The day on which it is posted."""
    hour: Hour = 18
    """Hour of the day."""
    origin: Literal["resident", "outlet"] = "outlet"
    """Who posts it."""

    def occurrences(self, days: int) -> Iterator[Occurrence]:
        """The one posting, if it comes before day `days`."""
        if self.day < days:
            yield Occurrence(
                day=self.day,
                hour=self.hour,
                ordinal=f"violent_clip/{self.day}",
                kind=self.kind,
                clip=self.origin,
                origin=self.origin,
            )


class NegativeEncounterEvent(StrictModel):
    """One more stop, a harassment or a pointed gun, besides those that the ordinary year brings."""

    kind: Literal["stop", "harassment", "gun_pointed"]
    """What sort of event this is."""
    day: Day
    """The day on which it happens."""
    hour: Hour = 18
    """Hour of the day."""
    place: str = "drawn"
    """A place of the society, or "drawn"."""
    group: str = ""
    """The group of the person it happens to; left out, as among the place's recorded stops."""

    def occurrences(self, days: int) -> Iterator[Occurrence]:
        """The one time, if it comes before day `days`."""
        if self.day < days:
            yield Occurrence(
                day=self.day,
                hour=self.hour,
                ordinal=f"{self.kind}/{self.day}/{self.hour}/{self.place}",
                kind=self.kind,
                place=self.place,
                group=self.group,
            )


Event = Annotated[EncounterEvent | ViolentClipEvent | NegativeEncounterEvent, Field(discriminator="kind")]
EVENT_MODELS = {
    "encounter": EncounterEvent,
    "violent_clip": ViolentClipEvent,
    "stop": NegativeEncounterEvent,
    "harassment": NegativeEncounterEvent,
    "gun_pointed": NegativeEncounterEvent,
}
