"""Effects by group: order, small cells, tests of difference, and R's word on all of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from commonbeat.errors import DesignError
from commonbeat.estimate.effects import primary_effect
from commonbeat.estimate.groups import effects_by_group, group_differences, holm, holm_rows
from commonbeat.estimate.groups.differences import hotelling_test, welch_test
from commonbeat.estimate.groups.effects import ordered_groups
from commonbeat.estimate.groups.joint import fit_jointly
from commonbeat.estimate.trial import Trial
from tests.r import run_r


def made() -> tuple[Trial, pl.DataFrame]:
    """Three groups in 24 clusters of unequal size, drawn whole; group 2 is worst off, group 0 best."""
    luck = np.random.default_rng(515)
    g = np.repeat(np.arange(24), luck.integers(6, 40, 24))
    people = g.size
    k, x, w = luck.integers(0, 3, people), luck.normal(size=people), np.exp(0.5 * luck.normal(size=people))
    z = (luck.permutation(24) < 12)[g].astype(float)
    y = 5.0 - k + 0.3 * z * k + x + 0.5 * luck.normal(size=24)[g] + luck.normal(size=people)
    trial = Trial(
        y,
        z,
        covariates=x[:, None],
        covariate_names=("x",),
        group=k,
        group_names=("White", "Other", "Black"),
        grouping_name="race",
        outcome_name="trust",
    )
    return trial, pl.DataFrame({"y": y, "z": z, "x": x, "k": k, "g": g, "w": w})


@pytest.fixture(scope="module")
def compared() -> tuple[Trial, pl.DataFrame, dict]:
    trial, people = made()
    return trial, people, run_r("robust_groups", people=people)


def test_groups_stand_worst_off_first(compared) -> None:
    trial, people, r = compared
    rows = effects_by_group(trial)
    assert [row.estimand for row in rows] == [
        f"intention to treat: trust, race = {name}" for name in ("Black", "Other", "White")
    ]
    assert [row.estimand[-5:] for row in effects_by_group(trial, worst_off="highest")] == ["White", "Other", "Black"]
    for told, kind in ((trial, "lin"), (replace(trial, cluster=people["g"].to_numpy()), "lin_clustered")):
        for row, code in zip(effects_by_group(told), "210", strict=True):
            theirs = r[kind][code]
            assert row.estimate == pytest.approx(theirs["estimate"], rel=1e-8)
            assert row.std_error == pytest.approx(theirs["std.error"], rel=1e-6)
            if told.cluster is not None:  # without clusters estimatr has n - p, and we Satterthwaite's
                assert row.df == pytest.approx(theirs["df"], rel=1e-6)


@pytest.mark.parametrize("weighted", [False, True])
def test_clusters_of_mixed_groups_are_tested_as_clubsandwich_does(compared, weighted) -> None:
    trial, people, r = compared
    theirs = r["together_weighted" if weighted else "together"]
    weight = people["w"].to_numpy() if weighted else None
    clustered = replace(trial, cluster=people["g"].to_numpy(), weight=weight)
    joint = fit_jointly(clustered, [clustered.rows(trial.group == code) for code in range(3)])
    steps = np.array([[-1.0, 1, 0], [-1, 0, 1]]) @ joint.effects
    test = hotelling_test(joint, steps)
    assert test is not None
    told = (test.statistic, test.numerator, test.denominator, test.p_value)
    assert told == pytest.approx(
        (theirs["statistic"], theirs["numerator"], theirs["denominator"], theirs["p"]), rel=1e-6
    )
    for step, each in zip(steps, theirs["steps"], strict=True):
        assert tuple(joint.fit.contrast(step)) == pytest.approx((each["estimate"], each["error"], each["df"]), rel=1e-6)
    same, *differences = group_differences(clustered)
    assert same.p_value == pytest.approx(theirs["p"], rel=1e-6)
    assert not [
        warning for row in (same, *differences) for warning in row.warnings if "taken as independent" in warning
    ]
    assert [row.estimand for row in differences] == [
        f"difference in effect: trust, race = {name} minus race = Black" for name in ("Other", "White")
    ]


def test_welch_holm_and_margins_are_base_r() -> None:
    luck = np.random.default_rng(99)
    k = np.repeat([0, 1, 2, 3], [12, 30, 45, 80])
    people = pl.DataFrame({"k": k, "z": np.arange(k.size) % 2, "y": luck.normal(0.2 * k, 1 + k)})
    r = run_r("robust_tests", people=people)
    test = welch_test(*(np.array(r[name]) for name in ("means", "errors", "degrees")))
    theirs = (r["welch"], *r["welch_df"], r["welch_p"])
    assert (test.statistic, test.numerator, test.denominator, test.p_value) == pytest.approx(theirs, rel=1e-9)
    assert holm([0.011, 0.02, 0.04, 0.011, 0.8]) == pytest.approx(r["holm"])
    assert holm([None, 0.5, 0.02]) == (None, 0.5, 0.04)
    assert holm([]) == ()


def test_two_groups_apart_are_a_t_test(compared) -> None:
    trial, *_ = compared
    two = trial.rows(trial.group > 0)
    same, difference = group_differences(two)
    black, other = effects_by_group(two)
    assert difference.estimate == pytest.approx(other.estimate - black.estimate)
    assert difference.std_error == pytest.approx(np.hypot(black.std_error, other.std_error))
    assert same.p_value == pytest.approx(difference.p_value)
    assert same.df == pytest.approx(difference.df)


def test_a_group_of_few_is_not_shown(compared) -> None:
    trial, *_ = compared
    control = np.flatnonzero((trial.group == 1) & (trial.treatment == 0))
    outcome = trial.outcome.copy()
    outcome[control[9:]] = np.nan
    rows = effects_by_group(replace(trial, outcome=outcome))
    assert rows[-1].estimand.endswith("Other")
    assert (rows[-1].estimate, rows[-1].std_error, rows[-1].p_value, rows[-1].n) == (None, None, None, 0)
    assert "Fewer than 10" in rows[-1].warnings[0]
    assert len(group_differences(replace(trial, outcome=outcome))) == 2
    assert group_differences(trial.rows(trial.group == 0)) == ()


def test_groups_must_be_declared() -> None:
    with pytest.raises(DesignError, match="no groups were declared"):
        ordered_groups(Trial(np.zeros(4), np.array([0.0, 1, 0, 1])))


def test_holm_rows_keep_intervals(compared) -> None:
    trial, *_ = compared
    rows = effects_by_group(trial)
    adjusted = holm_rows(rows)
    assert [row.ci_low for row in adjusted] == [row.ci_low for row in rows]
    assert all(new.p_value >= old.p_value for new, old in zip(adjusted, rows, strict=True))
    assert all("Holm over 3" in row.method for row in adjusted)


def test_the_joint_test_keeps_its_level_in_few_clusters() -> None:
    """No effect in any group, 16 clusters of mixed people: 5 % of tests below .05, within the luck of 400."""
    luck = np.random.default_rng(77)
    g = np.repeat(np.arange(16), 18)
    k = np.tile(np.arange(3), g.size // 3)
    below = 0
    for _ in range(400):
        z = (luck.permutation(16) < 8)[g].astype(float)
        y = luck.normal(size=16)[g] + luck.normal(size=(16, 3))[g, k] + luck.normal(size=g.size)
        trial = Trial(y, z, cluster=g, group=k)
        joint = fit_jointly(trial, [trial.rows(k == code) for code in range(3)])
        test = hotelling_test(joint, np.array([[-1.0, 1, 0], [-1, 0, 1]]) @ joint.effects)
        below += test is not None and test.p_value < 0.05
    assert 0.02 <= below / 400 <= 0.08


def test_blocks_and_groups_go_together(compared) -> None:
    trial, *_ = compared
    blocked = replace(trial, block=np.arange(trial.outcome.size) % 3, covariates=np.empty((0, 0)), covariate_names=())
    for group in ordered_groups(blocked):
        row = primary_effect(group.trial)
        clustered = replace(group.trial, cluster=np.arange(row.n))
        joint = fit_jointly(clustered, [clustered])
        assert joint.fit.contrast(joint.effects[0]).estimate == pytest.approx(row.estimate)


def test_too_many_blocks_for_one_regression_are_taken_apart(monkeypatch) -> None:
    """Households of two in 30 blocks of four households, as in a canvass: the tests stay, and a warning says what they lack."""
    monkeypatch.setattr("commonbeat.estimate.groups.joint.LARGEST_TABLE", 100_000)
    luck = np.random.default_rng(88)
    household = np.repeat(np.arange(120), 2)
    z = np.array([luck.permutation([0.0, 0.0, 1.0, 1.0]) for _ in range(30)]).ravel()[household]
    y = luck.normal(size=120)[household] + luck.normal(size=240)
    trial = Trial(y, z, cluster=household, block=household // 4, group=luck.integers(0, 2, 240))
    same, difference = group_differences(trial)
    assert same.p_value == pytest.approx(difference.p_value)
    assert any("taken as independent" in warning for warning in same.warnings)
