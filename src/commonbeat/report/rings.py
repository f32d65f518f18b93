"""Section 2, the rings: who was how near to the moment, how many they are, and what it changed in each of them.

The city's mean stands last, because dilution makes it tiny; the people who were there stand first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from commonbeat.report.strip import Row, Ruler, common_ruler

if TYPE_CHECKING:
    from commonbeat.report.arms import ArmStory
    from commonbeat.report.reading import Reading
    from commonbeat.report.spread import Spread


@dataclass(frozen=True, slots=True)
class RingWords:
    """How a ring is called and what it is."""

    key: str
    title: str
    words: str
    unit: str


RINGS = (
    RingWords("present", "Those present", "the children, the people standing by and the officer", "SD"),
    RingWords("told", "Those told", "who heard of it from somebody who was there", "SD"),
    RingWords("watched", "Those who watched", "who saw the clip, in the city or elsewhere", "SD"),
    RingWords("city", "The city", "every resident, nearly all of whom never heard of it", "thousandths"),
)


# title, words, claim, outcome, (ring or "" for a whole group, group)
OTHERS = (
    (
        "Viewers’ prejudice",
        "People who saw the clip; to the left is less prejudice.",
        "C3",
        "prejudice",
        ("watched", "All"),
    ),
    (
        "Prejudice of people present",
        "Grown-ups who stood by; to the left is less prejudice.",
        "C3",
        "prejudice",
        ("present", "All"),
    ),
    (
        "Officers’ prejudice",
        "All officers of the city; to the left is less prejudice.",
        "C3",
        "prejudice",
        ("", "Officers"),
    ),
    (
        "Officers’ regard for residents",
        "All officers; no card measures it, so it is assumed and wide.",
        "C6",
        "regard",
        ("", "Officers"),
    ),
    (
        "Viewers’ demand for reform",
        "More demand is neither good nor bad here; it is watched because trust may rise at its cost.",
        "C15",
        "reform",
        ("watched", "All"),
    ),
)


@dataclass(frozen=True, slots=True)
class RingRow:
    """One arm's line inside a ring."""

    arm: ArmStory
    people: Spread | None
    effect: Spread | None
    harmed: Spread | None


@dataclass(frozen=True, slots=True)
class Ring:
    """One ring with a line for each arm, and the ruler that they share."""

    about: RingWords
    place: int
    rows: tuple[RingRow, ...]
    ruler: Ruler


@dataclass(frozen=True, slots=True)
class GroupRows:
    """One group with its mean effect under every arm."""

    group: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class OutcomeRows:
    """One outcome other than trust: whose it is, and its effect under some arms."""

    title: str
    words: str
    claim: str
    unit: str
    outcome: str
    rows: tuple[Row, ...]
    ruler: Ruler


@dataclass(frozen=True, slots=True)
class Rings:
    """All that section 2 shows."""

    day: int
    arms: tuple[ArmStory, ...]
    rings: tuple[Ring, ...]
    groups: tuple[GroupRows, ...]
    group_ruler: Ruler
    others: tuple[OutcomeRows, ...]


def moments(reading: Reading) -> tuple[ArmStory, ...]:
    """The arms in which the moment happens once, in the order of their reach; any arm where there is none."""
    telling = reading.telling
    found = [telling.unfilmed, telling.resident_clip, telling.outlet_clip, telling.violent]
    arms = tuple(arm for arm in found if arm is not None)
    return arms or (telling.headline,)


def ring_of(reading: Reading, about: RingWords, place: int, arms: tuple[ArmStory, ...]) -> Ring:
    """One ring, told for each of the arms."""
    rows = tuple(
        RingRow(
            arm,
            reading.ring(arm.name, about.key, "people_weighted"),
            reading.ring(arm.name, about.key, "effect"),
            reading.ring(arm.name, about.key, "share_negative"),
        )
        for arm in arms
    )
    ruler = common_ruler([Row(row.arm.title, row.effect) for row in rows], about.unit)
    return Ring(about, place, rows, ruler)


def by_group(reading: Reading) -> tuple[tuple[GroupRows, ...], Ruler]:
    """The mean effect on each group of residents under every arm, worst-off group first, on one ruler."""
    groups = tuple(
        GroupRows(group, tuple(Row(arm.title, reading.last(arm.name, group)) for arm in reading.telling.compared))
        for group in reading.groups
    )
    return groups, common_ruler([row for group in groups for row in group.rows], "thousandths")


def outcome_rows(
    reading: Reading, title: str, words: str, claim: str, outcome: str, place: tuple[str, str]
) -> OutcomeRows | None:
    """The effect on another outcome, per person, in a ring (ring, group) or among a whole group ("", group)."""
    ring, group = place
    rows = []
    for arm in moments(reading):
        spread = (
            reading.ring(arm.name, ring, "effect", outcome, group) if ring else reading.last(arm.name, group, outcome)
        )
        rows.append(Row(arm.title, spread))
    if all(row.spread is None for row in rows):
        return None
    unit = "SD" if ring else "thousandths"
    return OutcomeRows(title, words, claim, unit, outcome, tuple(rows), common_ruler(rows, unit))


def other_outcomes(reading: Reading) -> tuple[OutcomeRows, ...]:
    """Claim 3 asks for prejudice, not only trust: viewers' and officers' own outcomes, and those of people present."""
    found = (outcome_rows(reading, *one) for one in OTHERS)
    return tuple(rows for rows in found if rows is not None)


def rings(reading: Reading) -> Rings:
    """Section 2 stands ready for its template."""
    arms = moments(reading)
    groups, ruler = by_group(reading)
    return Rings(
        day=reading.ring_day,
        arms=arms,
        rings=tuple(ring_of(reading, about, place, arms) for place, about in enumerate(RINGS)),
        groups=groups,
        group_ruler=ruler,
        others=other_outcomes(reading),
    )
