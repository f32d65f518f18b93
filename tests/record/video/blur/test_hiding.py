"""What is painted over keeps nothing, and what is hidden whole keeps no head."""

from __future__ import annotations

import numpy as np

from commonbeat.record.video.blur.hiding import GREY, HOLD_S, MOST_BLOCKS, Mosaic, paint_bodies, paint_heads
from commonbeat.record.video.blur.scene import Scene

LUCK = np.random.default_rng(5)


def noise(height: int = 360, width: int = 640) -> np.ndarray:
    return LUCK.integers(0, 256, (height, width, 3), dtype=np.uint8)


def test_nothing_of_a_head_survives_under_its_circle() -> None:
    one, other = noise(), noise()
    circles = np.array([[100.4, 80.7, 30.2], [630, 350, 40], [-5, -5, 20]], np.float32)
    other[120:] = one[120:]
    paint_heads(one, circles[:1])
    paint_heads(other, circles[:1])
    rows, columns = np.mgrid[:360, :640]
    disc = np.hypot(columns - 100.4, rows - 80.7) <= 30
    assert (one[disc] == GREY).all()
    assert (other[disc] == GREY).all()
    paint_heads(one, circles)  # beyond the edges too


def test_a_body_is_filled_and_a_head_outside_of_every_box_gets_a_body() -> None:
    picture = noise()
    boxes = np.array([[50.5, 40.2, 120.7, 300.1]], np.float32)
    circles = np.array([[85, 60, 15], [400, 60, 15]], np.float32)
    paint_bodies(picture, boxes, circles)
    assert (picture[40:301, 50:121] == GREY).all()
    assert (picture[60:285, 355:445] == GREY).all()
    assert (picture[200, 200] != GREY).any()


def test_a_hidden_picture_has_few_blocks_none_narrower_than_a_head() -> None:
    picture = np.zeros((360, 640, 3), np.uint8)
    picture[100:150, 300:340] = 255  # a head of 40 by 50 px
    hidden = Mosaic().hidden(picture, 0.0, 60.0)
    assert hidden.shape == picture.shape
    assert hidden.max() < 110  # less than half of the contrast is left even of a white head on black
    gradient = np.abs(np.diff(hidden.astype(int), axis=1)).max()
    assert gradient <= 4  # no edge is left
    fine = noise()
    for block in (1.0, 60.0, 200.0, 5000.0):
        blurred = Mosaic().hidden(fine, 0.0, block)
        steps = min(MOST_BLOCKS, max(2, 640 / block))
        assert blurred.std() < 8 + 60 / steps


def test_a_hidden_passage_changes_twice_a_second_only() -> None:
    mosaic = Mosaic()
    shown = [mosaic.hidden(noise(), frame / 25, 60.0) for frame in range(50)]
    changes = [frame for frame in range(1, 50) if (shown[frame] != shown[frame - 1]).any()]
    assert len(changes) <= 2 / HOLD_S


def test_a_cut_is_told_from_movement_and_from_a_flash() -> None:
    scene = Scene()
    first, second = (np.repeat(np.repeat(noise(9, 16), 20, axis=0), 20, axis=1) for _ in range(2))
    moved = np.roll(first, 8, axis=1)
    flash = np.clip(first.astype(int) + 90, 0, 255).astype(np.uint8)
    cuts = [scene.step(picture).cut for picture in (first, moved, first, flash, first, second, second)]
    assert cuts == [False, False, False, False, False, True, False]
