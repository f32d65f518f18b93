"""Scores from items: what they are, what they refuse, and what they warn of."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from commonbeat.errors import DataFileError, DesignError
from commonbeat.estimate.design import Scale
from commonbeat.estimate.scales import build_scale, cronbach_alpha, fit_one_factor, pairwise_covariance
from commonbeat.estimate.trial import how_many

NAMES = ("fair", "honest", "afraid")
LUCK = np.random.default_rng(11)
FACTOR = LUCK.normal(size=200)
ANSWERS = np.clip(np.round(3 + FACTOR[:, None] * [1.0, 0.9, -1.1] + 0.6 * LUCK.normal(size=(200, 3))), 1, 5)
CONTROL = np.arange(200) % 2 == 0


def scale(**changes: object) -> Scale:
    return Scale.model_validate({"items": NAMES, "reverse": ("afraid",), "minimum": 1, "maximum": 5} | changes)


def test_a_score_is_the_mean_of_items_standardised_by_the_control_arm() -> None:
    built = build_scale(ANSWERS, NAMES, scale(), CONTROL)
    signed = ANSWERS * [1, 1, -1]
    expected = (signed - signed[CONTROL].mean(axis=0)) / signed[CONTROL].std(axis=0, ddof=1)
    np.testing.assert_allclose(built.scores, expected.mean(axis=1), atol=1e-12)
    assert built.mean == pytest.approx(0, abs=1e-12)
    assert built.reference == "control arm"
    assert built.people == 100
    assert built.warnings == ()


def test_raw_scores_are_turned_within_the_range() -> None:
    built = build_scale(ANSWERS, NAMES, scale(standardise="none"))
    np.testing.assert_allclose(built.scores, (ANSWERS[:, 0] + ANSWERS[:, 1] + 6 - ANSWERS[:, 2]) / 3)
    assert built.unit == "mean of the items, in points of an answer"


def test_people_who_left_out_too_much_have_no_score() -> None:
    answers = ANSWERS.copy()
    answers[0, :2] = np.nan  # one item of three left
    answers[1, 0] = np.nan  # two of three left
    answers[2] = np.nan
    built = build_scale(answers, NAMES, scale(), CONTROL, name="trust")
    assert np.isnan(built.scores[[0, 2]]).all()
    assert not np.isnan(built.scores[1])
    assert built.unscored == 2
    assert any("fewer than 10 people answered under 50%" in sentence for sentence in built.warnings)
    assert not np.isnan(build_scale(answers, NAMES, scale(at_least=0.3), CONTROL).scores[0])


def test_an_item_that_was_not_reversed_is_found() -> None:
    built = build_scale(ANSWERS, NAMES, scale(reverse=()), CONTROL)
    assert any(
        "afraid runs against the other items" in sentence and "reversed?" in sentence for sentence in built.warnings
    )
    assert any("unreliable" in sentence or "no alpha" in sentence for sentence in built.warnings)


def test_item_checks_describe_answers_as_given() -> None:
    built = build_scale(ANSWERS, NAMES, scale(), CONTROL)
    afraid = built.items[2]
    assert afraid.reversed
    assert afraid.mean == pytest.approx(ANSWERS[CONTROL, 2].mean())
    assert afraid.item_rest is not None
    assert afraid.item_rest > 0.5
    assert afraid.loading is not None
    assert 0.5 < afraid.loading < 1
    assert afraid.as_row()["answered"] == 100


def test_all_mistakes_in_answers_come_at_once() -> None:
    answers = ANSWERS.copy()
    answers[:4, 0] = -99
    answers[:, 1] = 3
    with pytest.raises(DataFileError) as caught:
        build_scale(answers, NAMES, scale(), CONTROL, name="trust")
    text = str(caught.value)
    assert "trust, fair: '-99' is outside 1 to 5 in 4 answers" in text
    assert "honest" in text
    assert "same answer for all in the control arm" in text


def test_all_mistakes_in_the_scale_come_at_once() -> None:
    wrong = scale(reverse=("afriad",), minimum=None, standardise="none")
    with pytest.raises(DesignError) as caught:
        build_scale(ANSWERS, NAMES, wrong)
    assert len(caught.value.mistakes) == 2
    with pytest.raises(DesignError, match="control arm"):
        build_scale(ANSWERS, NAMES, scale(), None)


def test_small_groups_get_scores_but_no_figures() -> None:
    few = np.arange(200) < 9
    built = build_scale(ANSWERS, NAMES, scale(), few)
    assert (built.alpha, built.omega, built.mean, built.items) == (None, None, None, ())
    assert any("under 10 people" in sentence for sentence in built.warnings)


def test_one_item_is_its_own_scale() -> None:
    built = build_scale(ANSWERS[:, :1], NAMES[:1], Scale(items=("fair",)), CONTROL)
    assert built.alpha is None
    assert built.scores[CONTROL].std(ddof=1) == pytest.approx(1)


def test_two_equal_items_leave_no_factor() -> None:
    doubled = np.column_stack([ANSWERS[:, 0], ANSWERS[:, 0], ANSWERS[:, 1]])
    built = build_scale(doubled, NAMES, Scale(items=NAMES), CONTROL)
    assert built.omega is None
    assert any("two items the same" in sentence for sentence in built.warnings)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.floats(0.3, 0.95), min_size=3, max_size=8), st.lists(st.floats(0.1, 10), min_size=8, max_size=8))
def test_a_true_factor_is_recovered(loadings: list[float], spreads: list[float]) -> None:
    scale_by = np.array(spreads[: len(loadings)])
    true = np.array(loadings)
    correlation = np.outer(true, true) + np.diag(1 - true**2)
    factor = fit_one_factor(correlation * np.outer(scale_by, scale_by))
    assert factor is not None
    np.testing.assert_allclose(factor.loadings, true * scale_by, rtol=1e-3)
    common = (true @ scale_by) ** 2
    assert factor.omega == pytest.approx(common / (common + (1 - true**2) @ scale_by**2), abs=1e-4)


@settings(deadline=None, max_examples=40)
@given(st.floats(0.2, 0.9), st.integers(3, 10))
def test_with_equal_loadings_omega_is_alpha(correlation: float, count: int) -> None:
    covariance = np.full((count, count), correlation) + (1 - correlation) * np.eye(count)
    factor = fit_one_factor(covariance)
    assert factor is not None
    assert factor.omega == pytest.approx(cronbach_alpha(covariance), abs=1e-6)


@settings(deadline=None, max_examples=40)
@given(arrays.arrays(float, (30, 4), elements=st.floats(-50, 50).map(lambda value: round(value, 3))))
def test_pairwise_covariances_are_those_of_each_pair(items: np.ndarray) -> None:
    items = items.copy()
    items[::7, 1] = np.nan
    items[::5, 2] = np.nan
    found = pairwise_covariance(items)
    for j in range(4):
        for other in range(4):
            both = ~np.isnan(items[:, j]) & ~np.isnan(items[:, other])
            expected = np.cov(items[both, j], items[both, other])[0, 1]
            assert found[j, other] == pytest.approx(expected, abs=1e-8)


def test_sentences_tell_no_count_of_few_people() -> None:
    assert [how_many(people) for people in (0, 1, 9, 10, 1200)] == [
        "0",
        "fewer than 10",
        "fewer than 10",
        "10",
        "1,200",
    ]
