"""Panels and two-by-two comparisons against R, the trap that they are there to show, and coverage."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from commonbeat.errors import DataFileError
from commonbeat.estimate.panel import PanelData, TwoByTwo, compare_panel, difference_in_differences
from tests.r import run_r


def make_panel(
    seed: int, *, people: int = 120, waves: int = 4, missing: float = 0.0, effect: float = -0.1
) -> PanelData:
    """People with little trust are stopped more, and a stop lowers trust a little: across people it looks like a lot."""
    luck = np.random.default_rng(seed)
    person, time = np.repeat(np.arange(people), waves), np.tile(np.arange(waves), people)
    trait = luck.normal(size=people)[person]
    exposure = luck.poisson(np.exp(-0.5 - 0.6 * trait)).astype(float)
    outcome = trait + effect * exposure + 0.1 * time + luck.normal(size=len(person))
    keep = luck.uniform(size=len(person)) >= missing
    panel = PanelData(outcome, exposure, person, time, outcome_name="trust", exposure_name="stops")
    return panel.rows(keep)


def as_table(panel: PanelData) -> pl.DataFrame:
    columns = {"outcome": panel.outcome, "exposure": panel.exposure, "person": panel.person, "wave": panel.time}
    if panel.cluster is not None:
        columns["cluster"] = panel.cluster
    if panel.weight is not None:
        columns["weight"] = panel.weight
    return pl.DataFrame(columns)


@pytest.mark.parametrize("clusters", ["people", "districts"])
@pytest.mark.parametrize("missing", [0.0, 0.25])
def test_agrees_with_clubsandwich_and_estimatr(missing: float, clusters: str) -> None:
    panel = make_panel(3, people=60, missing=missing)
    if clusters == "districts":
        panel = replace(panel, cluster=panel.person % 9)
    several = np.isin(panel.person, np.flatnonzero(np.bincount(panel.person) > 1))
    panel = panel.rows(several)  # R keeps people seen once in the regression with a column each; they change nothing
    theirs = run_r("panel_within", panel=as_table(panel))
    result = compare_panel(panel)
    for row, name in zip(result.rows, ("within", "across", "apart"), strict=True):
        for figure in ("estimate", "std_error", "df"):
            assert getattr(row, figure) == pytest.approx(theirs[name][figure], abs=1e-6), (name, figure)
    assert result.within.std_error == pytest.approx(theirs["estimatr"]["std_error"], abs=1e-6)


@pytest.mark.parametrize("clusters", ["people", "districts"])
@pytest.mark.parametrize("weights", ["fixed", "changing"])
def test_weights_agree_with_clubsandwich_also_where_they_change_within_a_person(weights: str, clusters: str) -> None:
    panel = make_panel(3, people=40, missing=0.2)
    panel = panel.rows(np.isin(panel.person, np.flatnonzero(np.bincount(panel.person) > 1)))
    luck = np.random.default_rng(1)
    drawn = luck.uniform(0.5, 3, 40)[panel.person] if weights == "fixed" else luck.uniform(0.5, 3, len(panel.person))
    panel = replace(panel, weight=drawn, cluster=panel.person % 9 if clusters == "districts" else None)
    theirs = run_r("panel_within", panel=as_table(panel))
    for row, name in zip(compare_panel(panel).rows, ("within", "across", "apart"), strict=True):
        for figure in ("estimate", "std_error", "df"):
            assert getattr(row, figure) == pytest.approx(theirs[name][figure], abs=1e-6), (name, figure)


def test_too_many_people_whose_weights_change_are_said_to_be_approximate() -> None:
    panel = make_panel(3, people=120)
    luck = np.random.default_rng(1)
    changing = compare_panel(replace(panel, weight=luck.uniform(0.5, 3, len(panel.person))))
    fixed = compare_panel(replace(panel, weight=luck.uniform(0.5, 3, 120)[panel.person]))
    assert any("CR2 only nearly" in warning for warning in changing.within.warnings)
    assert not any("CR2 only nearly" in warning for warning in fixed.within.warnings)


def test_an_exposure_that_only_follows_the_waves_is_not_estimated_with_changing_weights_either() -> None:
    panel = make_panel(3, people=30)
    weight = np.random.default_rng(1).uniform(0.5, 3, len(panel.person))
    result = compare_panel(replace(panel, exposure=panel.person % 3 + 0.7 * panel.time, weight=weight))
    assert result.within.estimate is None
    assert "other than with the waves" in result.within.warnings[0]


def test_across_people_the_same_stops_look_several_times_worse() -> None:
    result = compare_panel(make_panel(1, people=2_000))
    assert result.within.ci_low < -0.1 < result.within.ci_high
    assert result.across.estimate < 3 * result.within.estimate
    assert result.apart.p_value < 0.001
    assert "different questions" in result.warnings[0]
    assert any(warning.startswith("Not an effect") for warning in result.across.warnings)


def test_people_asked_once_count_across_and_not_within() -> None:
    panel = make_panel(2, people=80)
    lonely = PanelData(np.array([1.0]), np.array([2.0]), np.array([999]), np.array([0]))
    joined = replace(
        panel,
        outcome=np.append(panel.outcome, lonely.outcome),
        exposure=np.append(panel.exposure, lonely.exposure),
        person=np.append(panel.person, lonely.person),
        time=np.append(panel.time, lonely.time),
    )
    plain, more = compare_panel(panel), compare_panel(joined)
    assert more.within.estimate == pytest.approx(plain.within.estimate, abs=1e-12)
    assert more.within.n == plain.within.n
    assert more.across.n == plain.across.n + 1
    assert any("1 people were asked once only" in warning for warning in more.warnings)


def test_few_who_changed_are_not_shown() -> None:
    panel = make_panel(4, people=40)
    exposure = np.where(panel.person < 9, panel.exposure, np.floor(panel.person / 10))
    result = compare_panel(replace(panel, exposure=exposure))
    assert result.changed <= 9
    assert result.within.estimate is None
    assert "fewer than 10 people changed" in result.within.warnings[0]
    assert result.across.estimate is not None


def test_staggered_starts_are_sent_to_the_roll_out() -> None:
    panel = make_panel(5, people=90, waves=5)
    start = np.array([2, 3, 99])[panel.person % 3]
    staggered = compare_panel(replace(panel, exposure=(panel.time >= start).astype(float)))
    common = compare_panel(replace(panel, exposure=(panel.time >= np.where(start == 99, 99, 2)).astype(float)))
    assert any("roll-out" in warning for warning in staggered.warnings)
    assert not any("roll-out" in warning for warning in common.warnings)


def test_with_two_waves_within_is_the_difference_in_differences() -> None:
    panel = make_panel(6, waves=2)
    group = (panel.person % 2).astype(float)
    result = compare_panel(replace(panel, exposure=group * panel.time))
    row = difference_in_differences(TwoByTwo(panel.outcome, group, panel.time.astype(float), unit=panel.person))
    assert result.within.estimate == pytest.approx(row.estimate, abs=1e-12)
    assert result.within.std_error == pytest.approx(row.std_error, rel=1e-9)


def two_groups(seed: int, *, rows: int = 400, places: int = 24) -> TwoByTwo:
    luck = np.random.default_rng(seed)
    place = luck.integers(0, places, rows)
    group, after = (place < places // 3).astype(float), luck.integers(0, 2, rows).astype(float)
    shock = luck.normal(scale=0.3, size=(places, 2))[place, after.astype(int)]
    outcome = 0.4 * group + 0.2 * after + 0.5 * group * after + shock + luck.normal(size=rows)
    return TwoByTwo(outcome, group, after, cluster=place, weight=luck.uniform(0.5, 2, rows), outcome_name="trust")


def test_two_by_two_agrees_with_estimatr() -> None:
    data = two_groups(1)
    columns = {
        "outcome": data.outcome,
        "group": data.group,
        "after": data.after,
        "place": data.cluster,
        "weight": data.weight,
    }
    theirs = run_r("panel_two_by_two", rows=pl.DataFrame(columns))
    ours = {
        "people": replace(data, cluster=None, weight=None),
        "weighted": replace(data, cluster=None),
        "places": replace(data, weight=None),
    }
    for name, given in ours.items():
        row = difference_in_differences(given)
        for figure in ("estimate", "std_error", "df"):
            if name != "weighted" or figure != "df":  # estimatr gives n - k for HC2, we Satterthwaite's
                expected = theirs[name][figure]
                if figure == "df" and name == "people":
                    assert row.df < expected
                    continue
                assert getattr(row, figure) == pytest.approx(expected, abs=1e-6), (name, figure)


def test_one_treated_place_has_no_interval() -> None:
    data = two_groups(2)
    row = difference_in_differences(
        replace(data, group=(data.cluster == 0).astype(float), weight=None, row_kind="place")
    )
    assert row.estimate is not None
    assert row.ci_low is None
    assert any("One treated cluster" in warning for warning in row.warnings)


def test_a_small_cell_is_not_shown() -> None:
    luck = np.random.default_rng(1)
    group, after = np.repeat([0.0, 0.0, 1.0, 1.0], [30, 30, 30, 9]), np.repeat([0.0, 1.0, 0.0, 1.0], [30, 30, 30, 9])
    data = TwoByTwo(luck.normal(size=99), group, after)
    assert difference_in_differences(data).estimate is None
    assert difference_in_differences(replace(data, row_kind="place")).estimate is not None


def test_all_mistakes_at_once() -> None:
    panel = make_panel(1, people=12)
    wrong = replace(
        panel,
        exposure=np.ones(len(panel.exposure)),
        time=np.where(panel.time == 1, 0, panel.time),
        weight=np.where(panel.person == 2, 0.0, 1.0),
        cluster=panel.time,
    )
    with pytest.raises(DataFileError) as caught:
        compare_panel(wrong)
    told = str(caught.value)
    for words in (
        "stands more than once in one wave",
        "exposure: 1.0 in every row",
        "above 0",
        "change it between waves",
    ):
        assert words in told
    with pytest.raises(DataFileError, match="group 1 after: 0 rows"):
        difference_in_differences(TwoByTwo(np.arange(4.0), np.array([0, 0, 1, 1.0]), np.array([0, 1, 0, 0.0])))


def test_the_intervals_hold_the_truth() -> None:
    trials = 300
    within = [compare_panel(make_panel(seed, people=60, waves=3)).within for seed in range(trials)]
    both = [difference_in_differences(replace(two_groups(seed), weight=None)) for seed in range(trials)]
    assert 0.92 <= np.mean([row.ci_low <= -0.1 <= row.ci_high for row in within]) <= 0.985
    assert 0.92 <= np.mean([row.ci_low <= 0.5 <= row.ci_high for row in both]) <= 0.985
