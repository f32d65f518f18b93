"""Which channel the effect is booked under: an account that adds up, and no statement of cause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from commonbeat.report.spread import Spread, spread_of
from commonbeat.report.strip import Row, Ruler, common_ruler

if TYPE_CHECKING:
    from commonbeat.report.arms import ArmStory
    from commonbeat.report.reading import Reading

CHANNELS = (
    ("direct", "Being there"),
    ("told", "Hearing of it"),
    ("watched", "Seeing a clip that somebody shared"),
    ("news", "Seeing a clip at a news outlet"),
)
FELT_DIFFERENTLY = "The ordinary year, felt differently"


@dataclass(frozen=True, slots=True)
class ArmAccount:
    """One arm's effect, channel by channel."""

    arm: ArmStory
    rows: tuple[Row, ...]
    ruler: Ruler


def booked(held: pl.DataFrame) -> Spread | None:
    """What these rows of the account come to, over draws."""
    return spread_of(held.group_by("draw").agg(pl.col("account").sum())["account"])


def account(reading: Reading, arm: ArmStory) -> tuple[Row, ...]:
    """The account of one arm on the headline group's trust at the last checkpoint, with its total.

    What people lived through as in the ordinary year, but took in otherwise because of the moment, stands in a row of
    its own where there is any. In an arm with other stops the ordinary year is what changed, so it stands by channel.
    """
    table = reading.table("channels")
    held = table.filter(
        (pl.col("arm") == arm.name)
        & (pl.col("group") == reading.headline_group)
        & (pl.col("outcome") == "trust")
        & (pl.col("day") == table["day"].max())
    )
    apart = arm.about != "context"
    moments_own = held.filter(pl.col("source") == "scenario") if apart else held
    named = [(words, booked(moments_own.filter(pl.col("channel") == channel))) for channel, words in CHANNELS]
    rows = [Row(words, found) for words, found in named if found is not None]
    background = booked(held.filter(pl.col("source") == "background")) if apart else None
    if background is not None and background.sign != "nil":
        rows.append(Row(FELT_DIFFERENTLY, background))
    rows.append(Row("Together", reading.last(arm.name, reading.headline_group)))
    return tuple(rows)


def accounts(reading: Reading) -> tuple[ArmAccount, ...]:
    """The accounts of the arms whose channels differ most: the clip that travelled, what follows it, the programme."""
    telling = reading.telling
    found = []
    for arm in (telling.outlet_clip, telling.violent, telling.programme, telling.context):
        if arm is not None:
            rows = account(reading, arm)
            found.append(ArmAccount(arm, rows, common_ruler(rows, "thousandths")))
    return tuple(found)
