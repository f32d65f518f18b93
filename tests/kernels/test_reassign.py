"""Redrawn labels against a plain shuffle with the same luck, and against what chance owes."""

from __future__ import annotations

import numpy as np

from commonbeat import luck
from commonbeat.kernels.reassign import reassign

MEMBERS = np.array([0, 3, 5, 1, 2, 4, 6], np.int64)
STARTS = np.array([0, 3, 7], np.int64)
LABELS = np.array([1, 0, 1, 0, 1, 0, 2], np.int16)


def drawn(first: int, draws: int, key=None) -> np.ndarray:
    found = np.empty((draws, len(LABELS)), np.int16)
    reassign(luck.address(5, luck.REASSIGN) if key is None else key, first, MEMBERS, STARTS, LABELS, found)
    return found


def shuffled_plainly(number: int) -> list[int]:
    key = luck.at(luck.address(5, luck.REASSIGN), number)
    labels = LABELS.tolist()
    for begin, end in zip(STARTS[:-1].tolist(), STARTS[1:].tolist(), strict=True):
        for place in range(end - 1, begin, -1):
            chosen = begin + int(luck.uniform(luck.at(key, place)) * (place - begin + 1))
            here, there = MEMBERS[place], MEMBERS[chosen]
            labels[here], labels[there] = labels[there], labels[here]
    return labels


def test_draws_equal_the_plain_twin():
    assert drawn(11, 20).tolist() == [shuffled_plainly(number) for number in range(11, 31)]


def test_a_draw_depends_on_its_number_only():
    assert np.array_equal(drawn(0, 30)[10:], drawn(10, 20))


def test_every_order_within_a_block_is_as_likely():
    found = drawn(0, 24_000)
    assert (np.sort(found[:, [0, 3, 5]]) == [0, 0, 1]).all()
    first = (found[:, [0, 3, 5]] == 1).mean(axis=0)
    assert np.abs(first - 1 / 3).max() < 5 * np.sqrt(2 / 9 / 24_000)
    _, counts = np.unique(found[:, [1, 2, 4, 6]], axis=0, return_counts=True)
    assert len(counts) == 12
    assert np.abs(counts / 24_000 - 1 / 12).max() < 5 * np.sqrt(11 / 144 / 24_000)
