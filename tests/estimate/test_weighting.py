"""Raked and trimmed weights: against R's survey, against a slow twin, and what they refuse."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from commonbeat.datafile import CategoryColumn
from commonbeat.errors import DesignError
from commonbeat.estimate.design import Raking
from commonbeat.estimate.weighting import design_effect, effective_people, rake, trim_weights
from tests.r import run_r

NAMES = {"race": ("Black", "White", "other"), "age": ("18-29", "30-64", "65+"), "sex": ("f", "m")}
SHARES = {
    "race": {"Black": 0.3, "White": 0.5, "other": 0.2},
    "age": {"18-29": 0.25, "30-64": 0.55, "65+": 0.2},
    "sex": {"f": 0.52, "m": 0.48},
}
WIDE = {"smallest": 0.001, "largest": 1000.0}


def people(seed: int = 5, count: int = 600) -> dict[str, CategoryColumn]:
    """A sample with too many White women of middle age."""
    luck = np.random.default_rng(seed)
    race = luck.choice(3, count, p=[0.15, 0.7, 0.15])
    age = np.where(race == 1, luck.choice(3, count, p=[0.1, 0.6, 0.3]), luck.choice(3, count, p=[0.4, 0.5, 0.1]))
    sex = luck.choice(2, count, p=[0.65, 0.35])
    codes = {"race": race, "age": age, "sex": sex}
    return {name: CategoryColumn(each, NAMES[name], NAMES[name]) for name, each in codes.items()}


def raking(margins: dict = SHARES, **changes: float) -> Raking:
    return Raking.model_validate({"margins": margins} | changes)


@pytest.mark.parametrize("base", ["equal", "unequal"])
def test_weights_are_those_of_survey(base: str) -> None:
    sample = people()
    start = np.random.default_rng(6).uniform(0.5, 2, 600) if base == "unequal" else np.ones(600)
    words = {name: [column.names[code] for code in column.codes] for name, column in sample.items()}
    margins = [(name, category, share) for name, each in SHARES.items() for category, share in each.items()]
    expected = run_r(
        "weighting_survey",
        people=pl.DataFrame(words | {"start": start}),
        margins=pl.DataFrame(margins, schema=["column", "category", "share"], orient="row"),
    )
    np.testing.assert_allclose(rake(sample, raking(**WIDE), start).weights, expected["raked"], atol=1e-8)


def test_weights_within_bounds_are_the_nearest_that_meet_the_margins() -> None:
    """Of all weights within the bounds that meet the margins, those of least relative entropy, found by a general optimiser."""
    sample = people()
    held = rake(sample, raking(smallest=0.5, largest=2.2))
    cells, index, counts = np.unique(
        np.column_stack([column.codes for column in sample.values()]), axis=0, return_inverse=True, return_counts=True
    )
    met = [
        (cells[:, place] == code, share)
        for place, each in enumerate(SHARES.values())
        for code, share in enumerate(each.values())
        if code or not place  # one share of each further column follows from the others
    ]
    rows = np.array([where * counts / 600 for where, _ in met])
    best = optimize.minimize(
        lambda w: counts @ (w * np.log(w) - w) / 600,
        np.ones(len(cells)),
        jac=lambda w: counts * np.log(w) / 600,
        bounds=[(0.5, 2.2)] * len(cells),
        constraints={"type": "eq", "fun": lambda w: rows @ w - [share for _, share in met], "jac": lambda _: rows},
        method="SLSQP",
        options={"ftol": 1e-15, "maxiter": 500},
    )
    assert held.held > 20
    assert held.distance < 1e-12
    np.testing.assert_allclose(held.weights, best.x[index.reshape(-1)], atol=1e-5)


def test_the_margins_are_met_and_the_mean_weight_is_one() -> None:
    raked = rake(people(), raking())
    assert raked.distance < 1e-12
    assert raked.weights.mean() == pytest.approx(1)
    assert [margin.weighted for margin in raked.margins] == pytest.approx([margin.target for margin in raked.margins])
    assert raked.margins[0].people is not None
    assert raked.margins[0].people >= 10
    assert raked.design_effect == pytest.approx(1 + raked.weights.var())
    assert raked.effective_people == pytest.approx(600 / raked.design_effect)


def test_bounds_that_margins_do_not_allow_are_told() -> None:
    raked = rake(people(), raking(smallest=0.9, largest=1.1))
    assert raked.weights.max() <= 1.1
    assert raked.weights.min() >= 0.9
    assert raked.distance > 0.01
    assert any("margins are missed by up to" in sentence for sentence in raked.warnings)


def test_costly_weights_are_told() -> None:
    margins = {"race": {"Black": 0.9, "White": 0.05, "other": 0.05}}
    raked = rake(people(), raking(margins, **WIDE))
    assert any("multiply variances by up to" in sentence for sentence in raked.warnings)


def test_people_without_an_answer_keep_their_share() -> None:
    sample = people()
    codes = sample["race"].codes.copy()
    codes[:60] = -1
    raked = rake(sample | {"race": CategoryColumn(codes, NAMES["race"], NAMES["race"])}, raking())
    assert raked.weights[codes < 0].sum() == pytest.approx(60)
    known = raked.weights[codes == 0].sum() / raked.weights[codes >= 0].sum()
    assert known == pytest.approx(0.3)
    assert any("60 people have no answer in race" in sentence for sentence in raked.warnings)


def test_categories_are_found_by_label_or_value() -> None:
    codes = people()["sex"].codes
    by_value = rake(
        {"sex": CategoryColumn(codes, (2, 1), ("female", "male"))}, raking({"sex": {"2": 0.52, "male": 0.48}})
    )
    by_label = rake({"sex": people()["sex"]}, raking({"sex": SHARES["sex"]}))
    np.testing.assert_allclose(by_value.weights, by_label.weights)


def test_few_people_are_told_and_not_shown() -> None:
    codes = people()["race"].codes.copy()
    codes[codes == 2] = 1
    codes[:4] = 2
    raked = rake(
        {"race": CategoryColumn(codes, NAMES["race"], NAMES["race"])}, raking({"race": SHARES["race"]}, **WIDE)
    )
    assert any("under 10 people stand for other (race)" in sentence for sentence in raked.warnings)
    assert (raked.margins[2].people, raked.margins[2].weighted) == (None, None)


def test_all_mistakes_come_at_once() -> None:
    margins = {
        "race": {"black": 0.3, "White": 0.5, "other": 0.2},
        "age": SHARES["age"] | {"65+": 0.5},
        "gender": {"f": 0.5, "m": 0.5},
    }
    with pytest.raises(DesignError) as caught:
        rake(people(), raking(margins, smallest=1.5), np.zeros(600))
    text = str(caught.value)
    assert "Did you mean 'Black'?" in text
    assert "1.3 is the sum of the shares" in text
    assert "raking.margins.gender" in text
    assert "600 weights that are not above 0" in text
    assert "raking.smallest" in text
    assert "'Black' is a category in the data without a share" in text


weights = st.lists(st.floats(0.01, 100), min_size=3, max_size=60).map(np.array)


@settings(deadline=None, max_examples=40)
@given(weights)
def test_trimmed_weights_keep_their_sum_their_order_and_their_bounds(given_weights: np.ndarray) -> None:
    trimmed, held = trim_weights(given_weights)
    mean = given_weights.mean()
    assert trimmed.sum() == pytest.approx(given_weights.sum(), rel=1e-9)
    assert trimmed.min() >= 0.2 * mean * (1 - 1e-12)
    assert trimmed.max() <= 5 * mean * (1 + 1e-12)
    assert np.all(np.diff(trimmed[np.argsort(given_weights)]) >= -1e-12 * mean)
    assert 0 <= held <= len(given_weights)


@settings(deadline=None, max_examples=40)
@given(weights)
def test_trimmed_weights_are_those_of_a_slow_search(given_weights: np.ndarray) -> None:
    mean, low, high = given_weights.mean(), 0.0, 1e6
    for _ in range(200):
        middle = (low + high) / 2
        short = np.clip(middle * given_weights, 0.2 * mean, 5 * mean).sum() < given_weights.sum()
        low, high = (middle, high) if short else (low, middle)
    expected = np.clip(high * given_weights, 0.2 * mean, 5 * mean)
    np.testing.assert_allclose(trim_weights(given_weights)[0], expected, rtol=1e-6)


def test_trimming_needs_the_mean_within_its_bounds() -> None:
    with pytest.raises(DesignError, match="1 must lie between"):
        trim_weights(np.ones(3), 1.2, 3.0)


@settings(deadline=None, max_examples=40)
@given(weights)
def test_the_design_effect_is_that_of_kish(given_weights: np.ndarray) -> None:
    relative = given_weights / given_weights.mean()
    assert design_effect(given_weights) == pytest.approx(1 + relative.var())
    assert effective_people(given_weights) == pytest.approx(given_weights.sum() ** 2 / np.sum(given_weights**2))


def test_raked_means_are_those_of_the_population() -> None:
    """Who answers depends on race, and so does trust: raked means are right, plain ones are not."""
    luck = np.random.default_rng(9)
    misses = []
    for _ in range(200):
        race = luck.choice(2, 400, p=[0.15, 0.85])  # in the population: .4 and .6
        trust = luck.normal(np.where(race == 0, 2.0, 4.0), 1.0)
        column = CategoryColumn(race, (0, 1), ("Black", "White"))
        weights = rake({"race": column}, raking({"race": {"Black": 0.4, "White": 0.6}})).weights
        misses.append([np.average(trust, weights=weights) - 3.2, trust.mean() - 3.2])
    raked, plain = np.mean(misses, axis=0)
    assert abs(raked) < 0.02
    assert plain > 0.4


def test_the_design_effect_is_what_weights_cost_a_mean() -> None:
    luck = np.random.default_rng(10)
    given_weights = luck.lognormal(0, 0.8, 300)
    means = luck.normal(size=(8_000, 300)) @ given_weights / given_weights.sum()
    assert means.var() * 300 == pytest.approx(design_effect(given_weights), rel=0.05)
