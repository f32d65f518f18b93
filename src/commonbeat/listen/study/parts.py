"""The parts of a study's file: what is shown to whom, how that is drawn, when people are asked, and what checks them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from commonbeat.listen.study.words import FileName, LongTexts, MaterialKind, Name, Word
from commonbeat.scenario.strict import StrictModel


class Arm(StrictModel):
    """One version of what viewers are shown before they are asked."""

    name: Name
    """Short name, used in tables; respondents never see it."""
    kind: MaterialKind
    """clip: a film; control_clip: a film of something else; clip_with_record: a film and the department's record in words; text: the story in words."""
    share: Annotated[int, Field(ge=1, le=20)] = 1
    """How many of a block go to this arm, beside the shares of the others."""
    clip: FileName | None = None
    """The film: a path from the folder of this file, best to an obscured copy. Every kind but text needs it before the study opens."""
    picture: FileName | None = None
    """A picture as PNG, JPEG or WebP: what stands in the film's place until somebody starts it, or, in an arm of kind text, above the words."""
    captions: dict[str, FileName] = Field(default_factory=dict)
    """What is said in the film, as WebVTT files by language."""
    description: LongTexts = Field(default_factory=dict)
    """What is seen and heard in the film, or seen in the picture, by language, for those who cannot see or hear it."""
    text: LongTexts = Field(default_factory=dict)
    """What is shown in words, by language: the story where the kind is text, the record where it is clip_with_record."""


class Assignment(StrictModel):
    """How viewers come to their arms: in permuted blocks of random sizes, within strata."""

    ask_before: tuple[Word, ...] = ()
    """Scales that are asked before an arm is drawn, in this order."""
    block_by: tuple[Word, ...] = ()
    """Items among them whose answers make the strata."""
    block_sizes: Annotated[tuple[Annotated[int, Field(ge=1, le=200)], ...], Field(max_length=8)] = ()
    """Sizes of which each block has one, by chance; multiples of the sum of shares. Left out: one, two and three times that sum."""


class Wave(StrictModel):
    """One time at which people are asked."""

    name: Name
    """Short name, used in tables."""
    day: Annotated[int, Field(ge=-365, le=3650)]
    """The first day of the wave, counted from the study's day zero; viewers count from the day on which they began."""
    window_days: Annotated[int, Field(ge=1, le=3650)]
    """How many days the wave stays open, the first one included."""
    scales: tuple[Word, ...] = ()
    """What is asked in this wave, in order; left out, the study's scales."""


class Checks(StrictModel):
    """Scales that tell whether somebody read and watched."""

    attention: Word | None = None
    """Asked in the middle of the questions of the first wave."""
    attention_later: Word | None = None
    """Asked there in later waves; left out, none is."""
    manipulation: Word | None = None
    """Asked after the questions that follow the material."""
