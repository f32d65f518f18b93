"""Rates of answering, as the American Association for Public Opinion Research defines them (Standard Definitions, 10th edition, 2023), as far as they apply.

People with a link of their own are a list of named persons: RR1 counts complete answers, RR2 partial ones too, over everybody invited, since nobody
invited is known to be ineligible. Complete is 80 % of a wave's questions or more, partial 50 to 80 %. Who came by an open link is no part
of a rate: nobody knows how many saw it (an opt-in sample has no response rate). Later waves: retention, over those who answered the first;
and the cumulative rate, response times retention (Callegaro and DiSogra 2008, doi 10.1093/poq/nfn065). All are rates of rounded counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from commonbeat.listen.results.suppression import FEWEST, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commonbeat.listen.results.collected import Collected

COMPLETE, PARTIAL = 0.8, 0.5


@dataclass(frozen=True, slots=True)
class Rate:
    """One rate: its name, its value from 0 to 1 or None where it may not be shown or does not exist, and what it is over what."""

    name: str
    value: float | None
    meaning: str


def rates_of(collected: Collected, answered: Sequence[int | None], step: int) -> tuple[Rate, ...]:
    """Every rate of the study. answered: how many answered each wave, as it is told. step: to which counts are rounded."""
    found = list(_of_the_invited(collected, step))
    base = found[-1].value if found else None
    for wave, held in list(zip(collected.waves, answered, strict=True))[1:]:
        kept = held / answered[0] if held is not None and answered[0] else None
        found.append(Rate(f"retention, {wave}", kept, "answered this wave, of those who answered the first"))
        if base is not None:
            whole = None if kept is None else base * kept
            found.append(Rate(f"cumulative response rate, {wave}", whole, "response rate 2 times retention"))
    return tuple(found)


def _of_the_invited(collected: Collected, step: int) -> tuple[Rate, ...]:
    """RR1 and RR2; none where nobody, or hardly anybody, was invited by a link of their own."""
    if "came_by" not in collected.participants.columns:
        return ()
    invited = set(collected.participants.filter(pl.col("came_by") == "invitation")["number"].to_list())
    if len(invited) < FEWEST:
        return ()
    shares = [share for number, share in _completeness(collected, collected.waves[0]).items() if number in invited]
    whole, partly = (sum(share >= least for share in shares) for least in (COMPLETE, PARTIAL))
    asked = nearest(len(invited), step)
    one, two = (None if count < FEWEST else nearest(count, step) / asked for count in (whole, partly))
    of = f"of about {asked:,} invited by a link of their own"
    return (
        Rate("response rate 1 (RR1)", one, f"answered 80 % of the first wave's questions or more, {of}"),
        Rate("response rate 2 (RR2)", two, f"answered half of them or more, {of}"),
    )


def _completeness(collected: Collected, wave: str) -> dict[int, float]:
    """For each person the share of the wave's questions that they answered."""
    audience = dict(collected.people.select("number", "audience").iter_rows())
    asked = {each: sum(each in item.audience for item in collected.items_of(wave)) for each in collected.study.audience}
    rows = collected.told.filter((pl.col("wave") == wave) & ~pl.col("skipped")).group_by("participant").len()
    return {number: count / (asked.get(audience[number]) or count) for number, count in rows.iter_rows()}
