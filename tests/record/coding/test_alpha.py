"""Alpha equals the published examples, the package, and the formula written out pair by pair."""

from __future__ import annotations

import itertools
import math

import krippendorff
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonbeat.record.coding.alpha import alpha, alpha_of_samples, value_counts
from commonbeat.record.coding.alpha_interval import bootstrap_interval, jackknife_interval
from commonbeat.record.coding.kappa import cohen_kappa, fleiss_kappa
from commonbeat.record.coding.levels import LEVELS
from tests.record.coding.made import canonical

SCORES = np.arange(1.0, 6.0)


@pytest.mark.parametrize(
    ("level", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)]
)
def test_the_canonical_example_is_as_published(level, published):
    assert alpha(value_counts(canonical(), 5), SCORES, level) == pytest.approx(published, abs=5e-4)


def test_binary_data_of_two_coders_are_as_published():
    # Krippendorff (2011), part A: ten units, two coders, alpha .095.
    first, second = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    counts = value_counts(np.array([first, second]).T, 2)
    assert alpha(counts, np.arange(2.0), "nominal") == pytest.approx(0.095, abs=5e-4)


ratings = st.integers(1, 6).flatmap(
    lambda coders: st.lists(st.lists(st.integers(-1, 4), min_size=coders, max_size=coders), min_size=1, max_size=25)
)


@settings(max_examples=300, deadline=None)
@given(ratings=ratings, level=st.sampled_from(LEVELS), start=st.sampled_from([0.0, 1.0, 2.5]))
def test_it_equals_the_package_for_every_level_with_missing_codes(ratings, level, start):
    given_codes = np.array(ratings, dtype=np.int64)
    scores = np.arange(5.0) * 1.5 + start
    counts = value_counts(given_codes, 5)
    data = np.where(given_codes < 0, np.nan, scores[np.maximum(given_codes, 0)]).T
    try:
        with np.errstate(divide="ignore", invalid="ignore"):
            expected = krippendorff.alpha(reliability_data=data, value_domain=scores, level_of_measurement=level)
    except ValueError:  # the package has nothing to say where no unit has two codes
        expected = math.nan
    found = alpha(counts, scores, level)
    if math.isfinite(expected):
        assert found == pytest.approx(expected, abs=1e-9)
    else:
        assert math.isnan(found)


def differences(counts, scores, level):
    """Squared differences as Krippendorff writes them, value by value."""
    totals = counts.sum(axis=0)
    size = len(scores)
    table = np.zeros((size, size))
    for c, k in itertools.product(range(size), repeat=2):
        low, high = min(c, k), max(c, k)
        between = totals[low : high + 1].sum() - (totals[c] + totals[k]) / 2
        sums = scores[c] + scores[k]
        table[c, k] = {
            "nominal": float(c != k),
            "ordinal": between**2 if c != k else 0.0,
            "interval": (scores[c] - scores[k]) ** 2,
            "ratio": ((scores[c] - scores[k]) / sums) ** 2 if sums else 0.0,
        }[level]
    return table


@pytest.mark.parametrize("level", LEVELS)
def test_it_equals_the_formula_pair_by_pair(level):
    luck = np.random.default_rng(4)
    given_codes = luck.integers(-1, 5, (30, 4))
    counts = value_counts(given_codes, 5)
    apart = differences(counts, SCORES, level)
    observed, everything = 0.0, []
    for row in given_codes:
        codes = [code for code in row if code >= 0]
        if len(codes) >= 2:
            everything += codes
            observed += sum(apart[a, b] for a, b in itertools.permutations(codes, 2)) / (len(codes) - 1)
    expected = sum(apart[a, b] for a, b in itertools.permutations(everything, 2)) / (len(everything) - 1)
    assert alpha(counts, SCORES, level) == pytest.approx(1 - observed / expected, abs=1e-12)


@pytest.mark.parametrize("level", LEVELS)
def test_a_weighted_sample_equals_the_units_written_out(level):
    luck = np.random.default_rng(5)
    counts = value_counts(luck.integers(-1, 5, (12, 3)), 5)
    weights = luck.integers(0, 4, (300, 12)).astype(float)
    found = alpha_of_samples(counts, SCORES, level, weights)
    for sample in (0, 7, 299):
        written = np.repeat(counts, weights[sample].astype(int), axis=0)
        assert found[sample] == pytest.approx(alpha(written, SCORES, level), abs=1e-12)


