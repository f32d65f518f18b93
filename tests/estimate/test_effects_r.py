"""`intention_to_treat` and `complier_effect` against estimatr and clubSandwich to 1e-6: every combination that they offer."""

from __future__ import annotations

import itertools

import numpy as np
import polars as pl
import pytest

from commonbeat.estimate.effects import batch_effects, complier_effect, intention_to_treat
from commonbeat.estimate.trial import Trial
from tests.r import run_r

COVARIATES = ("x1", "x2")


def people() -> pl.DataFrame:
    """180 people assigned one by one, four blocks with different shares treated."""
    luck = np.random.default_rng(61)
    block = np.repeat([0, 1, 2, 3], [80, 50, 30, 20])
    share = np.array([0.5, 0.3, 0.6, 0.4])[block]
    z = np.concatenate(
        [
            luck.permuted(np.arange(count) < round(count * share[block == at][0]))
            for at, count in enumerate([80, 50, 30, 20])
        ]
    ).astype(int)
    return answers(luck, block, z, np.arange(180))


def places() -> pl.DataFrame:
    """34 places of 1 to 30 people assigned whole, in three blocks of at least four."""
    luck = np.random.default_rng(62)
    block = np.repeat([0, 1, 2], [16, 12, 6])
    z = np.array([1, 0] * 17)
    z[[3, 7]] = 1
    sizes = luck.choice([1, 1, 2, 4, 8, 15, 30], size=34)
    cluster = np.repeat(np.arange(34), sizes)
    return answers(luck, block[cluster], z[cluster], cluster)


def answers(luck: np.random.Generator, block, z, cluster) -> pl.DataFrame:
    rows = len(z)
    base, x1, x2 = luck.normal(60, 15, rows), luck.normal(size=rows), (luck.random(rows) < 0.4).astype(float)
    d = (luck.random(rows) < 0.15 + 0.6 * z).astype(float)
    place = luck.normal(size=int(cluster.max()) + 1)[cluster]
    y = 0.5 * base + 4 * d + 2 * block + x1 + 3 * place + luck.normal(scale=8 + 4 * z, size=rows)
    w = np.exp(luck.normal(scale=0.7, size=rows))
    columns = {"y": y, "z": z, "d": d, "w": w, "block": block, "cluster": cluster, "base": base, "x1": x1, "x2": x2}
    return pl.DataFrame(columns)[luck.permutation(rows)]


