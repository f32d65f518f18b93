"""What the page of a study shows while people answer: how far they came, and when, without counts that may not be told."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from commonbeat.web.listen.saying import day_in_words, spoken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commonbeat.workflows.listen_status import StudyStatus

MOST_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a chart. count: None where it is not told; share: of the longest bar, in hundredths, 0 where there is none."""

    label: str
    count: int | None
    share: float


def how_far(goes: StudyStatus) -> tuple[Bar, ...]:
    """How many were invited or came, agreed, and began and finished each wave."""
    counts = [("Invited or came", goes.people), ("Agreed to take part", goes.agreed)]
    for wave in goes.waves:
        name = f": {spoken(wave.wave)}" if len(goes.waves) > 1 else ""
        counts += [(f"Began{name}", wave.begun), (f"Finished{name}", wave.finished)]
    return _bars(counts)


def by_day(goes: StudyStatus) -> tuple[Bar, ...]:
    """How many finished on each of the last days, those on which nobody did among them."""
    known = {dt.date.fromisoformat(str(day)): count for day, count in goes.by_day.items()}
    if not known:
        return ()
    last = max(known)
    first = max(min(known), last - dt.timedelta(days=MOST_DAYS - 1))
    days = [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]
    return _bars([(day_in_words(day), known.get(day, 0)) for day in days])


def _bars(counts: Sequence[tuple[str, int | None]]) -> tuple[Bar, ...]:
    longest = max((count or 0 for _, count in counts), default=0)
    return tuple(
        Bar(label, count, round(100 * (count or 0) / longest, 1) if longest else 0.0) for label, count in counts
    )
