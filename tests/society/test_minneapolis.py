"""The default city: its tables, its account, and (slow) the whole of it as built."""

from __future__ import annotations

import numpy as np
import pytest

from commonbeat.society import open_society
from commonbeat.society.minneapolis import data_lines, plan_minneapolis, share_out
from commonbeat.society.minneapolis.tables import read_residents, read_rows, read_stops


@pytest.fixture(scope="module")
def table():
    return read_residents()


@pytest.fixture(scope="module")
def stops(table):
    return read_stops(table.places)


def test_residents_are_those_of_the_table(table):
    assert table.residents.sum() == 401_606
    assert sum(place.has_population_row for place in table.places) == 84
    assert len(table.places) == 88
    assert table.places[-1].name == "Elsewhere"
    whittier = next(number for number, place in enumerate(table.places) if place.name == "Whittier")
    assert table.residents[whittier].tolist() == [2731, 8018, 3855]


def test_stops_are_those_of_the_table(stops):
    by_category = dict(zip(stops.categories, stops.by_place.sum(axis=0).tolist(), strict=True))
    assert stops.total == stops.by_day.sum() == stops.by_hour.sum() == stops.race_before.sum() == 51_920
    assert by_category == {
        "Black": 15_220,
        "East African": 2_188,
        "White": 11_703,
        "Latino": 1_858,
        "Native American": 1_516,
        "Asian": 647,
        "Other": 1_348,
        "Unknown": 9_219,
        "Empty": 8_221,
    }
    assert (stops.by_day > 0).all()
    assert stops.by_search[stops.categories.index("Empty")].tolist() == [0, 0, 0, 0, 8_221]


def test_every_table_names_its_source():
    for name in ("places", "stops", "stops_by_day", "stops_by_hour", "stops_race_before"):
        rows = read_rows(f"{name}.csv")
        assert rows
        assert not any(None in row for row in rows)


def test_the_account_tells_the_gaps(table, stops):
    lines = {line.name: (line.value, line.status) for line in data_lines(table, stops)}
    assert lines["stops whose race is recorded as Unknown"] == (9219, "missing")
    assert lines["stops structurally empty: no race, no search entered"] == (8221, "missing")
    assert lines["stops without race that have one noted before the stop"] == (2170, "measured")
    assert lines["stops in Near - North, which has no row of residents"] == (2256, "unmatched")
    assert lines["areas that repeat the shares of another"] == (4, "unknown")


def test_sharing_out_keeps_the_whole():
    shares = share_out(880, np.array([5, 0, 3, 3, 1]))
    assert shares.tolist() == [367, 0, 220, 220, 73]


def test_the_hash_of_the_plan_follows_seed():
    assert plan_minneapolis(1).content_hash == plan_minneapolis(1).content_hash != plan_minneapolis(2).content_hash


@pytest.fixture(scope="session")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def city(cache):
    return open_society("minneapolis", cache)


@pytest.mark.slow
def test_the_city_is_as_large_as_it_should_be(city):
    assert city.local.sum() == 401_606 + 880
    assert len(city.people) == 401_606 + 880 + 600_000
    assert city.people.weight[~city.local].sum(dtype=np.float64) == pytest.approx(250e6, rel=1e-6)
    assert [place.residents for place in city.places] == np.bincount(
        city.people.place[city.local & (city.people.role == 0)], minlength=len(city.places)
    ).tolist()


@pytest.mark.slow
def test_the_citys_ties_are_those_of_the_cards(city):
    found = {line.name: line.value for line in city.account if line.source.startswith("counted")}
    assert found["core ties per person"] == pytest.approx(15, abs=0.5)
    assert found["friends and acquaintances per person"] == pytest.approx(150, abs=8)
    for group, share in (("Black", 0.78), ("White", 0.90), ("All others", 0.63)):
        assert found[f"same-group share of core ties: {group}"] == pytest.approx(share, abs=0.01)
    assert 0.24 < found["group assortativity of friends and acquaintances"] < 0.55
    assert found["clustering of core ties, mean over people"] > 0.3
    assert found["tail exponent of followers"] == pytest.approx(2.25, abs=0.05)
    assert 10e6 < found["follows"] < 12e6
    assert found["trust assortativity of follows"] > 0.3


@pytest.mark.slow
def test_starting_trust_is_that_of_the_cards(city):
    found = {line.name: line.value for line in city.account if line.source.startswith("counted")}
    for group, mean, spread in (("Black", -0.709, 1.063), ("White", 0.183, 0.914), ("All others", -0.153, 1.03)):
        assert found[f"starting trust: {group}"] == pytest.approx(mean, abs=0.06)
        assert found[f"spread of starting trust: {group}"] == pytest.approx(spread, abs=0.04)


@pytest.mark.slow
def test_the_city_opens_out_of_the_cache_and_is_not_built_again(city, cache, monkeypatch):
    monkeypatch.setattr("commonbeat.society.minneapolis.build_minneapolis", lambda: pytest.fail("built again"))
    again = open_society("minneapolis", cache)
    assert again.content_hash == city.content_hash
