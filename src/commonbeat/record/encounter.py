"""The encounter: what happened, who took part, how it came about, what followed, and with whose consent.

Good, neutral and bad encounters are the same record. Nobody is named: roles, counts and groups as people describe
themselves are all that is kept of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from pydantic import Field, ValidationInfo, model_validator

from commonbeat.errors import RecordError
from commonbeat.record.checks import record_mistakes
from commonbeat.record.consent import COLLECT_LATER, Consent
from commonbeat.record.parts import After, Clip, Course, People, Source, Tone, When, Where
from commonbeat.record.words import Identifier, LongText, ShortText
from commonbeat.scenario.strict import StrictModel

if TYPE_CHECKING:
    from commonbeat.scenario import EncounterSetting, Occurrence

PLURAL = {"child": "children", "adult": "adults", "officer": "officers", "person": "people"}


class Encounter(StrictModel):
    """One encounter, good, neutral or bad. Nobody is named, and `consent` has no default.

    Raises RecordError when it is made with parts that contradict each other, and ConsentError for its consent.
    """

    identifier: Identifier
    """A word for this encounter, such as "dance-off-2026-06-13". It outlives a withdrawal, so no names of people."""
    title: ShortText
    """What it is, for people."""
    invented: bool
    """Whether it never happened and serves as an example."""
    when: When = When()
    """The time."""
    where: Where = Where()
    """The place."""
    people: tuple[People, ...] | None = None
    """Who was there, in counts."""
    course: Course = Course()
    """How it came about and how it went."""
    tone: Tone = Tone()
    """How it felt, as judged by those present and by coders apart."""
    after: After = After()
    """What followed."""
    clip: Clip = Clip()
    """Whether it was filmed and posted, and by whom."""
    note: LongText | None = None
    """What else a reader should know, without names."""
    consent: Consent
    """What those visible agreed to: a table here, or the name of a file beside this one."""
    sources: dict[str, Source] = Field(default_factory=dict)
    """Where the value of a field comes from, by its place, such as "when.duration_minutes"."""

    @model_validator(mode="after")
    def _agrees(self, info: ValidationInfo) -> Self:
        if info.context != COLLECT_LATER and not self.consent.nobody_real:
            record_mistakes(self.model_dump()).raise_if_any(RecordError, "This encounter cannot be recorded:")
        return self

    @classmethod
    def from_scenario(cls, setting: EncounterSetting, occurrence: Occurrence, *, consent: Consent) -> Self:
        """The encounter that `occurrence` makes of `setting`: nobody real, and no day of any calendar."""
        filmed = occurrence.clip != "none"
        rows = (
            People(role="child", part="took part", count=setting.children, self_described_group=setting.children_group),
            People(part="stood by", count=setting.bystanders),
            People(role="officer", part="took part", count=setting.officers),
        )
        return cls(
            identifier="made-up",
            title=setting.title,
            invented=True,
            when=When(hour=occurrence.hour),
            where=Where(place=None if setting.place == "drawn" else setting.place),
            people=tuple(row for row in rows if row.count),
            course=Course.model_validate({"authenticity": occurrence.authenticity or setting.authenticity}),
            clip=Clip.model_validate({"filmed": filmed, "posted": filmed, "posted_by": occurrence.origin or "nobody"}),
            consent=consent,
        )

    def unconfirmed(self) -> tuple[str, ...]:
        """The places of values that no person stands by yet; a record that has any is a draft."""
        return tuple(place for place, source in self.sources.items() if not source.confirmed)

    def summary(self) -> str:
        """One line for people: who, how it came about, filmed or not, consent."""
        who = ", ".join(_counted(row) for row in self.people or ()) or "people unknown"
        how = self.course.authenticity or "not known whether spontaneous"
        return f"{self.title}: {who}; {how}; {self._filmed()}; consent: {self._agreed()}"

    def _filmed(self) -> str:
        if not self.clip.filmed:
            return "not filmed" if self.clip.filmed is False else "not known whether filmed"
        if not self.clip.posted:
            return "filmed, not posted" if self.clip.posted is False else "filmed"
        words = {"outlet": "a news outlet", "resident": "a resident", "police": "the police", None: "somebody"}
        return f"filmed, posted by {words.get(self.clip.posted_by, 'a participant')}"

    def _agreed(self) -> str:
        if self.consent.nobody_real:
            return self.consent.nobody_real
        people = len(self.consent.visible.slots())
        return f"{people} visible, {len({each.slot for each in self.consent.permissions})} asked"


def _counted(row: People) -> str:
    """The row as a person would say it: 8 children, 25 bystanders, 1 officer."""
    one = row.role or "person"
    count = "unknown number of" if row.count is None else str(row.count)
    if row.part == "stood by" and row.role in (None, "adult"):
        return f"{count} bystander{'' if row.count == 1 else 's'}"
    return f"{count} {one if row.count == 1 else PLURAL[one]}{' standing by' if row.part == 'stood by' else ''}"
