"""Section 2, the rings: who was how near to the moment, how many they are, and what it changed in each of them.

The city's mean stands last, because dilution makes it tiny; the people who were there stand first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from commonbeat.report.strip import Row, Ruler, as_printed, common_ruler, same, together
from commonbeat.results.columns import ALL_RESIDENTS, EVERYBODY

if TYPE_CHECKING:
    from commonbeat.report.arms import ArmStory
    from commonbeat.report.reading import Held, Reading
    from commonbeat.report.spread import Spread


@dataclass(frozen=True, slots=True)
class RingWords:
    """How a ring is called and what it is."""

    key: str
    title: str
    words: str
    unit: str


RINGS = (
    RingWords(
        "present",
        "Those present",
        "the children and the people standing by; the officer was there too, but officers answer other questions, and are "
        "told further down",
        "thousandths",
    ),
    RingWords("told", "Those told", "who heard of it from somebody who was there", "thousandths"),
    RingWords("watched", "Those who watched", "who saw the clip, in the city or elsewhere", "thousandths"),
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
        "All officers; no card measures it, so it is assumed and wide, and says nothing of respect.",
        "C3",
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


ALIKE = "The same with or without a clip"


@dataclass(frozen=True, slots=True)
class RingRow:
    """One arm's line inside a ring."""

    arm: ArmStory
    held: Held
    effect: Spread | None

    @property
    def printed(self) -> tuple[object, ...]:
        """What a reader sees of the row but the arm's name."""
        held = self.held
        harmed = f"{held.harmed:.2f}" if held.is_told and held.harmed is not None else ""
        return as_printed(self.effect, "thousandths"), as_printed(held.people, "people"), held.words, harmed


def lines_of(rows: tuple[RingRow, ...]) -> tuple[tuple[str, RingRow], ...]:
    """The rows as they are printed: arms between which nothing differs share one line."""
    titles = [row.arm.title for row in rows]
    return tuple((label, rows[place]) for label, place in same(titles, [row.printed for row in rows], ALIKE))


@dataclass(frozen=True, slots=True)
class RingGroup:
    """One group's lines inside a ring: an arm in which the group is too few to be told has none."""

    group: str
    rows: tuple[RingRow, ...]

    @property
    def lines(self) -> tuple[tuple[str, RingRow], ...]:
        """The rows, alike ones as one."""
        return lines_of(self.rows)


@dataclass(frozen=True, slots=True)
class Ring:
    """One ring with a line for each arm, the same by group, and the ruler that all share."""

    about: RingWords
    place: int
    rows: tuple[RingRow, ...]
    groups: tuple[RingGroup, ...]
    left_out: str
    ruler: Ruler

    @property
    def lines(self) -> tuple[tuple[str, RingRow], ...]:
        """The rows, alike ones as one."""
        return lines_of(self.rows)


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
    source: str
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


def ring_row(reading: Reading, arm: ArmStory, ring: str, group: str = EVERYBODY) -> RingRow:
    """One arm's people and effect in a ring."""
    return RingRow(arm, reading.held(arm.name, ring, group=group), reading.ring(arm.name, ring, "effect", group=group))


def ring_groups(reading: Reading, ring: str, arms: tuple[ArmStory, ...]) -> tuple[tuple[RingGroup, ...], str]:
    """The groups inside a ring, worst-off first, and in words those that are too few in an arm to be told."""
    groups, few = [], []
    for group in (*(group for group in reading.groups if group != ALL_RESIDENTS), "Elsewhere"):
        rows = [row for arm in arms if (row := ring_row(reading, arm, ring, group)).effect is not None]
        told = tuple(row for row in rows if row.held.is_told)
        if told:
            groups.append(RingGroup(group, told))
            few += [f"{group} in “{row.arm.title}”" for row in rows if not row.held.is_told]
        elif rows:
            few.append(group)
    return tuple(groups), "; ".join(few)


def ring_of(reading: Reading, about: RingWords, place: int, arms: tuple[ArmStory, ...]) -> Ring:
    """One ring, told for each of the arms and by group."""
    rows = tuple(ring_row(reading, arm, about.key) for arm in arms)
    groups, left_out = ring_groups(reading, about.key, arms)
    lines = [*rows, *(row for one in groups for row in one.rows)]
    ruler = common_ruler([Row(row.arm.title, row.effect) for row in lines], about.unit)
    return Ring(about, place, rows, groups, left_out, ruler)


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
        if ring:
            held = reading.held(arm.name, ring, outcome, group)
            rows.append(Row(arm.title, reading.ring(arm.name, ring, "effect", outcome, group), held.words))
        else:
            rows.append(Row(arm.title, reading.last(arm.name, group, outcome)))
    if all(row.spread is None for row in rows):
        return None
    source = "run:rings" if ring else "run:daily"
    return OutcomeRows(
        title, words, claim, source, outcome, together(rows, "thousandths", ALIKE), common_ruler(rows, "thousandths")
    )


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
