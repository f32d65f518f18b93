"""Pictures lie in the network's frame unstretched, and points find their way back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonbeat.record.video.models.letterbox import frame_for, letterbox


@pytest.mark.parametrize(
    ("height", "width", "frame"),
    [(720, 1280, (320, 576)), (1280, 720, (576, 320)), (480, 480, (320, 320)), (200, 4000, (320, 1024))],
)
def test_a_frame_has_the_shape_of_the_picture(height, width, frame):
    assert frame_for(height, width, 320, 1024) == frame


@given(st.integers(2, 3000), st.integers(2, 3000))
def test_a_frame_is_made_of_whole_blocks(height, width):
    frame = frame_for(height, width, 320, 1024)
    assert all(side % 32 == 0 and 320 <= side <= 1024 for side in frame)
    assert (frame[1] >= frame[0]) == (width >= height)


@given(st.integers(8, 2000), st.integers(8, 2000))
def test_nothing_is_stretched_and_points_come_back(height, width):
    box = letterbox(height, width, 320, 576)
    assert 0 <= box.top <= box.top + box.height <= 320
    assert 0 <= box.left <= box.left + box.width <= 576
    assert box.height == 320 or box.width == 576
    assert abs(box.scale_x * width - box.scale_y * width) <= 0.51 * width / min(width, height) + 1.01
    corners = np.array([[box.left, box.top], [box.left + box.width, box.top + box.height]], np.float32)
    np.testing.assert_allclose(box.back(corners), [[0, 0], [width, height]], atol=2e-3 * max(height, width))


def test_a_mark_in_the_picture_is_found_where_it_was():
    picture = np.zeros((300, 700, 3), np.uint8)
    picture[200:206, 500:506] = 255
    box = letterbox(300, 700, 320, 576)
    rows, columns = np.nonzero(box.filled(picture)[..., 0] > 200)
    middle = box.back(np.array([[columns.mean() + 0.5, rows.mean() + 0.5]], np.float32))[0]
    np.testing.assert_allclose(middle, [503, 203], atol=1.0)
