"""Circles around heads, from faces and from poses."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from commonbeat.record.video.blur.heads import heads_of_faces, heads_of_poses, joined
from commonbeat.record.video.observed import Poses
from tests.record.video.drawn.choreography import Dancer, dancers
from tests.record.video.drawn.figures import body_height


def pose(points: NDArray[np.float64], scores: float | NDArray[np.float64] = 0.9) -> Poses:
    keypoints = np.concatenate([points, np.broadcast_to(scores, 17)[:, None]], axis=1)[None].astype(np.float32)
    box = np.array([[*points.min(axis=0), *points.max(axis=0)]], np.float32)
    return Poses(0, 0.0, keypoints, box, np.array([0.9], np.float32))


def standing(yaw: float, tall: float = 200.0) -> NDArray[np.float64]:
    return dancers([Dancer(path=((0, 320, 330),), height_px=tall, strength=0, yaw_deg=yaw)], 0.1, 10)[0, 0]


def holds(circle: NDArray[np.float32], points: NDArray[np.float64]) -> bool:
    """Whether the drawn head lies in the circle."""
    tall = body_height(points)
    angles = np.linspace(0, 2 * np.pi, 40)
    rim = points[3:5].mean(axis=0) + tall * np.stack([0.062 * np.cos(angles), 0.083 * np.sin(angles)], axis=1)
    return bool((np.hypot(*(rim - circle[:2]).T) <= circle[2]).all())


def test_a_head_is_inside_its_circle_from_every_side_and_at_every_size() -> None:
    for tall in (60.0, 200.0, 600.0):
        for yaw in range(0, 360, 30):
            points = standing(yaw, tall)
            found = heads_of_poses(pose(points), 360)
            assert len(found.circles) == 1
            assert holds(found.circles[0], points), (tall, yaw)
            assert found.circles[0, 2] < 0.2 * tall


def test_a_head_without_keypoints_is_above_the_shoulders() -> None:
    for yaw in (0, 45, 180):
        points = standing(yaw)
        scores = np.full(17, 0.9)
        scores[:5] = 0.05
        found = heads_of_poses(pose(points, scores), 360)
        assert holds(found.circles[0], points), yaw


def test_a_body_without_head_and_shoulders_is_counted_unless_it_is_cut_by_the_upper_edge() -> None:
    scores = np.full(17, 0.9)
    scores[:7] = 0.05
    assert heads_of_poses(pose(standing(0), scores), 360).headless == 1
    above = standing(0) - np.array([0, 200])
    assert heads_of_poses(pose(above, scores), 360).headless == 0


def test_a_face_s_circle_holds_the_hair_and_the_chin() -> None:
    box = np.array([[100, 100, 140, 150, 0.8]], np.float32)  # ears to ears, forehead to chin
    ((x, y, radius, score),) = heads_of_faces(box)
    assert (float(x), float(score)) == (120.0, np.float32(0.8))
    assert y - radius <= 100 - 0.3 * 50
    assert y + radius >= 150
    assert radius >= 40 * 0.75


circle = st.tuples(st.floats(0, 600), st.floats(0, 300), st.floats(3, 60), st.floats(0, 1))


@given(st.lists(circle, max_size=6), st.lists(circle, max_size=6))
def test_joining_two_sets_uncovers_nothing(first: list[tuple[float, ...]], second: list[tuple[float, ...]]) -> None:
    one, other = (np.array(rows, np.float32).reshape(-1, 4) for rows in (first, second))
    both = joined(one, other)
    angles = np.linspace(0, 2 * np.pi, 12)
    for x, y, radius, _ in (*one, *other):
        rim = np.stack([x + radius * np.cos(angles), y + radius * np.sin(angles)], axis=1)
        inside = np.hypot(rim[:, None, 0] - both[:, 0], rim[:, None, 1] - both[:, 1]) <= both[:, 2] + 0.01
        assert inside.any(axis=1).all()
