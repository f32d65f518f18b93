"""Results that left before these: when, how many people were in them, and what somebody learns who puts two of them beside each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from commonbeat.listen.results.suppression import FEWEST
from commonbeat.storage.tables import log
from commonbeat.workflows.listen_export_log import NOT_EXPORTED
from commonbeat.workflows.listen_traces import WITHDRAWN
from commonbeat.workflows.listen_withdraw import EXPORTED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

RESULTS: Final = "results"
LONGEST_SCOPE: Final = 80  # letters, as the log has it
MOST_DAYS: Final = 3  # named in a sentence


@dataclass(frozen=True, slots=True)
class Release:
    """Results that were left in a folder. day: when. people: exactly how many stood at each stage, () where nobody noted it. withdrawn: how many withdrew since."""

    day: str
    people: tuple[int, ...]
    withdrawn: int


def release_scope(people: Sequence[int]) -> str:
    """What the log keeps of results: how many people stood at each stage, as far as it has room."""
    words = f"{RESULTS} {'/'.join(map(str, people))}"
    return words if len(words) <= LONGEST_SCOPE else words[:LONGEST_SCOPE].rpartition("/")[0]


def earlier_releases(connection: Connection, study: str) -> tuple[Release, ...]:
    """Every earlier folder of results of the study that the log knows of, oldest first."""
    chosen = select(log.c.at, log.c.act, log.c.scope).where(log.c.subject == study).order_by(log.c.number)
    found: list[Release] = []
    last = ""
    for at, act, scope in connection.execute(chosen):
        if act == EXPORTED:
            last = scope.partition(" ")[0]
            if last == RESULTS:
                found.append(Release(at[:10], _people(scope), 0))
        elif act == NOT_EXPORTED and last == RESULTS and found:
            found.pop()
        elif act == WITHDRAWN:
            found = [Release(each.day, each.people, each.withdrawn + 1) for each in found]
    return tuple(found)


def release_cautions(earlier: Sequence[Release], people: Sequence[int], arms: int) -> tuple[str, ...]:
    """What to know before these results are passed on beside earlier ones; () where nothing is to be feared.

    people: at each stage, now. arms: of the study, 0 without: of each arm ten must be new.
    """
    needed = FEWEST * max(1, arms)
    close = [each.day for each in earlier if _few_changed(each, people, needed)]
    left = [each for each in earlier if each.withdrawn]
    found = []
    if close:
        whom = f"{needed} people (ten for each arm, on average)" if arms else "ten people"
        found.append(
            f"Since the results of {_days(close)} fewer than {whom} joined, left or answered a further time. Whoever holds both learns something about "
            "those few, although figures are rounded: pass on only one of the two, and wait for more answers before you pass on another."
        )
    if left:
        most = max(each.withdrawn for each in left)
        who = f"fewer than {FEWEST} people" if most < FEWEST else f"about {10 * round(most / 10):,} people"
        found.append(
            f"Since the results of {_days([each.day for each in left])} {who} withdrew. They are in no figure here, but the earlier results and their data still hold "
            "them: delete those, and ask whoever got them to do so."
        )
    return tuple(found)


def _few_changed(earlier: Release, people: Sequence[int], needed: int) -> bool:
    changed = [abs(now - then) for now, then in zip(people, earlier.people, strict=False)]
    return any(0 < each < needed for each in (*changed, earlier.withdrawn))


def _people(scope: str) -> tuple[int, ...]:
    counts = scope.partition(" ")[2]
    return tuple(int(each) for each in counts.split("/")) if counts else ()


def _days(days: Sequence[str]) -> str:
    """The last few days, newest first, each once."""
    each = list(dict.fromkeys(reversed(days)))
    named = " and ".join(each[:MOST_DAYS])
    return named if len(each) <= MOST_DAYS else f"{named} and {len(each) - MOST_DAYS} earlier days"
