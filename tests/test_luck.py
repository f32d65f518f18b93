"""Addressed luck: scalars and arrays agree bit for bit, and the bits look like luck."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonbeat import luck

WORD = st.integers(0, 2**63 - 1)


@given(seed=WORD, decision=st.integers(1, 90), first=WORD, second=WORD)
def test_scalars_and_arrays_agree_bit_for_bit(seed: int, decision: int, first: int, second: int) -> None:
    scalar = luck.at(luck.at(luck.key(seed, decision), first), second)
    assert int(luck.keys(seed, decision, first, second)) == int(scalar)
    assert int(luck.toss(luck.at(luck.key(seed, decision), first), luck.hashed_parts(second))) == int(scalar)
    assert float(luck.uniforms(seed, decision, first, second)) == luck.uniform(scalar)


def test_decisions_have_numbers_of_their_own() -> None:
    names = [name for name in vars(luck) if name.isupper() and isinstance(getattr(luck, name), int)]
    assert len({getattr(luck, name) for name in names}) == len(names) > 20


def test_numbers_are_even_and_neighbours_are_strangers() -> None:
    drawn = luck.uniforms(3, luck.FEED, 7, np.arange(200_000))
    counts = np.bincount((drawn * 100).astype(int), minlength=100)
    chi_square = ((counts - 2000.0) ** 2 / 2000.0).sum()
    assert 50 < chi_square < 160
    assert abs(np.corrcoef(drawn[:-1], drawn[1:])[0, 1]) < 0.01
    other = luck.uniforms(4, luck.FEED, 7, np.arange(200_000))
    assert abs(np.corrcoef(drawn, other)[0, 1]) < 0.01


def test_every_bit_of_an_address_moves_half_of_the_bits() -> None:
    base = luck.keys(1, luck.TELL, np.arange(2000))
    for bit in (0, 7, 31, 40, 62):
        moved = luck.keys(1, luck.TELL, np.arange(2000) ^ (1 << bit))
        flipped = np.unpackbits((base ^ moved).view(np.uint8)).mean()
        assert flipped == pytest.approx(0.5, abs=0.01)


def test_normals_are_normal() -> None:
    drawn = luck.normals(5, luck.APPEAL, np.arange(100_000))
    assert abs(drawn.mean()) < 0.02
    assert drawn.std() == pytest.approx(1.0, abs=0.02)
    assert np.isfinite(drawn).all()


@given(seed=WORD, chance=st.one_of(st.floats(0, 1), st.sampled_from([0.0, 1.0, 0.5, 2.0**-53, 1 - 2.0**-53])))
def test_a_threshold_says_the_same_as_the_chance(seed: int, chance: float) -> None:
    bits = luck.key(seed, luck.TELL)
    assert (int(bits) >> 11 < int(luck.threshold(chance))) == (luck.uniform(bits) < chance)
