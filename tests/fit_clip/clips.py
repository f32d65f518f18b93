"""Made-up clips: drawn share by share in continuous time, by code that knows nothing of the steps of the fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from commonbeat.fit.growth import DAY, HOUR, GrowthPrior, Memory, ShareLog, Variation
from commonbeat.fit.growth.regressors import HARMONICS, regressors

if TYPE_CHECKING:
    from pathlib import Path

KNOTS = 8
TRUTH = Variation(
    level=0.4,
    slope=0.05,
    drift=0.3,
    drift_length=1.5,
    gust=0.2,
    gust_hours=2.0,
    daily=0.15,
    half_daily=0.05,
    noise=0.05,
)
GRID = np.concatenate([np.arange(0, 2 * HOUR, 300.0), np.arange(2 * HOUR, 7 * DAY + 1, 1800.0)])


def known_prior(feedback: float = 0.6, level: float = -3.2) -> GrowthPrior:
    """A prior that clips can be drawn from: log infectiousness falls by 0.3 from hat to hat, with a daily rhythm."""
    coefficients = np.concatenate([level + 2.0 - 0.35 * np.arange(KNOTS), [0.2, -0.2], np.zeros(2 * HARMONICS - 2)])
    size = len(coefficients)
    return GrowthPrior(
        memory=Memory(300.0, 0.5),
        mark_exponent=0.4,
        feedback=feedback,
        variation=TRUTH,
        coefficients=coefficients,
        error=np.zeros((size, size)),
        uses_followers=False,
        uses_clock=True,
        clips=0,
    )


def remembered_density(memory: Memory, age: np.ndarray) -> np.ndarray:
    """The memory's density, written down once more."""
    density = memory.exponent / (memory.constant * (1 + memory.exponent))
    return density * np.where(
        age < memory.constant, 1.0, (np.maximum(age, memory.constant) / memory.constant) ** -(1 + memory.exponent)
    )


def drawn_path(prior: GrowthPrior, clock: float, random: np.random.Generator) -> np.ndarray:
    """Log infectiousness on the grid."""
    mean = regressors(GRID, clock, None) @ prior.coefficients
    root = np.linalg.cholesky(prior.variation.covariance(GRID) + 1e-9 * np.eye(len(GRID)))
    return mean + root @ random.standard_normal(len(GRID))


def drawn_clip(prior: GrowthPrior, seed: int, end: float = DAY) -> tuple[ShareLog, np.ndarray]:
    """A clip followed up to `end`, by thinning, and its log infectiousness on the grid."""
    random = np.random.default_rng(seed)
    clock = float(random.uniform(10, 20))
    path = drawn_path(prior, clock, random)
    times, now = [0.0], 0.0
    while now < end and len(times) < 6000:
        held = np.array(times)
        place = int(np.searchsorted(GRID, now, side="right")) - 1
        # Attention only falls until the next share, so the rate now bounds it up to the end of this step of the grid.
        bound = np.exp(path[place]) * remembered_density(prior.memory, now - held).sum() ** prior.feedback
        until = GRID[place + 1] if place + 1 < len(GRID) else end
        later = now + random.exponential(1 / bound)
        if later >= until:
            now = until
            continue
        now = later
        rate = np.exp(path[place]) * remembered_density(prior.memory, now - held).sum() ** prior.feedback
        if random.random() * bound < rate:
            times.append(now)
    seconds = np.array([each for each in times if each <= end])
    return ShareLog(seconds, end, None, None, clock), path


def drawn_clips(
    prior: GrowthPrior, count: int, fewest: int, end: float = DAY, start: int = 0
) -> list[tuple[ShareLog, np.ndarray]]:
    """So many clips that had at least so many shares in their first six hours."""
    found, seed = [], start
    while len(found) < count:
        clip, path = drawn_clip(prior, seed, end)
        seed += 1
        if clip.count(6 * HOUR) >= fewest:
            found.append((clip, path))
    return found


def times_of_shares(shares: int = 60, seed: int = 3) -> np.ndarray:
    """The post and so many shares within some five hours, in whole seconds without two alike."""
    random = np.random.default_rng(seed)
    return np.concatenate([[0], np.sort(random.choice(np.arange(5, 18_000), shares, replace=False))])


def write_log(path: Path, shares: int = 60, *, groups: bool = False, header: str = "seconds,followers") -> Path:
    """A CSV file of a clip in its usual form."""
    random = np.random.default_rng(4)
    followers = np.round(random.lognormal(5, 1.2, shares + 1)).astype(int)
    words = ["north", "south", "east"]
    rows = [header + (",group" if groups else "")]
    for place, (second, size) in enumerate(zip(times_of_shares(shares), followers, strict=True)):
        rows.append(f"{second},{size}" + (f",{words[place % 2] if place % 20 else 'east'}" if groups else ""))
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path
