"""What a study could know is compared with real people, not with the simulated ones who stand for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from commonbeat.report.context import studies
from commonbeat.report.reading import Reading

if TYPE_CHECKING:
    from commonbeat.results.run_folder import Run


def test_people_there_are_real_people(city_run: Run) -> None:
    reading = Reading(city_run)
    title = next(arm.title for arm in reading.telling.arms if arm.name == "outlet_clip")
    found = next(one for one in studies(reading) if one.arm == title and one.ring == "Those who watched")
    rings = reading.table("rings").filter(
        pl.col("day") == pl.col("day").max(), arm="outlet_clip", ring="watched", group="All", outcome="trust"
    )
    assert found.people_there == rings["people_weighted"].median()
    assert found.people_there > 2 * rings["people"].to_numpy().max()
    assert found.possible == (2 * found.people <= found.people_there)
