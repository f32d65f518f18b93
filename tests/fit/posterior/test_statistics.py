"""What targets ask of a draw: levels of surveys are free, and a draw answers what the run's tables say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from commonbeat.evidence import draw_parameters
from commonbeat.fit.posterior.bank import bank_scenario
from commonbeat.fit.posterior.predict import predicted
from commonbeat.fit.posterior.statistics import statistics_of
from commonbeat.fit.posterior.target import Target
from commonbeat.simulate.arms import run_arms
from commonbeat.simulate.columns import tables_of
from commonbeat.simulate.world import Workplace, World
from commonbeat.society import open_society
from tests.fit.posterior.towns import town


def wave(day: int, estimate: float, std_error: float, arm: str = "moment") -> Target:
    return Target(
        "survey_mean", "here", arm, group="Black residents", outcome="trust", day=day, estimate=estimate, std_error=std_error
    )  # fmt: skip


def test_the_level_of_a_survey_is_integrated_out() -> None:
    """The likelihood of changes differs from that of waves under a level with a huge normal prior by a constant only."""
    errors, effects = np.array([0.3, 0.2, 0.5]), np.array([[0.0, 0.1, 0.2], [0.0, 0.4, -0.3], [0.0, 0.0, 0.0]])
    waves = [wave(day, value, error) for day, value, error in zip((0, 10, 30), (5.1, 5.4, 4.9), errors, strict=True)]
    asked = statistics_of(waves, town())
    huge = np.diag(errors**2) + 1e6
    levels = np.array([each.estimate for each in waves])
    found = []
    for effect in effects:
        gap, change = levels - effect, asked.observed - (effect[1:] - effect[0])
        whole = -0.5 * gap @ np.linalg.solve(huge, gap)
        found.append(whole + 0.5 * change @ np.linalg.solve(asked.covariance, change))
    assert np.ptp(found) < 1e-4


def test_a_single_wave_and_the_reference_say_nothing() -> None:
    asked = statistics_of([wave(5, 1.0, 0.1)], town())
    assert asked.statistics == ()
    assert "a single wave says nothing" in asked.silent[0]
    asked = statistics_of([wave(0, 1.0, 0.1, "nothing"), wave(5, 1.0, 0.1, "nothing")], town())
    assert asked.statistics == ()
    assert "reference" in asked.silent[0]


def count(day: int, estimate: float, std_error: float, group: str = "Black residents") -> Target:
    return Target(
        "count", "here", "nothing", group=group, day=day, estimate=estimate, std_error=std_error, counted="stop"
    )  # fmt: skip


def effect(day: int, group: str = "Black residents", ring: str = "city") -> Target:
    return Target("effect", "here", "moment", group=group, ring=ring, outcome="trust", day=day, std_error=0.1)


def test_the_chance_of_a_count_is_counted_once() -> None:
    """Poisson occurrences of 40 days: the run's own chance and the error of observation together are the city's chance."""
    city, run = np.random.default_rng(1).poisson(4, (2, 20_000, 40))
    days = (40, 10, 25)
    counted = [city[:, :day].sum(axis=1) for day in days]
    simulated = [run.sum(axis=1) * day / 40 for day in days]
    asked = statistics_of([count(day, 4 * day, (4 * day) ** 0.5) for day in days], town())
    assert asked.covariance + np.cov(simulated) == pytest.approx(np.cov(counted), rel=0.05)
    assert asked.covariance[0].tolist() == [0, 0, 0]
    assert asked.overlaps == ()


def test_other_errors_of_counts_stay_as_they_are() -> None:
    asked = statistics_of([count(40, 160, 20), count(10, 40, 6.3, "White residents"), effect(3)], town())
    assert np.diag(asked.covariance) == pytest.approx([400, 6.3**2 * 0.75, 0.01])
    assert np.count_nonzero(asked.covariance) == 3


@pytest.mark.parametrize(
    ("targets", "named"),
    [
        ([count(10, 40, 9), count(40, 160, 14)], ("10 days", "40 days")),
        ([count(10, 40, 6.3), count(10, 90, 9.5, "All residents")], ("Black residents", "All residents")),
        ([effect(7), effect(7, "All residents")], ("Black residents", "All residents")),
        ([effect(7, "Black residents", "present"), effect(7, "All", "present")], ("Black residents", "of All")),
        ([effect(7), effect(20)], ("day 7", "day 20")),
        ([wave(0, 1, 0.1), wave(5, 1, 0.1), replace(wave(0, 1, 0.1), group="All residents")], ("Black", "All res")),
    ],
)
def test_rows_that_overlap_unseen_are_doubted(targets: list[Target], named: tuple[str, str]) -> None:
    overlaps = statistics_of(targets, town()).overlaps
    assert len(overlaps) == 1
    assert all(words in overlaps[0] for words in (*named, "these overlap and are counted as independent"))


def test_rows_that_see_different_people_are_not() -> None:
    apart = [effect(7), effect(7, "White residents"), effect(7, "All", "present"), count(10, 40, 6.3), wave(0, 1, 0.1)]
    assert statistics_of(apart, town()).overlaps == ()


@pytest.fixture(scope="module")
def draw() -> tuple:
    """One draw of the town with a target of every kind: what was predicted, and the run's own tables."""
    targets = [
        wave(-3, 1.0, 0.1),
        wave(20, 1.0, 0.1),
        Target("effect", "here", "outlet_clip", group="White residents", outcome="trust", day=9),
        Target("effect", "here", "moment", group="All", ring="present", outcome="cooperation", day=7),
        Target("effect", "here", "moment", group="Black residents", ring="told", outcome="trust", day=20),
        Target("count", "here", "nothing", group="All residents", day=20, counted="other contact"),
        Target("share_log", "here", "outlet_clip", clip="dance_off/3", file="a.csv", shares=10, median_hours=3.0),
    ]
    asked = statistics_of(targets, town())
    scenario = bank_scenario(town(), asked)
    workplace = Workplace(open_society("small"))
    arms = run_arms(World(workplace, scenario, draw_parameters(4, 0), 99), follow_twins=0)
    return asked, scenario, predicted(arms, asked.statistics), tables_of(arms, 0), arms


