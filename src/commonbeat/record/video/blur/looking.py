"""The first pass: every frame is looked at by the face detector, every second one by the pose model, on two threads.

Between two poses a person moves by less than a head at 25 frames a second, and the faces are there; so poses need not be
found in each frame, and the pass is half as long again without them. Slow clips and --whole-person get them in each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from commonbeat.record.video.blur.heads import Found, heads_of_faces, heads_of_poses, joined
from commonbeat.record.video.blur.scene import Scene
from commonbeat.record.video.blur.side_by_side import side_by_side
from commonbeat.record.video.observed import Frame

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from numpy.typing import NDArray

    from commonbeat.record.video.blur.sightings import Sightings
    from commonbeat.record.video.models.faces import FaceDetector
    from commonbeat.record.video.models.poses import PoseEstimator
    from commonbeat.record.video.observed import ClipFacts

THREADS: Final = 2
AHEAD: Final = 4
LEAST_SIDE, MOST_SIDE = 640, 1920
LEAST_FACE_SCORE: Final = 0.25
"""A false face costs a grey spot, a missed one costs a child: the bar is low."""
POSE_SHORTER_SIDE: Final = 256
POSES_A_SECOND: Final = 12.0
LAID_DOWN_EVERY_S: Final = 5.0
"""Seconds of film after which what was found is kept, for a command that is stopped and given again."""


def detection_side(facts: ClipFacts) -> int:
    """The longer side in pixels of the pictures that are looked at: half of the clip's, within 640 and 1920.

    The detector finds faces from about 10 px on, so what stays unfound is below 20 px in a clip of 1080 lines or 2160.
    """
    longest = max(facts.width, facts.height)
    return min(longest, int(np.clip(longest / 2, LEAST_SIDE, MOST_SIDE)))


def pose_step(facts: ClipFacts, *, every_frame: bool) -> int:
    """Poses are looked for in each frame (1) or in every second one (2)."""
    return 1 if every_frame or facts.frame_rate < 2 * POSES_A_SECOND else 2


@dataclass(frozen=True, slots=True)
class Detectors:
    """The two models; each is ready for THREADS threads that ask at once."""

    faces: FaceDetector
    poses: PoseEstimator

    def warm_up(self, size: tuple[int, int]) -> None:
        """Both are ready for pictures of that width and height: made by one thread, before several ask at once."""
        empty = np.zeros((size[1], size[0], 3), np.uint8)
        self.faces.faces(empty)
        self.poses.poses(Frame(0, 0.0, empty))


def look(
    frames: Iterable[Frame],
    detectors: Detectors,
    sightings: Sightings,
    step: int,
    tell: Callable[[int], None],
    lay_down: Callable[[int, int], None] | None = None,
) -> None:
    """What was found in each frame stands in the sightings, behind what they held before.

    frames: all, or those from the last one on that the sightings hold. step: poses in every such frame. tell: is given the count so far.
    lay_down: is told the first frame and the one behind the last of each stretch of some seconds that is finished.
    """
    scene = Scene()
    kept = len(sightings.times)
    for frame, (found, bodies) in side_by_side(
        _unseen(frames, kept, scene), lambda frame: _detect(frame, detectors, step), threads=THREADS, ahead=AHEAD
    ):
        if frame.index != len(sightings.times):
            raise ValueError(frame.index)  # the plan counts on a sighting for each frame
        sightings.add(frame.time_s, found, bodies, scene.step(frame.picture))
        tell(len(sightings.times))
        if lay_down is not None and frame.time_s - sightings.times[kept] >= LAID_DOWN_EVERY_S:
            lay_down(kept, len(sightings.times))
            kept = len(sightings.times)
    if lay_down is not None and kept < len(sightings.times):
        lay_down(kept, len(sightings.times))


def _unseen(frames: Iterable[Frame], kept: int, scene: Scene) -> Iterator[Frame]:
    """The frames that were not seen before. Of those that were, the scene looks at the last: whether a cut follows is not known yet."""
    for frame in frames:
        if frame.index >= kept:
            yield frame
        elif frame.index == kept - 1:
            scene.step(frame.picture)


def _detect(frame: Frame, detectors: Detectors, step: int) -> tuple[Found, NDArray[np.float32]]:
    circles = heads_of_faces(detectors.faces.faces(frame.picture))
    if frame.index % step:
        return Found(circles), np.zeros((0, 4), np.float32)
    poses = detectors.poses.poses(frame)
    bodies = heads_of_poses(poses, frame.picture.shape[0])
    return Found(joined(circles, bodies.circles), bodies.headless), poses.boxes
