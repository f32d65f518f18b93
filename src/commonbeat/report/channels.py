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


@dataclass(frozen=True, slots=True)
class ArmAccount:
    """One arm's effect, channel by channel."""

    arm: ArmStory
    rows: tuple[Row, ...]
    ruler: Ruler


def account(reading: Reading, arm: ArmStory) -> tuple[Row, ...]:
    """The account of one arm on the headline group's trust at the last checkpoint, with its total."""
    table = reading.table("channels")
    held = table.filter(
        (pl.col("arm") == arm.name)
        & (pl.col("group") == reading.headline_group)
        & (pl.col("outcome") == "trust")
        & (pl.col("day") == table["day"].max())
    )
    rows = []
    for channel, words in CHANNELS:
        booked = held.filter(pl.col("channel") == channel).group_by("draw").agg(pl.col("account").sum())
        found: Spread | None = spread_of(booked["account"])
        if found is not None:
            rows.append(Row(words, found))
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
