"""Whether the arms lost different people, and what weakens the answer: by what the page itself shows, so that it says no more than the page does."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

from commonbeat.estimate.attrition.rates import MANY_MISSING, UNEQUAL, wilson_interval
from commonbeat.estimate.scales.build import LOW_RELIABILITY
from commonbeat.listen.results.names import plainly

if TYPE_CHECKING:
    from collections.abc import Iterator

    from commonbeat.report.listening.told import Told

FEWEST_SHARE: Final = 0.8  # who answered; below it, many are missing
SMALL_ARM: Final = 20


class Lost(NamedTuple):
    """How much larger the share who answered a wave is in an arm than in the control arm, with its 95 % interval."""

    wave: str
    arm: str
    difference: float
    low: float
    high: float


def lost_by_arm(told: Told) -> tuple[Lost, ...]:
    """The differences between arms in who answered, wave by wave, where both counts are shown.

    Of the counts as they are told, rounded; the interval is Newcombe's (1998, doi 10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I).
    """
    response, control = told.response, told.control
    grouping = next((each for each in response.groupings if each.name == "arm"), None)
    if grouping is None or not control:
        return ()
    start, found = response.columns[0], []
    for wave in response.columns[1:]:
        other = [response.people(column, grouping, control) for column in (wave, start)]
        for arm in told.treated:
            own = [response.people(column, grouping, arm) for column in (wave, start)]
            if all(own) and all(other):
                found.append(Lost(wave, arm, *_newcombe(own[0] or 0, own[1] or 1, other[0] or 0, other[1] or 1)))
    return tuple(found)


def weaknesses(told: Told, lost: tuple[Lost, ...]) -> tuple[str, ...]:
    """What weakens the answer, from what the page shows; what counts few people stands in the whole estimate."""
    return tuple(_weaknesses(told, lost)) if told.effects else ()


def _weaknesses(told: Told, lost: tuple[Lost, ...]) -> Iterator[str]:
    response = told.response
    shares = [(wave, response.share(wave, response.columns[0])) for wave in response.columns[1:]]
    if missing := [plainly(wave) for wave, share in shares if share is not None and share < FEWEST_SHARE]:
        yield f"{MANY_MISSING.rstrip('.')} in: {', '.join(missing)}."
    if uneven := [f"{plainly(each.arm)} ({plainly(each.wave)})" for each in lost if not each.low <= 0 <= each.high]:
        yield f"{UNEQUAL.rstrip('.')}: {', '.join(uneven)}."
    if any(each.figure.people is not None and each.figure.people < SMALL_ARM for each in told.effects):
        yield f"Some arms have about {SMALL_ARM} people or fewer: their intervals lean on answers that are spread normally."
    scales = {each.scale for each in told.effects}
    weak = {
        row.construct: row.alpha
        for row in told.scores
        if row.scale in scales and row.alpha is not None and row.alpha < LOW_RELIABILITY
    }
    if weak:
        named = ", ".join(f"{name} ({alpha:.2f})" for name, alpha in weak.items())
        yield f"Unreliable scales (alpha), on which effects in SDs are drawn towards zero: {named}."


def _newcombe(own: int, own_of: int, other: int, other_of: int) -> tuple[float, float, float]:
    """(difference of two shares, low, high), by the Wilson intervals of each."""
    first, second = own / own_of, other / other_of
    (low, high), (other_low, other_high) = wilson_interval(own, own_of), wilson_interval(other, other_of)
    apart = first - second
    return (
        apart,
        apart - math.hypot(first - low, other_high - second),
        apart + math.hypot(high - first, second - other_low),
    )
