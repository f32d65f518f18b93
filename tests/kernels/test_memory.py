"""`prefetch` asks for a line of memory and changes nothing."""

from __future__ import annotations

import numpy as np
import pytest
from numba import njit
from numba.core.errors import TypingError

from commonbeat.kernels.memory import prefetch


@njit
def summed(array, order):
    total = 0.0
    for step in range(len(order)):
        prefetch(array, order[min(step + 4, len(order) - 1)])
        total += array[order[step]]
    return total


@njit
def rows_summed(matrix, order):
    total = 0.0
    for step in range(len(order)):
        prefetch(matrix, order[min(step + 4, len(order) - 1)] * matrix.shape[1])
        total += matrix[order[step], 1]
    return total


@njit
def far_outside(array):
    prefetch(array, np.int64(1) << 40)
    prefetch(array, -(np.int64(1) << 40))
    return array[0]


@njit
def not_an_array(number):
    prefetch(number, 0)


@pytest.mark.parametrize("kind", [np.int8, np.int32, np.int64, np.float32, np.float64])
@pytest.mark.parametrize("index", [np.int32, np.uint32, np.int64])
def test_values_are_read_as_without_it_and_stay(kind, index):
    array = np.arange(100).astype(kind)
    order = np.random.default_rng(1).permutation(100).astype(index)
    before = array.copy()
    assert summed(array, order) == array[order].sum(dtype=np.float64)
    assert np.array_equal(array, before)


def test_rows_of_a_matrix():
    matrix = np.arange(300.0).reshape(100, 3)
    order = np.arange(100)[::-1].copy()
    assert rows_summed(matrix, order) == matrix[:, 1].sum()


def test_a_view_with_gaps_is_refused():
    with pytest.raises(TypingError):
        summed(np.arange(100.0)[::2], np.arange(50))


def test_the_hint_reaches_the_processor():
    summed(np.zeros(2), np.zeros(1, dtype=np.int64))
    words = ("prefetch", "prfm", "pld", "dcbt")  # x86, ARM, ARM of 32 bits, Power
    assert all(any(word in code for word in words) for code in summed.inspect_asm().values())


def test_an_index_outside_is_no_error():
    assert far_outside(np.array([3, 4])) == 3


def test_only_arrays_can_be_asked_for():
    with pytest.raises(TypingError):
        not_an_array(3)
