"""Headlines from the people reached are the full engine's; what is taken again gives what is made anew."""

from __future__ import annotations

import numpy as np
import pytest

from commonbeat.fit.sensitivity.evaluation import Evaluation
from commonbeat.fit.sensitivity.headline import Headline
from commonbeat.fit.sensitivity.listening import TellingTo, TellingToBoth
from commonbeat.fit.sensitivity.remembered import Noted, Remembered
from commonbeat.scenario import parse_scenario
from commonbeat.simulate.arms import run_arms
from commonbeat.simulate.background import ordinary_days
from commonbeat.simulate.columns import tables_of
from commonbeat.simulate.world import Workplace, World
from tests.simulate.settings import PARAMETERS
from tests.simulate.worlds import ARMS, HEAD, scenario, small_society

DAYS = 40
GROUPS = ("Black residents", "All residents", "White residents")
REFERENCE_WITH_EVENTS = HEAD.format(days=DAYS, society="small").replace(
    'title = "Nothing"\n',
    'title = "Nothing"\nstops_factor = 0.8\n[[arms.events]]\nkind = "violent_clip"\nday = 4\norigin = "outlet"\n',
)


@pytest.fixture(scope="module")
def workplace() -> Workplace:
    return Workplace(small_society())


def headlines(*arms: str, day: int = DAYS) -> tuple[Headline, ...]:
    there = [Headline(arm, arm, "present", day) for arm in arms if arm not in ("fewer", "same")]
    return (*there, *(Headline(arm, arm, group, day, "trust") for arm in arms for group in GROUPS))


def engine(workplace: Workplace, setting, parameters, seed: int, asked) -> np.ndarray:
    """The same figures from the tables of a full run."""
    tables = tables_of(run_arms(World(workplace, setting, parameters, seed), follow_twins=0), 0)
    found = []
    for each in asked:
        table = tables["rings" if each.of_those_present else "daily"]
        group = "All" if each.of_those_present else each.group
        rows = (table["arm"] == each.arm) & (table["group"] == group) & (table["day"] == each.day)
        rows &= table["outcome"] == each.outcome
        if each.of_those_present:
            rows &= table["ring"] == "present"
        found.append(float(table["effect"][rows][0]))
    return np.array(found)


@pytest.mark.parametrize("seed", [11, 12])
def test_the_headlines_are_the_full_engines(workplace: Workplace, seed: int) -> None:
    setting = scenario("unfilmed", "outlet", "violent", "weekly", "fewer", "harassed", "same", days=DAYS)
    asked = headlines("unfilmed", "outlet", "violent", "weekly", "fewer", "harassed", "same")
    found = Evaluation(workplace, setting, asked).effects(PARAMETERS, seed)
    expected = engine(workplace, setting, PARAMETERS, seed, asked)
    assert np.abs(expected).max() > 1e-3
    # People's rows are float32, and a level is read off them; sums are float64.
    there = np.array([each.of_those_present for each in asked])
    np.testing.assert_allclose(found[there], expected[there], rtol=2e-5, atol=1e-8)
    np.testing.assert_allclose(found[~there], expected[~there], rtol=1e-6, atol=1e-12)


def test_a_reference_with_stops_and_clips_of_its_own_is_told_from_the_arm(workplace: Workplace) -> None:
    parts = "".join(f'[[arms]]\nname = "{arm}"\ntitle = "{arm}"\n{ARMS[arm]}' for arm in ("outlet", "fewer"))
    setting = parse_scenario(REFERENCE_WITH_EVENTS + parts, source="test.toml")
    asked = headlines("outlet", "fewer")
    found = Evaluation(workplace, setting, asked).effects(PARAMETERS, 11)
    np.testing.assert_allclose(found, engine(workplace, setting, PARAMETERS, 11, asked), rtol=2e-5, atol=1e-9)


def test_more_than_a_year_is_lived_through_at_once(workplace: Workplace) -> None:
    setting = scenario("unfilmed", "fewer", days=400)
    asked = headlines("unfilmed", "fewer", day=400)
    found = Evaluation(workplace, setting, asked).effects(PARAMETERS, 11)
    np.testing.assert_allclose(found, engine(workplace, setting, PARAMETERS, 11, asked), rtol=5e-5, atol=1e-8)


def test_what_is_taken_again_gives_what_is_made_anew(workplace: Workplace) -> None:
    setting = scenario("violent", "fewer", "unfilmed", days=8)
    asked = headlines("violent", "fewer", "unfilmed", day=8)
    used, fresh = Evaluation(workplace, setting, asked), Evaluation(workplace, setting, asked)
    base = used.effects(PARAMETERS, 11)
    moved = set()
    for name, value in PARAMETERS.items():
        changed = {**PARAMETERS, name: value * 1.3}
        fresh.forget()
        found = used.effects(changed, 11)
        np.testing.assert_array_equal(found, fresh.effects(changed, 11))
        if (found != base).any():
            moved.add(name)
    np.testing.assert_array_equal(used.effects(PARAMETERS, 11), base)
    # Some of the background, some of the moment, some of the clip, some of the mind: each has its own place to be forgotten.
    assert moved > {"tell_chance_close", "participant_dose", "outlet_feed_chance", "watched_trust", "novelty_exponent"}


def test_telling_to_some_is_everybodys_telling_as_far_as_it_reaches_them(workplace: Workplace) -> None:
    society = workplace.frame.society
    first, second = np.arange(0, 700, 3), np.arange(1, 700, 3)
    both = TellingToBoth(TellingTo(workplace.telling, society, first), TellingTo(workplace.telling, society, second))
    whole = ordinary_days(workplace.frame, workplace.telling, PARAMETERS, 5, 0)
    part = ordinary_days(workplace.frame, both, PARAMETERS, 5, 0)
    wanted = np.isin(whole.told.person, np.concatenate([first, second]))
    assert 0 < wanted.sum() < len(wanted)

    def listed(told) -> list[tuple[int, int]]:
        return sorted(zip(told.event.tolist(), told.person.tolist(), strict=True))

    assert listed(part.told) == listed(type(whole.told)._make(column[wanted] for column in whole.told))


def test_a_thing_is_made_again_only_when_a_value_that_it_read_is_another() -> None:
    made = []

    def make(parameters) -> float:
        made.append(parameters["read"])
        return 10 * parameters["read"]

    remembered = Remembered(make)
    assert remembered.of({"read": 1.0, "other": 1.0}) == 10
    assert remembered.of({"read": 1.0, "other": 2.0}) == 10
    assert remembered.of({"read": 2.0, "other": 2.0}) == 20
    assert made == [1.0, 2.0]
    outer = Noted({"read": 2.0, "other": 3.0})
    remembered.of(outer)
    # Whoever rests on something that was taken again rests on the same values.
    assert "read" in outer.read
    assert "other" not in outer.read
