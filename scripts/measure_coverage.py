"""Measure how often 95 % intervals hold the truth, for every design and estimator, and write the table that the docs show.

    python scripts/measure_coverage.py [--trials 2000] [--workers 2] [--only WORDS] [--folder docs]

Writes coverage.csv and coverage.md. Trials are simulated with a known effect; seeds are fixed, so the same code gives the same table.
`--only` measures the cases whose design or estimator has these words and keeps the other rows of the saved table. About eight CPU minutes in all.
"""

from __future__ import annotations

import argparse
import csv
import os
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from time import perf_counter

os.environ.setdefault("OMP_NUM_THREADS", "1")  # matrices here are small: threads would wait for each other

from coverage_batches import batch_cases
from coverage_case import Case, Coverage, measure
from coverage_layouts import layout_cases
from coverage_resampling import single_cases
from coverage_time import time_cases

Row = tuple[object, ...]
DOCS = Path(__file__).parents[1] / "docs"
LOWEST, HIGHEST = 0.93, 0.97
COLUMNS = (
    "design",
    "estimator",
    "people",
    "clusters",
    "trials",
    "covered",
    "monte_carlo_error",
    "mean_error",
    "without_interval",
    "with_warning",
)
OPENING = """# Coverage

<!-- Made by scripts/measure_coverage.py; do not edit. -->

How often does a 95 % interval hold the truth? Each row is a design that was simulated {trials:,} times with a known effect. A share
between 93 % and 97 % is what an interval promises; its Monte Carlo error is about half a point. Above, the interval is wider than it
need be. Below, it claims too much, and the last column says in what share of the trials a warning about clusters, cells or instruments
stood beside it. The same table stands in `docs/coverage.csv`.

Lee's bounds are wide by their nature: they hold every effect that the silent people allow. With two or three treated clusters,
and in a roll-out over few places (which uses the degrees of freedom of its smaller arm), Student's t is wider than it need be. So is the
interval where all blocks have a single unit in an arm and effects differ between them.
"""


def every_case() -> list[Case]:
    """All cases, in the order of the table."""
    return [*batch_cases(), *layout_cases(), *single_cases(), *time_cases()]


def measured(number: int, trials: int) -> tuple[int, Row]:
    """The row of one case; cases hold functions, so a worker makes its own."""
    return number, row_of(measure(every_case()[number], trials))


def row_of(found: Coverage) -> Row:
    """One line of coverage.csv."""
    case = found.case
    shares = (found.covered, found.error, found.bias, found.missing, found.warned)
    return (
        case.design,
        case.estimator,
        case.people,
        case.clusters or "",
        found.trials,
        *(f"{each:.4f}" for each in shares),
    )


def verdict(covered: float) -> str:
    """In words, what the share means."""
    if covered < LOWEST:
        return "too low"
    return "wide" if covered > HIGHEST else "as promised"


def as_page(rows: list[Row], trials: int) -> str:
    """The page: the table, then the cases that fall short."""
    lines = [
        OPENING.format(trials=trials),
        "| design | estimator | people | clusters | covered | ± | verdict | warned |",
        "|---|---|--:|--:|--:|--:|---|--:|",
    ]
    low = []
    for design, estimator, people, clusters, _, covered, error, _, _, warned in rows:
        share, told = float(str(covered)), float(str(warned))
        lines.append(
            f"| {design} | {estimator} | {int(str(people)):,} | {clusters} | {share:.1%} | {float(str(error)):.1%} "
            f"| {verdict(share)} | {f'{told:.0%}' if told else ''} |"
        )
        if share < LOWEST:
            words = f"{design}, {estimator}" + (f", {clusters} clusters" if clusters else "")
            lines_of = f"* {words}: {share:.1%} covered; a warning stood beside {told:.0%} of the intervals."
            low.append(lines_of)
    lines += ["", "## Where intervals fall short", ""]
    lines += low or ["None of the cases above falls below 93 %."]
    return "\n".join([*lines, ""])


def main() -> None:
    """Measure, say how far it is, and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=2_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", default="")
    parser.add_argument("--folder", type=Path, default=DOCS)
    asked = parser.parse_args()
    chosen = [n for n, case in enumerate(every_case()) if asked.only in f"{case.design}, {case.estimator}"]
    began, found = perf_counter(), {}
    with ProcessPoolExecutor(asked.workers) as pool:
        tasks = [pool.submit(measured, number, asked.trials) for number in reversed(chosen)]  # the slow ones stand last
        for done, task in enumerate(as_completed(tasks), 1):
            number, row = task.result()
            found[number] = row
            print(f"{done}/{len(chosen)} after {perf_counter() - began:.0f} s: {', '.join(map(str, row))}", flush=True)
    rows = with_saved(asked.folder / "coverage.csv", found, asked.trials)
    if len(rows) < len(every_case()):
        print("Nothing written: some cases were never measured. Leave --only out.")
        return
    with (asked.folder / "coverage.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([COLUMNS, *rows])
    (asked.folder / "coverage.md").write_text(as_page(rows, asked.trials), encoding="utf-8")


def with_saved(path: Path, found: dict[int, Row], trials: int) -> list[Row]:
    """The measured rows, and between them those of the saved table for cases that were not measured now."""
    saved = {}
    if path.exists():
        with path.open(encoding="utf-8") as file:
            saved = {row[:5]: row for line in csv.reader(file) for row in (tuple(line),)}
    rows = []
    for number, case in enumerate(every_case()):
        key = (case.design, case.estimator, str(case.people), str(case.clusters or ""), str(trials))
        row = found.get(number, saved.get(key))
        if row is not None:
            rows.append(row)
    return rows


if __name__ == "__main__":
    main()
