"""The parts of an encounter: when, where, who, how it went, how it felt, what followed, and who filmed it.

None, written "unknown" in files, stands for whatever nobody knows. It is never guessed. An empty list says that there
was nothing of the kind; an unknown one says that nobody looked.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from commonbeat.record.words import (
    Aftermath,
    Beginning,
    Collector,
    Judge,
    LongText,
    Origin,
    Poster,
    Role,
    Setting,
    ShortText,
    Who,
)
from commonbeat.scenario.event import Authenticity, Hour
from commonbeat.scenario.strict import StrictModel


class When(StrictModel):
    """The time of an encounter."""

    date: dt.date | None = None
    """The day, such as 2026-06-13."""
    hour: Hour | None = None
    """Hour of the day, 0 to 23."""
    duration_minutes: Annotated[float, Field(ge=0, le=1440)] | None = None
    """From the moment at which they came together to the moment at which they parted, in minutes."""


class Where(StrictModel):
    """The place of an encounter."""

    place: ShortText | None = None
    """A place of the society, such as a neighbourhood; never a person's home address."""
    setting: Setting | None = None
    """What sort of place it is."""


class People(StrictModel):
    """How many people of one role were there; rows of the same role are different people."""

    role: Role | None = None
    """Officer, child or adult."""
    part: Literal["took part", "stood by"] | None = None
    """Whether they took part or stood by and saw it."""
    count: Annotated[int, Field(ge=0, le=100_000)] | None = None
    """How many they were."""
    self_described_group: ShortText | None = None
    """The group they belong to, only as they describe themselves. Unknown unless they said so."""


class Join(StrictModel):
    """Somebody joined somebody."""

    who: Who | None = None
    """Who joined."""
    whom: Who | None = None
    """Whom they joined."""
    count: Annotated[int, Field(ge=1, le=100_000)] | None = None
    """How many joined."""
    at_seconds: Annotated[float, Field(ge=0, le=86_400)] | None = None
    """When, in seconds from the beginning of the encounter or its clip."""


class Course(StrictModel):
    """How it came about and how it went."""

    authenticity: Authenticity | None = None
    """Spontaneous, planned (nobody hides it) or staged (made for the camera)."""
    began_as: Beginning | None = None
    """What it began as: a meeting, a call for help, a stop, a search, an event, a visit."""
    came_closer: Who | None = None
    """Who came closer first."""
    joins: tuple[Join, ...] | None = None
    """Who joined whom, one row each."""
    invited: bool | None = None
    """Whether those who were joined had invited those who came."""
    intent_stated: bool | None = None
    """Whether those who came said what they wanted."""
    could_leave: bool | None = None
    """Whether those who were joined could leave, and knew it."""
    activity: ShortText | None = None
    """What they did together."""
    led_by: Who | None = None
    """Who led it."""
    cultural_form: ShortText | None = None
    """The dance, game, song or other form, by its own name."""
    cultural_form_of: Who | None = None
    """Whose form it was."""
    cultural_form_credited: bool | None = None
    """Whether it was said, there or in the post, whose form it was."""


class Acquaintance(StrictModel):
    """Pairs of people who became acquainted, counted and not named."""

    role: Role | None = None
    """The role on one side."""
    with_role: Role | None = None
    """The role on the other side."""
    pairs: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    """How many pairs knew each other afterwards who had not before."""


class Rating(StrictModel):
    """The tone of the encounter as one set of people judged it, on their own scale; high is good."""

    judged_by: Judge | None = None
    """Whose judgement it is: that of children, adults or officers who were there, or of coders who were not."""
    scale_low: float
    """The worst answer that the scale allows."""
    scale_high: float
    """The best answer that the scale allows."""
    neutral: float
    """The answer that stands for neither good nor bad."""
    mean: float
    """The mean answer."""
    sd: Annotated[float, Field(ge=0)] | None = None
    """The standard deviation of the answers."""
    n: Annotated[int, Field(ge=1, le=1_000_000)]
    """How many people answered."""
    collected_by: Collector | None = None
    """Who asked them. An officer may not ask children."""


class Tone(StrictModel):
    """How the encounter felt: two views that are kept apart and never averaged in a record."""

    by_those_present: tuple[Rating, ...] | None = None
    """As those who were there judged it."""
    by_coders: tuple[Rating, ...] | None = None
    """As coders judged it who watched or read of it."""


class After(StrictModel):
    """What followed."""

    followed: tuple[Aftermath, ...] | None = None
    """What followed, in words of this list; "nothing" where somebody looked and nothing did."""
    note: LongText | None = None
    """What followed, in plain words, without names."""
    acquaintances: tuple[Acquaintance, ...] | None = None
    """Who became acquainted, in pairs."""


class Clip(StrictModel):
    """Whether it was filmed and posted, and by whom."""

    filmed: bool | None = None
    """Whether somebody filmed it."""
    filmed_by: Poster | None = None
    """Who filmed it."""
    posted: bool | None = None
    """Whether a clip of it was posted."""
    posted_by: Poster | None = None
    """Who posted it first; "nobody" where it was not posted."""
    posted_on: dt.date | None = None
    """The day on which it was posted."""
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    """The fingerprint of the clip's file, so that a measurement can be matched to it."""


class Source(StrictModel):
    """Where the value of one field comes from."""

    source: Origin
    """The instrument, a person who fills the form, a coder, or answers of people who were asked."""
    uncertainty: ShortText | float | None = None
    """How far off it may be: a number in the field's own unit (90 % within it), or words."""
    confirmed: bool
    """Whether a person looked at it and stands by it."""
