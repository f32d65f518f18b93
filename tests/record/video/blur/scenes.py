"""Figures that are hard to find: small, dark, fast, half hidden, turned; and how much of their heads a plan leaves to be seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from commonbeat.record.video.blur.looking import LEAST_FACE_SCORE, POSE_SHORTER_SIDE, THREADS, Detectors, look
from commonbeat.record.video.blur.passages import hidden_frames
from commonbeat.record.video.blur.plan import Plan
from commonbeat.record.video.blur.sightings import Sightings
from commonbeat.record.video.models.faces import FaceDetector
from commonbeat.record.video.models.poses import PoseEstimator
from commonbeat.record.video.models.weights import Models
from commonbeat.record.video.observed import Frame
from tests.record.video.drawn.choreography import Dancer, dancers
from tests.record.video.drawn.figures import body_height, draw_people

RATE = 25
SIZE = (640, 360)
HEAD_AXES = (0.062, 0.083)
"""Half width and half height of a drawn head with its hair, in body heights."""

VISIBLE_SHARE = 0.25
"""A head of which more than this is not painted over is a head left visible."""


@dataclass(frozen=True)
class Hard:
    """One hard scene of 1.6 s. pillar: from which to which x a pillar stands in front of everybody."""

    people: tuple[Dancer, ...]
    seconds: float = 1.6
    brightness: float = 1.0
    pillar: tuple[int, int] | None = None
    seed: int = 0


def _one(tall: float, **more: object) -> Dancer:
    return Dancer(path=((0, 250, 330), (1.6, 390, 330)), height_px=tall, **more)  # type: ignore[arg-type]


SCENES = {
    "tiny, 40 px tall": Hard((_one(40), replace(_one(40), path=((0, 480, 300),), yaw_deg=0))),
    "small, 60 px tall": Hard((_one(60), replace(_one(60), path=((0, 480, 300),), yaw_deg=0))),
    "middle, 130 px tall": Hard((_one(130), replace(_one(130), path=((0, 480, 330),), yaw_deg=0))),
    "large, 280 px tall": Hard((_one(280, yaw_deg=0),)),
    "dark, a seventh of the light": Hard((_one(200),), brightness=0.15),
    "darker, a twentieth": Hard((_one(200),), brightness=0.05),
    "night, a fiftieth": Hard((_one(200),), brightness=0.02),
    "fast, three heights a second": Hard((Dancer(path=((0, 20, 330), (1.0, 620, 330)), height_px=200),), seconds=1.0),
    "half hidden by a pillar": Hard((Dancer(path=((0, 180, 330), (1.6, 460, 330)), height_px=200),), pillar=(290, 350)),
    "turned away": Hard((_one(200, yaw_deg=180),)),
    "turned aside": Hard((_one(200, yaw_deg=90),)),
    "four who cross": Hard(
        tuple(
            Dancer(path=((0, start, 320 + 5 * k), (1.6, 640 - start, 320 + 5 * k)), height_px=180, seed=k)
            for k, start in enumerate((80, 240, 400, 560))
        )
    ),
}


def drawn(scene: Hard) -> tuple[NDArray[np.float64], Iterator[NDArray[np.uint8]]]:
    """The known keypoints, (frames, people, 17, 2), and the pictures."""
    keypoints = dancers(scene.people, scene.seconds, RATE)
    return keypoints, _behind(draw_people(keypoints, SIZE, brightness=scene.brightness, seed=scene.seed), scene)


def _behind(pictures: Iterator[NDArray[np.uint8]], scene: Hard) -> Iterator[NDArray[np.uint8]]:
    for picture in pictures:
        if scene.pillar is not None:
            picture[:, scene.pillar[0] : scene.pillar[1]] = (np.array([120, 110, 100]) * scene.brightness).astype(
                np.uint8
            )
        yield picture


def detectors(models: Models) -> Detectors:
    """The real detectors, as the command makes them."""
    return Detectors(
        FaceDetector(models.faces, threads=THREADS, longest_side=640, least_score=LEAST_FACE_SCORE, at_once=THREADS),
        PoseEstimator(models, shorter_side=POSE_SHORTER_SIDE, threads=THREADS, at_once=THREADS),
    )


def seen(pictures: Iterator[NDArray[np.uint8]], found_by: Detectors, step: int = 2) -> Sightings:
    """What the first pass finds."""
    frames = (Frame(index, index / RATE, picture) for index, picture in enumerate(pictures))
    sightings = Sightings(*SIZE)
    look(frames, found_by, sightings, step, lambda _: None)
    return sightings


def visible_heads(plan: Plan, keypoints: NDArray[np.float64], scene: Hard) -> tuple[int, int]:
    """Head-frames of which more than a quarter shows, and all head-frames that are in the picture at all."""
    hidden = hidden_frames(plan.passages, len(keypoints))
    shown = total = 0
    for index, people in enumerate(keypoints):
        painted = np.zeros((SIZE[1], SIZE[0]), np.uint8)
        for x, y, radius in plan.cover.of(index):
            cv2.circle(painted, (round(float(x)), round(float(y))), int(np.ceil(radius)), 1, cv2.FILLED)
        if scene.pillar is not None:
            painted[:, scene.pillar[0] : scene.pillar[1]] = 1
        for at in people:
            head = _head_mask(at)
            if head.sum() < 4:
                continue
            total += 1
            bare = float((head & (painted == 0)).sum()) / float(head.sum())
            shown += bare > VISIBLE_SHARE and not hidden[index]
    return shown, total


def _head_mask(at: NDArray[np.float64]) -> NDArray[np.bool_]:
    tall = body_height(at)
    mask = np.zeros((SIZE[1], SIZE[0]), np.uint8)
    x, y = at[3:5].mean(axis=0)
    axes = (max(1, round(HEAD_AXES[0] * tall)), max(1, round(HEAD_AXES[1] * tall)))
    cv2.ellipse(mask, (round(x), round(y - 0.005 * tall)), axes, 0, 0, 360, 1, cv2.FILLED)
    return mask.astype(bool)
