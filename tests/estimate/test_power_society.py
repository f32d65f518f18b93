"""A trial on the simulator's people: controls hear the story and see the clip, and the difference shrinks."""

from __future__ import annotations

import numpy as np
import pytest

from commonbeat.errors import DesignError
from commonbeat.estimate.power import SocietyRun, assume
from commonbeat.estimate.power.society_trial import live, reach, recruit
from commonbeat.mind import kinds as word
from commonbeat.society import build_small
from tests.estimate.power_designs import planned

SOCIETY = '[society]\nname = "small"\ndraws = 8\ntrials_per_draw = 3\n'
WAVES = "[[waves]]\ndelay_days = 3\n[[waves]]\ndelay_days = 21\n"


@pytest.fixture(scope="module")
def society():
    return build_small()


def run_of(society, sample: str = "people = 400", *, arm: str = "effect = 0.5", top: str = "", setting: str = ""):
    design = planned(sample, arm=arm, top=top, more=f"{WAVES}{SOCIETY}{setting}")
    return SocietyRun(design, assume(design), society)


def done(run: SocietyRun) -> dict:
    return {key: run.draw(key) for key in run.draw_keys()}


def test_talk_reaches_controls_and_costs_power(society) -> None:
    run = run_of(society)
    early, late = run.points(done(run))
    assert early.draws == 8
    assert early.trials == 24
    assert early.heard > 0.3
    assert early.saw == 0
    assert 0 < early.effect_control < early.effect_treated
    assert early.shrunk == pytest.approx(early.effect_control / early.effect_treated)
    assert early.power <= early.clean
    assert late.effect_treated < early.effect_treated


def test_a_clip_is_seen_by_controls_too(society) -> None:
    quiet, filmed = (run_of(society, setting=f'clip = "{clip}"') for clip in ("none", "outlet"))
    assert quiet.points(done(quiet))[0].saw == 0
    assert filmed.points(done(filmed))[0].saw > 0


def test_viewers_tell_nobody_but_the_clip_travels(society) -> None:
    run = run_of(society, top='claim = "C5"\nexperience = "watched"', setting='clip = "outlet"')
    early, _ = run.points(done(run))
    assert early.heard == 0
    assert early.saw > 0


def test_households_and_places_are_assigned_as_a_whole(society) -> None:
    homes = run_of(society, "clusters = 120\ncluster_size = 2\nicc = 0.1", setting='assign = "household"')
    world, _ = homes._world(0)
    recruits = recruit(world, homes.design, 120, np.random.default_rng(1))
    household = society.people.household[recruits.row]
    assert len(np.unique(household)) == 120
    assert all(len(np.unique(recruits.arm[household == one])) == 1 for one in np.unique(household))
    places = run_of(society, "clusters = 4\ncluster_size = 60\nicc = 0.05", setting='assign = "place"')
    found = recruit(world, places.design, 4, np.random.default_rng(1))
    assert len(np.unique(society.people.place[found.row])) == 4
    assert sorted(np.unique(found.arm, return_counts=True)[1].tolist()) == [120, 120]


def test_one_neighbourhood_talks_more_than_a_city(society) -> None:
    wide, narrow = run_of(society, "people = 160"), run_of(society, "people = 160", setting="places = 1")
    assert narrow.points(done(narrow))[0].heard > wide.points(done(wide))[0].heard


def test_without_a_trial_people_live_as_they_would_have(society) -> None:
    run = run_of(society)
    world, without = run._world(0)
    recruits = recruit(world, run.design, 50, np.random.default_rng(3))
    assert np.array_equal(live(world, run.design, recruits.row, {}), without[:, recruits.row])


def test_those_reached_gain_what_the_design_says_and_it_fades(society) -> None:
    """The slow twin: nobody tells anybody, so a person's gain is the effect, their own share of it, and R(t)."""
    run = run_of(society, arm="effect = 0.5")
    world, without = run._world(0)
    world.parameters |= {"tell_chance_close": 0.0, "tell_chance_acquaintance": 0.0}  # type: ignore[operator]
    recruits = recruit(world, run.design, 60, np.random.default_rng(4))
    brought = reach(world, run.design, recruits, np.ones(2), "power/twin")
    assert len(brought.heard) == 0
    moved = live(world, run.design, recruits.row, brought.met) - without[:, recruits.row]
    assert np.all(moved[:, ~recruits.reached] == 0)
    z = society.people.starting_trust[recruits.row[recruits.reached]].astype(float)
    group = society.people.group[recruits.row[recruits.reached]] == society.groups.index("Black")
    p = world.parameters
    share = np.maximum(0, 1 - p["direct_low_trust_gain"] * z) * (1 + p["direct_group_residual"] * group)
    hours = np.array([3, 21])[:, None] * 24 + 2
    kept, durable, transient = (
        world.rules.retention[word.DIRECT, word.TRUST],
        world.rules.durable_rate[word.TRUST],
        world.rules.transient_rate[word.TRUST],
    )
    most = 0.5 * share * (kept * np.exp(-durable * hours) + (1 - kept) * np.exp(-transient * hours))
    least = 0.5 * share * (1 - kept) * np.exp(-transient * hours)
    got = moved[:, recruits.reached]
    # Novelty takes a part of what lasts from those who met officers before; nobody gains more than the whole.
    assert np.all(got <= most * (1 + 1e-4) + 1e-6)
    assert np.all(got >= least * (1 - 1e-4) - 1e-6)
    assert np.median(got / most) > 0.9


def test_the_same_draw_gives_the_same_figures(society) -> None:
    first, second = run_of(society), run_of(society)
    key = first.draw_keys()[3]
    second.draw(first.draw_keys()[1])
    assert first.draw(key) == second.draw(key)


def test_a_society_that_is_too_small_is_said(society) -> None:
    with pytest.raises(DesignError, match="is more than the"):
        run_of(society, "people = 100000")
    with pytest.raises(DesignError, match="is more than the 5 places"):
        run_of(society, setting="places = 40")


def test_prejudice_falls_and_that_is_told_as_a_gain(society) -> None:
    run = run_of(society, top='claim = "C3"\noutcome = "prejudice"')
    assert run.points(done(run))[0].effect_treated > 0.2
