"""The telling kernel against a plain-Python loop over ties and coins."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from commonbeat import luck
from commonbeat.kernels.telling import FULL, Layer, tell

PEOPLE = 30


def layer_from(draw: np.random.Generator) -> Layer:
    degrees = draw.integers(0, 8, PEOPLE)
    offsets = np.concatenate(([0], np.cumsum(degrees)))
    close_end = offsets[:-1] + np.minimum(degrees, draw.integers(0, 5, PEOPLE))
    targets = draw.integers(0, PEOPLE, offsets[-1]).astype(np.int32)
    return Layer(offsets, close_end, targets)


def ids_from(draw: np.random.Generator) -> np.ndarray:
    return draw.permutation(1000)[:PEOPLE].astype(np.int64)


def twin(person, event, layers, ids, seed: int, close: float, other: float) -> list[tuple[int, int]]:
    found = []
    for index, i in enumerate(person.tolist()):
        for layer in layers:
            for position in range(layer.offsets[i], layer.offsets[i + 1]):
                j = int(layer.targets[position])
                coin = float(luck.uniforms(seed, luck.TELL, int(event[index]), int(ids[i]), int(ids[j])))
                if coin < (close if position < layer.close_end[i] else other):
                    found.append((index, j))
    return found


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), close=st.floats(0, 1), other=st.floats(0, 1))
def test_equals_the_twin_coin_by_coin(seed: int, close: float, other: float) -> None:
    draw = np.random.default_rng(seed)
    layers, ids = (layer_from(draw), layer_from(draw)), ids_from(draw)
    person = draw.integers(0, PEOPLE, 12).astype(np.int32)
    event = draw.integers(0, 2**40, 12)
    room = 800
    telling, listener = np.empty(room, np.int64), np.empty(room, np.int32)
    key = luck.address(seed, luck.TELL)
    count = tell(person, event, layers, luck.hashed_parts(ids), key, (close, other), telling, listener)
    found = list(zip(telling[:count].tolist(), listener[:count].tolist(), strict=True))
    assert found == twin(person, event, layers, ids, seed, close, other)


def test_too_little_room_is_said() -> None:
    layers, hashed = (layer_from(np.random.default_rng(4)),) * 2, luck.hashed_parts(np.arange(PEOPLE))
    person, event = np.arange(PEOPLE, dtype=np.int32), np.arange(PEOPLE, dtype=np.int64)
    key = luck.address(1, luck.TELL)
    ties = 2 * int(layers[0].offsets[-1])
    for room, answer in ((ties, ties), (ties - 1, FULL), (0, FULL)):
        told = np.empty(room, np.int64), np.empty(room, np.int32)
        assert tell(person, event, layers, hashed, key, (1.0, 1.0), *told) == answer
