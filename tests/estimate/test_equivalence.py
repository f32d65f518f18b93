"""Tests against a margin: base R's p values, the interval that says the same, and their level at the margin itself."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from commonbeat.estimate.arms import control_sd
from commonbeat.estimate.design import Equivalence
from commonbeat.estimate.effects import primary_effect
from commonbeat.estimate.equivalence import margin_test, margin_test_of
from commonbeat.estimate.trial import Trial
from tests.r import run_r


def made() -> Trial:
    luck = np.random.default_rng(21)
    z = (np.arange(90) % 3 > 0).astype(float)
    return Trial(luck.normal(50, 10 + 3 * z), z, outcome_name="trust")


def test_each_question_is_base_r() -> None:
    trial = made()
    people = pl.DataFrame({"y": trial.outcome, "z": trial.treatment, "k": np.arange(90) % 4})
    r = run_r("robust_tests", people=people)
    asked = {
        question: margin_test(trial, Equivalence(margin=0.35, unit="outcome", question=question))
        for question in ("equivalent", "no worse", "no better")
    }
    assert asked["no worse"].p_value == pytest.approx(r["above"], rel=1e-9)
    assert asked["no better"].p_value == pytest.approx(r["below"], rel=1e-9)
    assert asked["equivalent"].p_value == pytest.approx(max(r["above"], r["below"]), rel=1e-9)
    for row in asked.values():
        assert (row.ci_low, row.ci_high) == pytest.approx(r["interval"], rel=1e-9)
        assert row.df == pytest.approx(r["df"], rel=1e-9)
        assert "interval of 90 %" in row.method


def test_the_interval_says_the_same_as_the_p_value() -> None:
    effect = primary_effect(made())
    for margin in np.linspace(0.5, 20, 60):
        row = margin_test_of(effect, margin, "equivalent", level=0.05)
        inside = -margin < row.ci_low and row.ci_high < margin
        assert inside == (row.p_value < 0.05)
        assert (margin_test_of(effect, margin, "no worse", level=0.05).p_value < 0.05) == (row.ci_low > -margin)
        assert (margin_test_of(effect, margin, "no better", level=0.05).p_value < 0.05) == (row.ci_high < margin)


def test_a_margin_in_sds_is_that_of_the_control_arm() -> None:
    trial = made()
    spread = trial.outcome[trial.treatment == 0].std(ddof=1)
    assert control_sd(trial) == pytest.approx(spread)
    in_sd = margin_test(trial, Equivalence(margin=0.2))
    in_points = margin_test(trial, Equivalence(margin=0.2 * spread, unit="outcome"))
    assert in_sd.p_value == pytest.approx(in_points.p_value)
    assert in_sd.estimand == f"effect within ±0.2 SD ({0.2 * spread:.3g}): trust"
    assert "takes that SD as known" in in_sd.warnings[-1]


def test_without_an_error_there_is_no_test() -> None:
    effect = replace(primary_effect(made()), std_error=math.nan)
    assert margin_test_of(effect, 1.0, "equivalent", level=0.05).p_value is None
    constant = Trial(np.ones(40), np.arange(40) % 2.0)
    row = margin_test(constant, Equivalence(margin=0.2))
    assert row.p_value is None
    assert "SD of the control arm is not known" in row.warnings[-1]


@pytest.mark.parametrize(("question", "effect"), [("equivalent", 0.5), ("no worse", -0.5), ("no better", 0.5)])
def test_the_level_is_kept_where_the_effect_is_the_margin(question: str, effect: float) -> None:
    luck = np.random.default_rng(22)
    z = np.repeat([0.0, 1.0], 60)
    asked = Equivalence(margin=0.5, unit="outcome", question=question)
    found = sum(margin_test(Trial(effect * z + luck.normal(size=120), z), asked).p_value < 0.05 for _ in range(600))
    assert 0.03 <= found / 600 <= 0.072
