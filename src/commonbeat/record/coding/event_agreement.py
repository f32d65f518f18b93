"""How far two coders agree on what happened when: mark by mark, and time unit by time unit.

Mark by mark, a mark of one coder has a partner of the other within the tolerance or has none. Per code: found by both, by the first only, by the second
only, and

    shared = 2 * both / (2 * both + first only + second only)

Over all codes, kappa of the table of partners with a row and a column "nothing" for marks that stayed alone. Nobody can count moments in which neither
coder marked anything, so that one cell is empty by design and the agreement expected by chance comes from a table with the same margins and the same
empty cell (iterative proportional fitting). Source: Bakeman, Quera and Gnisci (2009).
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from commonbeat.record.coding.event_match import Match, matched
from commonbeat.record.coding.time_units import TimeUnits, time_units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from commonbeat.record.coding.event import CodedEvent, CodedFile

NOTHING: Final = "nothing"
ROUNDS: Final = 1000
MISSED: Final = 5  # so many marks of one coder after the last of the other look like a coding that was not finished


class CodeMatches(NamedTuple):
    """One label's marks. lag_s: by how much later the second coder marks on average; NaN without a pair."""

    label: str
    both: int
    first_only: int
    second_only: int
    shared: float
    lag_s: float


class Difference(NamedTuple):
    """One place where two coders differ: "" for who marked nothing."""

    clip: str
    start_s: float
    end_s: float
    first: str
    second: str
    subject: str


@dataclass(frozen=True, slots=True)
class EventAgreement:
    """Two coders on the clips that both observed. kappa: mark by mark over all labels; units: time unit by time unit, by code."""

    first: str
    second: str
    clips: tuple[str, ...]
    tolerance_s: float
    kappa: float
    codes: tuple[CodeMatches, ...]
    units: tuple[TimeUnits, ...]
    differences: tuple[Difference, ...]
    warnings: tuple[str, ...]


def event_agreements(files: Sequence[CodedFile], tolerance_s: float, unit_s: float) -> tuple[EventAgreement, ...]:
    """One agreement for each pair of coders who observed a clip in common, in the order of their names."""
    events = [event for file in files for event in file.events]
    lengths = {clip: length for file in files for clip, length in file.length_s.items()}
    watched: dict[str, set[str]] = {}
    for clip, coder in itertools.chain.from_iterable(file.observed for file in files):
        watched.setdefault(coder, set()).add(clip)
    pairs = []
    for one, two in itertools.combinations(sorted(watched), 2):
        clips = tuple(sorted(watched[one] & watched[two]))
        if clips:
            sides = tuple(
                [event for event in events if event.coder == who and event.clip in clips] for who in (one, two)
            )
            pairs.append(_agreement((one, two), sides, clips, (tolerance_s, unit_s), lengths))
    return tuple(pairs)


def _agreement(
    names: tuple[str, str],
    sides: tuple[list[CodedEvent], ...],
    clips: tuple[str, ...],
    settings: tuple[float, float],
    lengths: dict[str, float],
) -> EventAgreement:
    tolerance_s, unit_s = settings
    pairs = [pair for clip in clips for pair in _pairs(sides, clip, tolerance_s)]
    units, warnings = time_units(sides, clips, lengths, unit_s)
    warnings = (*_stopped(names, sides, clips, tolerance_s), *warnings)
    if len(pairs) < 30:
        warnings = (f"Only {len(pairs)} marks or pairs of marks: these figures are rough.", *warnings)
    return EventAgreement(
        first=names[0],
        second=names[1],
        clips=clips,
        tolerance_s=tolerance_s,
        kappa=event_kappa(pairs),
        codes=tuple(_by_code(pairs)),
        units=units,
        differences=tuple(_differences(pairs)),
        warnings=warnings,
    )


