"""Real cascades, when shared data are there: half of the training clips teach, others are forecast; and what the saved table says."""

from __future__ import annotations

import csv
import os
import sys
from pathlib import Path

import numpy as np
import pytest

from commonbeat.fit.growth import DAY, HOUR, Memory, draw_futures, learn, levels, shipped, shipped_prior
from commonbeat.fit.growth.reading import Asked, read_share_log

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("COMMONBEAT_SHARED", ROOT.parent / "shared"))
CASCADES = SHARED / "data" / "tideh_retweets" / "training"
TABLE, COVERAGE = ROOT / "docs" / "fit-clip-comparison.csv", ROOT / "docs" / "fit-clip-coverage.csv"
TEACHERS, OTHERS = range(1, 29), range(48, 71)
NOW, END = 6 * HOUR, 7 * DAY
RIVALS = 5


def cascades(numbers):
    if not CASCADES.is_dir():
        pytest.skip(f"no shared data at {CASCADES}: the retweet cascades are not part of the product")
    return [read_share_log(CASCADES / f"RT{number}.txt", Asked(observed="6h")).whole for number in numbers]


def rows(path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def rivals(monkeypatch):
    monkeypatch.setattr(sys, "path", [str(ROOT / "scripts"), *sys.path])
    import clip_rivals

    return clip_rivals


@pytest.mark.slow
def test_clips_that_taught_nothing_are_forecast_better_than_by_the_dull_rivals(rivals):
    teachers, others = cascades(TEACHERS), cascades(OTHERS)
    prior = learn(teachers, Memory(300.0, 0.5), mark_exponent=0.4, feedback=0.6)
    ours = {DAY: [], END: []}
    for clip in others:
        drawn = draw_futures(clip.cut(NOW), prior, END, marks=[DAY], draws=200)
        for then, errors in ours.items():
            middle = levels(drawn.shares)[int(np.argmin(np.abs(drawn.ages - then)))][2]
            errors.append(abs(middle / clip.count(then) - 1))
    for then, errors in ours.items():
        for rival in (rivals.LastValue(), rivals.LogLinear()):
            rival.learn(teachers, NOW, then)
            theirs = [abs(rival.forecast(clip, NOW, then) / clip.count(then) - 1) for clip in others]
            assert np.median(errors) < np.median(theirs), (rival.name, then)


def test_the_rivals_know_a_clip_that_follows_their_own_equation(rivals):
    memory = rivals.remembered(np.array([0.0, 300, 1e30]))
    assert memory == pytest.approx([0, 0.242 / 1.242, 1], abs=1e-4)
    assert rivals.Seismic.grown(np.array([100.0, 0.001, 5_000]), 1.0, 100.0) == pytest.approx(100 + 5 / 0.9)
    assert rivals.Seismic.grown(np.array([100.0, 0.02, 5_000]), 1.0, 100.0) == rivals.LARGEST


def test_the_saved_table_holds_every_method_and_its_claims():
    held = rows(TABLE)
    for clips in sorted({row["clips"] for row in held}):
        for target in ("24 hours", "the end (day 7)"):
            errors = {
                row["method"]: float(row["median_error"])
                for row in held
                if (row["clips"], row["target"]) == (clips, target)
            }
            assert len(errors) == RIVALS + 1
            assert errors["Common Beat"] < min(errors["last value"], errors["log-linear (Szabo & Huberman)"])
            others = [error for method, error in errors.items() if method != "Common Beat"]
            assert errors["Common Beat"] < min(others), "the page says that it is better than all of them"
    assert {row["observed_hours"] for row in rows(COVERAGE)} >= {"1.0", "6.0", "24.0"}


def test_the_page_shows_the_figures_of_the_saved_tables():
    page = (ROOT / "docs" / "fit-clip.md").read_text(encoding="utf-8")
    lines = [line for line in page.splitlines() if line.startswith("| ")]
    for row in rows(TABLE):
        mine = [line for line in lines if line.strip("| *").startswith(row["method"])]
        assert len(mine) == 1, row["method"]
        assert f"{100 * float(row['median_error']):.1f} %" in mine[0]
    for row in rows(COVERAGE):
        mine = next(line for line in lines if line.startswith(f"| {float(row['observed_hours']):g}, {row['target']} |"))
        assert f"{100 * float(row['within_90']):.0f} %" in mine


def test_the_shipped_priors_say_where_they_are_from_and_hold_no_clip():
    document = shipped()
    assert "RT71 to RT100 were not read" in document["source"]["left_out"]
    for followers in (True, False):
        for clock in (True, False):
            prior = shipped_prior(followers=followers, clock=clock)
            assert (prior.uses_followers, prior.uses_clock, prior.clips) == (followers, clock, 69)
            assert all(0.3 < factor < 4 for _, factor in prior.calibration)
            assert np.linalg.eigvalsh(prior.error).min() > 0
    assert len((ROOT / "src/commonbeat/fit/growth/growth_priors.json").read_bytes()) < 100_000
