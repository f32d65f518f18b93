"""What the counts of a running study tell together: never how many are in a group of fewer than ten, alone or by difference."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from commonbeat.listen.results.suppression import FEWEST
from commonbeat.storage.tables_listen import participants, turns
from commonbeat.workflows.listen_status import study_status
from commonbeat.workflows.listen_status_told import OTHER_STATES, Counts, WaveCounts, shown_of
from tests.listen.keeping.studies import DAY, opened, viewers

ARMS = ("clip", "text")
WAVES = ("first", "later")


@st.composite
def running(draw) -> Counts:
    """A study of two arms and two waves, in which fewer finish than began, and fewer began than agreed."""
    agreed = {arm: draw(st.integers(0, 40)) for arm in ARMS}
    undrawn = draw(st.integers(0, 12))
    waves, before = [], dict(agreed)
    for wave in WAVES:
        before = {arm: draw(st.integers(max(0, count - 15), count)) for arm, count in before.items()}
        finished = sum(before.values())
        begun = draw(st.integers(finished, sum(agreed.values()) + undrawn))
        waves.append(WaveCounts(wave, begun, finished, tuple(before.items())))
    done = waves[-1].finished
    others = tuple((state, draw(st.integers(0, 30))) for state in OTHER_STATES)
    everybody = sum(agreed.values()) + undrawn
    states = (("consented", everybody - done), ("finished", done))
    return Counts(others, states, (("adult", everybody),), tuple(agreed.items()), tuple(waves))


def is_safe(count: int) -> bool:
    return count == 0 or count >= FEWEST


def true_counts(counts: Counts) -> dict[str, int]:
    made = {"people": counts.people, "agreed": counts.who_agreed}
    made |= {f"state {name}": count for name, count in (*counts.states, *counts.agreed)}
    made |= {f"audience {name}": count for name, count in counts.audiences}
    made |= {f"arm {name}": count for name, count in counts.arms}
    for wave in counts.waves:
        made |= {f"{wave.wave} begun": wave.begun, f"{wave.wave} finished": wave.finished}
        made |= {f"{wave.wave} arm {name}": count for name, count in wave.by_arm}
    return made


@settings(deadline=None, max_examples=40)
@given(running())
def test_no_count_and_no_difference_of_two_counts_is_of_a_few(counts):
    shown = shown_of(counts)
    assert all(true_counts(counts)[name] == count for name, count in shown.items())
    told_nothing = ("people", "state invited")
    assert all(is_safe(count) for name, count in shown.items() if name not in told_nothing)
    nested = [
        ["agreed", *(f"{wave} finished" for wave in WAVES)],
        *([f"arm {arm}", f"first arm {arm}"] for arm in ARMS),
    ]
    nested += [["agreed", f"{wave} begun", f"{wave} finished"] for wave in WAVES]
    for chain in nested:
        for larger, smaller in combinations(chain, 2):
            if larger in shown and smaller in shown:
                assert is_safe(shown[larger] - shown[smaller]), (larger, smaller)


@settings(deadline=None, max_examples=40)
@given(running())
def test_no_count_of_a_few_is_what_the_others_leave_of_a_total(counts):
    shown, true = shown_of(counts), true_counts(counts)
    tables = [("people", ["agreed", *(f"state {state}" for state in OTHER_STATES)])]
    tables += [("agreed", ["state consented", "state finished"])]
    for total, parts in tables:
        hidden = [part for part in parts if part not in shown]
        if total in shown and len(hidden) == 1:
            assert is_safe(true[hidden[0]])


def test_a_study_with_enough_people_everywhere_is_told_as_it_is():
    waves = (WaveCounts("first", 80, 60, (("clip", 30), ("text", 30))),)
    states = (("consented", 40), ("finished", 60))
    counts = Counts((("invited", 3),), states, (("adult", 100),), (("clip", 50), ("text", 50)), waves)
    assert shown_of(counts) == true_counts(counts)


@pytest.mark.parametrize("left", [3, 12])
def test_who_did_not_finish_in_an_arm_cannot_be_reckoned(store, left):
    study = opened(store, viewers())
    arms = [arm.name for arm in study.arms]
    people = [(arm, place < 30 - left) for arm in arms for place in range(30)]
    same = {"study": study.identifier, "came_by": "open", "audience": "adult", "state": "consented"}
    with store.writing() as connection:
        for number, (arm, done) in enumerate(people, start=1):
            connection.execute(
                insert(participants), [{**same, "number": number, "token_hash": str(number), "arm": arm}]
            )
            turn = {"participant": number, "wave": "first", "study": study.identifier, "arm": arm}
            connection.execute(
                insert(turns), [{**turn, "begun_on": str(DAY), "finished_on": str(DAY) if done else None}]
            )
    found = study_status(store, study.identifier, on=DAY)
    pairs = [(found.by_arm[arm], found.waves[0].by_arm[arm]) for arm in arms]
    if left == 12:
        assert pairs == [(30, 18)] * 4
        return
    assert all(None in pair for pair in pairs)


def test_that_all_agreed_does_not_tell_how_few_have_not_finished():
    waves = (WaveCounts("first", 40, 37, ()),)
    states = (("consented", 3), ("finished", 37))
    shown = shown_of(Counts((("invited", 0),), states, (("adult", 40),), (), waves))
    assert (shown["people"], shown["first finished"]) == (40, 37)
    assert not {"agreed", "audience adult", "state consented", "state invited", "first begun"} & shown.keys()
