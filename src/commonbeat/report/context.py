"""Section 6: the enforcement that surrounds every figure of trust, what a study could know, and what nobody can tell from this."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import polars as pl

from commonbeat.report.number import spell
from commonbeat.report.rings import ALIKE, RINGS, moments
from commonbeat.report.spread import Spread
from commonbeat.report.strip import as_printed, same
from commonbeat.results.measures import knowability, ring_table

if TYPE_CHECKING:
    from commonbeat.report.arms import ArmStory
    from commonbeat.report.neighbourhoods import Neighbourhoods, Place
    from commonbeat.report.reading import Reading

FIRST_PLACES = 12
ADULT_BANDS = {"1": "18 to 24", "2": "25 to 64", "3": "65 and over"}
BANDS = {
    "adult ages with children": "adults in households with children",
    "adult ages without children": "adults in households without children",
}
NAMES = {
    "mixed pool": "people placed in households regardless of group",
    "second is child": "second member of a household is a child",
    "later is child": "third or later member of a household is a child",
    "children 0 11": "children aged 0 to 11",
}
OPEN_STATUSES = ("missing", "unmatched", "unknown")


@dataclass(frozen=True, slots=True)
class RaceRow:
    """Stops of one race as recorded by police."""

    category: str
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class Study:
    """The study that it would take to see one effect: people in each of two arms."""

    arm: str
    ring: str
    effect: Spread
    people: float
    people_there: float
    if_large: float
    possible: bool


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One line of the society's account, as it is printed."""

    name: str
    value: str
    status: str
    source: str


@dataclass(frozen=True, slots=True)
class Context:
    """All that section 6 shows but the claims and the sources."""

    arm: ArmStory
    rate: float | None
    stops: int
    residents: float
    first: tuple[Place, ...]
    rest: tuple[Place, ...]
    races: tuple[RaceRow, ...]
    studies: tuple[Study, ...]
    told_studies: tuple[Study, ...]
    account: tuple[AccountRow, ...]
    account_rest: tuple[AccountRow, ...]


def races(stops: pl.DataFrame) -> tuple[RaceRow, ...]:
    """Recorded stops by race as recorded by police, most first; what is not recorded stands in rows of its own."""
    counted = stops.group_by("category").agg(pl.col("count").sum()).sort("count", "category", descending=[True, False])
    total = counted["count"].sum() or 1
    return tuple(RaceRow(category, count, count / total) for category, count in counted.iter_rows())


def studies(reading: Reading) -> tuple[Study, ...]:
    """For every ring of the moment's arms, the people that a trial in two equal arms would need."""
    table = ring_table(reading.table("rings")).filter(pl.col("outcome") == "trust")
    # "All" holds people of the city and elsewhere; a ring without such a row is told by all residents.
    table = knowability(table.filter(pl.col("group").is_in(["All residents", "All"])))
    rows = {(row["arm"], row["ring"]): row for row in table.sort("group", descending=True).to_dicts()}
    found = []
    for about in RINGS:
        for arm in moments(reading):
            row = rows.get((arm.name, about.key))
            if row is not None:
                found.append(study(arm, about.title, row))
    return tuple(found)


def study(arm: ArmStory, ring: str, row: dict[str, Any]) -> Study:
    """One row of the knowability table."""
    spread = Spread(
        row["low"], row["lower"], row["median"], row["upper"], row["high"], row["probability_negative"], row["draws"]
    )
    return Study(
        arm.title, ring, spread, row["sample_per_arm"], row["people_there"], row["sample_if_high"], row["possible"]
    )


def told(found: tuple[Study, ...]) -> tuple[Study, ...]:
    """Ring by ring, one row for all arms of which the same would be printed."""
    rows = []
    for ring in dict.fromkeys(one.ring for one in found):
        own = [one for one in found if one.ring == ring]
        keys = [
            (as_printed(one.effect, "thousandths"), *map(sample_words, (one.people, one.if_large, one.people_there)))
            for one in own
        ]
        rows += [replace(own[place], arm=arm) for arm, place in same([one.arm for one in own], keys, ALIKE)]
    return tuple(rows)


def sample_words(people: float) -> str:
    """A number of people as it is printed."""
    return spell(people, "sample")


def account_rows(account: pl.DataFrame) -> tuple[tuple[AccountRow, ...], tuple[AccountRow, ...]]:
    """The account in two parts: what the data lack or do not fit, which everybody should read, and all the rest."""
    rows = [
        AccountRow(
            in_words(line["name"]),
            f"{readable(line['value'])} {line['unit']}".strip(),
            line["status"],
            line["source"] or "account",
        )
        for line in account.to_dicts()
    ]
    first = tuple(row for row in rows if row.status in OPEN_STATUSES)
    return first, tuple(row for row in rows if row.status not in OPEN_STATUSES)


def in_words(name: str) -> str:
    """An entry's name without bare keys and counters: which household size, which age band, whose."""
    head, _, tail = name.partition(": ")
    if head.startswith("household sizes ") and tail.isdigit():
        people = "1 person" if tail == "1" else f"{tail} people"
        return f"households of {people}, first member {head.removeprefix('household sizes ').capitalize()}"
    if head in BANDS and tail in ADULT_BANDS:
        return f"{BANDS[head]} aged {ADULT_BANDS[tail]}"
    if head == "officer trust":
        return "officers’ own trust in police, " + ("mean" if tail == "1" else "spread")
    words = NAMES.get(head, head)
    return f"{words}: {tail}" if tail else words


def readable(value: str) -> str:
    """A number with groups of thousands and few digits; anything else as it stands."""
    try:
        number = float(value)
    except ValueError:
        return value
    return f"{number:,.0f}" if number.is_integer() else f"{number:.3g}".replace("-", "−")


def context(reading: Reading, neighbourhoods: Neighbourhoods) -> Context:
    """Section 6 stands ready for its template."""
    needed = studies(reading)
    stops = reading.table("stops")
    counted = int(stops["count"].sum())
    residents = sum(place.residents for place in neighbourhoods.places)
    known_places = tuple(place for place in neighbourhoods.places if place.per_1000 is not None)
    known = sum(place.stops for place in known_places)
    open_questions, settled = account_rows(reading.table("account"))
    return Context(
        arm=neighbourhoods.arm,
        rate=1000 * known / residents if residents else None,
        stops=counted,
        residents=residents,
        first=(*known_places[:FIRST_PLACES], *(place for place in neighbourhoods.places if place.per_1000 is None)),
        rest=known_places[FIRST_PLACES:],
        races=races(stops),
        studies=needed,
        told_studies=told(needed),
        account=open_questions,
        account_rest=settled,
    )
