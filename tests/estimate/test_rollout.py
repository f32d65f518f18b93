"""Staggered roll-outs against the package `differences`, a closed form, and what cannot be estimated."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from commonbeat.errors import DataFileError
from commonbeat.estimate.rollout import RolloutData, combine, group_time_effects, staggered_rollout, tabulate_rollout
from commonbeat.estimate.rollout.certainty import covariance, standard_error, wald_before
from tests.estimate.rollouts import by_differences, make_rollout

SHAPES = [("balanced", "pairs"), ("gaps", "pairs"), ("gaps", "all rows")]


@pytest.mark.parametrize("base", ["varying", "universal"])
@pytest.mark.parametrize("control", ["never treated", "not yet treated"])
@pytest.mark.parametrize("weights", ["equal", "given"])
@pytest.mark.parametrize(("shape", "gaps"), SHAPES)
def test_every_combination_agrees_with_differences(
    shape: str, gaps: str, weights: str, control: str, base: str
) -> None:
    made = make_rollout(3, missing=0.1 if shape == "gaps" else 0.0)
    data = made.data(control=control, base=base, gaps=gaps, weighted=weights == "given")
    table = tabulate_rollout(data)
    effects = group_time_effects(table, data.control, data.base, data.gaps)
    since = combine.by_time_since_start(table, effects)
    cohorts = combine.by_cohort(effects)
    ours = {
        "group-time": effects,
        "simple": [combine.over_all(table, effects)],
        "event": since,
        "cohort": cohorts,
        "time": combine.by_period(table, effects),
        "cohort overall": [combine.over_cohorts(table, cohorts)],
        "event overall": [combine.combine_evenly([part for part in since if part.key >= 0])],
    }
    theirs = by_differences(made, data)
    for kind, parts in ours.items():
        pairs = [(part.effect, standard_error(table, part)) for part in parts]
        np.testing.assert_allclose(pairs, theirs[kind], atol=1e-9, err_msg=kind)
    if base == "varying":
        statistic, _, _ = wald_before(table, effects)
        assert statistic == pytest.approx(theirs["before"][0][0], abs=2e-6)  # theirs is rounded


def test_without_never_treated_the_last_cohort_is_the_yardstick() -> None:
    made = make_rollout(8, never=False)
    data = made.data(control="not yet treated")
    table = tabulate_rollout(data)
    effects = group_time_effects(table, "not yet treated", "varying", "pairs")
    theirs = by_differences(made, data)
    pairs = [(p.effect, standard_error(table, p)) for p in effects if p.cohort < 2016 and p.time < 2016]
    np.testing.assert_allclose(pairs, theirs["group-time"], atol=1e-9)
    assert all(np.isnan(part.effect) for part in effects if part.time >= 2016 and part.cohort < 2016)
    result = staggered_rollout(data)
    assert any("nobody to compare with" in warning for warning in result.warnings)


def test_two_periods_are_two_means_apart() -> None:
    luck = np.random.default_rng(4)
    change, treated = luck.normal(size=30), np.arange(30) < 12
    unit = np.repeat(np.arange(30), 2)
    outcome = np.column_stack([np.zeros(30), change]).ravel()
    first = np.where(treated, 2.0, np.nan)[unit]
    row = staggered_rollout(RolloutData(outcome, unit, np.tile([1, 2], 30), first)).overall[0]
    assert row.estimate == pytest.approx(change[treated].mean() - change[~treated].mean(), abs=1e-12)
    expected = np.sqrt(change[treated].var() / 12 + change[~treated].var() / 18)
    assert row.std_error == pytest.approx(expected, abs=1e-12)
    assert row.df == 11


def test_clusters_sum_the_influence_of_their_units() -> None:
    made = make_rollout(5, units=40)
    whole = staggered_rollout(made.data(cluster=made.unit))
    alone = staggered_rollout(made.data())
    assert whole.overall[0].std_error == pytest.approx(alone.overall[0].std_error, abs=1e-12)
    # every unit twice, in clusters of its twins: the estimate and its standard error stay
    twice = RolloutData(
        np.tile(made.outcome, 2),
        np.concatenate([made.unit, made.unit + 1_000]),
        np.tile(made.time, 2),
        np.tile(made.first, 2),
        cluster=np.tile(made.unit, 2),
    )
    row = staggered_rollout(twice).overall[0]
    assert row.std_error == pytest.approx(alone.overall[0].std_error, abs=1e-12)
    assert row.clusters == 40


def test_a_cohort_of_one_has_no_interval_and_weakens_the_mean() -> None:
    made = make_rollout(6)
    first = np.where(made.unit == 0, 2013.0, np.where(made.first == 2013, np.nan, made.first))
    result = staggered_rollout(replace(made.data(), first_treated=first))
    lone = next(row for row in result.by_cohort if "2013" in row.estimand)
    assert lone.estimate is not None
    assert lone.ci_low is None
    assert lone.as_row()["std_error"] is None
    assert any("no interval" in warning for warning in lone.warnings)
    assert any("cohort(s) of one unit" in warning for warning in result.overall[0].warnings)


def test_few_people_are_not_shown_but_few_places_are() -> None:
    made = make_rollout(6, units=24)
    people = staggered_rollout(made.data(unit_kind="person"))
    places = staggered_rollout(made.data(unit_kind="place"))
    assert all(row.estimate is None for row in people.by_cohort)
    assert all(row.estimate is not None for row in places.by_cohort)
    assert None in people.curve.estimate


def test_the_event_study_is_flat_before_and_its_band_is_wider_than_the_points() -> None:
    result = staggered_rollout(make_rollout(12, units=400).data(base="universal", seed=3))
    curve = result.curve
    points = dict(zip(curve.x, zip(curve.estimate, curve.low, curve.high, strict=True), strict=True))
    assert points[-1.0] == (0.0, 0.0, 0.0)
    assert all(low < 0 < high for x, (_, low, high) in points.items() if x < -1)
    for row in result.by_time_since_start:
        words = row.estimand.rsplit(", ", 1)[1]
        at = 0.0 if words == "in the first period" else float(words.split()[0]) * (1 if "after" in words else -1)
        assert points[at][1] <= row.ci_low
        assert points[at][2] >= row.ci_high
    assert result.before.p_value > 0.05
    assert result.curve == staggered_rollout(make_rollout(12, units=400).data(base="universal", seed=3)).curve


def test_a_trend_of_their_own_is_found_before_the_start() -> None:
    made = make_rollout(12, units=200)
    tilted = np.where(np.isnan(made.first), 0.0, 0.5 * (made.time - 2010))
    result = staggered_rollout(replace(made.data(), outcome=made.outcome + tilted))
    assert result.before.p_value < 0.001
    assert "does not show" in result.before.warnings[0]


def test_all_mistakes_at_once() -> None:
    made = make_rollout(1, units=6)
    first = made.first.copy()
    first[0] = 2011.0
    data = RolloutData(
        np.append(made.outcome, 1.0),
        np.append(made.unit, 3),
        np.append(made.time, 2010),
        np.append(first, made.first[made.unit == 3][0]),
        weight=np.append(made.weight, made.weight[made.unit == 3][0]) * np.where(np.append(made.unit, 3) == 2, -1, 1),
        unit_name="precinct",
    )
    with pytest.raises(DataFileError) as caught:
        staggered_rollout(data)
    told = str(caught.value)
    assert "precinct: 3 stands more than once in period 2010" in told
    assert "more than one first treated period" in told
    assert "must be above 0" in told


@pytest.mark.parametrize(
    ("first", "control", "words"),
    [
        ([np.nan] * 4, "never treated", "nobody begins"),
        ([2.0, 2.0, 3.0, 3.0], "never treated", "every unit is treated in the end"),
        ([2.0] * 4, "not yet treated", "begin in the same period"),
    ],
)
def test_nothing_to_compare(first: list[float], control: str, words: str) -> None:
    unit, time = np.repeat(np.arange(4), 3), np.tile([1, 2, 3], 4)
    data = RolloutData(np.arange(12.0), unit, time, np.array(first)[unit], control=control)
    with pytest.raises(DataFileError, match=words):
        staggered_rollout(data)


def test_treated_from_the_first_period_are_left_out_and_counted() -> None:
    made = make_rollout(2)
    first = np.where(made.unit < 3, 2010.0, made.first)
    result = staggered_rollout(replace(made.data(), first_treated=first))
    assert any(warning.startswith("3 unit(s) not seen before their own start") for warning in result.warnings)
    without = made.unit >= 3
    data = made.data()
    rest = replace(
        data,
        outcome=data.outcome[without],
        unit=data.unit[without],
        time=data.time[without],
        first_treated=data.first_treated[without],
    )
    assert result.overall[0].estimate == staggered_rollout(rest).overall[0].estimate


@pytest.mark.slow
def test_the_interval_holds_the_truth_and_the_test_before_keeps_its_size() -> None:
    held, passed, trials = 0, 0, 200
    for seed in range(trials):
        made = make_rollout(1_000 + seed, periods=6)
        result = staggered_rollout(made.data())
        row = result.overall[0]
        starts = made.first[np.unique(made.unit, return_index=True)[1]]
        truth = np.nanmean(1 + 0.3 * (2015 - starts) / 2)
        held += row.ci_low <= truth <= row.ci_high
        passed += result.before.p_value >= 0.05
    assert 0.915 <= held / trials <= 0.985
    assert 0.91 <= passed / trials <= 0.985


def test_covariance_is_of_all_parts_together() -> None:
    made = make_rollout(7)
    table = tabulate_rollout(made.data())
    effects = group_time_effects(table, "never treated", "varying", "pairs")
    variance = covariance(table, effects)
    assert np.sqrt(variance[2, 2]) == pytest.approx(standard_error(table, effects[2]))
    assert np.linalg.eigvalsh(variance).min() > -1e-12


def test_few_people_to_compare_with_are_not_shown_either() -> None:
    made = make_rollout(3, units=90)
    never = np.unique(made.unit[np.isnan(made.first)])
    first = np.where(np.isin(made.unit, never[6:]), 2012.0, made.first)
    people = staggered_rollout(replace(made.data(unit_kind="person"), first_treated=first))
    places = staggered_rollout(replace(made.data(), first_treated=first))
    kinds = ("overall", "by_cohort", "by_period", "by_time_since_start", "group_time")
    for kind in kinds:
        assert all(row.estimate is None for row in getattr(people, kind)), kind
        assert all("Fewer than 10 people" in row.warnings[0] for row in getattr(people, kind))
        assert all(row.estimate is not None for row in getattr(places, kind)), kind
    assert set(people.curve.estimate) == {None}
    plenty = staggered_rollout(make_rollout(3, units=90).data(unit_kind="person"))
    assert all(row.estimate is not None for kind in kinds for row in getattr(plenty, kind))


def test_a_period_in_which_few_people_were_seen_is_not_shown() -> None:
    made = make_rollout(3, units=90)
    gone = (made.time == 2016) & np.isnan(made.first) & (made.unit > np.unique(made.unit[np.isnan(made.first)])[5])
    outcome = np.where(gone, np.nan, made.outcome)
    rows = staggered_rollout(replace(made.data(unit_kind="person", gaps="all rows"), outcome=outcome)).group_time
    last = [row for row in rows if row.estimand.endswith("in 2016")]
    assert len(last) == 3
    assert all(row.estimate is None for row in last)
    assert all(row.estimate is not None for row in rows if row not in last)
