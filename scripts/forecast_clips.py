"""Compare the forecast of `commonbeat fit-clip` with five others on retweet cascades, and write the table that the docs show.

    python scripts/forecast_clips.py [--data FOLDER] [--test] [--few] [--rival NAME] [--folder docs]

From the first six hours to 24 hours and to the end (day 7). On the 70 training clips every method forecasts clips of folds that it did not learn from; with
`--test` every method learns on all 70 and forecasts RT71 to RT100 too. Writes fit-clip-comparison.csv and fit-clip-coverage.csv. About ten CPU minutes. `--few`: instead, how training clips are
forecast from their first 10 to 100 shares, into fit-clip-few.csv.
"""

from __future__ import annotations

import argparse
import csv
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("OMP_NUM_THREADS", "1")  # matrices here are small: threads would wait for each other

import numpy as np
from clip_folds import DATA, FOLDS, OBSERVED_HOURS, TEST, TRAINING, Forecast, forecasts, left_out, read_clips, widened
from clip_rivals import count, rivals

from commonbeat.fit.growth import DAY, HOUR, draw_futures, levels, shipped_prior

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commonbeat.fit.growth import GrowthPrior, ShareLog

DOCS = Path(__file__).parents[1] / "docs"
NOW, HORIZONS = 6 * HOUR, ((DAY, "24 hours"), (7 * DAY, "the end (day 7)"))
OURS, TAUGHT, TESTED = "Common Beat", "70 training clips, left out by folds", "30 test clips"
COLUMNS = ("clips", "target", "method", "forecasts", "median_error", "mean_error", "within_90", "within_50")
COVERAGE = ("clips", "observed_hours", "target", "forecasts", "median_error", "within_90", "within_50")
FEW = ("first_shares", "target", "forecasts", "median_error", "within_90", "within_50", "high_over_low")
FIRST = (10, 20, 50, 100)
Row = list[object]


def rival_rows(
    clips: dict[int, ShareLog], teachers: dict[int, dict[int, ShareLog]], name: str, only: str = ""
) -> list[Row]:
    """One row per rival and target. teachers: for each clip's number, the clips from which its forecast may be learnt."""
    rows: list[Row] = []
    for then, target in HORIZONS:
        for place, each in enumerate(rivals()):
            if only not in each.name:
                continue
            learnt: dict[tuple[int, ...], object] = {}
            errors = []
            for number, clip in clips.items():
                key = tuple(teachers[number])
                if key not in learnt:
                    learnt[key] = rivals()[place]
                    learnt[key].learn(list(teachers[number].values()), NOW, then)
                guess = learnt[key].forecast(clip, NOW, then)
                errors.append(abs(guess / count(clip, then) - 1))
            rows.append([name, target, each.name, len(errors), *_errors(errors), "", ""])
            print(*rows[-1], flush=True)
    return rows


def own_row(found: Sequence[Forecast], name: str, target: str) -> Row:
    """Our own row, with the coverage of both intervals."""
    errors = [abs(each.levels[2] / each.truth - 1) for each in found]
    row = [name, target, OURS, len(errors), *_errors(errors), *_coverage(found)]
    print(*row, flush=True)
    return row


def coverage_rows(found: Sequence[Forecast], name: str) -> list[Row]:
    """Errors and coverage by hours observed and target."""
    rows: list[Row] = []
    for hours in sorted({each.hours for each in found}):
        for then, target in HORIZONS:
            some = [each for each in found if each.hours == hours and each.age == then]
            if some:
                median = _errors([abs(each.levels[2] / each.truth - 1) for each in some])[0]
                rows.append([name, hours, target, len(some), median, *_coverage(some)])
    return rows


def _errors(errors: Sequence[float]) -> tuple[str, str]:
    return f"{np.median(errors):.4f}", f"{np.mean(errors):.4f}"


def _coverage(found: Sequence[Forecast]) -> tuple[str, str]:
    wide = np.mean([each.levels[0] <= each.truth <= each.levels[4] for each in found])
    narrow = np.mean([each.levels[1] <= each.truth <= each.levels[3] for each in found])
    return f"{wide:.3f}", f"{narrow:.3f}"


