"""Drawn people, found by the real pose model, are followed, their joins timed and their camera steadied; so is a real dancer."""

from __future__ import annotations

import av
import cv2
import numpy as np
import pytest

from commonbeat.record.video.follow.background import small_grey
from commonbeat.record.video.follow.camera import camera_for
from commonbeat.record.video.follow.coverage import coverage, steady_share
from commonbeat.record.video.follow.follower import follow
from commonbeat.record.video.models.poses import PoseEstimator
from commonbeat.record.video.movement.series import movement_series
from commonbeat.record.video.observed import Frame, Tracks
from commonbeat.record.video.space.approach import approaches
from commonbeat.record.video.space.groups import groups_over_time
from commonbeat.record.video.space.places import places_of
from tests.record.video.drawn.choreography import Dancer, dancers
from tests.record.video.drawn.figures import draw_people

pytestmark = pytest.mark.slow

SIZE, RATE, TALL = (640, 360), 8, 150
SECONDS = 9.0


def followed(models, pictures) -> Tracks:
    """Tracks of pictures at RATE, through the model."""
    estimator = PoseEstimator(models, shorter_side=320, threads=1, at_once=1)
    greys = []

    def frames():
        for index, picture in enumerate(pictures):
            greys.append(small_grey(picture))
            yield Frame(index, index / RATE, picture)

    poses = list(estimator.stream(frames()))
    height, width = greys[0].shape
    return follow(zip(poses, greys, strict=True), camera_for(round(width * 2), round(height * 2)))


def people_of(tracks: Tracks, hips: np.ndarray) -> list[list[int]]:
    """Whom each track follows, in order; hips: (frames, people, 2) in the picture."""
    told = []
    for track in tracks.tracks:
        found = track.keypoints[:, 11:13, :2].mean(axis=1)
        nearest = [
            int(np.linalg.norm(hips[track.start + step] - place, axis=1).argmin())
            for step, place in enumerate(found)
            if np.isfinite(place).all()
        ]
        told.append([who for step, who in enumerate(nearest) if step == 0 or nearest[step - 1] != who])
    return told


def test_a_join_before_a_swinging_camera(models) -> None:
    people = [
        Dancer(path=((0, 70, 330), (2, 70, 330), (5, 330, 330)), height_px=TALL, seed=1),
        Dancer(path=((0, 440, 330),), height_px=TALL, seed=2),
        Dancer(path=((0, 540, 330),), height_px=TALL, strength=0),
    ]
    keypoints = dancers(people, SECONDS, RATE)
    swing = 30 * np.sin(2 * np.pi * np.arange(len(keypoints)) / RATE / 5)
    camera = np.stack([swing, 0 * swing], axis=1)
    tracks = followed(models, draw_people(keypoints, SIZE, camera=camera))
    assert steady_share(tracks) == 1.0
    point = tracks.camera.turn * (300 + 200j + swing) + tracks.camera.shift
    assert np.abs(point - point[0]).max() < 1.0

    hips = keypoints[:, :, 11:13].mean(axis=2)
    told = people_of(tracks, hips + camera[:, None])
    assert sorted(told) == [[0], [1], [2]]
    assert min(coverage(each) for each in tracks.tracks) > 0.95
    places = places_of(tracks)
    joiner, nearest = (places[told.index([person])] for person in (0, 1))
    (join,) = groups_over_time(places, tracks.times).joins
    truth = np.flatnonzero(np.linalg.norm(hips[:, 0] - hips[:, 1], axis=1) <= 1.2 * TALL)[0] / RATE
    assert join.who == (joiner.number,)
    assert abs(join.time_s - truth) <= 1.0
    assert join.closing.who == "first"
    (closer,) = approaches(joiner, nearest, tracks.times)
    assert closer.closing.who == "first"
    assert closer.closing.by_first > 0.9 * closer.closing.total
    still = movement_series(tracks, 25.0).series[told.index([2])]
    dancing = movement_series(tracks, 25.0).series[told.index([1])]
    assert np.nanmean(still) < 0.25 * np.nanmean(dancing)


def test_walkers_who_cross_are_told(models) -> None:
    people = [
        Dancer(path=((0, 90, 330), (SECONDS, 550, 330)), height_px=TALL, strength=0),
        Dancer(path=((0, 550, 322), (SECONDS, 90, 322)), height_px=TALL, strength=0),
    ]
    keypoints = dancers(people, SECONDS, RATE)
    tracks = followed(models, draw_people(keypoints, SIZE))
    told = people_of(tracks, keypoints[:, :, 11:13].mean(axis=2))
    assert sorted((each[0], each[-1]) for each in told) == [(0, 0), (1, 1)]
    assert min(coverage(each) for each in tracks.tracks) > 0.85
    (swap,) = tracks.swaps_suspected
    assert abs(swap[0] - SECONDS / 2) <= 0.75


def test_a_real_dancer_before_a_plain_wall(models, real_dancer) -> None:
    # The film stands on a tripod; a moving window over it is a camera that swings by known pixels.
    with av.open(str(real_dancer)) as film:
        pictures = [each.to_ndarray(format="rgb24") for each in film.decode(video=0)][:240:3]
    swing = 30 + 20 * np.sin(2 * np.pi * np.arange(len(pictures)) / RATE / 4)
    window = [
        cv2.warpAffine(picture, np.float32([[1, 0, -shift], [0, 1, -16]]), (440, 480))
        for picture, shift in zip(pictures, swing, strict=True)
    ]
    estimator = PoseEstimator(models, shorter_side=256, threads=1, at_once=1)
    poses = list(estimator.stream(Frame(index, index / RATE, each) for index, each in enumerate(window)))
    tracks = follow(zip(poses, map(small_grey, window), strict=True), camera_for(440, 480))
    assert len(tracks.tracks) == 1
    assert coverage(tracks.tracks[0]) > 0.95
    # A wall with faint shades: where the camera is said to be known, it is; elsewhere nothing is said.
    assert steady_share(tracks) > 0.4
    passage = tracks.camera.passage
    joined = (passage[1:] >= 0) & (passage[1:] == passage[:-1])
    point = tracks.camera.turn * (200 + 200j - swing) + tracks.camera.shift
    error = np.abs(np.diff(point))[joined]
    assert np.sqrt((error**2).mean()) < 0.25 * np.sqrt((np.diff(swing) ** 2).mean())
