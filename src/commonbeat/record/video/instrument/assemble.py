"""From tracks, sound and looks to everything that is said of the clip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from commonbeat.record.video.instrument.asked import FRAMES_PX
from commonbeat.record.video.instrument.happened import happenings_of
from commonbeat.record.video.instrument.measured import SWAP, Measured
from commonbeat.record.video.instrument.pairs import paired
from commonbeat.record.video.instrument.standing import moments_of, people_of, positions_of
from commonbeat.record.video.instrument.watch import analysed_size
from commonbeat.record.video.space.approach import all_approaches
from commonbeat.record.video.space.groups import groups_over_time
from commonbeat.record.video.space.links import links
from commonbeat.record.video.space.places import places_of

if TYPE_CHECKING:
    from commonbeat.record.video.instrument.asked import Asked
    from commonbeat.record.video.instrument.measured import KeyFrame, Pair, Person, Smiling, Span
    from commonbeat.record.video.instrument.rhythm import Rhythms
    from commonbeat.record.video.observed import ClipFacts, Tracks

LOW_COVERAGE: Final = 0.8
SMALL_PX: Final = 60.0


@dataclass(frozen=True, slots=True)
class Looks:
    """What was seen besides people's places: smiling of everybody, and pictures or why there are none."""

    smiling: Smiling
    pictures: tuple[KeyFrame, ...]
    pictures_why_not: str


def assembled(facts: ClipFacts, asked: Asked, span: Span, tracks: Tracks, rhythms: Rhythms, looks: Looks) -> Measured:
    """Everything that is said of the clip."""
    places = places_of(tracks)
    people = people_of(tracks)
    groups = groups_over_time(places, tracks.times)
    pairs = paired(tracks, places, links(places, tracks.times), rhythms.pairs)
    seconds = max(span[1] - span[0], 1e-9)
    measured = Measured(
        facts=facts,
        span=span,
        rate=len(tracks.times) / seconds,
        frames=len(tracks.times),
        people=people,
        pairs=pairs,
        happenings=happenings_of(tracks, groups, all_approaches(places, tracks.times)),
        groups=tuple(((each.start_s, each.end_s), each.members) for each in groups.groups),
        measures=rhythms.measures,
        beat=rhythms.beat,
        positions=positions_of(tracks, places),
        moments=moments_of(tracks, span, asked.rate),
        sound=rhythms.sound,
        smiling=looks.smiling,
        key_frames=looks.pictures,
        pictures_why_not=looks.pictures_why_not,
        not_measured=_not_measured(pairs, rhythms, looks),
        cautions=(),
    )
    return _cautioned(measured, asked, tracks)


def _not_measured(pairs: tuple[Pair, ...], rhythms: Rhythms, looks: Looks) -> tuple[tuple[str, str], ...]:
    found = [(each.name, each.why_not) for each in (*rhythms.measures, rhythms.beat) if each.chance is None]
    if looks.smiling.share is None:
        found.append(("visible smiling", looks.smiling.why_not))
    if rhythms.sound is None:
        found.append(("the sound", rhythms.sound_why_not))
    found += [
        (f"{each.first} and {each.second} moving together", each.why_not) for each in pairs if each.together is None
    ]
    return tuple(found)


def _cautioned(measured: Measured, asked: Asked, tracks: Tracks) -> Measured:
    """The same with what a reader should keep in mind."""
    from dataclasses import replace

    told = [_coverage(each) for each in measured.people if each.coverage < LOW_COVERAGE]
    swaps = len(measured.of(SWAP))
    if swaps:
        times = "once" if swaps == 1 else f"{swaps} times"
        told.insert(
            0, f"Two people may have changed places {times}: what is said of them after that may be said of the other."
        )
    crowd = int(np.max(measured.moments.people, initial=0, where=np.isfinite(measured.moments.people)))
    if crowd >= asked.people:
        told.insert(
            0,
            f"At least {asked.people} people were found at once, which is the most that was asked for: --people 20 may find more.",
        )
    told += _small(measured, asked)
    if measured.people and not np.isfinite(measured.moments.energy).any():
        told.append(
            "Movement of all together is told only where two people and more are followed and the camera's motion is known."
        )
    if tracks.left_out:
        poses = "1 pose" if tracks.left_out == 1 else f"{tracks.left_out} poses"
        told.append(f"Left out: {poses} of nobody who was seen for a third of a second.")
    return replace(measured, cautions=tuple(told))


def _small(measured: Measured, asked: Asked) -> list[str]:
    """That people are small in the frame that the pose model sees, where they are."""
    heights = [each.height_px for each in measured.people if each.height_px == each.height_px]
    if not heights:
        return []
    shorter = min(analysed_size(measured.facts.width, measured.facts.height))
    high = float(np.median(heights)) * asked.frame_px / shorter
    if high >= SMALL_PX:
        return []
    way_out = f": --frame {FRAMES_PX[-1]} may find more" if asked.frame_px < FRAMES_PX[-1] else ""
    small = f"People stand {high:.0f} pixels high in the frame that the pose model sees"
    return [f"{small}, and below {SMALL_PX:.0f} many are missed or turned round{way_out}."]


def _coverage(person: Person) -> str:
    return f"Person {person.number} was found in {person.coverage:.0%} of their frames."
