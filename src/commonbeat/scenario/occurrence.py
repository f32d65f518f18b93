"""What a scenario makes happen, one dated thing at a time."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Occurrence:
    """One thing that happens on one day of one arm; occurrences sort by day, hour and ordinal.

    `ordinal` is the same in every arm that has the same thing on the same day, so that luck addressed by it (who
    takes part, how far its clip goes) is shared between arms. `origin` is "" when nothing is posted.
    """

    day: int
    hour: int
    ordinal: str
    kind: str
    encounter: str = ""
    authenticity: str = ""
    clip: str = "none"
    origin: str = ""
    place: str = "drawn"
    group: str = ""
