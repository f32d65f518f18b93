"""Pooling at its edges: one study, two, none; standard errors that cannot be; effects that are alike; studies that repeat."""

from __future__ import annotations

import math

import numpy as np
import pytest

from commonbeat.errors import DataFileError
from commonbeat.estimate.pool import (
    account_of,
    by_group,
    clustered_by_study,
    leave_one_out,
    one_per_study,
    pool_effects,
    pool_sample,
    sample_of,
    small_study,
)
from commonbeat.estimate.pool.dependence import NOT_INDEPENDENT


def test_one_study_keeps_its_own_figures() -> None:
    pooled = pool_effects([0.3], [0.1])
    assert [pooled.row.estimate, pooled.row.std_error] == pytest.approx([0.3, 0.1], rel=1e-12)
    assert pooled.row.df == math.inf
    assert pooled.row.ci_low == pytest.approx(0.3 - 1.959963984540054 * 0.1)
    assert pooled.row.method == "one study's own estimate"
    assert any("one study only" in warning for warning in pooled.row.warnings)
    assert pooled.heterogeneity.tau is None
    assert pooled.prediction is None


def test_one_study_has_an_account_without_tests() -> None:
    account = account_of(sample_of([0.3], [0.1], groups=["race"])[0])
    assert account.others == ()
    assert account.small_study is None
    assert account.without == ()
    assert any("Groups cannot be compared" in note for note in account.notes)


def test_two_studies_are_pooled_with_one_degree_of_freedom_and_a_warning() -> None:
    pooled = pool_effects([0.1, 0.5], [0.1, 0.1])
    assert pooled.row.df == 1
    assert pooled.row.estimate == pytest.approx(0.3)
    # Two equal weights: the standard error is half the distance, whatever tau is.
    assert pooled.row.std_error == pytest.approx(0.2)
    assert any("can hardly be estimated" in warning for warning in pooled.row.warnings)
    assert pooled.prediction is None


def test_effects_that_are_alike_do_not_feign_certainty() -> None:
    se = [0.1, 0.2, 0.15, 0.3]
    pooled = pool_effects([0.3] * 4, se)
    assert pooled.heterogeneity.tau == 0
    assert pooled.row.std_error == pytest.approx(1 / math.sqrt(sum(1 / each**2 for each in se)))
    assert any("tau is estimated at 0" in warning for warning in pooled.row.warnings)
    bare = pool_effects([0.3] * 4, se, interval="Hartung-Knapp").row
    assert bare.std_error == 0
    assert bare.ci_low is None
    assert any("narrower than the normal" in warning for warning in bare.warnings)
    lines = small_study(sample_of([0.3] * 4, se)[0])
    assert lines is not None
    assert lines.egger.p_value is None
    assert lines.corrected.method.startswith("PET, whose")


def test_tau_at_0_says_how_far_it_may_reach() -> None:
    pooled = pool_effects([0.2, 0.25, 0.22, 0.18, 0.24], [0.1, 0.2, 0.15, 0.3, 0.1])
    assert pooled.heterogeneity.tau == 0
    assert pooled.heterogeneity.tau_low == 0
    assert any("not proof that studies agree" in warning for warning in pooled.row.warnings)


def test_missing_ones_are_left_out_by_name() -> None:
    sample, gone = sample_of([0.1, None, 0.3, math.nan], [0.1, 0.1, None, None], labels=list("abcd"))
    assert sample.labels == ("a",)
    assert [(each.label, each.reason) for each in gone] == [
        ("b", "has no effect"),
        ("c", "has no standard error"),
        ("d", "has neither effect nor standard error"),
    ]
    row = pool_effects([0.1, None, 0.3], [0.1, 0.1, 0.1], labels=list("abc")).row  # type: ignore[list-item]
    assert "b has no effect and was left out" in row.warnings


def test_all_bad_standard_errors_are_told_at_once() -> None:
    with pytest.raises(DataFileError) as caught:
        sample_of([0.1, 0.2, math.inf, 0.3], [0, -0.1, 0.1, math.inf], labels=list("abcd"), place="trials.csv")
    text = str(caught.value)
    assert len(caught.value.mistakes) == 4
    for words in (
        "row 1 (a): 0.0 standard error is 0",
        "row 2 (b): -0.1 standard error is below 0",
        "row 3 (c)",
        "row 4 (d)",
    ):
        assert f"trials.csv {words}" in text


def test_hundreds_of_bad_rows_are_counted() -> None:
    with pytest.raises(DataFileError) as caught:
        sample_of([0.1] * 300, [-1.0] * 300)
    assert len(caught.value.mistakes) == 21
    assert "280" in str(caught.value)


def test_nothing_to_pool_and_columns_of_different_length() -> None:
    with pytest.raises(DataFileError, match="no effect with a standard error"):
        sample_of([None, None], [0.1, 0.1])
    with pytest.raises(DataFileError, match="no effect with a standard error"):
        sample_of([], [])
    with pytest.raises(DataFileError, match="rows stand beside 2 effects"):
        sample_of([0.1, 0.2], [0.1])


def test_small_study_tests_warn_below_ten_and_need_different_errors() -> None:
    rng = np.random.default_rng(3)
    few = small_study(sample_of(rng.normal(size=9), rng.uniform(0.1, 0.4, 9))[0])
    enough = small_study(sample_of(rng.normal(size=10), rng.uniform(0.1, 0.4, 10))[0])
    assert few is not None
    assert enough is not None
    assert all(any("fewer than 10" in warning for warning in row.warnings) for row in few.rows)
    assert not any("fewer than 10" in warning for row in enough.rows for warning in row.warnings)
    assert small_study(sample_of(rng.normal(size=12), [0.2] * 12)[0]) is None


