"""The quality of a recorded encounter: drawn with the parameters, shared by arms and repeats, a factor on the dose."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from commonbeat.scenario import EncounterSetting, Scenario
from commonbeat.scenario.model import Quality
from commonbeat.simulate.ensemble import plan_draws
from commonbeat.simulate.moment import gather
from commonbeat.simulate.quality import drawn_qualities, parameter_of, quality_in
from tests.simulate.settings import PARAMETERS
from tests.simulate.worlds import scenario, world_of

KNOWN = Quality(low=0.5, middle=1.2, high=1.8, source="twenty answers and two coders")


def with_quality(quality: Quality | None) -> Scenario:
    plain = scenario("unfilmed")
    setting = plain.encounters["dance_off"].model_copy(update={"quality": quality})
    return plain.model_copy(update={"encounters": {"dance_off": setting}})


def dose(quality: Quality | None, parameters: Mapping[str, float]) -> tuple[float, float]:
    world = world_of(with_quality(quality))
    occurrence = world.scenario.arm("unfilmed").occurrences(30)[0]
    moment = gather(world.frame, world.scenario.encounters["dance_off"], occurrence, parameters, world.seed, 100)
    return moment.dose, moment.bystander_dose


def test_the_interval_is_the_one_that_was_asked_for() -> None:
    assert KNOWN.at(0.05) == pytest.approx(0.5)
    assert KNOWN.at(0.5) == pytest.approx(1.2)
    assert KNOWN.at(0.95) == pytest.approx(1.8)
    numbers = np.linspace(0, 1, 101)
    assert (np.diff([KNOWN.at(float(each)) for each in numbers]) > 0).all()


def test_a_quality_that_may_be_below_nothing_has_normal_sides() -> None:
    doubtful = Quality(low=-0.2, middle=0.6, high=1.6, source="two answers that disagree")
    assert doubtful.at(0.05) == pytest.approx(-0.2)
    assert doubtful.at(0.5) == pytest.approx(0.6)
    assert doubtful.at(0.95) == pytest.approx(1.6)


def test_draws_fill_the_interval() -> None:
    many = with_quality(KNOWN)
    drawn = np.array([drawn_qualities(many, 11, each)[parameter_of("dance_off")] for each in range(4000)])
    assert np.quantile(drawn, [0.05, 0.5, 0.95]) == pytest.approx([0.5, 1.2, 1.8], rel=0.04)


def test_repeats_with_new_luck_share_the_quality() -> None:
    plans = plan_draws(12)
    drawn = [drawn_qualities(with_quality(KNOWN), 3, plan.parameter_set) for plan in plans]
    assert drawn[0] == drawn[10]
    assert drawn[0] != drawn[1]


def test_it_multiplies_the_dose_of_those_who_took_part_and_of_those_who_stood_by() -> None:
    plain = dose(None, PARAMETERS)
    assert dose(KNOWN, PARAMETERS | {parameter_of("dance_off"): 1.7}) == pytest.approx([1.7 * each for each in plain])


def test_where_no_draw_says_it_the_middle_holds_and_without_a_quality_one() -> None:
    assert dose(KNOWN, PARAMETERS) == pytest.approx([1.2 * each for each in dose(None, PARAMETERS)])
    assert drawn_qualities(with_quality(None), 3, 0) == {}
    setting = EncounterSetting(title="x", children=1, bystanders=0)
    assert quality_in({}, "x", setting) == 1.0
