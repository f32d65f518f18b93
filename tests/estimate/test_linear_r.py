"""Every covariance of `fit_linear` and `fit_two_stage` against estimatr, clubSandwich and survey, to 1e-6."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from commonbeat.estimate.linear import fit_linear, fit_two_stage
from tests.r import run_r

SHAPES = {
    "plain": ("z",),
    "covariates": ("z", "x1", "x2"),
    "shared": ("z", "x3", "x1"),
    "deficient": ("z", "x1", "x2", "x5"),
    "passed": ("z", "only", "x1"),
    "year": ("z", "year"),
}
KINDS = [
    (f"{shape} {kind}{weighted}", shape, kind, bool(weighted))
    for shape in SHAPES
    for kind in ("HC2", "CR2")
    for weighted in ("", " weighted")
]
OTHER_KINDS = [
    (f"covariates {kind}{weighted}", "covariates", kind, bool(weighted))
    for kind in ("classical", "HC0", "HC1", "CR0", "stata")
    for weighted in ("", " weighted")
]


@pytest.fixture(scope="module")
def data() -> pl.DataFrame:
    """Rows in clusters of 1 to 40, three of them of one; arms within and between clusters; weights from .2 to 20."""
    luck = np.random.default_rng(303)
    sizes = [1, 1, 1, 2, 3, 5, 8, 8, 12, 20, 25, 40]
    cluster = np.repeat(np.arange(len(sizes)), sizes)
    rows = len(cluster)
    z = np.where(cluster < 9, cluster % 2, luck.integers(0, 2, rows))
    x1, x2 = luck.normal(size=rows), luck.exponential(size=rows)
    d = (luck.random(rows) < 0.2 + 0.6 * z).astype(float)
    common = luck.normal(size=len(sizes))[cluster]
    columns = {
        "cluster": cluster,
        "z": z,
        "d": d,
        "x1": x1,
        "x2": x2,
        "x3": luck.normal(size=len(sizes))[cluster],
        "x5": x1 + x2,
        "only": (cluster == 7).astype(float),
        "year": 2000.0 + luck.integers(0, 20, rows),
        "w": np.exp(luck.normal(scale=0.9, size=rows)),
        "y": 50 + 3 * d + x1 + common + luck.normal(size=rows) * (1 + z),
    }
    return pl.DataFrame(columns)[luck.permutation(rows)]


@pytest.fixture(scope="module")
def referee(data: pl.DataFrame) -> dict:
    return run_r("linear_regression", data=data)


def ours(data: pl.DataFrame, shape: str, kind: str, *, weighted: bool):
    columns = [np.ones(len(data)), *(data[name].to_numpy().astype(float) for name in SHAPES[shape])]
    return fit_linear(
        data["y"].to_numpy(),
        np.column_stack(columns),
        weights=data["w"].to_numpy() if weighted else None,
        clusters=data["cluster"].to_numpy() if kind.startswith(("CR", "stata")) else None,
        names=("(Intercept)", *SHAPES[shape]),
        kind=kind,
    )


def compare(fit, row: dict, *, df: bool) -> None:
    """Coefficient by coefficient, in the order of names: R may have dropped another of dependent columns."""
    at = {name: index for index, name in enumerate(row["names"])}
    shared = [name for name in fit.names if name in at]
    assert len(shared) == len(fit.names)
    for name in shared:
        estimate, std_error, free = fit.of(name)
        index = at[name]
        assert estimate == pytest.approx(row["estimate"][index], rel=1e-7, abs=1e-9)
        assert std_error == pytest.approx(row["se"][index], rel=1e-7)
        if df:
            assert free == pytest.approx(row["df"][index], rel=1e-7)


@pytest.mark.parametrize(("key", "shape", "kind", "weighted"), KINDS, ids=[each[0] for each in KINDS])
def test_clubsandwich_agrees_in_everything(data, referee, key, shape, kind, weighted) -> None:
    compare(ours(data, shape, kind, weighted=weighted), referee["club"][key], df=True)


ESTIMATR = [each for each in KINDS if not each[0].startswith(("passed CR2", "deficient"))]


@pytest.mark.parametrize(("key", "shape", "kind", "weighted"), ESTIMATR, ids=[each[0] for each in ESTIMATR])
def test_estimatr_agrees_and_its_hc2_takes_rows_less_columns_for_df(data, referee, key, shape, kind, weighted) -> None:
    fit = ours(data, shape, kind, weighted=weighted)
    compare(fit, referee["estimatr"][key], df=kind == "CR2")
    if kind == "HC2":
        assert set(referee["estimatr"][key]["df"]) == {fit.n - len(fit.names)}
        assert (fit.df < fit.n - len(fit.names)).all()


@pytest.mark.parametrize(("key", "shape", "kind", "weighted"), OTHER_KINDS, ids=[each[0] for each in OTHER_KINDS])
def test_the_older_covariances_agree_with_estimatr(data, referee, key, shape, kind, weighted) -> None:
    compare(ours(data, shape, kind, weighted=weighted), referee["estimatr"][key], df=True)


def test_survey_agrees_on_weighted_rows_and_clusters(data, referee) -> None:
    compare(ours(data, "covariates", "CR1", weighted=True), referee["survey"]["clusters"], df=False)
    columns = [np.ones(len(data)), *(data[name].to_numpy().astype(float) for name in SHAPES["covariates"])]
    rows = fit_linear(
        data["y"].to_numpy(),
        np.column_stack(columns),
        weights=data["w"].to_numpy(),
        clusters=np.arange(len(data)),
        names=("(Intercept)", *SHAPES["covariates"]),
        kind="CR1",
    )
    compare(rows, referee["survey"]["rows"], df=False)


def test_dependent_columns_are_dropped_as_r_does_and_the_fit_is_the_same(data, referee) -> None:
    fit = ours(data, "deficient", "CR2", weighted=True)
    assert fit.dropped == ("x5",)
    row = referee["estimatr"]["deficient CR2 weighted"]
    at = row["names"].index("z")
    assert fit.of("z") == pytest.approx((row["estimate"][at], row["se"][at], row["df"][at]), rel=1e-7)


def test_a_cluster_that_the_fit_passes_through_is_counted(data) -> None:
    assert ours(data, "passed", "CR2", weighted=False).fully_fitted == 1
    assert ours(data, "passed", "CR2", weighted=True).fully_fitted == 1
    assert ours(data, "covariates", "CR2", weighted=True).fully_fitted == 0


@pytest.mark.parametrize("key", ["HC2", "HC2 weighted", "CR2", "CR2 weighted"])
def test_two_stages_agree_with_iv_robust(data, referee, key) -> None:
    others = [np.ones(len(data)), data["x1"].to_numpy(), data["x2"].to_numpy()]
    stages = fit_two_stage(
        data["y"].to_numpy(),
        np.column_stack([data["d"].to_numpy(), *others]),
        np.column_stack([data["z"].to_numpy().astype(float), *others]),
        weights=data["w"].to_numpy() if "weighted" in key else None,
        clusters=data["cluster"].to_numpy() if "CR2" in key else None,
        names=("d", "(Intercept)", "x1", "x2"),
    )
    compare(stages.second, referee["instrumental"][key], df="CR2" in key)
    if "HC2" in key:
        row = referee["second"][key]
        free = dict(zip(["(Intercept)", "d", "x1", "x2"], row["df"], strict=True))
        for name in stages.second.names:
            assert stages.second.of(name).df == pytest.approx(free[name], rel=1e-7)
