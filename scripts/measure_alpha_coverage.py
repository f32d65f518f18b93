"""How often the intervals of alpha, of Fleiss's kappa and of shares hold the truth, by simulation: docs/coding-coverage.csv.

Run it after changing an interval: python scripts/measure_alpha_coverage.py [repetitions]
Each row draws codings of a known process again and again; the truth is the figure of 400,000 units of the same process.
"""

from __future__ import annotations

import csv
import itertools
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.record.coding.alpha import alpha, value_counts
from commonbeat.record.coding.alpha_interval import bootstrap_interval, jackknife_interval
from commonbeat.record.coding.kappa import fleiss_kappa
from commonbeat.record.coding.shares import change_of, share_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

OUT = Path(__file__).parents[1] / "docs" / "coding-coverage.csv"
LARGE = 400_000
PROCESSES = (
    ("nominal, one in three", "nominal", 2, 0.3),
    ("nominal, one in ten", "nominal", 2, 0.1),
    ("ordinal, five values", "ordinal", 5, 0.6),
    ("interval, five values", "interval", 5, 0.6),
)


def codes_of(units: int, coders: int, values: int, setting: float, luck: np.random.Generator) -> NDArray[np.int64]:
    """Codes of units: two values with one code in ten flipped, or a latent value with an error for each coder."""
    if values == 2:
        truth = (luck.random(units) < setting).astype(np.int64)
        return np.where(luck.random((units, coders)) < 0.1, 1 - truth[:, None], truth[:, None])
    seen = luck.normal(size=units)[:, None] + setting * luck.normal(size=(units, coders))
    return np.clip(np.round(seen + 2), 0, 4).astype(np.int64)


def alpha_rows(repetitions: int, luck: np.random.Generator) -> list[list[object]]:
    """Coverage of alpha's two intervals and of Fleiss's kappa's, among samples that have an interval; the last column tells how many have none."""
    rows: list[list[object]] = []
    for (name, level, values, setting), units, coders in itertools.product(PROCESSES, (20, 50, 100, 200), (2, 3)):
        scores = np.arange(float(values))
        large = value_counts(codes_of(LARGE, coders, values, setting, luck), values)
        truth, kappa = alpha(large, scores, level), fleiss_kappa(large[:20_000]).value
        hits, tried = np.zeros(3), 0
        for _ in range(repetitions):
            counts = value_counts(codes_of(units, coders, values, setting, luck), values)
            jack = jackknife_interval(counts, scores, level)
            if np.isnan(jack[0]):
                continue
            tried += 1
            boot, fleiss = bootstrap_interval(counts, scores, level, samples=500, seed=tried), fleiss_kappa(counts)
            hits += [jack[0] <= truth <= jack[1], boot[0] <= truth <= boot[1], fleiss.low <= kappa <= fleiss.high]
        shares = [f"{hit / tried:.3f}" for hit in hits]
        rows.extend(
            [what, name, units, coders, f"{truth:.3f}", share, f"{1 - tried / repetitions:.3f}"]
            for what, share in zip(
                ("alpha: jackknife", "alpha: resampled units", "Fleiss: jackknife"), shares, strict=True
            )
        )
        print(*rows[-3:], sep="\n", flush=True)
    return rows


def share_rows(repetitions: int, luck: np.random.Generator) -> list[list[object]]:
    """Coverage of a share and of a change when texts of one source are alike."""
    rows: list[list[object]] = []
    for truth, sources, per_source in itertools.product((0.1, 0.3), (10, 30), (5, 20)):
        hits = np.zeros(3)
        numbers = np.repeat(np.arange(sources), per_source)
        for _ in range(repetitions):
            spread = 10.0
            own = luck.beta(truth * spread, (1 - truth) * spread, sources)
            seen = (luck.random(len(numbers)) < own[numbers]).astype(float)
            after = luck.random(len(numbers)) < 0.5
            whole, plain = share_of(seen, numbers), share_of(seen, None)
            change = change_of(seen, after, numbers, binary=True)
            hits += [whole.low <= truth <= whole.high, plain.low <= truth <= plain.high, change.low <= 0 <= change.high]
        for what, hit in zip(("share by source", "share as if independent", "change by source"), hits, strict=True):
            rows.append(
                [what, f"{sources} sources", sources * per_source, "", truth, f"{hit / repetitions:.3f}", "0.000"]
            )
        print(*rows[-3:], sep="\n", flush=True)
    return rows


def main() -> None:
    """The file holds one row per figure, process and size."""
    repetitions = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    luck = np.random.default_rng(20_260_101)
    rows = [*alpha_rows(repetitions, luck), *share_rows(repetitions, luck)]
    with OUT.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["figure", "process", "units", "coders", "truth", "coverage_of_95", "no_interval"])
        writer.writerows(rows)


if __name__ == "__main__":
    main()
