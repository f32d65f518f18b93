"""Who was asked, who agreed, who answered which wave, by arm and by group; only what may be shown, and rounded."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Final

import polars as pl

from commonbeat.listen.results.collected import CONSENTED
from commonbeat.listen.results.rates import Rate, rates_of
from commonbeat.listen.results.suppression import FEWEST, Shown, Tables, nearest, protect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from commonbeat.listen.results.collected import Collected

DRAWN, AGREED, EVERYBODY = "drawn to an arm", "agreed", "all"
NO_LIST: Final = (
    "came by an open link, a tablet or a file, so that nobody knows how many could have: they are in no response rate"
)
MOST_GROUPS: Final = 12


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
    """What may be shown of who answered. columns: the stages in order. shown: every count of the page that may be read, and to what it is rounded."""

    columns: tuple[str, ...]
    groupings: tuple[Grouping, ...]
    shown: Shown
    rates: tuple[Rate, ...]
    remarks: tuple[str, ...]

    def people(self, column: str, grouping: Grouping | None = None, group: str = EVERYBODY) -> int | None:
        """The count of a cell, rounded, or None where it is hidden."""
        return self.shown.people(_total(column) if grouping is None else grouping.cell(group, column))

    def share(self, column: str, first: str, grouping: Grouping | None = None, group: str = EVERYBODY) -> float | None:
        """One stage over another, from 0 to 1, of the rounded counts; None where either is hidden."""
        top, bottom = self.people(column, grouping, group), self.people(first, grouping, group)
        return None if top is None or not bottom else top / bottom

    def answered_both(self, first: str, second: str) -> int | None:
        """How many answered two waves, rounded, or None where it is hidden."""
        return self.shown.people(f"both {first} and {second}")


def response_of(collected: Collected) -> Response:
    """Who answered, with every cell of fewer than ten respondents hidden, enough beside it that none can be worked out, and the rest rounded."""
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
    shown = protect(tables, _losses(columns, groupings))
    stages = [shown.people(_total(wave)) for wave in collected.waves]
    return Response(columns, groupings, shown, rates_of(collected, stages, shown.step), _remarks(collected, shown))


def stage_counts(collected: Collected) -> pl.DataFrame:
    """Exactly how many stand at each stage, by every grouping: for those who may see the data, never for a page."""
    start = DRAWN if collected.study.arms else AGREED
    columns, people = (start, *collected.waves), _stages(collected, start)
    parts = [("", EVERYBODY, people)]
    for each in _groupings(collected):
        parts += [(each.name, group, people.filter(pl.col(each.name) == group)) for group in each.groups]
    rows = [(name, group, *(int(held[column].sum()) for column in columns)) for name, group, held in parts]
    return pl.DataFrame(rows, schema=["grouping", "group", *columns], orient="row")


def _losses(columns: tuple[str, ...], groupings: tuple[Grouping, ...]) -> Iterator[tuple[str, str]]:
    """Each stage and each later one, of everybody and of each group: the cells between which people are lost."""
    for earlier, later in combinations(columns, 2):
        yield _total(earlier), _total(later)
        for each in groupings:
            yield from ((each.cell(group, earlier), each.cell(group, later)) for group in each.groups)


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


def _remarks(collected: Collected, shown: Shown) -> tuple[str, ...]:
    found, everybody = [], collected.participants
    if "came_by" in everybody.columns:
        openly = everybody.filter((pl.col("came_by") != "invitation") & pl.col("state").is_in(CONSENTED)).height
        if openly:
            found.append(f"{_about(openly, shown.step)} of those who agreed {NO_LIST}.")
    for state, words in (
        ("declined", "did not agree"),
        ("withdrawn", "withdrew; their answers are deleted and in no figure"),
    ):
        if count := everybody.filter(pl.col("state") == state).height:
            found.append(f"{_about(count, shown.step)} {words}.")
    found.append(f"Counts are told to the nearest {shown.step}, and shares are shares of such counts.")
    if shown.hidden:
        count = "One figure is" if len(shown.hidden) == 1 else f"{len(shown.hidden)} figures are"
        found.append(
            f"{count} hidden: those of fewer than {FEWEST} respondents, and others from which those could be worked out."
        )
    return tuple(found)


def _about(count: int, step: int) -> str:
    """A count for the beginning of a sentence, rounded; of few people only that they are few."""
    return f"About {nearest(count, step):,}" if count >= FEWEST else f"Fewer than {FEWEST}"


def _total(column: str) -> str:
    return f"{EVERYBODY}: {column}"