def test_the_bank_runs_what_is_asked_and_no_more(draw: tuple) -> None:
    _, scenario, *_ = draw
    assert (scenario.days, scenario.checkpoints) == (20, (7, 20))
    assert [arm.name for arm in scenario.arms] == ["nothing", "moment", "outlet_clip"]


def at(table: dict, value: str, **wanted: object) -> float:
    mask = np.logical_and.reduce([table[name] == each for name, each in wanted.items()])
    assert mask.sum() == 1
    return float(table[value][mask][0])


def test_a_draw_answers_as_the_tables_of_a_run_do(draw: tuple) -> None:
    _, _, values, tables, _ = draw
    daily, rings, counts = tables["daily"], tables["rings"], tables["occurrences"]
    changed = at(daily, "effect", arm="moment", group="Black residents", outcome="trust", day=20)
    assert values[0] == pytest.approx(changed, rel=1e-9)
    seen = at(daily, "effect", arm="outlet_clip", group="White residents", outcome="trust", day=9)
    assert values[1] == pytest.approx(seen, rel=1e-9)
    present = {"arm": "moment", "ring": "present", "group": "All", "outcome": "cooperation", "day": 7}
    assert values[2] == pytest.approx(at(rings, "effect", **present), rel=1e-6)
    told = {"arm": "moment", "ring": "told", "group": "Black residents", "outcome": "trust", "day": 20}
    assert values[3] == pytest.approx(at(rings, "effect", **told), rel=1e-6)
    assert values[4] == at(counts, "count", arm="nothing", kind="other contact", group="All residents")


def test_shares_are_those_of_the_people_stood_for(draw: tuple) -> None:
    _, _, values, tables, arms = draw
    views = arms.records["outlet_clip"].views[0]
    people = arms.world.frame.society.people.weight[views.viewer[views.shared]].sum()
    assert values[5] == pytest.approx(np.log1p(people))
    assert views.shared.sum() == tables["reach"]["shares"].sum()
