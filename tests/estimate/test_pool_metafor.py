"""Pooling against metafor (and clubSandwich), to 1e-6, on effects that differ much, little and not at all."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import polars as pl
import pytest

from commonbeat.estimate.pool import (
    Sample,
    by_group,
    by_number,
    clustered_by_study,
    leave_one_out,
    one_per_study,
    pool_sample,
    sample_of,
    small_study,
)
from tests.r import run_r

METHODS = {"FE": "common", "DL": "DL", "REML": "REML"}
INTERVALS = {"z": "normal", "knha": "Hartung-Knapp", "adhoc": "Hartung-Knapp, at least normal"}
CLOSE = {"rel": 1e-6, "abs": 1e-8}


def effects(kind: str) -> pl.DataFrame:
    rng = np.random.default_rng(41)
    k = 5 if kind == "few" else 23
    se = rng.uniform(0.05, 0.45, k)
    tau = {"alike": 0.0, "large": 3.0}.get(kind, 0.3)
    noise = 0.3 if kind == "alike" else 1.0
    d = 0.25 + 0.6 * se + tau * rng.standard_normal(k) + noise * se * rng.standard_normal(k)
    scale = 1000.0 if kind == "large" else 1.0
    groups = ["race", "religion", "race", "age", "religion"] if kind == "few" else ["race", "age", "race", "faith"] * 6
    return pl.DataFrame(
        {
            "d": d * scale,
            "se": se * scale,
            "g": groups[:k],
            "x": rng.uniform(0, 400, k),
            "study": [f"study {row // 3 if row < 9 else row}" for row in range(k)],
        }
    )


def sample(frame: pl.DataFrame) -> Sample:
    return sample_of(
        frame["d"].to_list(), frame["se"].to_list(), studies=frame["study"].to_list(), groups=frame["g"].to_list()
    )[0]


@pytest.fixture(scope="module", params=["differing", "alike", "few", "large"])
def pair(request: pytest.FixtureRequest) -> tuple[pl.DataFrame, Sample, Any]:
    frame = effects(request.param)
    return frame, sample(frame), run_r("pool_metafor", effects=frame)


def test_every_method_and_interval(pair: tuple) -> None:
    _, mine, r = pair
    for theirs, method in METHODS.items():
        for test, interval in INTERVALS.items() if method != "common" else [("z", "normal")]:
            pooled, other = pool_sample(mine, method=method, interval=interval), r[f"{theirs} {test}"]
            row = pooled.row
            found = [row.estimate, row.std_error, row.p_value, row.ci_low, row.ci_high]
            assert found == pytest.approx([other[name] for name in ("estimate", "se", "p", "low", "high")], **CLOSE)
            between = pooled.heterogeneity
            found = [between.tau2, between.q, between.p_value, between.i2, between.h2, *pooled.weights]
            assert found == pytest.approx(
                [*(other[name] for name in ("tau2", "q", "qp", "i2", "h2")), *other["weights"]], **CLOSE
            )
            assert row.df == (
                math.inf if test == "z" else other["df"][0] if isinstance(other["df"], list) else other["df"]
            )
            if method != "common":
                assert pooled.prediction is not None
                ends = [pooled.prediction.low, pooled.prediction.high]
                assert ends == pytest.approx([other["pi_low"], other["pi_high"]], **CLOSE)


def test_q_profile_intervals(pair: tuple) -> None:
    _, mine, r = pair
    for method in ("DL", "REML"):
        found, other = pool_sample(mine, method=method).heterogeneity, r[f"profile {method}"]
        assert found.tau_low is not None
        assert found.tau_high is not None
        assert [found.tau2, found.tau_low**2, found.tau_high**2] == pytest.approx(other["tau2"], **CLOSE)
        assert [found.i2, found.i2_low, found.i2_high] == pytest.approx(other["i2"], **CLOSE)
        assert [found.h2, found.h2_low, found.h2_high] == pytest.approx(other["h2"], **CLOSE)


def test_small_study_lines(pair: tuple) -> None:
    _, mine, r = pair
    found = small_study(mine)
    assert found is not None
    for row, other in ((found.egger, r["egger"]), (found.egger_mixed, r["egger_mixed"])):
        assert [row.estimate, row.std_error, row.p_value] == pytest.approx(
            [other[n] for n in ("slope", "se", "p")], **CLOSE
        )
    for row, other in ((found.pet, r["pet"]), (found.peese, r["peese"])):
        assert row.std_error is not None
        assert row.estimate is not None
        t = row.estimate / row.std_error
        assert [row.estimate, row.std_error, t, row.p_value] == pytest.approx(other, **CLOSE)


def test_leaving_one_out(pair: tuple) -> None:
    _, mine, r = pair
    found, other = leave_one_out(mine, interval="Hartung-Knapp"), r["without"]
    columns = {
        "estimate": [each.row.estimate for each in found],
        "se": [each.row.std_error for each in found],
        "p": [each.row.p_value for each in found],
        "low": [each.row.ci_low for each in found],
        "high": [each.row.ci_high for each in found],
        "q": [each.heterogeneity.q for each in found],
        "tau2": [each.heterogeneity.tau2 for each in found],
        "i2": [each.heterogeneity.i2 for each in found],
        "h2": [each.heterogeneity.h2 for each in found],
    }
    for name, values in columns.items():
        assert values == pytest.approx(other[name], **CLOSE), name


def test_moderators(pair: tuple) -> None:
    frame, mine, r = pair
    groups, number = by_group(mine), by_number(mine, frame["x"].to_numpy(), "days")
    for found, z, knha in ((groups, r["groups_z"], r["groups_knha"]), (number, r["number_z"], r["number_knha"])):
        assert found is not None
        assert [found.q_m, found.p_value] == pytest.approx([z["qm"], z["qmp"]], **CLOSE)
        assert [found.f, found.f_p_value] == pytest.approx([knha["qm"], knha["qmp"]], **CLOSE)
        between = found.heterogeneity
        assert [between.q, between.tau2, between.i2, between.h2] == pytest.approx(
            [z[name] for name in ("qe", "tau2", "i2", "h2")], **CLOSE
        )
        if found.r2 is not None:
            assert found.r2 == pytest.approx(z["r2"], **CLOSE)
    assert groups is not None
    reference, *others = r["groups_names"]
    rows = {row.estimand: row for row in groups.rows}
    for place, name in enumerate(others):
        row, other = rows[f"{name} less {reference}"], r["groups_knha"]
        values = [np.atleast_1d(other[column])[place] for column in ("b", "se", "p")]
        assert [row.estimate, row.std_error, row.p_value] == pytest.approx(values, **CLOSE)
    for row in groups.by_group:
        other = r["by_group"][row.estimand.removeprefix("pooled effect, ")]
        assert [row.estimate, row.std_error] == pytest.approx([other["estimate"], other["se"]], **CLOSE)


def test_several_effects_of_one_study(pair: tuple) -> None:
    _, mine, r = pair
    merged = one_per_study(mine)
    assert np.column_stack([merged.effects, merged.std_errors]) == pytest.approx(np.array(r["one_per_study"]), **CLOSE)
    row, other = clustered_by_study(mine), r["clustered"]
    assert row is not None
    found = [row.estimate, row.std_error, row.df, row.p_value]
    assert found == pytest.approx([other[name] for name in ("estimate", "se", "df", "p")], **CLOSE)
