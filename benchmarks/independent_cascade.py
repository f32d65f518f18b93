"""Independent cascades on a directed scale-free graph, against CyNetDiff, in CPU seconds.

    python benchmarks/independent_cascade.py [--people 1000000 100000] [--rounds 9] [--cascades 40]

Both get the same rows of ties, the same hundred seeds and the same chance, which is set so that a cascade reaches a
tenth of the people on average. Each round runs as many cascades of the one as of the other, in turns, in one thread.
Luck differs (theirs is a sequence, ours is addressed), so the mean reach is compared with its noise.
"""

from __future__ import annotations

import argparse
from importlib.metadata import version
from itertools import count

import numpy as np
from cynetdiff.models import IndependentCascadeModel
from measure import in_turns, ratio

from commonbeat.society.ties import Ties
from commonbeat.spread.independent import cascade_sizes

SEEDS = 100
TAIL = 2.5
WANTED_REACH = 0.1


def scale_free(people: int, ties: int, seed: int) -> Ties:
    """Both degrees have a power-law tail with exponent 2.5, cut at sqrt(people) times the least; no tie twice.

    The two are independent of each other: who reaches many is not who is reached by many. Rows stand in no order that
    would help memory.
    """
    generator = np.random.default_rng(seed)
    out, into = np.minimum((1 - generator.random((2, people))) ** (-1 / (TAIL - 1)), np.sqrt(people))
    degrees = generator.poisson(out * ties / out.sum())
    reached = np.cumsum(into)
    start = np.repeat(np.arange(people, dtype=np.int64), degrees)
    end = np.searchsorted(reached, generator.random(len(start)) * reached[-1], side="right")
    pairs = np.unique(start * people + np.minimum(end, people - 1))
    offsets = np.concatenate(([0], np.cumsum(np.bincount(pairs // people, minlength=people))))
    return Ties(offsets, pairs % people)


def chance_for(ties: Ties, seeds: np.ndarray, reach: float) -> float:
    """The chance at which the mean reach of a few cascades is as wanted; reach rises with chance, so halve."""
    low, high = 0.0, 1.0
    for _ in range(20):
        middle = (low + high) / 2
        if cascade_sizes(ties, middle, seeds, seed=1, cascades=range(16)).mean() < reach * len(ties):
            low = middle
        else:
            high = middle
    return float(np.float32(low))  # theirs is a float32


def compare(people: int, rounds: int, cascades: int) -> None:
    ties = scale_free(people, 10 * people, seed=1)
    seeds = np.random.default_rng(2).choice(people, SEEDS, replace=False)
    chance = chance_for(ties, seeds, WANTED_REACH)
    model = IndependentCascadeModel(
        ties.offsets[:-1].astype(np.uint32), ties.targets.astype(np.uint32), activation_prob=chance, rng=3
    )
    model.set_seeds(seeds.tolist())
    numbers = count(step=cascades)

    def theirs() -> list[int]:
        sizes = []
        for _ in range(cascades):
            model.reset_model()
            model.advance_until_completion()
            sizes.append(model.get_num_activated_nodes())
        return sizes

    def ours() -> list[int]:
        first = next(numbers)
        return cascade_sizes(ties, chance, seeds, seed=4, cascades=range(first, first + cascades)).tolist()

    def one_by_one() -> list[int]:
        first = next(numbers)
        return [
            int(cascade_sizes(ties, chance, seeds, seed=4, cascades=[number])[0])
            for number in range(first, first + cascades)
        ]

    measured = in_turns({"CyNetDiff": theirs, "ours": ours, "ours, one cascade a call": one_by_one}, rounds)
    print(
        f"\n{people:,} people, {len(ties.targets):,} ties, chance {chance:.4f}, {rounds} rounds of {cascades} cascades"
    )
    print(f"{'':26}{'ms a cascade':>14}{'ratio':>8}{'mean reach':>13}{'noise':>9}")
    for name, one in measured.items():
        sizes = np.concatenate(one.answers) / people
        print(
            f"{name:26}{one.median / cascades * 1e3:14.2f}{ratio(measured['CyNetDiff'], one):8.2f}"
            f"{sizes.mean():13.4%}{sizes.std(ddof=1) / np.sqrt(len(sizes)):9.4%}"
        )


def main() -> None:
    arguments = argparse.ArgumentParser(description="Independent cascades against CyNetDiff, in CPU seconds.")
    arguments.add_argument("--people", type=int, nargs="+", default=[1_000_000, 100_000])
    arguments.add_argument("--rounds", type=int, default=9)
    arguments.add_argument(
        "--cascades", type=int, help="per round and per call; default: 4 million / people, at least 8"
    )
    chosen = arguments.parse_args()
    print(
        f"CyNetDiff {version('cynetdiff')}, NumPy {np.__version__}; CPU seconds of one thread; ratio: medians of rounds"
    )
    for people in chosen.people:
        compare(people, chosen.rounds, chosen.cascades or max(8, 4_000_000 // people))


if __name__ == "__main__":
    main()