def _stopped(
    names: tuple[str, str], sides: tuple[list[CodedEvent], ...], clips: Sequence[str], tolerance_s: float
) -> list[str]:
    """A sentence for each clip on which one coder goes on marking long after the other's last mark."""
    said = []
    for clip, (who, other) in itertools.product(clips, ((0, 1), (1, 0))):
        last_s = max((event.end_s for event in sides[who] if event.clip == clip), default=0.0)
        after = sum(event.clip == clip and event.start_s > last_s + tolerance_s for event in sides[other])
        if after >= MISSED:
            said.append(
                f"{names[who]} marks nothing in {clip} after {last_s:g} s, where {names[other]} marks {after} times. If {names[who]} stopped there, "
                "these are no disagreements: compare up to that time only."
            )
    return said


def _pairs(sides: tuple[list[CodedEvent], ...], clip: str, tolerance_s: float) -> list[Match]:
    """The pairs of one clip, subject by subject where both coders name subjects."""
    here = [[event for event in side if event.clip == clip] for side in sides]
    told = all(any(event.subject for event in side) for side in here)
    subjects = sorted({event.subject if told else "" for side in here for event in side})
    pairs = []
    for subject in subjects:
        one, two = ([event for event in side if not told or event.subject == subject] for side in here)
        pairs += matched(one, two, tolerance_s)
    return pairs


def _by_code(pairs: Sequence[Match]) -> list[CodeMatches]:
    both, lags = Counter(), {}
    first, second = Counter(), Counter()
    for pair in pairs:
        if pair.first is not None and pair.second is not None and pair.agrees:
            both[pair.first.label] += 1
            lags.setdefault(pair.first.label, []).append(pair.second.start_s - pair.first.start_s)
            continue
        if pair.first is not None:
            first[pair.first.label] += 1
        if pair.second is not None:
            second[pair.second.label] += 1
    labels = sorted({*both, *first, *second})
    return [
        CodeMatches(
            label,
            both[label],
            first[label],
            second[label],
            2 * both[label] / (2 * both[label] + first[label] + second[label]),
            float(np.mean(lags[label])) if label in lags else math.nan,
        )
        for label in labels
    ]


def _differences(pairs: Sequence[Match]) -> list[Difference]:
    found = []
    for pair in pairs:
        known = pair.first or pair.second
        if pair.agrees or known is None:
            continue
        there = [each for each in (pair.first, pair.second) if each is not None]
        end_s = max(each.end_s for each in there)
        labels = ["" if each is None else each.label for each in (pair.first, pair.second)]
        found.append(Difference(known.clip, pair.start_s, end_s, labels[0], labels[1], known.subject))
    return sorted(found)


def event_kappa(pairs: Sequence[Match]) -> float:
    """Kappa of all labels and "nothing"; NaN where there is no mark or only one label and no failure."""
    labels = sorted({each.label for pair in pairs for each in (pair.first, pair.second) if each is not None})
    place = {label: index for index, label in enumerate([*labels, NOTHING])}
    table = np.zeros((len(place), len(place)))
    for pair in pairs:
        row, column = (NOTHING if each is None else each.label for each in (pair.first, pair.second))
        table[place[row], place[column]] += 1
    return kappa_without_nothing(table)


def kappa_without_nothing(table: NDArray[np.float64]) -> float:
    """Kappa of a table whose last cell, nothing and nothing, is empty by design."""
    total = table.sum()
    if total == 0:
        return math.nan
    expected = np.ones_like(table)
    expected[-1, -1] = 0.0
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    for _ in range(ROUNDS):
        expected *= _ratio(rows, expected.sum(axis=1))[:, None]
        expected *= _ratio(columns, expected.sum(axis=0))
        if np.abs(expected.sum(axis=1) - rows).max() < 1e-10 * total:
            break
    chance = np.trace(expected) / total
    return float((np.trace(table) / total - chance) / (1 - chance)) if chance < 1 - 1e-12 else math.nan


def _ratio(wanted: NDArray[np.float64], there: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.divide(wanted, there, out=np.zeros_like(wanted), where=there > 0)
