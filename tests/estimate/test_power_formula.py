"""Power by formula: the known numbers, R's t test, and simulated trials within Monte Carlo error."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest

from commonbeat.estimate.power.assumption import assume
from commonbeat.estimate.power.closed import power_at, precision
from commonbeat.estimate.power.comparison import design_effect
from commonbeat.estimate.power.search import needed_units, smallest_difference, smallest_effect
from commonbeat.estimate.power.trials import batch_size, rejected, simulate
from commonbeat.results.measures import required_sample
from tests.estimate.power_designs import asked, planned
from tests.r import run_r

TRIALS = 2_000


def needed(effect: float, law: str = "student", sample: str = "people = 400", more: str = "") -> float:
    design = planned(sample, arm=f"effect = {effect}", more=more)
    return needed_units(design, design.treated[0], 0, effect, assume(design).uncertain, law=law)  # type: ignore[arg-type]


@pytest.mark.parametrize(("effect", "normal", "student"), [(0.10, 1570, 1571), (0.25, 252, 253)])
def test_the_known_sizes_per_arm(effect: float, normal: int, student: int) -> None:
    assert needed(effect) == 2 * student
    assert needed(effect, "normal") == 2 * normal
    known = required_sample(effect)
    assert (known.normal, known.student) == (normal, student)


def test_small_effects_need_many_and_no_effect_has_a_number() -> None:
    assert needed(0.01) / 2 == required_sample(0.01).student
    assert needed(0.0005) == math.inf


def test_against_r() -> None:
    cases = pl.DataFrame({"n": [20, 63, 400, 1571], "d": [0.9, 0.5, 0.2, 0.1], "level": [0.05, 0.05, 0.01, 0.05]})
    found = run_r("power_t_test", cases=cases)
    for row, power, people, smallest in zip(
        cases.iter_rows(named=True), found["power"], found["needed"], found["smallest"], strict=True
    ):
        design = planned(f"people = {2 * row['n']}", arm=f"effect = {row['d']}", top=f"level = {row['level']}")
        question = asked(design)
        assert power_at(question, row["d"]) == pytest.approx(power, abs=1e-8)
        assert needed_units(design, design.treated[0], 0, row["d"], assume(design).uncertain) == 2 * people
        assert smallest_difference(question, 0.8) == pytest.approx(smallest, rel=2e-5)


def simulated(design, wave: int = 0) -> tuple[float, float, float]:
    """(power by formula, power in simulated trials, its Monte Carlo error)."""
    question, luck = asked(design, wave), np.random.default_rng(20)
    effect = assume(design).effects["dance"]
    seen: list[np.ndarray] = []
    while sum(map(len, seen)) < TRIALS:
        seen.append(rejected(simulate(question, effect, luck, batch_size(question)), question.level))
    share = float(np.concatenate(seen).mean())
    return power_at(question, effect), share, math.sqrt(share * (1 - share) / sum(map(len, seen)))


LOSSES = """
[[waves]]
delay_days = 3
attrition = 0.2
[[waves]]
delay_days = 21
attrition_by_arm = { control = 0.1, dance = 0.5 }
[[waves]]
delay_days = 90
attrition = 0.4
"""
SCALE = "[measure]\nitems = 4\nitem_reliability = 0.4\nbaseline_correlation = 0.6\n"


@pytest.mark.parametrize(
    ("sample", "arm", "more"),
    [
        ("people = 506", "effect = 0.25", ""),
        ("people = 20", "effect = 0.9", ""),
        ("people = 400", "effect = 0.3\nshare = 3.0", ""),
        ("people = 400", "effect = 0.6\ntake_up = 0.5", "[spillover]\ncontrols_reached = 0.3"),
        ("people = 200", "effect = 1.5\ntake_up = 0.3", ""),
        ("people = 200", "effect = 0.5", SCALE),
        ("people = 30", "effect = 1.0", SCALE),
        ("people = 400\nblocks = 20\nblock_share = 0.3", "effect = 0.25", ""),
        ("people = 300\nblock_size = 2\nblock_share = 0.3", "effect = 0.25", ""),
        ("clusters = 20\ncluster_size = 20\nicc = 0.05", "effect = 0.4", ""),
        ("clusters = 20\ncluster_size = 20\nicc = 0.05\ncluster_size_cv = 0.8", "effect = 0.5", ""),
        ("cluster_sizes = [80, 9, 12, 40, 33, 21, 18, 60, 25, 14]\nicc = 0.05", "effect = 0.5", ""),
        ("clusters = 40\ncluster_size = 12\nicc = 0.1\nblocks = 10\nblock_share = 0.06", "effect = 0.3", SCALE),
    ],
)
def test_formula_and_simulation_agree(sample: str, arm: str, more: str) -> None:
    formula, share, error = simulated(planned(sample, arm=arm, more=more))
    assert abs(formula - share) < 3.3 * error, (formula, share, error)


@pytest.mark.parametrize("wave", [0, 1, 2])
def test_they_agree_after_losses_and_fading(wave: int) -> None:
    households = (
        "clusters = 200\ncluster_size = 2\ncluster_size_cv = 0.4\nicc = 0.15\nblock_size = 4\nblock_share = 0.05"
    )
    for sample in ("people = 300", households):
        formula, share, error = simulated(planned(sample, arm="effect = 0.6", more=LOSSES), wave)
        assert abs(formula - share) < 3.3 * error, (sample, formula, share, error)


def test_a_test_of_nothing_errs_as_often_as_its_level_says() -> None:
    question, luck = asked(planned("clusters = 12\ncluster_size = 15\nicc = 0.1\ncluster_size_cv = 0.5")), None
    luck = np.random.default_rng(5)
    seen = np.concatenate([rejected(simulate(question, 0.0, luck, 500), 0.05) for _ in range(12)])
    assert abs(seen.mean() - 0.05) < 3.3 * math.sqrt(0.05 * 0.95 / len(seen))


def test_clusters_cost_what_their_design_effect_says() -> None:
    sizes = [10, 20, 30, 40]
    spread = np.std(sizes) / np.mean(sizes)
    assert design_effect(sizes, 0.05) == pytest.approx(1 + ((spread**2 + 1) * np.mean(sizes) - 1) * 0.05)
    alone = precision(asked(planned("people = 8000"))).variance
    together = precision(asked(planned("clusters = 400\ncluster_size = 20\nicc = 0.05"))).variance
    assert together / alone == pytest.approx(design_effect([20] * 400, 0.05), rel=1e-6)


def test_reliability_take_up_and_fading_shrink_what_can_be_seen() -> None:
    plain = smallest_effect(asked(planned("people = 400")), 0.8)
    worse = smallest_effect(asked(planned("people = 400", more="[measure]\nreliability = 0.64")), 0.8)
    half = smallest_effect(asked(planned("people = 400", arm="effect = 0.3\ntake_up = 0.5")), 0.8)
    assert worse == pytest.approx(plain / 0.8, rel=1e-4)
    assert half == pytest.approx(2 * plain, rel=0.03)  # unequal exposure widens it a little
    later = [smallest_effect(asked(planned("people = 500", more=LOSSES), wave), 0.8) for wave in range(3)]
    assert plain < later[0] < later[1] < later[2]


def test_what_is_left_is_what_the_evidence_says() -> None:
    from commonbeat.evidence import draw_parameters, retained

    left = assume(planned("people = 400", more=LOSSES)).certain.left
    for draw in (0, 7):
        own = draw_parameters(1, draw)
        names = ("contact_retention", "trust_durable_half_life_days", "trust_transient_mean_days")
        expected = retained([3.0, 21.0, 90.0], *(own[name] for name in names))
        assert left[draw] == pytest.approx(expected, rel=1e-9)
