"""Break-even by hand, per draw and summarised."""

from __future__ import annotations

import math

import polars as pl
import pytest

from commonbeat.results.measures import BreakEvenArms, break_even, break_even_arms, break_even_summary
from commonbeat.results.schema import BY_NAME
from tests.results.synthetic import synthetic_tables

GROUP = "Black residents"
ARMS = BreakEvenArms("nothing", "weekly", "once", "fewer")
DAYS = 365.25  # twelve months exactly, so that the numbers below can be checked by hand


def table(name, rows):
    return pl.DataFrame(rows, orient="row", schema={column.name: column.type for column in BY_NAME[name].columns})


def tables(weekly, fewer, draws=1):
    """Weekly holds 50 encounters, the year 1,000 stops of the group, and `fewer` makes 500."""
    area, occurrences, rings = [], [], []
    for draw in range(draws):
        for arm, effect in (
            ("nothing", 0.0),
            ("once", weekly[draw] / 100),
            ("weekly", weekly[draw]),
            ("fewer", fewer[draw]),
        ):
            area.append((draw, arm, GROUP, "trust", 100 * effect, effect))
            occurrences.append((draw, arm, "stop", GROUP, 500 if arm == "fewer" else 1000))
            rings.append((draw, arm, 365, "city", GROUP, "trust", 8000.0, 8000.0, effect, 0.0, 0.0))
        for arm, held in (("once", 1), ("weekly", 50)):
            occurrences.append((draw, arm, "encounter held", "All residents", held))
            occurrences.append((draw, arm, "encounter", GROUP, 8 * held))
    return table("area", area), table("occurrences", occurrences), table("rings", rings)


def one(weekly, fewer, view="last day", basis="programme"):
    result = break_even(*tables([weekly], [fewer]), ARMS, days=DAYS)
    return result.filter(view=view, basis=basis).row(0, named=True)


def test_by_hand():
    row = one(weekly=0.05, fewer=0.01)
    assert row["encounter_effect"] == pytest.approx(0.001)
    assert row["stop_relief"] == pytest.approx(0.00002)
    assert row["stops_per_encounter"] == pytest.approx(50)
    assert row["encounters_per_month"] == pytest.approx(1000 / 50 / 12)
    assert row["status"] == "reachable"
    # Eight present at each encounter: .001 of the group, times 20 encounters in the year.
    assert row["contacts_per_person"] == pytest.approx(0.02)
    assert row["simulated_per_month"] == pytest.approx(50 / 12)


def test_the_moment_and_the_area_have_their_own_numbers():
    row = one(weekly=0.05, fewer=0.01, view="area", basis="moment")
    assert row["encounter_effect"] == pytest.approx(0.05)
    assert row["stop_relief"] == pytest.approx(0.002)
    assert row["stops_per_encounter"] == pytest.approx(25)


def test_no_rate_offsets_stops_when_encounters_harm():
    row = one(weekly=-0.05, fewer=0.01)
    assert row["status"] == "not reachable"
    assert row["encounters_per_month"] == math.inf
    assert row["stops_per_encounter"] == pytest.approx(-50)


def test_stops_that_do_no_harm_need_no_offset():
    row = one(weekly=0.05, fewer=-0.01)
    assert row["status"] == "nothing to offset"
    assert row["encounters_per_month"] == 0
    assert row["stops_per_encounter"] is None


def test_the_summary_keeps_what_cannot_be_reached():
    weekly, fewer = [0.05, 0.01, -0.05, -0.02], [0.01, 0.01, 0.01, -0.01]
    result = break_even_summary(
        break_even(*tables(weekly, fewer, draws=4), ARMS, days=DAYS), tested_contacts_per_person=0.03
    )
    row = result.row(by_predicate=(pl.col("view") == "last day") & (pl.col("basis") == "programme"), named=True)
    assert row["not_reachable"] == 0.25
    assert row["nothing_to_offset"] == 0.25
    assert row["encounters_per_month_high"] == math.inf
    assert row["encounters_per_month_median"] == pytest.approx(1000 / 50 / 12)
    assert row["beyond_simulated"] == 0.5  # 100 a year against 50 held, and the one that is not reachable
    assert row["beyond_tested"] == 0.5
    assert row["not_reachable_low"] < 0.25 < row["not_reachable_high"]


def test_arms_are_found_by_what_happened_in_them():
    _, occurrences, _ = tables([0.05], [0.01])
    assert break_even_arms(occurrences, "nothing") == ARMS
    assert break_even_arms(occurrences.filter(pl.col("arm") != "fewer"), "nothing") is None
    assert break_even_arms(occurrences.filter(pl.col("kind") == "stop"), "nothing") is None


@pytest.mark.parametrize(("missing", "basis"), [("weekly", "moment"), ("once", "programme")])
def test_one_kind_of_encounter_is_enough_and_is_then_the_only_basis(missing, basis):
    area, occurrences, rings = (frame.filter(pl.col("arm") != missing) for frame in tables([0.05], [0.01]))
    arms = break_even_arms(occurrences, "nothing")
    assert arms is not None
    assert arms.bases == (basis,)
    result = break_even(area, occurrences, rings, arms, days=DAYS)
    assert result["basis"].unique().to_list() == [basis]
    assert result["contacts_per_person"].null_count() == 0


def test_the_eight_arms_give_every_group_of_residents_a_number():
    made_up = synthetic_tables(2, days=60)
    arms = break_even_arms(made_up["occurrences"], "nothing")
    assert arms == BreakEvenArms("nothing", "weekly_year", "moment_unfilmed", "fewer_stops")
    result = break_even(made_up["area"], made_up["occurrences"], made_up["rings"], arms, days=60)
    assert result.height == 2 * 4 * 4
    assert result["contacts_per_person"].null_count() == 0
