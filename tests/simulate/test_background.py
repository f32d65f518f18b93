"""The ordinary year: the record of stops is taken as it is, and luck says who it was."""

from __future__ import annotations

import numpy as np
import pytest

from commonbeat.mind.kinds import BACKGROUND, CHANNELS, DIRECT, KINDS, OTHER_CONTACT, STOP, TOLD
from commonbeat.simulate.background import GROUP_OF_RACE, groups_of_stops, race_shares, recorded_stops
from commonbeat.simulate.telling import EVENING_HOUR
from tests.simulate.settings import PARAMETERS
from tests.simulate.worlds import scenario, world_of


@pytest.fixture(scope="module")
def world():
    return world_of(scenario("same"))


def test_every_recorded_stop_happens_once_but_for_empty_rows_that_are_none(world) -> None:
    year = world.year(1)
    stops = year.met.event[(year.met.kind == STOP) & (year.met.channel == DIRECT)]
    assert len(np.unique(stops)) == len(stops) == (year.stopped >= 0).sum()
    group = groups_of_stops(world.frame, world.parameters, world.seed, 1)
    recorded = world.frame.society.stops
    assert len(group) == recorded.total
    _, category = recorded_stops(world.frame)
    empty = category == recorded.categories.index("Empty")
    assert not (group[~empty] < 0).any()
    assert (group[empty] < 0).mean() == pytest.approx(1 - PARAMETERS["empty_record_share"], abs=0.15)


def test_a_recorded_race_is_kept_and_a_missing_one_is_drawn(world) -> None:
    group = groups_of_stops(world.frame, world.parameters, world.seed, 1)
    _, category = recorded_stops(world.frame)
    society = world.frame.society
    for index, name in enumerate(society.stops.categories):
        if name in GROUP_OF_RACE:
            assert (group[category == index] == society.groups.index(GROUP_OF_RACE[name])).all()
    unknown = group[category == society.stops.categories.index("Unknown")]
    assert len(np.unique(unknown)) > 1


def test_the_tilt_multiplies_the_odds_of_the_first_group(world) -> None:
    plain, tilted = race_shares(world.frame, 0.0), race_shares(world.frame, 0.7)
    odds = (tilted[:, 0] / (1 - tilted[:, 0])) / (plain[:, 0] / (1 - plain[:, 0]))
    np.testing.assert_allclose(odds, np.exp(0.7))
    np.testing.assert_allclose(plain.sum(axis=1), 1.0)


def test_people_stopped_are_adults_of_the_group_and_as_many_live_there_as_the_share_says(world) -> None:
    year = world.year(1)
    society = world.frame.society
    made = year.stopped >= 0
    people = society.people
    assert (people.age_band[year.stopped[made]] >= 2).all()
    assert (people.role[year.stopped[made]] == 0).all()
    group = groups_of_stops(world.frame, world.parameters, world.seed, 1)
    assert (people.group[year.stopped[made]] == group[made]).all()
    place, _ = recorded_stops(world.frame)
    residential = np.array([here.has_population_row for here in society.places])[place]
    at_home = (people.place[year.stopped] == place)[made & residential].mean()
    chance_elsewhere_is_here = 0.2
    expected = PARAMETERS["stop_share_at_home"] * (1 - chance_elsewhere_is_here) + chance_elsewhere_is_here
    assert at_home == pytest.approx(expected, abs=0.12)


def test_the_year_is_in_the_order_of_hour_channel_and_event(world) -> None:
    met = world.year(1).met
    order = np.lexsort((met.event, met.channel, met.hour))
    key = np.stack([met.hour, met.channel, met.event])
    assert np.array_equal(key, key[:, order])
    assert (met.source == BACKGROUND).all()


def test_told_is_in_the_evening_of_the_day_and_once_per_event_and_listener(world) -> None:
    met = world.year(1).met
    told = met.channel == TOLD
    assert told.any()
    assert (met.hour[told] % 24 == EVENING_HOUR).all()
    pairs = np.stack([met.event[told], met.person[told]])
    assert len(np.unique(pairs, axis=1).T) == told.sum()
    day_of = {int(event): int(hour) // 24 for event, hour in zip(met.event[~told], met.hour[~told], strict=True)}
    assert all(
        int(hour) // 24 == day_of[int(event)] for event, hour in zip(met.event[told], met.hour[told], strict=True)
    )


def test_the_burn_in_and_the_year_after_it_are_different_years_with_the_same_record(world) -> None:
    first, second = world.year(0), world.year(1)
    assert not set(first.met.event.tolist()) & set(second.met.event.tolist())
    assert (first.stopped != second.stopped).mean() > 0.5
    assert len(first.stop_day) == len(second.stop_day)


def test_contacts_are_as_many_as_the_rate_says(world) -> None:
    met = world.year(1).met
    contacts = (met.kind == OTHER_CONTACT) & (met.channel == DIRECT)
    assert contacts.sum() == round(PARAMETERS["other_contacts_per_year"] * len(world.frame.city_adults))


def test_counts_of_a_quiet_arm_are_the_background(world) -> None:
    from commonbeat.simulate.arms import run_arms

    record = run_arms(world_of(scenario("same")), follow_twins=0).records["same"]
    met = world.year(1).met
    span = met.hour < (365 + 30) * 24
    for channel, name in ((DIRECT, "stop"), (TOLD, "told of stop")):
        counted = sum(count for (kind, _), count in record.counts.items() if kind == name)
        assert counted == (span & (met.kind == STOP) & (met.channel == channel)).sum()
    assert KINDS[STOP] == "stop"
    assert CHANNELS[TOLD] == "told"


def test_codes_of_occurrences_keep_a_hundred_groups_apart() -> None:
    from commonbeat.simulate.background import REPORTING_ROOM, occurrence_code
    from commonbeat.simulate.experiences import experiences

    class Crowd:
        reporting_of_person = np.arange(REPORTING_ROOM, dtype=np.int8)

    codes = set()
    for channel in range(len(CHANNELS)):
        for kind in range(len(KINDS)):
            met = experiences(np.arange(REPORTING_ROOM), 0, kind, channel, 0, 1.0, 0)
            codes |= set(occurrence_code(Crowd(), met).tolist())  # pyright: ignore[reportArgumentType]
    assert codes == set(range(len(CHANNELS) * len(KINDS) * REPORTING_ROOM))