def test_the_corrected_effect_follows_the_written_rule() -> None:
    se = np.linspace(0.05, 0.4, 30)
    noise = np.random.default_rng(5).normal(size=30) * se
    present = small_study(sample_of(0.5 + noise, se)[0])
    absent = small_study(sample_of(1.5 * se + noise, se)[0])
    below = small_study(sample_of(-0.5 + noise, se)[0])
    assert present is not None
    assert absent is not None
    assert below is not None
    assert (present.corrected.estimate, below.corrected.estimate) == (present.peese.estimate, below.peese.estimate)
    assert absent.corrected.estimate == absent.pet.estimate


def test_a_corrected_effect_of_the_other_sign_is_doubted() -> None:
    found = small_study(sample_of([0.1, 0.02, 0.42, 0.35, 0.28], [0.1, 0.07, 0.21, 0.19, 0.16])[0])
    assert found is not None
    assert found.pet.estimate is not None
    assert found.pet.estimate < 0
    assert found.corrected.method.startswith("PET, whose")
    assert any("turns the pool's sign" in warning for warning in found.corrected.warnings)
    assert any("closer to the line" in warning for warning in found.egger.warnings)


def test_a_study_with_several_effects_counts_once() -> None:
    effects, se = [0.9, 0.8, 0.85, 0.1, 0.0, 0.2], [0.1] * 6
    studies = ["A", "A", "A", "B", "C", "D"]
    account = account_of(sample_of(effects, se, studies=studies)[0])
    assert account.studied.studies == ("A", "B", "C", "D")
    assert account.main.row.n == 4
    # Three errors of .1 that correlate .5: variance .01 (1/3 + 2/3 * .5).
    assert account.studied.std_errors[0] == pytest.approx(math.sqrt(0.01 * (1 / 3 + 2 / 3 * 0.5)))
    assert any("counts once" in warning for warning in account.main.row.warnings)
    alone, clustered = account.dependence
    assert NOT_INDEPENDENT in alone.warnings
    assert clustered.clusters == 4
    assert clustered.std_error is not None
    assert alone.std_error is not None
    assert clustered.std_error > alone.std_error


def test_one_study_with_several_effects_is_one_study() -> None:
    account = account_of(sample_of([0.2, 0.3], [0.1, 0.1], studies=["A", "A"])[0])
    assert account.main.row.n == 1
    assert clustered_by_study(account.sample) is None
    assert one_per_study(account.sample).k == 1


def test_groups_of_one_and_effects_without_a_group() -> None:
    sample, _ = sample_of([0.1, 0.2, 0.5, 0.6, 0.3], [0.1] * 5, groups=["a", "a", "b", "b", ""])
    found = by_group(sample)
    assert found is not None
    assert found.df == 1
    assert any("have no group" in warning for warning in found.warnings)
    assert [row.n for row in found.by_group] == [2, 2]
    assert by_group(sample_of([0.1, 0.2], [0.1, 0.1], groups=["a", "b"])[0]) is None


def test_leaving_one_out_names_the_study_that_decides() -> None:
    effects = [0.0, 0.05, -0.05, 0.02, 0.6, -0.02, 0.01]
    account = account_of(sample_of(effects, [0.05] * 7, labels=list("abcdefg"))[0])
    assert len(account.without) == 7
    assert any("moves most without e" in note for note in account.notes)
    assert leave_one_out(sample_of([0.1], [0.1])[0]) == ()


def test_the_order_of_studies_changes_nothing() -> None:
    rng = np.random.default_rng(8)
    d, se = rng.normal(0.2, 0.3, 12), rng.uniform(0.05, 0.3, 12)
    turned = pool_effects(d[::-1], se[::-1]).row
    assert turned.estimate == pytest.approx(pool_effects(d, se).row.estimate, rel=1e-9)


def test_intervals_cover_the_mean_effect_and_the_next_study() -> None:
    rng = np.random.default_rng(19)
    runs, k, mean, tau = 400, 12, 0.2, 0.25
    hits = np.zeros(3)
    for _ in range(runs):
        se = rng.uniform(0.08, 0.3, k)
        sample, _gone = sample_of(mean + tau * rng.standard_normal(k) + se * rng.standard_normal(k), se)
        careful = pool_sample(sample)
        plain = pool_sample(sample, method="common", interval="normal").row
        ahead, low, high = careful.prediction, careful.row.ci_low, careful.row.ci_high
        assert ahead is not None
        assert low is not None
        assert high is not None
        assert plain.ci_low is not None
        assert plain.ci_high is not None
        hits += [low < mean < high, ahead.low < rng.normal(mean, tau) < ahead.high, plain.ci_low < mean < plain.ci_high]
    covered = hits / runs
    assert 0.925 < covered[0] < 0.975
    assert 0.86 < covered[1] < 0.97
    assert covered[2] < 0.75  # a common effect where there is none


def test_the_interval_for_the_next_study_is_said_to_be_rough_below_sixty_studies() -> None:
    luck = np.random.default_rng(1)
    effects, errors = luck.normal(0.2, 0.2, 60), luck.uniform(0.08, 0.3, 60)
    for count, rough in ((40, True), (59, True), (60, False)):
        notes = account_of(sample_of(effects[:count], errors[:count])[0]).notes
        assert any("not in 95 of 100" in note for note in notes) is rough