def paired() -> pl.DataFrame:
    """Twelve pairs of places of 1 to 9 people."""
    luck = np.random.default_rng(63)
    sizes = luck.integers(1, 10, 24)
    sizes[[0, 3]] = 1
    cluster = np.repeat(np.arange(24), sizes)
    rows = len(cluster)
    x1 = luck.normal(size=rows)
    y = 2 * (cluster % 2) + (cluster // 2) + x1 + luck.normal(size=rows)
    columns = {"y": y, "z": cluster % 2, "pair": cluster // 2, "cluster": cluster, "x1": x1, "row": np.arange(rows)}
    return pl.DataFrame(columns)


@pytest.fixture(scope="module")
def tables() -> dict[str, pl.DataFrame]:
    return {"people": people(), "places": places(), "pairs": paired()}


@pytest.fixture(scope="module")
def referee(tables) -> dict:
    return run_r("linear_effects", **tables)


def trial_of(table: pl.DataFrame, *, clustered: bool, weighted: bool, blocked: bool, adjusted: bool) -> Trial:
    return Trial(
        table["y"].to_numpy(),
        table["z"].to_numpy().astype(float),
        table["cluster"].to_numpy() if clustered else None,
        table["block"].to_numpy() if blocked else None,
        table["w"].to_numpy() if weighted else None,
        table.select(COVARIATES).to_numpy() if adjusted else np.empty((0, 0)),
        COVARIATES if adjusted else (),
        complied=table["d"].to_numpy(),
        baseline=table["base"].to_numpy() if adjusted else None,
    )


COMBINATIONS = [
    dict(zip(("clustered", "weighted", "blocked", "adjusted"), each, strict=True))
    for each in itertools.product((False, True), repeat=4)
]
WORDS = [" ".join(name for name, on in each.items() if on) or "plain" for each in COMBINATIONS]


def referee_rows(referee: dict, *, clustered: bool, weighted: bool) -> dict:
    return referee[("places" if clustered else "people") + (" weighted" if weighted else "")]


def same(row, expected: dict, *names: str) -> None:
    for name in names:
        mine = row.std_error if name == "se" else getattr(row, name)
        assert mine == pytest.approx(expected[name], rel=1e-7), name


@pytest.mark.parametrize("combination", COMBINATIONS, ids=WORDS)
def test_intention_to_treat_agrees_with_r(tables, referee, combination) -> None:
    trial = trial_of(tables["places" if combination["clustered"] else "people"], **combination)
    theirs = referee_rows(referee, clustered=combination["clustered"], weighted=combination["weighted"])
    rows = intention_to_treat(trial)
    difference = "blocked" if combination["blocked"] else "plain"
    plain = rows[-1]
    same(plain, theirs[difference], "estimate", "se")
    if combination == {"clustered": False, "weighted": False, "blocked": False, "adjusted": combination["adjusted"]}:
        same(plain, theirs["plain"], "df")  # Welch's
    else:
        same(plain, theirs[f"{difference}_club"], "estimate", "se", "df")
    if combination["clustered"] and not combination["blocked"]:
        same(plain, theirs[difference], "df")
    assert len(rows) == 1 + combination["adjusted"]
    if combination["adjusted"]:
        lin = "lin_blocked" if combination["blocked"] else "lin"
        same(rows[0], theirs[lin], "estimate", "se", *(["df"] if combination["clustered"] else []))
        same(rows[0], theirs[f"{lin}_club"], "estimate", "se", "df")


@pytest.mark.parametrize("combination", COMBINATIONS, ids=WORDS)
def test_complier_effects_agree_with_r(tables, referee, combination) -> None:
    trial = trial_of(tables["places" if combination["clustered"] else "people"], **combination)
    theirs = referee_rows(referee, clustered=combination["clustered"], weighted=combination["weighted"])
    main, bounds, first = complier_effect(trial)
    name = "compliers" + ("_lin" if combination["adjusted"] else "") + ("_blocked" if combination["blocked"] else "")
    same(main, theirs[name], "estimate", "se", *(["df"] if combination["clustered"] else []))
    same(main, theirs[f"{name}_club"], "df")
    same(first, theirs[f"{name}_first"], "estimate", "se", "df")
    assert bounds.estimate == main.estimate
    assert bounds.ci_low < main.estimate < bounds.ci_high


@pytest.mark.parametrize("combination", COMBINATIONS, ids=WORDS)
def test_many_at_once_are_the_same_as_one_by_one(tables, combination) -> None:
    table = tables["places" if combination["clustered"] else "people"]
    trial = trial_of(table, **combination)
    luck = np.random.default_rng(5)
    outcomes = np.stack([trial.outcome, trial.outcome + luck.normal(size=len(trial.outcome))])
    outcomes[1, luck.random(len(trial.outcome)) < 0.1] = np.nan
    covariates = np.column_stack([trial.baseline, trial.covariates]) if combination["adjusted"] else None
    batch = batch_effects(
        outcomes, trial.treatment, trial.cluster, weights=trial.weight, blocks=trial.block, covariates=covariates
    )
    for at in range(2):
        alone = intention_to_treat(replaced(trial, outcomes[at]))[0]
        assert (batch.estimate[at], batch.std_error[at], batch.df[at]) == pytest.approx(
            (alone.estimate, alone.std_error, alone.df), rel=1e-9
        )


def replaced(trial: Trial, outcome) -> Trial:
    from dataclasses import replace

    return replace(trial, outcome=outcome)


def test_pairs_agree_with_r(tables, referee) -> None:
    table = tables["pairs"]
    outcome, treatment = table["y"].to_numpy(), table["z"].to_numpy().astype(float)
    clustered = Trial(outcome, treatment, table["cluster"].to_numpy(), table["pair"].to_numpy())
    (row,) = intention_to_treat(clustered)
    assert row.method == "matched pairs, variance between pairs"
    same(row, referee["pairs_of_places"], "estimate", "se", "df")
    single = table.unique("cluster", keep="first", maintain_order=True)
    people = Trial(
        single["y"].to_numpy(),
        single["z"].to_numpy().astype(float),
        block=single["pair"].to_numpy(),
        covariates=single.select("x1").to_numpy(),
        covariate_names=("x1",),
    )
    adjusted, plain = intention_to_treat(people)
    same(plain, referee["pairs"], "estimate", "se", "df")
    same(adjusted, referee["pairs_adjusted"], "estimate", "se", "df")


def test_blocks_with_a_single_unit_in_an_arm_agree_with_r(tables, referee) -> None:
    table = tables["pairs"]
    trial = Trial(table["y"].to_numpy(), table["z"].to_numpy().astype(float), block=table["pair"].to_numpy())
    (row,) = intention_to_treat(trial)
    assert row.method == "block-weighted difference in means, HC2, Satterthwaite"
    assert any("single unit" in warning for warning in row.warnings)
    same(row, referee["single"], "estimate", "se")
