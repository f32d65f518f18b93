"""Codes for no answer: those that stand apart are suspected, ordinary data are left in peace."""

from __future__ import annotations

import io

import numpy as np
import polars as pl
import pytest

from commonbeat.datafile.codes import suspicious_codes
from commonbeat.datafile.reading import Reading, counted_from_one
from commonbeat.datafile.remark import Remark

LUCK = np.random.Generator(np.random.PCG64(12))
SCALE = np.round(LUCK.uniform(0, 100, 400), 1)
CONTINUOUS = np.round(LUCK.normal(50, 12, 400), 2)


def suspected(values: object) -> tuple[float, ...]:
    column = pl.Series("y", values, strict=False)
    found = suspicious_codes(Reading(pl.DataFrame([column]), counted_from_one(len(column))))
    return found[0].codes if found else ()


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        ([*(place % 7 - 3 for place in range(100)), *[-99] * 6], (-99,)),
        ([*SCALE, -99, -99], (-99,)),
        ([*SCALE, 999.0], (999,)),
        ([*CONTINUOUS, -99, -99, 999], (-99, 999)),
        ([*LUCK.normal(0, 1, 5000), -99, -98], (-99, -98)),
        ([*LUCK.lognormal(10, 1, 5000).round(), -999, -888], (-999, -888)),
        ([*(place % 101 - 50 for place in range(500)), -99, -99], (-99,)),
        ([*range(18, 80), -9], (-9,)),
        ([*range(18, 80), 999], (999,)),
        ([1, 2, 3, 4, 5, 99, -7], (-7, 99)),
        ([*LUCK.normal(0, 1, 300), -9, -9], (-9,)),
        ([1, 2, 3, 9, 8], ()),
        (range(-100, 101), ()),
        (range(500), ()),
        ([-99, -99], ()),
        ([None, None], ()),
        ([-7, 1000, 5000, 90000], ()),
    ],
)
def test_codes_that_stand_apart_are_suspected(values: object, codes: tuple[float, ...]) -> None:
    assert suspected(values) == codes


def whole(luck: np.random.Generator, kind: int) -> np.ndarray:
    """Three hundred whole numbers, skewed or not, of the kinds that studies hold."""
    draws = (
        lambda: luck.normal(0, 30, 300),
        lambda: luck.normal(60, 25, 300),
        lambda: luck.lognormal(2, 1, 300),
        lambda: luck.lognormal(4, 1.5, 300),
        lambda: luck.negative_binomial(0.5, 0.05, 300),
        lambda: luck.poisson(90, 300),
        lambda: luck.laplace(0, 3, 300),
        lambda: luck.negative_binomial(0.4, 0.1, 300) - luck.negative_binomial(0.4, 0.1, 300),
    )
    return np.round(draws[kind]())


@pytest.mark.parametrize("kind", range(8))
def test_ordinary_data_hardly_ever_are(kind: int) -> None:
    """Whole numbers meet a usual code by luck; even then fewer than one file in a hundred and fifty is suspected."""
    luck = np.random.Generator(np.random.PCG64(kind))
    assert sum(bool(suspected(whole(luck, kind))) for _ in range(300)) <= 2


def test_a_remark_says_the_way_out_of_whoever_asks() -> None:
    remark = Remark("y holds -99 in 1 row", ("y",), (-99,), "list it")
    assert remark.told() == "y holds -99 in 1 row; list it"
    assert remark.told("empty the cell") == "y holds -99 in 1 row; empty the cell"
    assert Remark("3 rows end early").told("empty the cell") == "3 rows end early"


def test_a_large_column_is_looked_through_at_once() -> None:
    content = "\n".join(["y", *map(str, LUCK.normal(0, 1, 200_000)), "-99"])
    assert suspected(pl.read_csv(io.StringIO(content))["y"]) == (-99,)
