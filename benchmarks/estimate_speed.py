"""Many clustered trials and one large regression, against statsmodels in turns, and estimatr where R is at hand.

    python benchmarks/estimate_speed.py [--rounds 5] [--trials 2000] [--rows 1000000]

Trials: 2,000 people in 40 clusters, half of them treated. Ours gives CR2 and Satterthwaite degrees of freedom for each; statsmodels, which
has no CR2, the plainer CR1, one fit after the other, on the same outcomes. The loop over our own single fit stands between. In each round all
of them get the same 200 trials; ours then does all of them once. The large regression is weighted, with five columns and 1,000 clusters.
All in CPU seconds of one process and one thread of linear algebra (set before NumPy is imported).
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from importlib.metadata import version

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np  # noqa: E402  after the threads are set
import statsmodels.api as sm  # noqa: E402
from measure import cpu_seconds, in_its_own_process, in_turns, ratio  # noqa: E402

from commonbeat.estimate.effects import batch_effects  # noqa: E402
from commonbeat.estimate.linear import fit_linear  # noqa: E402

PEOPLE, CLUSTERS, SIDE_BY_SIDE = 2_000, 40, 200
CLUSTER = np.repeat(np.arange(CLUSTERS), PEOPLE // CLUSTERS)
LARGE_CLUSTERS, LARGE_COLUMNS = 1_000, 5

ESTIMATR = """
suppressPackageStartupMessages(library(estimatr))
set.seed(1)
cluster <- rep(1:40, each = 50)
trial <- function() data.frame(z = rep(sample(rep(0:1, 20)), each = 50), y = rnorm(40)[cluster] * .3 + rnorm(2000), cluster = cluster)
trials <- replicate(20, trial(), simplify = FALSE)
invisible(lm_robust(y ~ z, data = trials[[1]], clusters = cluster, se_type = "CR2"))
took <- system.time(for (each in trials) lm_robust(y ~ z, data = each, clusters = cluster, se_type = "CR2"))
cat(took[["user.self"]] + took[["sys.self"]], as.character(packageVersion("estimatr")))
"""


def trials(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Outcomes and assignments [count, people]; people of a cluster share a tenth of their variance; no effect."""
    luck = np.random.default_rng(seed)
    arms = luck.permuted(np.tile(np.arange(CLUSTERS) % 2, (count, 1)), axis=1).astype(float)
    shared = luck.normal(scale=np.sqrt(0.1), size=(count, CLUSTERS))
    return shared[:, CLUSTER] + luck.normal(scale=np.sqrt(0.9), size=(count, PEOPLE)), arms[:, CLUSTER]


def one_by_one(outcomes: np.ndarray, treatment: np.ndarray) -> list[float]:
    fits = (
        fit_linear(outcome, np.column_stack([np.ones(PEOPLE), arm]), clusters=CLUSTER)
        for outcome, arm in zip(outcomes, treatment, strict=True)
    )
    return [fit.contrast([0, 1]).estimate for fit in fits]


def statsmodels_loop(outcomes: np.ndarray, treatment: np.ndarray) -> list[float]:
    found = []
    for outcome, arm in zip(outcomes, treatment, strict=True):
        design = np.column_stack([np.ones(PEOPLE), arm])
        fit = sm.OLS(outcome, design).fit(cov_type="cluster", cov_kwds={"groups": CLUSTER}, use_t=True)
        assert fit.bse[1] > 0
        found.append(fit.params[1])
    return found


def many_trials(rounds: int, count: int) -> None:
    outcomes, treatment = trials(count, seed=1)
    few = outcomes[:SIDE_BY_SIDE], treatment[:SIDE_BY_SIDE]
    names = {
        "ours, all at once: CR2, Satterthwaite df": lambda: batch_effects(*few, CLUSTER).estimate,
        "ours, one by one: CR2, Satterthwaite df": lambda: one_by_one(*few),
        f"statsmodels {version('statsmodels')}, one by one: CR1": lambda: statsmodels_loop(*few),
    }
    measured = in_turns(names, rounds)
    first = measured[next(iter(names))]
    print(f"{SIDE_BY_SIDE} trials of {PEOPLE:,} people in {CLUSTERS} clusters, medians of {rounds} rounds in turns")
    for name, each in measured.items():
        np.testing.assert_allclose(each.answers[0], first.answers[0], atol=1e-9)
        print(f"  {name:50}{each.median:8.3f} CPU s   {ratio(each, first):6.1f} times ours")
    seconds, found = cpu_seconds(lambda: batch_effects(outcomes, treatment, CLUSTER))
    print(f"  all {count:,}: {seconds:.2f} CPU s (wanted: 60); rejected at 5 %: {(found.p_values() < 0.05).mean():.1%}")


