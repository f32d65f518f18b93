"""Turning, joining and triangle counting against plain Python."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from commonbeat.kernels.csr import count_triangles, join_rows, transpose

PAIRS = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=60)
PEOPLE = 12


def rows_of(pairs, *, ascending=False):
    rows = [[target for source, target in pairs if source == row] for row in range(PEOPLE)]
    return [sorted(row) for row in rows] if ascending else rows


def packed(rows):
    offsets = np.cumsum([0, *map(len, rows)]).astype(np.int64)
    return offsets, np.array([target for row in rows for target in row], np.int32)


def unpacked(offsets, targets):
    return [targets[start:end].tolist() for start, end in pairwise(offsets)]


def turned(rows):
    offsets, targets = packed(rows)
    turned_offsets, turned_targets = np.full(PEOPLE + 1, 99, np.int64), np.empty(len(targets), np.int32)
    transpose(offsets, targets, turned_offsets, turned_targets)
    return unpacked(turned_offsets, turned_targets)


@given(PAIRS)
def test_turning_reverses_every_tie_and_sorts(pairs):
    assert turned(rows_of(pairs)) == rows_of([(b, a) for a, b in pairs], ascending=True)


@given(PAIRS)
def test_turning_twice_sorts_rows(pairs):
    assert turned(turned(rows_of(pairs))) == rows_of(pairs, ascending=True)


def join_plainly(first, left, right, household):
    joined = []
    for row in range(PEOPLE):
        more = sorted(set(left[row]) | set(right[row]))
        dropped = {row, *first[row], *(p for p in range(PEOPLE) if household[p] == household[row] >= 0)}
        joined.append([*first[row], *(target for target in more if target not in dropped)])
    return joined


@given(PAIRS, PAIRS, PAIRS, st.lists(st.integers(-1, 4), min_size=PEOPLE, max_size=PEOPLE))
def test_joined_rows_equal_the_plain_twin(one, two, three, household):
    first = [sorted(set(row)) for row in rows_of(one)]
    left, right = rows_of(two, ascending=True), rows_of(three, ascending=True)
    offsets, first_end = np.empty(PEOPLE + 1, np.int64), np.empty(PEOPLE, np.int64)
    joined = np.full(len(one) + len(two) + len(three), -7, np.int32)
    parts = [array for rows in (first, left, right) for array in packed(rows)]
    filled = join_rows(*parts, np.array(household, np.int32), offsets, first_end, joined)
    assert unpacked(offsets, joined) == join_plainly(first, left, right, household)
    assert filled == offsets[-1]
    assert (first_end - offsets[:-1]).tolist() == [len(row) for row in first]


@given(PAIRS)
def test_triangles_equal_the_plain_twin(pairs):
    neighbours = [set() for _ in range(PEOPLE)]
    for one, other in pairs:
        if one != other:
            neighbours[one].add(other)
            neighbours[other].add(one)
    offsets, targets = packed([sorted(row) for row in neighbours])
    closed, stamp = np.zeros(PEOPLE, np.int64), np.zeros(PEOPLE, np.uint8)
    count_triangles(offsets[:-1], offsets[1:], targets, np.arange(PEOPLE), stamp, closed)
    expected = [sum(len(neighbours[other] & row) for other in row) for row in neighbours]
    assert closed.tolist() == expected
    assert not stamp.any()
