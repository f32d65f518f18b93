"""One network for several threads: each gets what it would get alone, and no thread is bound to a core where another one works."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from commonbeat.record.video.models.faces import FaceDetector
from commonbeat.record.video.models.inference import compiled, runtime
from commonbeat.record.video.models.poses import PoseEstimator
from commonbeat.record.video.models.weights import Models
from commonbeat.record.video.observed import Frame
from tests.record.video.drawn.choreography import Dancer, dancers
from tests.record.video.drawn.figures import draw_people

pytestmark = pytest.mark.slow


def test_no_network_is_bound_to_a_core() -> None:
    ov = runtime()
    picture = ov.opset13.parameter([1, 3], np.float32, name="picture")
    network = ov.Model([ov.opset13.result(ov.opset13.relu(picture))], [picture], "least")
    for threads, requests in ((1, 1), (2, 2)):
        assert compiled(network, threads, requests).get_property("ENABLE_CPU_PINNING") is False


def test_two_threads_that_ask_at_once_get_what_one_gets(models: Models) -> None:
    people = [Dancer(path=((0, 80, 250), (2, 400, 250)), height_px=190), Dancer(path=((0, 300, 250),), height_px=170)]
    pictures = list(draw_people(dancers(people, 2.0, 6), (480, 270)))
    frames = [Frame(index, index / 6, picture) for index, picture in enumerate(pictures)]
    faces = FaceDetector(models.faces, threads=2, longest_side=480, least_score=0.25, at_once=2)
    poses = PoseEstimator(models, shorter_side=256, threads=2, at_once=2)
    alone = [(faces.faces(each.picture), poses.poses(each)) for each in frames]
    with ThreadPoolExecutor(4) as pool:
        beside = list(pool.map(lambda each: (faces.faces(each.picture), poses.poses(each)), frames, timeout=240))
    streamed = list(poses.stream(frames))
    assert sum(len(found) for found, _ in alone) > 0
    for (faces_one, one), (faces_other, other), third in zip(alone, beside, streamed, strict=True):
        assert np.array_equal(faces_one, faces_other)
        assert np.array_equal(one.keypoints, other.keypoints)
        assert np.array_equal(one.keypoints, third.keypoints)
