"""Smiling is of everybody together, with its coverage, and is not said where too little was measurable."""

from __future__ import annotations

import math

import numpy as np
import pytest

from commonbeat.record.video.instrument.smiling import EVERY_S, SMILE, Smiles, head_of
from commonbeat.record.video.observed import Frame, Poses

PICTURE = np.zeros((100, 100, 3), np.uint8)


class Mouths:
    """Answers from a list, in turn."""

    def __init__(self, answers) -> None:
        self.answers = list(answers)
        self.asked: list[float] = []

    def smile(self, picture, head_box, roll):
        self.asked.append(roll)
        return self.answers.pop(0)


def head(eyes_px: float = 20.0, roll: float = 0.0, score: float = 0.9) -> np.ndarray:
    """The points of somebody whose eyes are so far apart and whose head is rolled so far."""
    points = np.full((17, 3), 50.0, np.float32)
    points[:, 2] = score
    half = eyes_px / 2
    points[1, :2] = 50 + half * math.cos(roll), 40 + half * math.sin(roll)
    points[2, :2] = 50 - half * math.cos(roll), 40 - half * math.sin(roll)
    return points


def looked(smiles: Smiles, people: np.ndarray, count: int, step_s: float = EVERY_S) -> None:
    for index in range(count):
        poses = Poses(
            index, index * step_s, people, np.zeros((len(people), 4), np.float32), np.ones(len(people), np.float32)
        )
        smiles.look(Frame(index, index * step_s, PICTURE), poses)


def test_the_share_is_of_measurable_faces_and_coverage_of_all() -> None:
    answers = [SMILE + 0.1, None, 0.0, None] * 30
    smiles = Smiles(Mouths(answers))
    looked(smiles, np.stack([head(), head()]), 60)
    found = smiles.result("")
    assert found.share == pytest.approx(0.5)
    assert found.coverage == pytest.approx(0.5)
    assert found.low <= found.share <= found.high
    assert found.face_s == pytest.approx(60.0)


def test_too_little_is_not_measurable_and_says_so() -> None:
    smiles = Smiles(Mouths([1.0] * 18))
    looked(smiles, np.stack([head(), head()]), 9)
    found = smiles.result("")
    assert found.share is None
    assert "10 s" in found.why_not


def test_of_one_person_nothing_is_said_and_their_looks_do_not_count() -> None:
    alone = Smiles(Mouths([1.0] * 60))
    looked(alone, head()[None], 60)
    found = alone.result("")
    assert (found.share, found.measurable_s, found.face_s) == (None, 0.0, 0.0)
    assert "more than one person" in found.why_not
    first_alone = Smiles(Mouths([1.0] * 60 + [0.0] * 80))
    looked(first_alone, head()[None], 60)
    first_alone.times[-1] = -EVERY_S  # the second scene's clock goes on
    looked(first_alone, np.stack([head(), head()]), 40)
    assert first_alone.result("").share == 0.0


def test_faces_are_looked_at_twice_a_second_and_no_more() -> None:
    mouths = Mouths([0.0] * 100)
    smiles = Smiles(mouths)
    looked(smiles, head()[None], 100, step_s=0.1)
    assert len(mouths.asked) == 20


def test_the_interval_is_wider_where_smiles_come_in_blocks() -> None:
    """Nine measurements in ten seconds that agree are hardly more than one."""
    blocks, mixed = (
        Smiles(Mouths([float(index // 80 % 2) for index in range(960)])),
        Smiles(Mouths([float(index % 2) for index in range(960)])),
    )
    for smiles in (blocks, mixed):
        looked(smiles, np.stack([head(), head()]), 480)
    one, other = blocks.result(""), mixed.result("")
    assert one.share == pytest.approx(other.share)
    assert one.high - one.low > 4 * (other.high - other.low)


@pytest.mark.parametrize("roll", [-0.6, 0.0, 0.4])
def test_the_roll_of_a_head_is_that_of_its_eyes(roll: float) -> None:
    found = head_of(head(roll=roll))
    assert found is not None
    box, measured = found
    assert measured == pytest.approx(roll, abs=1e-3)
    assert box[2] - box[0] == pytest.approx(box[3] - box[1])


@pytest.mark.parametrize("points", [head(eyes_px=6.0), head(score=0.1)])
def test_small_or_hidden_eyes_are_not_looked_at(points) -> None:
    assert head_of(points) is None
