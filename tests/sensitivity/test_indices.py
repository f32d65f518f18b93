"""Indices through our own design: known functions, a block of dependent inputs, luck as a factor, and screening."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from scipy.special import ndtri

from commonbeat import luck
from commonbeat.fit.sensitivity.design import LUCK, OTHERS, factors_of, rows, trajectories
from commonbeat.fit.sensitivity.indices import indices
from commonbeat.fit.sensitivity.inputs import JointPart
from commonbeat.fit.sensitivity.screening import screen

SEED = 3
TOGETHER = 0.6


def cube(names: tuple[str, ...], values, blocks=()) -> SimpleNamespace:
    """Stands in for the inputs of the model."""
    return SimpleNamespace(names=names, number=len(names), blocks=blocks, values=values, margins=values)


def asked(inputs, kept, function, many: int):
    factors = factors_of(inputs, kept)
    effects = np.array([function(piece) for piece in rows(inputs, factors, SEED, many)])
    return {each.factor: each for each in indices(factors, effects, SEED)}


def test_ishigami_has_its_published_indices() -> None:
    inputs = cube(("first", "second", "third"), lambda points: np.pi * (2 * points - 1))

    def ishigami(piece) -> np.ndarray:
        one, two, three = piece.values.T
        return np.sin(one) + 7 * np.sin(two) ** 2 + 0.1 * three**4 * np.sin(one)

    found = asked(inputs, inputs.names, ishigami, 512)
    # Ishigami & Homma 1990, a = 7, b = 0.1
    for name, first, total in (("first", 0.3139, 0.5576), ("second", 0.4424, 0.4424), ("third", 0.0, 0.2437)):
        assert found[name].first.value == pytest.approx(first, abs=0.05)
        assert found[name].total.value == pytest.approx(total, abs=0.04)
        assert found[name].total.low <= total + 0.02
        assert found[name].total.high >= total - 0.02
    assert found[LUCK].total.value == 0
    assert OTHERS not in found


def test_a_dependent_block_luck_and_what_was_screened_out_share_the_variance_as_computed_by_hand() -> None:
    root = np.array([[1.0, 0.0], [TOGETHER, np.sqrt(1 - TOGETHER**2)]])
    block = JointPart("pair", np.array([0, 1]), root)

    def values(points: np.ndarray) -> np.ndarray:
        scores = ndtri(np.clip(points, 1e-12, 1 - 1e-12))
        scores[:, :2] = scores[:, :2] @ root.T
        return scores

    inputs = cube(("leader", "follower", "third", "fourth"), values, (block,))

    def linear(piece) -> np.ndarray:
        noise = np.array([float(luck.normals(own, luck.FEED, 0)) for own in piece.lucks])
        return piece.values @ np.array([1.0, 1.0, 1.0, 0.5]) + 1.5 * noise

    found = asked(inputs, ("leader", "follower", "third"), linear, 1024)
    shares = {
        "leader": (1 + TOGETHER) ** 2,  # with what goes with it
        "follower": 1 - TOGETHER**2,  # its own alone
        "third": 1.0,
        OTHERS: 0.25,
        LUCK: 2.25,
    }
    whole = sum(shares.values())
    for name, variance in shares.items():
        assert found[name].first.value == pytest.approx(variance / whole, abs=0.05)
        assert found[name].total.value == pytest.approx(variance / whole, abs=0.03)
    assert found["pair"].kind == "block"
    assert found["pair"].total.value == pytest.approx((shares["leader"] + shares["follower"]) / whole, abs=0.04)
    assert found[LUCK].kind == "luck"


def test_a_headline_that_never_changes_has_no_indices_to_speak_of() -> None:
    inputs = cube(("one",), lambda points: points)
    found = asked(inputs, ("one",), lambda piece: np.zeros(len(piece.values)), 16)
    assert found["one"].total.value == 0


def test_luck_is_held_fixed_along_a_trajectory_and_between_a_rows_comparisons() -> None:
    inputs = cube(("one", "two"), lambda points: points)
    walks = trajectories(inputs, SEED, 4)
    assert all(len(set(walk.lucks)) == 1 for walk in walks)
    assert len({walk.lucks[0] for walk in walks}) == 4
    for walk in walks:
        assert ((np.diff(walk.points, axis=0) != 0).sum(axis=1) == 1).all()
    factors = factors_of(inputs, ("one",))
    assert factors.names == ("one", OTHERS, LUCK)
    for row in rows(inputs, factors, SEED, 8):
        first, one, others, other_luck, last = row.lucks
        assert first == one == others
        assert other_luck == last != first
        np.testing.assert_array_equal(row.points[3], row.points[0])
        np.testing.assert_array_equal(row.points[1], [row.points[4][0], row.points[0][1]])


def test_a_piece_is_known_by_what_it_stands_for() -> None:
    inputs = cube(("one", "two"), lambda points: points)
    keys = [piece.key for piece in rows(inputs, factors_of(inputs, ("one",)), SEED, 8)]
    assert keys == [piece.key for piece in rows(inputs, factors_of(inputs, ("one",)), SEED, 8)]
    other = [piece.key for piece in rows(inputs, factors_of(inputs, ("one",)), SEED + 1, 8)]
    assert not set(keys) & set(other)
    # A shorter study is the beginning of a longer one.
    longer = [piece.key for piece in trajectories(inputs, SEED, 6)]
    assert longer[:4] == [piece.key for piece in trajectories(inputs, SEED, 4)]


def test_screening_keeps_what_moves_some_headline_and_puts_the_strongest_first() -> None:
    names = ("strong", "weak", "idle", "elsewhere")
    inputs = cube(names, lambda points: points)
    walks = trajectories(inputs, SEED, 8)
    effects = [
        np.stack([10 * walk.values[:, 0] + 0.3 * walk.values[:, 1], walk.values[:, 3]], axis=1) for walk in walks
    ]
    order, found = screen(inputs, walks, effects, ("one", "two"), SEED)
    assert set(order[:2]) == {"strong", "elsewhere"}
    assert {row.parameter for row in found if row.kept} == {"strong", "elsewhere"}
    strong = next(row for row in found if (row.headline, row.parameter) == ("one", "strong"))
    assert strong.mu_star == pytest.approx(9)  # from the 5 % to the 95 % point
    assert strong.sigma == pytest.approx(0, abs=1e-9)
