"""Faces: the reading of the network's maps, and drawn and real heads of known places."""

from __future__ import annotations

import sys

import av
import numpy as np
import pytest

from commonbeat.record.video.models.faces import FaceDetector, decode, overlap
from tests.record.video.drawn.choreography import Dancer, dancers
from tests.record.video.drawn.figures import draw_people


@pytest.fixture(scope="module")
def detector(models) -> FaceDetector:
    return FaceDetector(models.faces)


def test_maps_are_read_as_the_paper_says():
    heat = np.zeros((1, 20, 30), np.float32)
    size, offset = np.zeros((2, 20, 30), np.float32), np.zeros((2, 20, 30), np.float32)
    heat[0, 7, 11] = 0.9
    heat[0, 7, 12] = 0.5  # the same face, seen from the next cell
    heat[0, 15, 25] = 0.6
    heat[0, 2, 2] = 0.2  # below what counts
    size[:, 7, 11:13] = np.log([[6.0], [4.0]])  # cells: 24 px high, 16 px wide
    size[:, 15, 25] = np.log([2.0, 2.0])
    offset[:, 7, 11] = [0.25, -0.5]
    boxes = decode(heat, size, offset, 0.3)
    middle_y, middle_x = (7 + 0.25 + 0.5) * 4, (11 - 0.5 + 0.5) * 4
    np.testing.assert_allclose(boxes[0], [middle_x - 8, middle_y - 12, middle_x + 8, middle_y + 12, 0.9], rtol=1e-5)
    np.testing.assert_allclose(boxes[1], [98, 58, 106, 66, 0.6], rtol=1e-5)
    assert len(boxes) == 2


def test_overlap_is_intersection_over_union():
    box = np.array([0, 0, 10, 10], np.float32)
    others = np.array([[0, 0, 10, 10], [5, 0, 15, 10], [20, 20, 30, 30], [2, 2, 4, 4]], np.float32)
    np.testing.assert_allclose(overlap(box, others), [1, 1 / 3, 0, 0.04], atol=1e-6)


def head_of(person, height_px):
    """The middle of a drawn face and its height in px."""
    return person[3:5].mean(axis=0), 0.15 * height_px


@pytest.mark.parametrize(("height_px", "longest_side"), [(130, 1280), (200, 736), (300, 736), (450, 736)])
def test_drawn_heads_are_found_in_their_place(models, height_px, longest_side):
    detector = FaceDetector(models.faces, longest_side=longest_side)
    people = [
        Dancer(((0, 200 + 400 * i, 690),), height_px=height_px, strength=0, yaw_deg=(0, 35, -35)[i]) for i in range(3)
    ]
    keypoints = dancers(people, 1, 4)
    found = 0
    for known, picture in zip(keypoints, draw_people(keypoints, (1280, 720)), strict=True):
        boxes = detector.faces(picture)
        for person in known:
            middle, tall = head_of(person, height_px)
            inside = (
                (boxes[:, 0] < middle[0])
                & (boxes[:, 2] > middle[0])
                & (boxes[:, 1] < middle[1])
                & (boxes[:, 3] > middle[1])
            )
            found += bool((inside & (boxes[:, 3] - boxes[:, 1] < 2 * tall)).any())
    sys.stdout.write(f"heads of {0.15 * height_px:.0f} px: {found} of 12 found\n")
    assert found >= 11


def test_an_empty_street_has_no_faces_and_any_shape_is_taken(detector):
    for size in ((640, 360), (361, 641), (33, 47), (3000, 40)):
        picture = next(draw_people(np.full((1, 1, 17, 2), np.nan), size))
        boxes = detector.faces(picture)
        assert boxes.shape == (0, 5)
        assert boxes.dtype == np.float32


@pytest.mark.slow
def test_small_faces_in_a_large_picture_need_tiles(models):
    people = [Dancer(((0, 100 + 190 * i, 900 - 60 * (i % 3)),), height_px=110, strength=0) for i in range(10)]
    keypoints = dancers(people, 1, 1)
    picture = next(draw_people(keypoints, (1920, 1080)))
    at = keypoints[0, :, 3:5].mean(axis=1)
    whole = FaceDetector(models.faces, longest_side=736).faces(picture, smallest_px=14)
    tiled = FaceDetector(models.faces, longest_side=736, tiles=3).faces(picture, smallest_px=14)

    def hits(boxes):
        return sum(
            bool(((boxes[:, 0] < x) & (boxes[:, 2] > x) & (boxes[:, 1] < y) & (boxes[:, 3] > y)).any()) for x, y in at
        )

    sys.stdout.write(f"faces of 15 px in 1080p: {hits(whole)} of 10 at once, {hits(tiled)} of 10 in tiles\n")
    assert hits(tiled) >= 9
    assert hits(tiled) > hits(whole)


@pytest.mark.slow
def test_a_real_face_is_found_in_most_frames(detector, real_dancer):
    with av.open(str(real_dancer)) as clip:
        pictures = [
            each.to_ndarray(format="rgb24") for index, each in enumerate(clip.decode(video=0)) if index % 40 == 0
        ]
    counts = np.array([len(detector.faces(picture)) for picture in pictures])
    sys.stdout.write(
        f"the dancer's face is found in {np.mean(counts > 0):.1%} of {len(counts)} frames; more than one in {np.mean(counts > 1):.1%}\n"
    )
    assert np.mean(counts > 0) > 0.85  # turned away in some: the pose's head circles must cover those
