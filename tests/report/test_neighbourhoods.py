"""The map: everybody in a place is weighed by their number, and names never lie on one another."""

from __future__ import annotations

import itertools
import re

import polars as pl
import pytest

from commonbeat.report.neighbourhoods import Place, names_of, of_all_residents


def test_the_mean_of_a_place_weighs_its_groups_by_their_size() -> None:
    places = pl.DataFrame(
        {
            "draw": [0, 0, 0, 1, 1, 1],
            "place": ["Jordan"] * 6,
            "group": ["Black residents", "White residents", "All other residents"] * 2,
            "effect": [0.3, 0.0, None, 0.1, 0.2, 0.3],
            "residents": [100, 200, 0, 100, 200, 100],
        }
    )
    found = of_all_residents(places).sort("draw")["effect"].to_list()
    assert found == pytest.approx([0.1, (10 + 40 + 30) / 400])


def test_a_row_for_all_residents_is_taken_as_it_stands() -> None:
    places = pl.DataFrame(
        {
            "draw": [0, 0],
            "place": ["Jordan", "Jordan"],
            "group": ["Black residents", "All residents"],
            "effect": [0.3, 0.05],
            "residents": [100, 300],
        }
    )
    assert of_all_residents(places)["effect"].to_list() == [0.05]


def test_names_beside_the_map_keep_their_distance() -> None:
    places = [Place(f"Place {k}", 1000.0, 10, 10.0, None, 44.9 + 0.0001 * k, -93.3 - 0.01 * k) for k in range(6)]
    _, names = names_of(places, places)
    levels = [
        (anchor, float(y)) for y, anchor in re.findall(r' y="([\d.]+)" class="place-name" text-anchor="(\w+)"', names)
    ]
    assert len(levels) == 6
    for side in ("start", "end"):
        own = sorted(y for anchor, y in levels if anchor == side)
        assert all(later - earlier >= 12 for earlier, later in itertools.pairwise(own))
