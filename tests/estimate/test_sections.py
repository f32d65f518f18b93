"""What stands in a trial's sections: every row names its arm, says what was left out, and claims nothing that is not so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from commonbeat.datafile import read_data_file
from commonbeat.errors import DesignError
from commonbeat.estimate.attrition import response_rates, response_weighted_effects
from commonbeat.estimate.design import Equivalence, make_design
from commonbeat.estimate.effects import primary_effect
from commonbeat.estimate.equivalence import margin_test
from commonbeat.estimate.plan import plan_document
from commonbeat.estimate.prepare import prepare
from commonbeat.estimate.sections import trial_sections, would_change
from commonbeat.estimate.trial import Trial

if TYPE_CHECKING:
    from pathlib import Path

    from commonbeat.estimate.analysis import Section


def sections(folder: Path, frame: pl.DataFrame, **design: object) -> dict[str, Section]:
    path = folder / "study.csv"
    frame.write_csv(path)
    declared = make_design({"treatment": "arm", **design})
    return {
        section.key: section for section in trial_sections(prepare(read_data_file(path), declared), declared).sections
    }


def three_arms() -> pl.DataFrame:
    luck = np.random.default_rng(3)
    arm = luck.permutation(np.arange(300) % 3)
    return pl.DataFrame(
        {
            "arm": np.array(["none", "tea", "dance"])[arm],
            "trust": luck.normal(size=300) + (arm == 2),
            "care": luck.normal(size=300),
            "home": luck.choice(["flat", "house"], 300),
        }
    )


def wedge(seed: int = 5) -> pl.DataFrame:
    luck = np.random.default_rng(seed)
    place, time = np.repeat(np.arange(8), 60), np.tile(np.repeat(np.arange(5), 12), 8)
    arm = (time >= 1 + place // 2).astype(int)
    trust = luck.normal(size=480) + 0.3 * luck.normal(size=8)[place] + arm
    return pl.DataFrame({"place": place, "time": time, "arm": arm, "trust": trust, "site": place % 2})


WEDGE = {
    "outcome": "trust",
    "cluster": "place",
    "assignment": {"kind": "stepped wedge", "step": "time", "permutations": 200},
}


def test_groups_cover_all_arms_and_robustness_names_its_own(tmp_path) -> None:
    found = sections(
        tmp_path,
        three_arms(),
        outcome=["trust", "care"],
        control="none",
        treated=["tea", "dance"],
        by="home",
        assignment={"kind": "complete", "permutations": 200},
    )
    effects = [row.estimand for row in found["groups"].rows if row.method.startswith("difference in means, HC2, Welch")]
    assert len(effects) == 8  # four effects, and the same four as a family
    for row in found["groups"].rows:
        assert row.estimand.endswith((", tea against none", ", dance against none")), row.estimand
    assert all(row.estimand.endswith(", tea against none") for row in found["robustness"].rows)
    assert found["robustness"].notes == ("For trust in tea against none only.",)
    assert "For the main outcome, trust, only." in found["groups"].notes


def test_a_stepped_wedge_takes_no_block_and_speaks_of_periods(tmp_path) -> None:
    with pytest.raises(DesignError, match="Leave block away"):
        make_design({"treatment": "arm", **WEDGE, "block": "site"})
    found = sections(tmp_path, wedge(), **WEDGE)
    (row,) = found["answer"].rows
    assert "period" in row.method
    said = " ".join([row.method, *row.warnings, *(each.method for each in found["chance"].rows)])
    assert "block" not in said
    assert "levels of time" in said
    assert "within periods" in plan_document(
        make_design({"treatment": "arm", **WEDGE}), written="2026-01-01", data="x.csv"
    )


def test_no_worse_is_no_worse_for_people(tmp_path) -> None:
    luck = np.random.default_rng(7)
    arm = (np.arange(400) % 2).astype(float)
    trial = Trial(luck.normal(size=400) + 0.5 * arm, arm, outcome_name="prejudice")
    asked = Equivalence(margin=0.2, unit="outcome", question="no worse")
    higher, lower = margin_test(trial, asked), margin_test(trial, asked, "lower")
    assert higher.p_value is not None
    assert lower.p_value is not None
    assert higher.p_value < 0.01
    assert lower.p_value > 0.9
    assert lower.estimand == "effect below 0.2: prejudice"
    assert "no worse, lower being better" in lower.method
    frame = pl.DataFrame({"arm": arm.astype(int), "prejudice": trial.outcome})
    found = sections(
        tmp_path, frame, outcome="prejudice", claim="C3", equivalence={"margin": 0.2, "question": "no worse"}
    )
    assert found["margin"].rows[0].estimand.startswith("effect below")
    assert any("Lower values" in note for note in found["margin"].notes)


def test_attrition_in_one_arm_is_weighted_in_that_arm() -> None:
    luck = np.random.default_rng(9)
    rows = 4000
    arm, known = luck.permutation(np.arange(rows) % 2).astype(float), luck.normal(size=rows)
    outcome = known + 0.5 * arm + luck.normal(size=rows)
    outcome[(arm == 1) & (luck.random(rows) < 1 / (1 + np.exp(-known)))] = np.nan
    trial = Trial(outcome, arm, covariates=known[:, None], covariate_names=("age",))
    plain, adjusted = response_weighted_effects(trial)
    for row in (plain, adjusted):
        assert row.ci_low is not None
        assert row.estimate == pytest.approx(0.5, abs=0.15)
        assert any("everybody answered" in warning for warning in row.warnings)
    naive = primary_effect(Trial(outcome, arm))
    assert naive.estimate is not None
    assert naive.estimate < 0.3


def test_weights_for_one_arm_cover_the_effect() -> None:
    covered = []
    for seed in range(300):
        luck = np.random.default_rng(seed)
        arm, known = luck.permutation(np.arange(300) % 2).astype(float), luck.normal(size=300)
        outcome = known + 0.5 * arm + luck.normal(size=300)
        outcome[(arm == 1) & (luck.random(300) < 0.6 / (1 + np.exp(-known)))] = np.nan
        row = response_weighted_effects(Trial(outcome, arm, covariates=known[:, None]))[0]
        assert row.ci_low is not None
        covered.append(row.ci_low <= 0.5 <= (row.ci_high or 0.0))
    assert 0.91 < np.mean(covered) < 0.985


def test_clusters_without_any_answer_are_counted_in_the_row() -> None:
    luck = np.random.default_rng(11)
    cluster = np.arange(320) // 10
    outcome = luck.normal(size=320)
    outcome[cluster < 3] = np.nan
    row = primary_effect(Trial(outcome, (cluster % 2).astype(float), cluster=cluster, cluster_name="street"))
    assert row.clusters == 29
    assert any(warning.startswith("3 of 32 clusters assigned (street) have no answers") for warning in row.warnings)


def test_what_holds_zero_already_needs_nothing_to_touch_it(tmp_path) -> None:
    luck = np.random.default_rng(13)
    trust = luck.normal(size=200)
    frame = pl.DataFrame(
        {"arm": np.arange(200) % 2, "trust": [None if at < 20 else value for at, value in enumerate(trust)]}
    )
    found = sections(tmp_path, frame, outcome="trust")
    assert not any("breakdown point" in sentence for sentence in would_change(list(found.values())))
    assert not any("0.00 SD" in sentence for sentence in would_change(list(found.values())))


def test_without_an_interval_nothing_is_said_of_its_width() -> None:
    cluster = np.arange(80) // 10
    outcome = np.random.default_rng(15).normal(size=80)
    row = primary_effect(Trial(outcome, (cluster == 0) * 1.0, cluster=cluster))
    assert row.ci_low is None
    assert not any("interval may be" in warning for warning in row.warnings)


def test_shares_who_answered_and_their_difference_say_that_they_weigh_otherwise() -> None:
    luck = np.random.default_rng(17)
    block = np.repeat([0, 1], [100, 300])
    arm = np.concatenate([np.arange(100) < 70, np.arange(300) < 60]) * 1.0
    outcome = np.where(luck.random(400) < np.where(block == 0, 0.5, 0.95), 1.0 + luck.normal(size=400), np.nan)
    control, treated, gap = response_rates(Trial(outcome, arm, block=block))
    assert None not in {control.estimate, treated.estimate, gap.estimate}
    assert any("compares within blocks" in warning for warning in gap.warnings)
