"""The study: who is asked what, when and by whom, as its TOML declares it, frozen and strict."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, PrivateAttr

from commonbeat.listen.study.parts import Arm, Assignment, Checks, Wave
from commonbeat.listen.study.words import (
    Audience,
    Design,
    FileName,
    Language,
    LongTexts,
    ShortTexts,
    Word,
)
from commonbeat.record.words import Collector, Identifier, ShortText
from commonbeat.scenario.strict import StrictModel


class StudyDesign(StrictModel):
    """A study that asks people: those present at an encounter, residents around it, or viewers of its clip."""

    format: Literal[1]
    """1, the version of this file's form."""
    identifier: Identifier
    """A word for the study, used in addresses and tables."""
    title: ShortTexts
    """What respondents read above every page, by language."""
    invented: bool = False
    """Whether it is an example about something that never happened."""
    languages: Annotated[tuple[Language, ...], Field(min_length=1, max_length=20)]
    """The languages in which people may answer; the first is offered first."""
    design: Design
    """present: those who were there; residents: people of the place, asked again and again; viewers: drawn to one of the arms."""
    audience: Annotated[tuple[Audience, ...], Field(min_length=1)]
    """Who answers: adults, children, officers."""
    encounter: Identifier | None = None
    """The record of the encounter that the study is about."""
    organisation: ShortText
    """Who asks, as respondents read it."""
    collected_by: Collector
    """What kind of body asks; an officer may not ask children."""
    contact: ShortText
    """How respondents reach a person who answers for the study: a telephone number, an address, a mailbox."""
    purpose: LongTexts
    """What the study is for, by language; it stands on the page of consent."""
    compensation: LongTexts = Field(default_factory=dict)
    """What people get for answering, by language; left out, nothing."""
    starts_on: dt.date
    """The first day on which somebody may answer."""
    closes_on: dt.date
    """The last day on which somebody may answer."""
    kept_until: dt.date
    """The day by which the answers are deleted."""
    day_zero: dt.date | None = None
    """The day from which waves are counted, such as that of the encounter; left out, the first day. Viewers count from their own first day."""
    seed: Annotated[int, Field(ge=0, lt=2**63)]
    """Where the luck of orders starts; arms also depend on a secret that the store draws."""
    scales: tuple[Word, ...] = ()
    """What is asked, in order; a wave may have its own."""
    waves: Annotated[tuple[Wave, ...], Field(min_length=1, max_length=20)]
    """When people are asked."""
    arms: Annotated[tuple[Arm, ...], Field(max_length=20)] = ()
    """What viewers are shown; none in other designs."""
    assignment: Assignment | None = None
    """How viewers come to their arms."""
    checks: Checks = Checks()
    """Whether somebody read and watched."""
    own_items: FileName | None = None
    """A file with items of the team's own: a path from the folder of this file."""
    items_per_page: Annotated[int, Field(ge=1, le=8)] = 6
    """The most questions on one page."""
    rotate_items: bool = False
    """Whether each respondent meets the items of a scale beginning at another one."""
    debriefing: LongTexts = Field(default_factory=dict)
    """What respondents are told at the end, by language; needed where arms differ."""
    debriefing_for_children: LongTexts = Field(default_factory=dict)
    """The same in words for children; left out, they read a plain sentence in place of what adults are told."""
    contact_data: bool = False
    """Whether people may leave a way to reach them; it is kept apart, encrypted, and never exported."""

    _folder: str | None = PrivateAttr(default=None)

    @property
    def folder(self) -> Path | None:
        """The folder from which paths are meant; None where the study came without one."""
        return None if self._folder is None else Path(self._folder)

    def within(self, folder: Path | None) -> StudyDesign:
        """The same study, whose paths are meant from `folder`."""
        made = self.model_copy()
        made._folder = None if folder is None else str(folder)  # noqa: SLF001 - our own copy
        return made

    def document(self) -> dict[str, Any]:
        """The study as JSON knows it, with its folder; `study_from` reads it back."""
        written = self.model_dump(mode="json", exclude_none=True)
        return written if self._folder is None else {**written, "folder": self._folder}

    def fingerprint(self) -> str:
        """64 hexadecimal digits that change with anything in the study's file, and not with where it lies."""
        written = self.model_dump(mode="json", exclude_none=True)
        if not self.debriefing_for_children:  # a study that was opened before there was such a key is still the same
            del written["debriefing_for_children"]
        return hashlib.sha256(json.dumps(written, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    def wave(self, name: str) -> Wave:
        """The wave of that name; KeyError if there is none."""
        return {each.name: each for each in self.waves}[name]

    @property
    def wave_names(self) -> tuple[str, ...]:
        """The names of the waves in order."""
        return tuple(each.name for each in self.waves)

    def arm(self, name: str) -> Arm:
        """The arm of that name; KeyError if there is none."""
        return {each.name: each for each in self.arms}[name]

    def scales_of(self, wave: str) -> tuple[str, ...]:
        """The scales of a wave in the order in which they are asked, without checks and what is asked before arms are drawn."""
        return self.wave(wave).scales or self.scales

    @property
    def asked_before(self) -> tuple[str, ...]:
        """The scales that are asked before an arm is drawn."""
        return self.assignment.ask_before if self.assignment else ()

    def attention_of(self, wave: str) -> str | None:
        """The attention check of a wave, if it has one."""
        return self.checks.attention if wave == self.waves[0].name else self.checks.attention_later

    @property
    def block_sizes(self) -> tuple[int, ...]:
        """The sizes of blocks, as written or as they follow from the shares."""
        if self.assignment and self.assignment.block_sizes:
            return self.assignment.block_sizes
        total = sum(arm.share for arm in self.arms)
        return (total, 2 * total, 3 * total)
