"""The account by channel: what the ordinary year did differently stands apart from what the moment did."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from commonbeat.report.channels import FELT_DIFFERENTLY, account
from commonbeat.report.reading import Reading

if TYPE_CHECKING:
    from commonbeat.report.arms import ArmStory
    from commonbeat.results.run_folder import Run


class NoBackground(Reading):
    """A run in which the ordinary year did nothing differently."""

    def table(self, name: str) -> pl.DataFrame:
        """The run's table without what the background did."""
        found = super().table(name)
        if name != "channels":
            return found
        still = pl.when(pl.col("source") == "background").then(0.0).otherwise(pl.col("account"))
        return found.with_columns(account=still)


def arm_of(reading: Reading, name: str) -> ArmStory:
    return next(arm for arm in reading.telling.arms if arm.name == name)


def test_the_ordinary_year_has_a_row_of_its_own(city_run: Run) -> None:
    reading = Reading(city_run)
    rows = {row.label: row.spread for row in account(reading, arm_of(reading, "outlet_clip"))}
    table = reading.table("channels").filter(
        pl.col("day") == pl.col("day").max(),
        arm="outlet_clip",
        group=reading.headline_group,
        outcome="trust",
        channel="direct",
    )
    here, felt = rows["Being there"], rows[FELT_DIFFERENTLY]
    assert here is not None
    assert felt is not None
    assert here.middle == pytest.approx(table.filter(source="scenario")["account"].median())
    assert felt.middle == pytest.approx(table.filter(source="background")["account"].median())


def test_it_has_none_where_it_did_nothing_or_is_itself_what_changed(city_run: Run) -> None:
    for reading, name in ((NoBackground(city_run), "outlet_clip"), (Reading(city_run), "fewer_stops")):
        assert FELT_DIFFERENTLY not in [row.label for row in account(reading, arm_of(reading, name))]
