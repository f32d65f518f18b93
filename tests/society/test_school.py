"""The first society that is not ours: school friendships by race (E086), read from shared data when it is there."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from commonbeat.society import load_society

SCHOOLS = Path(__file__).parents[2].parent / "shared" / "data" / "faux_school_race"
needs_schools = pytest.mark.skipif(
    not SCHOOLS.is_dir(), reason=f"SKIPPED LOUDLY: no school data in {SCHOOLS}; E086 is not reproduced here"
)


def convert(school: str, folder: Path) -> Path:
    """The school's nodes and edges stand in `folder` as people and friends, each pair once."""
    nodes = pl.read_csv(SCHOOLS / f"{school}_nodes.csv", infer_schema_length=None)
    nodes.select("id", group=pl.col("race").cast(pl.String), place=pl.lit(school)).write_csv(folder / "people.csv")
    edges = pl.read_csv(SCHOOLS / f"{school}_edges.csv")
    edges.select(source="src", target="dst", layer=pl.lit("friend")).unique().write_csv(folder / "ties.csv")
    return folder


@needs_schools
@pytest.mark.parametrize(
    ("school", "people", "coefficient"),
    [("faux.dixon.high", 248, 0.55), ("faux.magnolia.high", 1461, 0.45), ("faux.mesa.high", 205, 0.24)],
)
def test_assortativity_by_race_is_that_of_the_card(tmp_path, school, people, coefficient):
    society = load_society(convert(school, tmp_path))
    found = {line.name: line.value for line in society.account}["group assortativity of core ties"]
    assert len(society.people) == people
    # The card rounds to hundredths; mesa is .2348 when each pair counts both ways and .2382 when it counts one way.
    assert found == pytest.approx(coefficient, abs=0.006)
