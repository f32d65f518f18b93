"""The draft of an encounter: what the instrument saw of it, for a person to confirm.

Every field that is filled says "instrument" and how far off it may be. What cannot be seen stays unknown: whether somebody
was invited, what they wanted, whether they could leave, who is who, what followed. The instrument never says that nothing
happened: a join that was not seen is unknown, not absent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from commonbeat.record import Clip, Consent, Course, Encounter, Join, People, Source, When
from commonbeat.record.video.instrument.measured import JOINED

if TYPE_CHECKING:
    from commonbeat.record.video.instrument.measured import Measured

TITLE = "An encounter measured in a clip: a draft"
SECONDS_PER_MINUTE = 60.0
MOST_JOINS = 200


def draft_of(measured: Measured, consent: Consent) -> Encounter:
    """The encounter of that consent, as far as the clip shows it."""
    joins, people, minutes = _joins(measured), _people(measured), _minutes(measured)
    filled: dict[str, float | str] = {
        "title": "a title for a person to choose",
        "invented": "the instrument cannot tell; a film of real people is presumed",
        "clip.filmed": "certain: the clip was measured",
        "clip.sha256": "exact: the fingerprint of the file",
    }
    if minutes is not None:
        filled["when.duration_minutes"] = (
            "from the first to the last moment of a group in the picture; it may have begun before the clip and ended after it"
        )
    if people:
        filled["people.1.count"] = _spread(measured)
    for place, each in enumerate(measured.of(JOINED)[: len(joins)], start=1):
        doubt = f"; {each.doubt}" if each.doubt else ""
        filled[f"course.joins.{place}.count"] = f"one track; roles cannot be seen{doubt}"
        filled[f"course.joins.{place}.at_seconds"] = round(each.uncertainty_s, 2)
    return Encounter(
        identifier=consent.encounter,
        title=TITLE,
        invented=False,
        when=When(duration_minutes=minutes),
        people=people or None,
        course=Course(joins=joins or None),
        clip=Clip(filmed=True, sha256=measured.facts.sha256),
        consent=consent,
        sources={
            place: Source(source="instrument", uncertainty=told, confirmed=False) for place, told in filled.items()
        },
    )


def _joins(measured: Measured) -> tuple[Join, ...]:
    return tuple(Join(count=1, at_seconds=round(each.start_s, 2)) for each in measured.of(JOINED)[:MOST_JOINS])


def _people(measured: Measured) -> tuple[People, ...]:
    """As many as were in the picture at one time; tracks would count somebody twice who left and came back."""
    count = most_at_once(measured)
    return (People(count=count),) if count else ()


def most_at_once(measured: Measured) -> int:
    """The most people who were in the picture for five seconds together."""
    known = np.sort(measured.moments.people[np.isfinite(measured.moments.people)])[::-1]
    return round(float(known[min(4, len(known) - 1)])) if len(known) else 0


def _spread(measured: Measured) -> str:
    followed = len(measured.people)
    tracks = "1 track" if followed == 1 else f"{followed} tracks"
    return f"at one time in the picture for five seconds; {tracks} in all, and some people may never be in the picture"


def _minutes(measured: Measured) -> float | None:
    """From the first to the last moment at which people stood together."""
    if not measured.groups:
        return None
    start, end = min(span[0] for span, _ in measured.groups), max(span[1] for span, _ in measured.groups)
    return round((end - start) / SECONDS_PER_MINUTE, 2)
