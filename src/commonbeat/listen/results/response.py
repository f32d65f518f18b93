"""Who was asked, who agreed, who answered which wave, by arm and by group; only what may be shown.

Rates follow the American Association for Public Opinion Research (Standard Definitions, 10th edition, 2023) as far as they apply. People with a
link of their own are a list of named persons: RR1 counts complete answers, RR2 partial ones too, over everybody invited, since nobody
invited is known to be ineligible. Complete is 80 % of a wave's questions or more, partial 50 to 80 %. Who came by an open link is no part
of a rate: nobody knows how many saw it (an opt-in sample has no response rate). Later waves: retention, over those who answered the first;
and the cumulative rate, response times retention (Callegaro and DiSogra 2008, doi 10.1093/poq/nfn065).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import polars as pl

from commonbeat.listen.results.collected import CONSENTED
from commonbeat.listen.results.suppression import FEWEST, Shown, Tables, protect

if TYPE_CHECKING:
    from commonbeat.listen.results.collected import Collected

COMPLETE, PARTIAL = 0.8, 0.5
DRAWN, AGREED, EVERYBODY = "drawn to an arm", "agreed", "all"
NO_LIST: Final = (
    "came by an open link, a tablet or a file, so that nobody knows how many could have: they are in no response rate"
)
MOST_GROUPS: Final = 12
MOST_NAMED: Final = 4


@dataclass(frozen=True, slots=True)
class Rate:
    """One rate: its name, its value from 0 to 1 or None where it may not be shown or does not exist, and what it is over what."""

    name: str
    value: float | None
    meaning: str


@dataclass(frozen=True, slots=True)
class Grouping:
    """One way of parting the people: what it is called, its groups, and the columns of its table."""

    name: str
    groups: tuple[str, ...]

    def cell(self, group: str, column: str) -> str:
        """The name of a cell in the page's system."""
        return f"{self.name} {group}: {column}"


@dataclass(frozen=True, slots=True, eq=False)
class Response:
    """What may be shown of who answered. columns: the stages in order. shown: every count of the page that may be read."""

    columns: tuple[str, ...]
    groupings: tuple[Grouping, ...]
    shown: Shown
    rates: tuple[Rate, ...]
    remarks: tuple[str, ...]

    def people(self, column: str, grouping: Grouping | None = None, group: str = EVERYBODY) -> int | None:
        """The count of a cell, or None where it is hidden."""
        return self.shown.people(_total(column) if grouping is None else grouping.cell(group, column))

    def share(self, column: str, first: str, grouping: Grouping | None = None, group: str = EVERYBODY) -> float | None:
        """One stage over another, from 0 to 1; None where either is hidden."""
        top, bottom = self.people(column, grouping, group), self.people(first, grouping, group)
        return None if top is None or not bottom else top / bottom

    def answered_both(self, first: str, second: str) -> int | None:
        """How many answered two waves, or None where it is hidden."""
        return self.shown.people(f"both {first} and {second}")


def response_of(collected: Collected) -> Response:
    """Who answered, with every cell of fewer than ten respondents hidden and enough beside it that none can be worked out."""
    start = DRAWN if collected.study.arms else AGREED
    columns = (start, *collected.waves)
    groupings = _groupings(collected)
    tables, people = Tables(), _stages(collected, start)
    for column in columns:
        tables.add(_total(column), people.filter(pl.col(column)).height)
    for each in groupings:
        for column in columns:
            for group in each.groups:
                held = people.filter(pl.col(column) & (pl.col(each.name) == group)).height
                tables.add(each.cell(group, column), held)
            tables.add_sum(_total(column), [each.cell(group, column) for group in each.groups])
    _between_waves(tables, people, collected.waves)
    shown = protect(tables)
    return Response(columns, groupings, shown, _rates(collected, shown), _remarks(collected, groupings, shown))


def _stages(collected: Collected, start: str) -> pl.DataFrame:
    """Everybody who agreed, with a true or false for each stage, and the groups as words."""
    people = collected.people
    begun = pl.col("arm").is_not_null() if start == DRAWN else pl.lit(value=True)
    people = people.with_columns(begun.alias(start))
    for wave in collected.waves:
        people = people.with_columns(pl.col("number").is_in(list(collected.answered(wave))).alias(wave))
    words = [pl.col(name).fill_null("not said").alias(name) for name in ("arm", "audience", "language", "stratum")]
    return people.with_columns(words)


def _groupings(collected: Collected) -> tuple[Grouping, ...]:
    """Arms first, then whatever else parts the people into more than one group and not into too many."""
    people = collected.people
    found = [Grouping("arm", tuple(arm.name for arm in collected.study.arms))] if collected.study.arms else []
    for name in ("audience", "language", "stratum"):
        groups = sorted(people[name].fill_null("not said").unique().to_list())
        if 1 < len(groups) <= MOST_GROUPS and not (
            name == "stratum" and groups == people["audience"].unique().sort().to_list()
        ):
            found.append(Grouping(name, tuple(groups)))
    if collected.study.arms and people["arm"].null_count():
        found[0] = Grouping("arm", (*found[0].groups, "not said"))
    return tuple(found)


