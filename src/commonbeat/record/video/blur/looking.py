"""The first pass: every frame is looked at by the face detector, every second one by the pose model, on two threads.

Between two poses a person moves by less than a head at 25 frames a second, and the faces are there; so poses need not be
found in each frame, and the pass is half as long again without them. Slow clips and --whole-person get them in each.
"""

from __future__ import annotations

import threading
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

import numpy as np

from commonbeat.record.video.blur.heads import Found, heads_of_faces, heads_of_poses, joined
from commonbeat.record.video.blur.scene import Scene
from commonbeat.record.video.blur.sightings import Sightings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from numpy.typing import NDArray

    from commonbeat.record.video.models.faces import FaceDetector
    from commonbeat.record.video.models.poses import PoseEstimator
    from commonbeat.record.video.observed import ClipFacts, Frame

THREADS: Final = 2
AHEAD: Final = 4
LEAST_SIDE, MOST_SIDE = 640, 1920
LEAST_FACE_SCORE: Final = 0.25
"""A false face costs a grey spot, a missed one costs a child: the bar is low."""
POSE_SHORTER_SIDE: Final = 256
POSES_A_SECOND: Final = 12.0


def detection_side(facts: ClipFacts) -> int:
    """The longer side in pixels of the pictures that are looked at: half of the clip's, within 640 and 1920.

    The detector finds faces from about 10 px on, so what stays unfound is below 20 px in a clip of 1080 lines or 2160.
    """
    longest = max(facts.width, facts.height)
    return min(longest, int(np.clip(longest / 2, LEAST_SIDE, MOST_SIDE)))


def pose_step(facts: ClipFacts, *, every_frame: bool) -> int:
    """Poses are looked for in each frame (1) or in every second one (2)."""
    return 1 if every_frame or facts.frame_rate < 2 * POSES_A_SECOND else 2


class Detectors:
    """Models of its own for each thread: makes them when a thread first asks."""

    def __init__(self, faces: Callable[[], FaceDetector], poses: Callable[[], PoseEstimator]) -> None:
        """Nothing is made yet."""
        self._makers = (faces, poses)
        self._own = threading.local()

    @property
    def faces(self) -> FaceDetector:
        """This thread's face detector."""
        if not hasattr(self._own, "faces"):
            self._own.faces = self._makers[0]()
        return self._own.faces

    @property
    def poses(self) -> PoseEstimator:
        """This thread's pose model."""
        if not hasattr(self._own, "poses"):
            self._own.poses = self._makers[1]()
        return self._own.poses


def look(
    frames: Iterable[Frame], detectors: Detectors, size: tuple[int, int], step: int, tell: Callable[[int], None]
) -> Sightings:
    """What was found in each frame. size: width and height of the pictures; step: poses in every such frame; tell: is given the count so far."""
    sightings = Sightings(*size)
    scene = Scene()
    for frame, seen in _side_by_side(frames, lambda frame: _detect(frame, detectors, step)):
        found, bodies = seen
        sightings.add(frame.time_s, found, bodies, scene.step(frame.picture))
        tell(len(sightings.times))
    return sightings


def _side_by_side(
    frames: Iterable[Frame], work: Callable[[Frame], tuple[Found, NDArray[np.float32]]]
) -> Iterator[tuple[Frame, tuple[Found, NDArray[np.float32]]]]:
    """Each frame with what the work made of it, in order; a few are worked on at once."""
    with ThreadPoolExecutor(THREADS) as pool:
        waiting: deque[tuple[Frame, Future[tuple[Found, NDArray[np.float32]]]]] = deque()
        try:
            for frame in frames:
                waiting.append((frame, pool.submit(work, frame)))
                if len(waiting) > AHEAD:
                    first, future = waiting.popleft()
                    yield first, future.result()
            while waiting:
                first, future = waiting.popleft()
                yield first, future.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _detect(frame: Frame, detectors: Detectors, step: int) -> tuple[Found, NDArray[np.float32]]:
    circles = heads_of_faces(detectors.faces.faces(frame.picture))
    if frame.index % step:
        return Found(circles), np.zeros((0, 4), np.float32)
    poses = detectors.poses.poses(frame)
    bodies = heads_of_poses(poses, frame.picture.shape[0])
    return Found(joined(circles, bodies.circles), bodies.headless), poses.boxes
