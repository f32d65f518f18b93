"""Smiles: where they are measurable, and that a head may lean, move or be small without changing what is read."""

from __future__ import annotations

import sys
from dataclasses import replace

import av
import cv2
import numpy as np
import pytest

from commonbeat.record.video.models.face_points import POINTS, READ_POINTS, Square, eyes, roll_of, square_of_points
from commonbeat.record.video.models.faces import FaceDetector
from commonbeat.record.video.models.smiles import LEAST_BETWEEN_EYES_PX, FaceReading, SmileReader, is_measurable
from tests.record.video.drawn.choreography import Dancer, dancers
from tests.record.video.drawn.figures import LOOKS, draw_people


@pytest.fixture(scope="module")
def reader(models) -> SmileReader:
    return SmileReader(models.face_points)


@pytest.fixture(scope="module")
def face(models, real_dancer):
    """A real face, made four times as large so that it can be read, and its box."""
    detector = FaceDetector(models.faces)
    with av.open(str(real_dancer)) as clip:
        for picture in clip.decode(video=0):
            pixels = picture.to_ndarray(format="rgb24")
            boxes = detector.faces(pixels)
            if len(boxes) and boxes[0, 4] > 0.8:
                return cv2.resize(pixels, None, fx=4, fy=4, interpolation=cv2.INTER_CUBIC), boxes[0, :4] * 4
    pytest.fail("no face in the film of the dancer")


def test_a_face_of_35_px_is_not_measurable_and_the_same_enlarged_is_read(reader, face):
    picture, box = face
    small = cv2.resize(picture, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    assert reader.smile(small, box / 4) is None
    reading = reader.read(small, box / 4)
    assert reading is not None
    assert reading.between_eyes_px < LEAST_BETWEEN_EYES_PX
    large = reader.read(picture, box)
    assert large is not None
    assert large.certainty > 0.9
    assert large.between_eyes_px == pytest.approx(4 * reading.between_eyes_px, rel=0.1)
    assert 0 <= reader.smile(picture, box) <= 1


@pytest.mark.parametrize("turn_deg", [-25, 15, 40])
def test_a_leaning_head_is_read_alike(reader, face, turn_deg):
    picture, box = face
    middle = (float(box[0] + box[2]) / 2, float(box[1] + box[3]) / 2)
    turned = cv2.warpAffine(picture, cv2.getRotationMatrix2D(middle, -turn_deg, 1), picture.shape[1::-1])
    upright, leaning = reader.read(picture, box), reader.read(turned, box, np.deg2rad(turn_deg))
    assert leaning.certainty > 0.9
    assert np.rad2deg(roll_of(leaning.points) - roll_of(upright.points)) == pytest.approx(turn_deg, abs=3)
    assert leaning.shapes[[44, 45]].mean() == pytest.approx(upright.shapes[[44, 45]].mean(), abs=0.1)


def test_a_box_that_is_a_little_off_changes_little(reader, face):
    picture, box = face
    exact = reader.read(picture, box)
    side = box[2] - box[0]
    moved = reader.read(picture, box + side * np.array([0.15, -0.1, 0.2, 0.1]))
    assert np.linalg.norm(exact.points - moved.points, axis=1).mean() < 0.03 * exact.between_eyes_px
    assert np.abs(exact.shapes - moved.shapes)[[44, 45]].max() < 0.05


@pytest.mark.parametrize("look", LOOKS)
def test_a_drawn_smile_is_seen_and_a_drawn_mouth_at_rest_is_not(models, reader, look):
    """The same drawn smile reads .33 to .73 from look to look: values are comparable within a person, not across people."""
    keypoints = dancers([Dancer(((0, 640, 1000),), height_px=900, strength=0)], 1, 1)
    detector = FaceDetector(models.faces, longest_side=416)
    read = []
    for smile in (0.0, 0.6):
        picture = next(draw_people(keypoints, (1280, 1024), looks=(replace(look, smile=smile),)))
        read.append(reader.smile(picture, detector.faces(picture)[0]))
    sys.stdout.write(f"at rest {read[0]:.3f}, smiling {read[1]:.2f}\n")
    assert read[0] < 0.05
    assert read[1] > 0.25


def test_where_no_face_is_nothing_is_measured(reader, face):
    picture, _ = face
    assert reader.smile(picture, np.array([40.0, 40.0, 240.0, 240.0])) is None
    assert reader.smile(picture, np.array([40.0, 40.0, 44.0, 44.0])) is None
    assert reader.smile(picture, np.array([np.nan] * 4)) is None


@pytest.mark.parametrize(
    ("certainty", "between_eyes_px", "turned", "measurable"),
    [(0.9, 15.0, 0.1, True), (0.9, 14.9, 0.1, False), (0.4, 40.0, 0.1, False), (0.9, 40.0, 0.9, False)],
)
def test_what_is_measurable(certainty, between_eyes_px, turned, measurable):
    nothing = np.zeros((POINTS, 2), np.float32)
    assert (
        is_measurable(FaceReading(nothing, certainty, between_eyes_px, turned, np.zeros(52, np.float32))) is measurable
    )


def test_a_square_cuts_out_what_it_says():
    picture = np.zeros((400, 400, 3), np.uint8)
    picture[148:153, 248:253] = 255
    square = Square(
        200, 150, 160, np.pi / 2
    )  # turned clockwise: what lies to the right lies above... below the middle before
    rows, columns = np.nonzero(square.cut(picture)[..., 0] > 100)
    at = np.array([[columns.mean(), rows.mean()]], np.float32)
    np.testing.assert_allclose(square.back(at)[0], [250, 150], atol=1)
    np.testing.assert_allclose(at[0], [128, 128 - 50 * 256 / 160], atol=2)


def test_the_square_of_points_follows_the_head():
    rng = np.random.default_rng(1)
    points = rng.uniform(-30, 30, (POINTS, 2)).astype(np.float32)
    points[[33, 133]], points[[263, 362]] = [-20, -10], [20, -10]
    lean = 0.5
    turn = np.array([[np.cos(lean), -np.sin(lean)], [np.sin(lean), np.cos(lean)]])
    moved = (points @ turn.T + [300, 200]).astype(np.float32)
    square = square_of_points(moved)
    middle = turn @ ((points.min(axis=0) + points.max(axis=0)) / 2) + [300, 200]
    assert square.turn_rad == pytest.approx(lean, abs=1e-5)
    assert (square.middle_x, square.middle_y) == pytest.approx(tuple(middle), abs=0.01)
    assert square.side_px == pytest.approx(1.5 * np.ptp(points, axis=0).max(), rel=1e-4)
    np.testing.assert_allclose(np.linalg.norm(eyes(moved)[1] - eyes(moved)[0]), 40, rtol=1e-5)


def test_the_points_that_are_read_are_the_published_number():
    assert len(READ_POINTS) == len(set(READ_POINTS)) == 146
    assert list(READ_POINTS) == sorted(READ_POINTS)
    assert READ_POINTS[-10:] == tuple(range(468, 478))  # both irises, which the blinking eye needs
