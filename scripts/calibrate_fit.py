"""Check that fits are calibrated: over truths drawn from the prior, the rank of the truth among posterior draws is uniform.

    python scripts/calibrate_fit.py [--draws 480] [--workers 2] [--keep FOLDER] [--folder docs]

Runs a bank of a small invented town, lets each of its parameter sets be the truth once (see commonbeat/fit/posterior/calibration.py for why
one bank may serve for all), and writes fit-calibration.csv and pictures/fit-calibration.svg. Seeds are fixed, so the same code gives the same
table. `--keep` takes up runs that were finished before. About eight CPU minutes.
"""

from __future__ import annotations

import argparse
import csv
import os
import tempfile
from pathlib import Path
from time import perf_counter

os.environ.setdefault("OMP_NUM_THREADS", "1")  # matrices here are small: threads would wait for each other

import numpy as np
from scipy.stats import chisquare

from commonbeat.estimate.groups.holm import holm
from commonbeat.evidence.priors import draw_table
from commonbeat.fit.posterior import BankStore, Known, asked_of, read_targets, statistics_of
from commonbeat.fit.posterior.bank import BankTask, bank_scenario, fill_bank, plan_bank
from commonbeat.fit.posterior.calibration import JOINT, RANKED, Ranks, calibrate
from commonbeat.fit.posterior.scores import prior_scores
from commonbeat.report.chart import text
from commonbeat.report.picture import BACKGROUND, palette, plain_style
from commonbeat.scenario import parse_scenario
from commonbeat.simulate.frame import Frame
from commonbeat.society import open_society

DOCS = Path(__file__).parents[1] / "docs"
SOCIETY = "small"
SAMPLES = 1 << 17  # draws of the prior that are weighed for a truth whose data are precise
BINS = 20
FOLDS = 4
LEAST_SHRINKAGE = 0.03  # on average over truths: of what is less informed the ranks are uniform by themselves
SEED = 3
TOWN = """
title = "A small town tries dancing"
seed = 11
days = 90
society = "small"
reference = "nothing"

[encounters.dance_off]
title = "An officer joins children dancing"
children = 8
bystanders = 25

[[arms]]
name = "nothing"
title = "The ordinary season"

[[arms]]
name = "moment"
title = "The moment, unfilmed"
[[arms.events]]
kind = "encounter"
encounter = "dance_off"
day = 3

[[arms]]
name = "outlet_clip"
title = "An outlet posts the clip"
[[arms.events]]
kind = "encounter"
encounter = "dance_off"
day = 3
clip = "outlet"

[[arms]]
name = "weekly"
title = "Every week"
[[arms.events]]
kind = "encounter"
encounter = "dance_off"
day = 3
every_days = 7
authenticity = "planned"
"""
# The questions and their standard errors; what stands under `estimate` is replaced by what each truth gives.
TARGETS = """\
kind,arm,group,ring,outcome,day,estimate,std_error,unit,sd,counted,clip,file,posted
survey_mean,weekly,Black residents,,trust,0,41.0,1.2,points,,,,,
survey_mean,weekly,Black residents,,trust,60,41.6,1.2,points,,,,,
survey_mean,weekly,Black residents,,trust,90,41.9,1.2,points,,,,,
effect,moment,All,present,trust,7,0.11,0.03,latent SD,,,,,
effect,moment,All,present,trust,60,0.05,0.03,latent SD,,,,,
effect,moment,All,told,trust,7,0.01,0.01,latent SD,,,,,
effect,weekly,All,present,prejudice,60,-0.02,0.02,latent SD,,,,,
effect,outlet_clip,All,watched,trust,7,0.01,0.02,latent SD,,,,,
effect,outlet_clip,All,watched,prejudice,7,-0.02,0.02,latent SD,,,,,
effect,moment,All,present,cooperation,7,0.05,0.02,latent SD,,,,,
count,nothing,Black residents,,,90,30,5.5,,,stop,,,
count,nothing,All residents,,,90,70,8.4,,,other contact,,,
share_log,outlet_clip,,,,,,,,,,,shares.csv,
"""
SHARES = "hours\n0.5\n1.5\n2.1\n15\n40\n"


def ranked(draws: int, workers: int, keep: Path) -> Ranks:
    """The ranks of every truth of a bank with so many rows."""
    scenario = parse_scenario(TOWN, source="town.toml")
    known = Known(scenario, asked_of(Frame(open_society(SOCIETY))))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "targets.csv"
        path.write_text(TARGETS, encoding="utf-8")
        (Path(folder) / "shares.csv").write_text(SHARES, encoding="utf-8")
        statistics = statistics_of(read_targets(path, known).targets, scenario)
    names, values = draw_table(SEED, np.arange(SAMPLES))
    task = BankTask(bank_scenario(scenario, statistics), SOCIETY, names, statistics.statistics)
    items = plan_bank(scenario.seed, draws, lambda seed, numbers: draw_table(seed, numbers)[1])
    bank = fill_bank(task, items, BankStore(keep), workers=workers, progress=lambda _: None)
    began = perf_counter()

    def told(done: int, total: int) -> None:
        if done % 50 == 0:
            print(f"{done} of {total} truths, {perf_counter() - began:.0f} s", flush=True)

    return calibrate(bank, statistics, prior_scores(names, values), SEED, folds=FOLDS, progress=told)