def estimatr() -> None:
    command = shutil.which("Rscript")
    if command is None:
        print("  Rscript is missing: not compared with estimatr")
        return
    outcome = subprocess.run(  # noqa: S603  a script of our own
        [command, "--vanilla", "-e", ESTIMATR], capture_output=True, text=True, check=False
    )
    if outcome.returncode:
        print("  estimatr is missing: not compared")
        return
    seconds, name = outcome.stdout.split()
    print(
        f"  estimatr {name} CR2, 20 trials of the same shape, in R: {float(seconds) * SIDE_BY_SIDE / 20:.2f} CPU s for {SIDE_BY_SIDE}"
    )


def large_data(rows: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    luck = np.random.default_rng(2)
    cluster = luck.integers(0, LARGE_CLUSTERS, rows)
    design = np.column_stack([np.ones(rows), cluster % 2, luck.normal(size=(rows, LARGE_COLUMNS - 2))])
    outcome = luck.normal(size=LARGE_CLUSTERS)[cluster] + luck.normal(size=rows)
    return outcome, design, luck.exponential(size=rows) + 0.1, cluster


def large_ours(data: tuple[np.ndarray, ...]) -> float:
    outcome, design, weight, cluster = data
    fit = fit_linear(outcome, design, weights=weight, clusters=cluster)
    assert (fit.df > 1).all()
    return float(fit.coefficients[1])


def large_statsmodels(data: tuple[np.ndarray, ...]) -> float:
    outcome, design, weight, cluster = data
    fit = sm.WLS(outcome, design, weights=weight).fit(cov_type="cluster", cov_kwds={"groups": cluster}, use_t=True)
    assert (fit.bse > 0).all()
    return float(fit.params[1])


def one_large(rounds: int, rows: int) -> None:
    data = large_data(rows)
    measured = in_turns({"ours": lambda: large_ours(data), "theirs": lambda: large_statsmodels(data)}, rounds)
    ours, theirs = measured["ours"], measured["theirs"]
    np.testing.assert_allclose(ours.answers, theirs.answers, atol=1e-9)
    print(
        f"\n{rows:,} rows, {LARGE_COLUMNS} columns, weighted, {LARGE_CLUSTERS:,} clusters, medians of {rounds} rounds in turns"
    )
    print(f"  ours: CR2, df of all {LARGE_COLUMNS} coefficients{'':15}{ours.median:8.2f} CPU s (wanted: 5 s)")
    print(f"  statsmodels: CR1{'':37}{theirs.median:8.2f} CPU s   {ratio(theirs, ours):6.1f} times ours")
    alone = in_its_own_process([sys.executable, __file__, "--alone", "--rows", str(rows)])
    print(
        f"  ours in a process of its own:{'':25}{alone.output.strip()}, peak {alone.peak_bytes / 1e9:.2f} GB with the data (wanted: 2)"
    )


def main() -> None:
    arguments = argparse.ArgumentParser(description="Many clustered trials, and one large regression.")
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--trials", type=int, default=2_000)
    arguments.add_argument("--rows", type=int, default=1_000_000)
    arguments.add_argument("--alone", action="store_true", help="only the large regression, for its memory")
    given = arguments.parse_args()
    if given.alone:
        data = large_data(given.rows)
        began = time.perf_counter()
        seconds, _ = cpu_seconds(lambda: large_ours(data))
        print(f"{seconds:.2f} CPU s, {time.perf_counter() - began:.2f} s on the wall")
        return
    many_trials(given.rounds, given.trials)
    estimatr()
    one_large(given.rounds, given.rows)


if __name__ == "__main__":
    main()
