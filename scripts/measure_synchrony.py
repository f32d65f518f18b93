"""How often strangers seem to move together, by design, and how often dancers who heed each other are found.

Writes docs/synchrony.csv: for each design and length the share of pairs with p at most .05, its binomial 95 % interval, for two
people alone and for two among four (where other people's tracks widen the null), and beside it what circular shifts would have
said. Run: python scripts/measure_synchrony.py [REPEATS]. From the project's root; 400 repeats took an
hour on two cores that much other work shared.
"""

from __future__ import annotations

import csv
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from scipy.stats import binomtest

sys.path.insert(0, str(Path(__file__).parents[1]))

from commonbeat.record.video.together.band import in_band
from commonbeat.record.video.together.group import group_synchrony
from commonbeat.record.video.together.measures import coherence
from commonbeat.record.video.together.pair import pair_synchrony
from tests.record.video.together.dancers import RATE, alone, coupled

STRANGERS = (
    "smooth noise",
    "own tempos",
    "nearly one tempo",
    "nearly one tempo, steady",
    "nearly one tempo, machine",
    "bursts",
)
COUPLINGS = (0.03, 0.1, 0.3)
LENGTHS_S = (30.0, 60.0)
TARGET = Path(__file__).parents[1] / "docs" / "synchrony.csv"
# Band and edges take a second off a track: 31 s make 30 s that are compared.
LOOSE_ENDS_S = 1.0


def rates(task: tuple[str, float, int]) -> list[dict[str, object]]:
    """The rows of one design and length."""
    design, seconds, repeats = task
    luck = np.random.default_rng([len(design), *design.encode(), round(seconds)])
    counts: dict[str, int] = {}
    for _ in range(repeats):
        if design.startswith("coupled"):
            people = coupled(luck, float(design.split()[-1]), seconds + LOOSE_ENDS_S)
        else:
            people = alone(luck, design, 4, seconds + LOOSE_ENDS_S)
        for test, found in told(people, luck).items():
            counts[test] = counts.get(test, 0) + found
    return [row(design, seconds, test, found, repeats) for test, found in counts.items()]


def told(people: np.ndarray, luck: np.random.Generator) -> dict[str, bool]:
    """What each test says of the first two people, or of all."""
    found = {"two alone": significant(people[:2], ())}
    if len(people) > 2:
        found["two among four"] = significant(people[:2], people[2:])
        group = group_synchrony(people, RATE).cluster_phase
        found["group of four"] = group is not None and group.p <= 0.05
    found["two alone, circular shifts (not used)"] = circular(people[0], people[1], luck)
    return found


def significant(pair: np.ndarray, others: tuple | np.ndarray) -> bool:
    """The instrument's own answer."""
    answer = pair_synchrony(pair[0], pair[1], RATE, others=list(others)).coherence
    return answer is not None and answer.p <= 0.05


def circular(first: np.ndarray, second: np.ndarray, luck: np.random.Generator) -> bool:
    """The answer of 99 circular shifts of the whole track, for comparison."""
    one, two = (in_band(each, RATE) for each in (first, second))
    known = np.isfinite(one) & np.isfinite(two)
    one, two = one[known], two[known]
    shifts = luck.integers(round(2.5 * RATE), len(two) - round(2.5 * RATE), 99)
    null = coherence(one[None], np.stack([np.roll(two, shift) for shift in shifts]))
    return (1 + np.count_nonzero(null >= coherence(one, two))) / 100 <= 0.05


def row(design: str, seconds: float, test: str, found: int, repeats: int) -> dict[str, object]:
    """One row of the table."""
    interval = binomtest(found, repeats).proportion_ci(0.95)
    return {
        "design": design,
        "seconds": round(seconds),
        "test": test,
        "repeats": repeats,
        "share_p_at_most_05": round(found / repeats, 4),
        "low": round(interval.low, 4),
        "high": round(interval.high, 4),
    }


def main(repeats: int = 100) -> None:
    """The table stands in docs/synchrony.csv."""
    designs = [*STRANGERS, *(f"coupled {each}" for each in COUPLINGS)]
    tasks = [(design, seconds, repeats) for design in designs for seconds in LENGTHS_S]
    with ProcessPoolExecutor(2) as pool:
        rows = []
        for part in pool.map(rates, tasks):
            rows += part
            for each in part:
                print(*each.values(), sep="  ", flush=True)
    with TARGET.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main(*(int(each) for each in sys.argv[1:2]))
