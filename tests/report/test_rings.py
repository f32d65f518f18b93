"""Rings on the page: empty ones count as nobody, shares are means over people, and groups stand worst-off first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from commonbeat.report.reading import Reading
from commonbeat.report.rings import rings
from tests.report.html_reading import read

if TYPE_CHECKING:
    from commonbeat.results.run_folder import Run

EMPTY_IN = (2, 3, 4, 5, 6, 7)


class Thin(Reading):
    """A run whose clip by a resident was seen in the first two draws only: by 1 person, and by 99."""

    def table(self, name: str) -> pl.DataFrame:
        """The run's table, thinned."""
        found = super().table(name)
        if name != "rings":
            return found
        here = (pl.col("arm") == "resident_clip") & (pl.col("ring") == "watched")
        people = pl.when(pl.col("draw") == 0).then(1.0).otherwise(99.0)
        share = pl.when(pl.col("draw") == 0).then(1.0).otherwise(0.0)
        thinned = found.filter(here & ~pl.col("draw").is_in(EMPTY_IN) & (pl.col("group") == "White residents"))
        everybody = thinned.with_columns(
            people=people, people_weighted=people, share_negative=share, group=pl.lit("All")
        )
        return pl.concat([found.filter(~here), everybody])


def test_an_empty_ring_counts_as_nobody(city_run: Run) -> None:
    reading = Thin(city_run)
    held = reading.held("resident_clip", "watched")
    assert held.people is not None
    assert (held.people.middle, held.people.low) == (0, 0)
    assert (held.draws, held.asked) == (2, 8)
    assert held.words == "somebody in 2 of 8 draws"
    assert not held.is_told
    effect = reading.ring("resident_clip", "watched", "effect")
    assert effect is not None
    assert effect.draws == 2


def test_shares_are_means_weighted_by_people(city_run: Run) -> None:
    assert Thin(city_run).held("resident_clip", "watched").harmed == pytest.approx(0.01)


def test_a_full_ring_says_nothing_of_draws(city_run: Run) -> None:
    held = Reading(city_run).held("moment_unfilmed", "present")
    assert held.is_told
    assert held.words == ""
    assert held.people is not None
    assert held.people.low > 0


def test_groups_inside_a_ring_come_worst_off_first(city_run: Run) -> None:
    reading = Reading(city_run)
    for ring in rings(reading).rings:
        named = [one.group for one in ring.groups if one.group != "Elsewhere"]
        assert named == [group for group in reading.groups if group in named]
        assert "All residents" not in named
        assert all(row.held.is_told for one in ring.groups for row in one.rows)
    present = rings(reading).rings[0]
    assert present.groups[0].group == "Black residents"
    assert present.groups[0].rows[0].effect == reading.ring(
        "moment_unfilmed", "present", "effect", group="Black residents"
    )


def test_the_page_shows_groups_in_every_ring_and_no_share_of_a_handful(page: str) -> None:
    found = [e for e in read(page).all if e.attributes.get("class") == "ring"]
    assert len(found) == 4
    for ring in found:
        assert "Group by group, worst-off first" in ring.text
        assert "worse off" not in ring.text or "on average" in ring.text
    assert "officers answer other questions" in found[0].text
    for line in (e for e in read(page).all if e.tag == "li" and "worse off" in e.text):
        assert "on average" in line.text
