"""How the page of a clip names times, people and pairs, and which of them it has room for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commonbeat.record.video.instrument.measured import CLOSER, CUT, JOINED, LEFT, SWAP, UNSTEADY

if TYPE_CHECKING:
    from commonbeat.record.video.instrument.measured import Chance, Happening, Measured, Pair, Person

MOST_PEOPLE, MOST_PAIRS = 8, 6  # on one page; the tables hold all
HOUR_S, MINUTE_S = 3600, 60


def clock(seconds: float) -> str:
    """A time of the clip as people read it: 0:07, 12:30 or 1:02:03."""
    whole = round(seconds)
    hours, minutes, rest = whole // HOUR_S, whole % HOUR_S // MINUTE_S, whole % MINUTE_S
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def named(pair: Pair) -> str:
    """A pair by its numbers, on one line."""
    return f"{pair.first}\N{NO-BREAK SPACE}and\N{NO-BREAK SPACE}{pair.second}"


def people_shown(measured: Measured) -> tuple[Person, ...]:
    """The people with the longest tracks, in order of number, as many as the page has room for."""
    longest = sorted(measured.people, key=lambda each: (each.first_s - each.last_s, each.number))[:MOST_PEOPLE]
    return tuple(sorted(longest, key=lambda each: each.number))


def pairs_shown(measured: Measured) -> tuple[Pair, ...]:
    """The pairs that were together longest, as many as the page has room for.

    They are chosen by how long they could be compared, never by how high they came out: choosing the highest of many would
    show chance.
    """
    return tuple(
        sorted(measured.pairs, key=lambda each: (-each.joint_s, -each.both_s, each.first, each.second))[:MOST_PAIRS]
    )


def happenings_shown(measured: Measured, most: int) -> tuple[Happening, ...]:
    """So many of the things that happened, joins and leaves before others, in order of time."""
    order = (JOINED, LEFT, CUT, CLOSER, SWAP, UNSTEADY)
    first = sorted(measured.happenings, key=lambda each: (order.index(each.kind), each.start_s))[:most]
    return tuple(sorted(first, key=lambda each: (each.start_s, each.kind, each.people)))


def decimal(value: float, places: int = 2) -> str:
    """A number with a true minus."""
    return f"{value:.{places}f}".replace("-", "−")


def beside_null(chance: Chance) -> str:
    """A value with its null."""
    return f"{decimal(chance.value)} (null {decimal(chance.low)} to {decimal(chance.high)})"


def share(value: float) -> str:
    """A share in percent."""
    return f"{100 * value:.0f}\N{NARROW NO-BREAK SPACE}%"
