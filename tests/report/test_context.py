"""What a study could know is compared with real people, not with the simulated ones who stand for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from commonbeat.report.context import in_words, studies
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


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("household sizes all others: 3", "households of 3 people, first member All others"),
        ("household sizes white: 1", "households of 1 person, first member White"),
        ("adult ages with children: 3", "adults in households with children aged 65 and over"),
        ("second is child: Black", "second member of a household is a child: Black"),
        ("residents in the table", "residents in the table"),
    ],
)
def test_the_account_has_words_and_no_bare_keys(name: str, words: str) -> None:
    assert in_words(name) == words
