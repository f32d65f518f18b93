"""The encounter: what happened, who took part, how it came about, and with whose consent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from commonbeat.record.consent import Consent
    from commonbeat.scenario import EncounterSetting, Occurrence


@dataclass(frozen=True, slots=True)
class Participants:
    """How many of one role and group were there."""

    role: str
    group: str
    count: int


@dataclass(frozen=True, slots=True)
class Encounter:
    """One encounter. Nobody is named: roles, groups and counts are all that is kept of people.

    day: days since the start; hour: 0 to 23; place: a place's name, or "drawn" when luck decides. posted_by is
    "" when no clip was posted. `consent` has no default, so that nobody records people without thinking of it.
    """

    title: str
    day: int
    hour: int
    place: str
    participants: tuple[Participants, ...]
    authenticity: str
    activity: str
    filmed: bool
    posted_by: str
    consent: Consent

    @classmethod
    def from_scenario(cls, setting: EncounterSetting, occurrence: Occurrence, *, consent: Consent) -> Self:
        """The encounter that `occurrence` makes of `setting`."""
        counts = (
            Participants("child", setting.children_group, setting.children),
            Participants("bystander", "", setting.bystanders),
            Participants("officer", "", setting.officers),
        )
        return cls(
            title=setting.title,
            day=occurrence.day,
            hour=occurrence.hour,
            place=setting.place,
            participants=tuple(each for each in counts if each.count),
            authenticity=occurrence.authenticity or setting.authenticity,
            activity=occurrence.encounter,
            filmed=occurrence.clip != "none",
            posted_by=occurrence.origin,
            consent=consent,
        )

    def summary(self) -> str:
        """One line for people: who, how it came about, filmed or not, consent."""
        who = ", ".join(
            f"{each.count} {each.role}{'' if each.count == 1 else PLURAL[each.role]}" for each in self.participants
        )
        filmed = (
            f"filmed, posted by a news {self.posted_by}"
            if self.posted_by == "outlet"
            else "filmed, posted by a resident"
        )
        scope = ", ".join(sorted(self.consent.scope)) or self.consent.reason
        return f"{self.title}: {who}; {self.authenticity}; {filmed if self.filmed else 'not filmed'}; consent: {scope}"


PLURAL = {"child": "ren", "bystander": "s", "officer": "s"}