def _between_waves(tables: Tables, people: pl.DataFrame, waves: tuple[str, ...]) -> None:
    """Who answered one wave and not the next is a cell too: the difference of two shown figures must not tell of a few."""
    for first, second in dict.fromkeys([*pairwise(waves), *((waves[0], later) for later in waves[1:])]):
        both = f"both {first} and {second}"
        tables.add(both, people.filter(pl.col(first) & pl.col(second)).height)
        for wave, other in ((first, second), (second, first)):
            only = f"{wave} without {other}"
            count = people.filter(pl.col(wave) & ~pl.col(other)).height
            # nobody is no respondent: that all came back gives nobody away
            tables.add(only, count, printed=False, told_something=count > 0)
            tables.add_sum(_total(wave), [both, only])


def _rates(collected: Collected, shown: Shown) -> tuple[Rate, ...]:
    first = collected.waves[0]
    found = []
    base = None
    if "came_by" in collected.participants.columns:
        invited = collected.participants.filter(pl.col("came_by") == "invitation")
        if invited.height >= FEWEST:
            done = _completeness(collected, first)
            numbers = set(invited["number"].to_list())
            whole = sum(share >= COMPLETE for number, share in done.items() if number in numbers)
            partly = sum(share >= PARTIAL for number, share in done.items() if number in numbers)
            whole_rate = None if whole < FEWEST else whole / invited.height
            base = None if partly < FEWEST or partly - whole in range(1, FEWEST) else partly / invited.height
            of = f"of {invited.height:,} invited by a link of their own"
            found.append(
                Rate("response rate 1 (RR1)", whole_rate, f"answered 80 % of the first wave's questions or more, {of}")
            )
            found.append(Rate("response rate 2 (RR2)", base, f"answered half of them or more, {of}"))
    begun = shown.people(_total(first))
    for wave in collected.waves[1:]:
        held = shown.people(_total(wave))
        kept = held / begun if held is not None and begun else None
        found.append(Rate(f"retention, {wave}", kept, "answered this wave, of those who answered the first"))
        if base is not None:
            whole = None if kept is None else base * kept
            found.append(Rate(f"cumulative response rate, {wave}", whole, "response rate 2 times retention"))
    return tuple(found)


def _completeness(collected: Collected, wave: str) -> dict[int, float]:
    """For each person the share of the wave's questions that they answered."""
    audience = dict(collected.people.select("number", "audience").iter_rows())
    asked = {each: sum(each in item.audience for item in collected.items_of(wave)) for each in collected.study.audience}
    rows = collected.told.filter((pl.col("wave") == wave) & ~pl.col("skipped")).group_by("participant").len()
    return {number: count / (asked.get(audience[number]) or count) for number, count in rows.iter_rows()}


def _remarks(collected: Collected, groupings: tuple[Grouping, ...], shown: Shown) -> tuple[str, ...]:
    found = []
    everybody = collected.participants
    if "came_by" in everybody.columns:
        openly = everybody.filter((pl.col("came_by") != "invitation") & pl.col("state").is_in(CONSENTED)).height
        if openly:
            found.append(f"{openly if openly >= FEWEST else f'Fewer than {FEWEST}'} of those who agreed {NO_LIST}.")
    for state, words in (
        ("declined", "did not agree"),
        ("withdrawn", "withdrew; their answers are deleted and in no figure"),
    ):
        count = everybody.filter(pl.col("state") == state).height
        if count:
            found.append(f"{count:,} {words}.")
    whole = [
        f"{each.name} {group}".replace("_", " ")
        for each in groupings
        for group in each.groups
        if _all_answered([shown.people(each.cell(group, name)) for name in _first_two(collected)])
    ]
    if whole:
        names = f"{', '.join(whole[:MOST_NAMED])}{f' and {len(whole) - MOST_NAMED} more' if len(whole) > MOST_NAMED else ''}"
        found.append(
            f"All answered the first wave in: {names}. Whoever knows that somebody is there knows that they answered."
        )
    if shown.hidden:
        count = "One figure is" if len(shown.hidden) == 1 else f"{len(shown.hidden)} figures are"
        found.append(
            f"{count} hidden: those of fewer than {FEWEST} respondents, and others from which those could be worked out."
        )
    return tuple(found)


def _all_answered(counts: list[int | None]) -> bool:
    return counts[0] is not None and counts[0] == counts[1]


def _first_two(collected: Collected) -> tuple[str, str]:
    return (DRAWN if collected.study.arms else AGREED), collected.waves[0]


def _total(column: str) -> str:
    return f"{EVERYBODY}: {column}"