def test_one_value_and_single_codes_have_no_alpha():
    assert math.isnan(alpha(value_counts(np.zeros((5, 2), dtype=np.int64), 2), np.arange(2.0), "nominal"))
    single = np.array([[0, -1], [-1, 1], [1, -1]])
    assert math.isnan(alpha(value_counts(single, 2), np.arange(2.0), "ordinal"))
    full = value_counts(np.array([[0, 0], [1, 1], [0, 0], [1, 1]]), 2)
    assert alpha(full, np.arange(2.0), "nominal") == 1
    assert np.isnan(jackknife_interval(full, np.arange(2.0), "nominal")).all()


@pytest.mark.parametrize("codes", [[[0, 0]] * 19 + [[0, 1]], [[0, 0, 0]] * 19 + [[1, 1, 0]], [[0, 0]] * 19 + [[1, 1]]])
def test_what_stands_in_one_unit_alone_has_no_interval(codes):
    counts = value_counts(np.array(codes), 2)
    assert np.isnan(jackknife_interval(counts, np.arange(2.0), "nominal")).all()
    assert np.isnan(fleiss_kappa(counts)[1:3]).all()


def test_what_stands_in_one_clip_alone_has_no_interval():
    codes = np.array([[0, 0]] * 24 + [[1, 1], [1, 0], [1, 1], [0, 1], [0, 0], [1, 1]])
    counts = value_counts(codes, 2)
    assert np.isnan(jackknife_interval(counts, np.arange(2.0), "nominal", np.repeat(np.arange(5), 6))).all()
    low, high = jackknife_interval(counts, np.arange(2.0), "nominal")
    assert high - low > 0.3


def test_full_agreement_has_no_interval_of_any_kind():
    counts = value_counts(np.array([[0, 0], [1, 1]] * 10), 2)
    assert np.isnan(bootstrap_interval(counts, np.arange(2.0), "nominal")).all()
    assert np.isnan(fleiss_kappa(counts)[1:3]).all()
    assert np.isnan(cohen_kappa(np.diag([10.0, 10.0]))[1:3]).all()


def test_the_jackknife_is_what_it_says():
    luck = np.random.default_rng(6)
    given_codes = luck.integers(0, 3, (20, 2))
    given_codes[:12, 1] = given_codes[:12, 0]
    scores = np.arange(3.0)
    counts = value_counts(given_codes, 3)
    value = alpha(counts, scores, "nominal")
    without = [alpha(np.delete(counts, row, axis=0), scores, "nominal") for row in range(20)]
    error = math.sqrt(19 / 20 * sum((each - np.mean(without)) ** 2 for each in without)) / (1 - value**2)
    low, high = jackknife_interval(counts, scores, "nominal")
    assert math.atanh(value) - math.atanh(low) == pytest.approx(2.093024 * error, rel=1e-6)
    assert math.atanh(high) - math.atanh(value) == pytest.approx(2.093024 * error, rel=1e-6)
    assert low < value < high < 1


def test_clips_left_out_whole_widen_the_interval_of_alike_units():
    luck = np.random.default_rng(7)
    clips = np.repeat(np.arange(12), 25)
    spread = luck.beta(0.4, 0.8, 12)[clips]
    first = luck.integers(0, 2, len(clips))
    second = np.where(luck.random(len(clips)) < spread * 0.6, 1 - first, first)
    counts = value_counts(np.column_stack([first, second]), 2)
    alone = jackknife_interval(counts, np.arange(2.0), "nominal")
    together = jackknife_interval(counts, np.arange(2.0), "nominal", clips)
    assert together[1] - together[0] > 1.5 * (alone[1] - alone[0])


def test_the_resampled_interval_depends_on_its_seed_alone():
    counts = value_counts(canonical(), 5)
    one, two, other = (bootstrap_interval(counts, SCORES, "nominal", seed=seed) for seed in (1, 1, 2))
    assert one == two != other
    assert one[0] < 0.743 < one[1]


@pytest.mark.slow
@pytest.mark.parametrize(("share", "units", "least"), [(0.3, 50, 0.92), (0.1, 100, 0.91)])
def test_the_interval_holds_the_truth_about_as_often_as_it_says(share, units, least):
    luck = np.random.default_rng(8)

    def coded(size):
        truth = luck.random(size) < share
        return value_counts((truth[:, None] ^ (luck.random((size, 2)) < 0.1)).astype(np.int64), 2)

    truth = alpha(coded(400_000), np.arange(2.0), "nominal")
    ends = [jackknife_interval(coded(units), np.arange(2.0), "nominal") for _ in range(800)]
    covered = np.mean([low <= truth <= high for low, high in ends])
    assert least <= covered <= 0.99
