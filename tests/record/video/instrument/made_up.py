"""Made-up people as the pose model would see them in a perfect world, without drawing them: quick, and exactly known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from commonbeat.record.video.observed import ClipFacts, Frame, Poses
from tests.record.video.drawn.choreography import Dancer, dancers

SIZE = (640, 360)
RATE = 10.0


def facts(seconds: float, *, sound: bool = False, size: tuple[int, int] = SIZE) -> ClipFacts:
    """A clip of that length."""
    return ClipFacts(
        "made-up.mp4", "cd" * 32, seconds, int(seconds * 30), 30.0, False, *size, 0, sound, 22050, "h264", 8
    )


def street(size: tuple[int, int] = SIZE, seed: int = 0) -> np.ndarray:
    """A picture with enough to hold on to for whoever measures the camera."""
    luck = np.random.default_rng(seed)
    coarse = luck.integers(40, 215, (size[1] // 10, size[0] // 10, 3), dtype=np.uint8)
    return np.repeat(np.repeat(coarse, 10, axis=0), 10, axis=1)


def seen(
    people: Sequence[Dancer], seconds: float, *, size: tuple[int, int] = SIZE, noise_px: float = 0.5, begin: int = 0
) -> Iterator[tuple[Frame, Poses]]:
    """Each analysed frame with the poses in it, from frame `begin` on; keypoints jitter by noise_px."""
    keypoints = dancers(people, seconds, RATE)
    jitter = np.random.default_rng(7).normal(0, noise_px, keypoints.shape)
    picture = street(size)
    for index in range(begin, len(keypoints)):
        points = keypoints[index] + jitter[index]
        there = np.isfinite(points).all(axis=(1, 2))
        scored = np.concatenate([points[there], np.full((*points[there].shape[:2], 1), 0.9)], axis=2).astype(np.float32)
        low, high = scored[..., :2].min(axis=1), scored[..., :2].max(axis=1)
        boxes = np.concatenate([low, high], axis=1).astype(np.float32)
        frame = Frame(index * 3, index / RATE, picture)
        yield frame, Poses(frame.index, frame.time_s, scored, boxes, np.full(len(scored), 0.9, np.float32))


# Two who dance side by side, and one who comes from the right edge to them between the 10th and the 14th second.
JOINING = (
    Dancer(path=((0, 180, 330),), height_px=180, seed=1, tempo_bpm=104),
    Dancer(path=((0, 300, 330),), height_px=185, follows=0, coupling=0.95, lag_s=0.3, seed=2, tempo_bpm=104),
    Dancer(path=((0, 600, 332), (10, 600, 332), (14, 430, 330)), height_px=182, seed=3, tempo_bpm=93),
)
