"""Break-even on the page: one basis for both figures of a row, named, with the flag for untested doses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl
import pytest

from commonbeat.report.break_even import break_evens
from commonbeat.report.reading import Reading
from commonbeat.results.measures import break_even, break_even_arms, break_even_summary
from tests.report.html_reading import read

if TYPE_CHECKING:
    from commonbeat.results.run_folder import Run

HELD = "counted over a programme held every week, so that encounters and stops are spread over the same year; planned"


class Without(Reading):
    """A run that lacks some arms."""

    missing: tuple[str, ...] = ()

    def table(self, name: str) -> pl.DataFrame:
        """The run's table without those arms."""
        found = super().table(name)
        return found.filter(~pl.col("arm").is_in(self.missing)) if "arm" in found.columns else found


def summary(reading: Reading, basis: str) -> dict:
    arms = break_even_arms(reading.table("occurrences"), "nothing")
    assert arms is not None
    table = break_even_summary(
        break_even(reading.table("area"), reading.table("occurrences"), reading.table("rings"), arms, days=365)
    )
    return table.filter(group=reading.headline_group, view="last day", basis=basis).row(0, named=True)


def test_both_columns_of_a_row_stand_on_the_programme(city_run: Run) -> None:
    reading = Reading(city_run)
    first, own = break_evens(reading)[0], summary(reading, "programme")
    assert first.stops is not None
    assert first.encounters is not None
    assert first.stops.middle == own["stops_per_encounter_median"]
    assert first.stops.middle != summary(reading, "moment")["stops_per_encounter_median"]
    assert first.encounters.middle == own["encounters_per_month_median"]
    assert first.basis.words == HELD


def test_without_a_programme_the_moment_stands_in_and_says_so(city_run: Run) -> None:
    reading = Without(city_run)
    reading.missing = ("weekly_year", "weekly_half_year")
    first = break_evens(reading)[0]
    assert first.stops is not None
    assert first.stops.middle == summary(reading, "moment")["stops_per_encounter_median"]
    assert "because this run holds no programme" in first.basis.words


def test_caption_and_headline_name_the_basis(page: str, two_pages: str) -> None:
    captions = [e.text for e in read(page).all if e.tag == "caption" and "Break-even" in e.text]
    assert captions
    assert all(HELD in re.sub(r"\s+", " ", caption) for caption in captions)
    for form in (page, two_pages):
        said = next(e for e in read(form).all if e.attributes.get("class") == "statement")
        assert "of the weekly programme" in said.text
        assert "of Black residents not made" in said.text


def test_a_dose_beyond_what_any_card_tested_is_flagged(page: str, city_run: Run) -> None:
    label = "A dose beyond what any card tested in"
    cells = [e for e in read(page).all if e.attributes.get("data-label") == label]
    shares = [float(cell.children[0].attributes["value"]) for cell in cells]
    assert shares == pytest.approx([one.beyond_tested for one in break_evens(Reading(city_run))], rel=1e-4)
    assert "tested one visit for each person" in page