def at_now(found: Sequence[Forecast], then: float) -> list[Forecast]:
    """Forecasts from six hours to this age."""
    return [each for each in found if each.hours * HOUR == NOW and each.age == then]


def few_rows(clips: dict[int, ShareLog], whole: GrowthPrior) -> list[Row]:
    """Errors and coverage of forecasts from the first few shares, by priors that the clip did not teach, widened as the shipped one widens."""
    priors, found = left_out(clips, whole, ())[1], []
    for number, clip in clips.items():
        prior = replace(priors[number % FOLDS], calibration=whole.calibration)
        for shares in FIRST:
            log = clip.cut(float(clip.seconds[shares]))
            drawn = draw_futures(log, prior, 7 * DAY, marks=[DAY], draws=400)
            for then, _ in HORIZONS:
                row = levels(drawn.shares)[int(np.argmin(np.abs(drawn.ages - then)))]
                found.append(Forecast(number, float(shares), then, clip.count(then), log.shares, tuple(row)))
    rows: list[Row] = []
    for shares in FIRST:
        for then, target in HORIZONS:
            some = [each for each in found if each.hours == shares and each.age == then]
            ratio = np.median([each.levels[4] / each.levels[0] for each in some])
            errors = [abs(each.levels[2] / each.truth - 1) for each in some]
            rows.append([shares, target, len(some), _errors(errors)[0], *_coverage(some), f"{ratio:.1f}"])
    return rows


def write(path: Path, columns: Sequence[str], rows: Sequence[Row]) -> None:
    """The table stands at the path."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([columns, *rows])


def again(options: argparse.Namespace, clips: dict[int, ShareLog], teachers: dict[int, dict[int, ShareLog]]) -> None:
    """The rows of some rivals are made anew, and the others stay as they were."""
    path = options.folder / "fit-clip-comparison.csv"
    with path.open(encoding="utf-8") as file:
        rows: list[Row] = [list(row) for row in csv.reader(file)][1:]
    made = rival_rows(clips, teachers, TAUGHT, options.rival)
    if options.test:
        tests = read_clips(TEST, options.data)
        made += rival_rows(tests, dict.fromkeys(tests, clips), TESTED, options.rival)
    new = {tuple(row[:3]): row for row in made}
    write(path, COLUMNS, [new.get(tuple(row[:3]), row) for row in rows])


def main() -> None:
    """Both tables are written."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--folder", type=Path, default=DOCS)
    parser.add_argument("--test", action="store_true", help="look at the 30 test clips too")
    parser.add_argument("--rival", default="", help="only the rivals whose name has this; the other rows stay")
    parser.add_argument(
        "--few", action="store_true", help="only the forecasts from the first few shares of training clips"
    )
    options = parser.parse_args()
    clips, prior = read_clips(TRAINING, options.data), shipped_prior(followers=True, clock=True)
    if options.few:
        write(options.folder / "fit-clip-few.csv", FEW, few_rows(clips, prior))
        return
    folds = {place: {n: clip for n, clip in clips.items() if n % FOLDS != place} for place in range(FOLDS)}
    teachers = {number: folds[number % FOLDS] for number in clips}
    if options.rival:
        again(options, clips, teachers)
        return
    name = TAUGHT
    found = widened(left_out(clips, prior, OBSERVED_HOURS)[0], prior.calibration)
    rows = [own_row(at_now(found, then), name, target) for then, target in HORIZONS]
    covered = coverage_rows(found, name)
    rows += rival_rows(clips, teachers, name)
    if options.test:
        tests, name = read_clips(TEST, options.data), TESTED
        found = forecasts(tests, prior, OBSERVED_HOURS)
        rows += [own_row(at_now(found, then), name, target) for then, target in HORIZONS]
        covered += coverage_rows(found, name)
        rows += rival_rows(tests, dict.fromkeys(tests, clips), name)
    write(options.folder / "fit-clip-comparison.csv", COLUMNS, rows)
    write(options.folder / "fit-clip-coverage.csv", COVERAGE, covered)


if __name__ == "__main__":
    main()