def tested(found: Ranks) -> list[tuple[str, float, np.ndarray, float, float]]:
    """(name, mean shrinkage, counts, chi-square p, p after Holm) of every informed parameter and of the joint quantity, by shrinkage."""
    shrinkage = found.shrinkage.mean(axis=0)
    chosen = [int(k) for k in np.argsort(-shrinkage) if shrinkage[k] > LEAST_SHRINKAGE]
    columns = [*chosen, found.names.index(JOINT)]
    width = (RANKED + 1) // BINS
    counts = [np.bincount(found.ranks[:, k] // width, minlength=BINS) for k in columns]
    p_values = [float(chisquare(each).pvalue) for each in counts]
    sizes = [*(float(shrinkage[k]) for k in chosen), float("nan")]
    names = [found.names[k] for k in columns]
    return list(zip(names, sizes, counts, p_values, holm(p_values), strict=True))


def write_table(rows: list[tuple[str, float, np.ndarray, float, float]], path: Path) -> None:
    """The table stands at the path."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        header = ["quantity", "mean_shrinkage", "chi_square_p", "holm_p", *(f"bin_{k + 1}" for k in range(BINS))]
        writer.writerow(header)
        for name, size, counts, p_value, adjusted in rows:
            shown = "" if np.isnan(size) else f"{size:.3f}"
            writer.writerow([name, shown, f"{p_value:.4f}", f"{adjusted:.4f}", *counts.tolist()])


def picture(rows: list[tuple[str, float, np.ndarray, float, float]]) -> str:
    """A histogram of ranks for each quantity, with the band that holds 95 % of uniform counts, as a whole SVG file."""
    across, width, height, head = 3, 230, 120, 64
    lines = -(-len(rows) // across)
    truths = int(rows[0][2].sum())
    expected = truths / BINS
    half = 1.96 * np.sqrt(expected * (1 - 1 / BINS))
    most = max(float(counts.max()) for _, _, counts, *_ in rows) * 1.05
    body = text(12, 26, "Ranks of the truth among posterior draws", "heading")
    words = f"{truths} truths, 0 to {RANKED} in {BINS} bins; the band holds 95 % of uniform counts"
    body += text(12, 46, words, "caption")
    for place, (name, _, counts, p_value, _) in enumerate(rows):
        left, top = 12 + (place % across) * width, head + (place // across) * height
        bottom, inner, tall = top + height - 26, width - 24, height - 46

        def up(value: float, bottom: float = bottom, tall: float = tall) -> float:
            return bottom - value / most * tall

        body += text(left, top + 12, f"{name.replace('_', ' ')}, p = {p_value:.2f}", "tick")
        band = f'y="{up(expected + half):.1f}" height="{up(expected - half) - up(expected + half):.1f}"'
        body += f'<rect x="{left}" {band} width="{inner}" class="bar-rest"/>'
        for k, count in enumerate(counts.tolist()):
            x, step = left + k * inner / BINS, inner / BINS
            shape = f'x="{x:.1f}" y="{up(count):.1f}" width="{step - 1:.1f}" height="{bottom - up(count):.1f}"'
            body += f'<rect {shape} class="bar-a" opacity="0.75"/>'
    size = f"{across * width + 12} {head + lines * height}"
    told = "; ".join(f"{name}: p {p_value:.2f}" for name, _, _, p_value, _ in rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" class="picture" role="img">'
        f"<title>Ranks of the truth among posterior draws</title><desc>{words}. {told}.</desc>"
        f'<style>{plain_style(palette())}</style><rect width="100%" height="100%" fill="{BACKGROUND}"/>{body}</svg>\n'
    )


def main() -> None:
    """The table and the picture stand in the folder."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--draws", type=int, default=480)
    asked.add_argument("--workers", type=int, default=2)
    asked.add_argument("--keep", type=Path, default=None)
    asked.add_argument("--folder", type=Path, default=DOCS)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as passing:
        found = ranked(given.draws, given.workers, given.keep or Path(passing))
    rows = tested(found)
    write_table(rows, given.folder / "fit-calibration.csv")
    (given.folder / "pictures" / "fit-calibration.svg").write_text(picture(rows), encoding="utf-8")
    low = np.quantile(found.effective, 0.05)
    print(f"{len(found.ranks)} truths; effective draws: median {np.median(found.effective):.0f}, 5 % below {low:.0f}")
    for name, size, _, p_value, adjusted in rows:
        print(f"{name:32s} shrinkage {size:.2f}  p {p_value:.3f}  Holm {adjusted:.3f}")


if __name__ == "__main__":
    main()
