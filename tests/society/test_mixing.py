"""Groups' mixing and partner places."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonbeat.society.mixing import SLOTS, chain, cumulated, further_shares, mixing_shares, partner_places


def test_mixing_keeps_the_same_group_shares_and_balances_the_rest():
    size, same = np.array([70, 250, 85]), (0.78, 0.90, 0.63)
    mixing = mixing_shares(same, size)
    ties = size[:, None] * mixing
    assert np.allclose(mixing.sum(axis=1), 1.0)
    assert np.diag(mixing) == pytest.approx(same, abs=1e-6)
    assert np.allclose(ties, ties.T, rtol=1e-4)


@given(st.lists(st.integers(0, 1000), min_size=2, max_size=5).filter(any), st.floats(0.05, 0.95))
def test_rows_of_mixing_are_shares_whatever_the_sizes(size, same):
    mixing = mixing_shares([same] * len(size), np.array(size))
    assert (mixing >= 0).all()
    assert np.allclose(mixing.sum(axis=1), 1.0)


def test_further_ties_make_up_for_the_near_ones():
    mixing = mixing_shares((0.78, 0.90, 0.63), np.array([70, 250, 85]))
    further = further_shares(mixing, 0.55)
    assert np.allclose(0.55 * np.eye(3) + 0.45 * further, mixing)
    assert (cumulated(further)[:, -1] == 1.0).all()


def test_partner_places_keep_the_own_share_and_skip_empty_places():
    people = np.array([[10, 0], [30, 5], [10, 0]])
    lookup = partner_places(people, np.ones((3, 3)), 0.5)
    of_first = np.bincount(lookup[0, 0], minlength=3) / SLOTS
    assert of_first == pytest.approx([0.5, 0.375, 0.125], abs=2 / SLOTS)
    assert set(lookup[0, 1].tolist()) == {1}


def test_the_walk_goes_to_the_nearest_place_left():
    spot = np.array([0.0, 10.0, 1.0, 4.0])
    assert chain(np.abs(spot[:, None] - spot)).tolist() == [0, 2, 3, 1]
