import math

import numpy as np
import pytest
from scipy.special import ndtri

from commonbeat.validate.scoring import crps, crps_normal, judge
from commonbeat.validate.target import Finding, Rival
from tests.validate.studies import shipped_target

NOTHING = Rival(mean=0.0, sd=1.0)
TARGET = shipped_target("sitcom")
SPREAD = np.linspace(-1.0, 1.0, 201)


def finding(**stated):
    return Finding(id="one", card="E060", what="effect", unit="SD", no_effect=NOTHING, pooled_mean=NOTHING, **stated)


def test_the_score_of_a_large_normal_sample_is_that_of_the_normal():
    sample = 0.3 + 0.8 * ndtri((np.arange(4000) + 0.5) / 4000)
    for published in (-1.0, 0.3, 2.0):
        assert crps(sample, published) == pytest.approx(crps_normal(Rival(mean=0.3, sd=0.8), published), abs=0.001)


def test_the_score_of_three_values_is_the_double_sum():
    values = np.array([1.0, 2.0, 4.0])
    by_hand = np.mean(np.abs(values - 3)) - np.mean(np.abs(values[:, None] - values[None, :])) / 2
    assert crps(values, 3.0) == pytest.approx(by_hand)


def test_a_number_passes_inside_a_narrow_interval_only():
    assert judge(TARGET, finding(kind="number", published=0.2, widest=2.0), SPREAD).passed
    wide = judge(TARGET, finding(kind="number", published=0.2, widest=1.0), SPREAD)
    assert (wide.passed, "could hardly have failed" in wide.why) == (False, True)
    outside = judge(TARGET, finding(kind="number", published=0.95, widest=2.0), SPREAD)
    assert (outside.passed, outside.why) == (False, "outside the 90 % predictive interval")
    assert (outside.miss, wide.miss) == ("wrong", "open")


def test_a_sign_needs_more_than_eight_in_ten():
    rule = finding(kind="sign", sign=-1)
    exactly = np.r_[np.full(80, -1.0), np.full(20, 1.0)]
    assert not judge(TARGET, rule, exactly).passed
    assert judge(TARGET, rule, exactly).miss == "open"
    assert judge(TARGET, rule, np.r_[np.full(81, 1.0), np.full(19, -1.0)]).miss == "wrong"
    more = judge(TARGET, rule, np.r_[np.full(81, -1.0), np.full(19, 1.0)])
    assert (more.passed, more.probability) == (True, 0.81)
    assert more.score == pytest.approx(0.19**2)
    assert more.no_effect == pytest.approx(0.25)


def test_a_null_needs_eight_tenths_of_the_mass_within_the_margin():
    rule = finding(kind="null", margin=0.5)
    assert judge(TARGET, rule, np.r_[np.zeros(80), np.ones(20)]).passed
    assert not judge(TARGET, rule, np.r_[np.zeros(79), np.ones(21)]).passed


def test_a_range_needs_eight_tenths_of_the_mass_and_a_narrow_interval():
    inside = np.linspace(4, 8, 100)
    assert judge(TARGET, finding(kind="range", published_low=4.0, published_high=14.0, widest=6.0), inside).passed
    assert not judge(TARGET, finding(kind="range", published_low=4.0, published_high=14.0, widest=2.0), inside).passed
    assert not judge(TARGET, finding(kind="range", published_low=5.0, published_high=14.0, widest=6.0), inside).passed


def test_draws_without_the_statistic_are_counted_and_too_many_fail():
    some = np.r_[np.full(10, math.nan), SPREAD]
    assert judge(TARGET, finding(kind="number", published=0.2, widest=2.0), some).draws_without == 10
    many = judge(TARGET, finding(kind="number", published=0.2, widest=2.0), np.r_[np.full(100, math.nan), SPREAD])
    assert (many.passed, many.why) == (False, "100 of 301 draws had no such statistic")


def test_a_finding_states_what_its_rule_needs_and_nothing_else():
    with pytest.raises(ValueError, match="needs published, widest"):
        finding(kind="number")
    with pytest.raises(ValueError, match="has no use for margin"):
        finding(kind="sign", sign=1, margin=0.1)
