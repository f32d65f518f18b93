"""The moment: who is there, addressed person by person."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonbeat import luck
from commonbeat.simulate.moment import drawn_people, event_of, gather
from commonbeat.simulate.telling import told_of_gathering
from tests.simulate.settings import PARAMETERS
from tests.simulate.worlds import scenario, small_society, world_of


@pytest.fixture(scope="module")
def moment():
    world = world_of(scenario("unfilmed"))
    occurrence = world.scenario.arm("unfilmed").occurrences(30)[0]
    return gather(world.frame, world.scenario.encounters["dance_off"], occurrence, PARAMETERS, world.seed, 100)


def test_who_is_there_is_who_the_scenario_says(moment) -> None:
    society = small_society()
    people = society.people
    assert len(moment.children) == 8
    assert (people.age_band[moment.children] < 2).all()
    assert (people.group[moment.children] == society.groups.index("Black")).all()
    assert (people.place[moment.children] == moment.place).all()
    assert len(moment.bystanders) == 25
    assert (people.role[moment.officers] == 1).all()
    assert len(np.unique(moment.present)) == 34


def test_bystanders_get_a_share_of_the_dose(moment) -> None:
    met = moment.met()
    assert met.dose[: len(moment.children) + 1] == pytest.approx(PARAMETERS["participant_dose"])
    by = PARAMETERS["participant_dose"] * PARAMETERS["bystander_share"]
    assert met.dose[len(moment.children) + 1 :] == pytest.approx(by)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**40), count=st.integers(0, 40), leaves=st.integers(0, 30))
def test_people_who_stay_in_the_pool_stay_drawn_when_others_leave(seed: int, count: int, leaves: int) -> None:
    frame = world_of(scenario("same")).frame
    pool = frame.city_adults[:60]
    address = (seed, luck.MOMENT_BYSTANDER, event_of("a/1"))
    before = set(drawn_people(frame, pool, count, address).tolist())
    gone = set(pool[:leaves].tolist())
    after = set(drawn_people(frame, pool[leaves:], count, address).tolist())
    assert before - gone <= after
    assert len(after) == min(count, 60 - leaves)


def test_a_listener_of_many_tellers_hears_once_with_the_largest_dose(moment) -> None:
    met = moment.met()
    child, bystander = 0, len(met.person) - 1
    listener = np.array([5, 5, int(moment.children[1])], np.int32)
    told = told_of_gathering(met, (np.array([bystander, child, child]), listener))
    assert told.person.tolist() == [5]
    assert told.dose.tolist() == [met.dose[child]]


def test_the_same_name_is_the_same_event_and_another_is_another() -> None:
    assert event_of("dance_off/0") == event_of("dance_off/0")
    assert len({event_of(f"dance_off/{day}") for day in range(365)}) == 365
