"""Everybody's joints in a picture, by MoveNet multipose."""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from commonbeat.record.video.models.inference import Network, runtime
from commonbeat.record.video.models.letterbox import Letterbox, frame_for, letterbox
from commonbeat.record.video.models.pose_doubles import without_doubles
from commonbeat.record.video.models.pose_maps import Maps, people_in
from commonbeat.record.video.models.pose_network import pose_network
from commonbeat.record.video.models.tfjs_graph import read_graph
from commonbeat.record.video.observed import Frame, Poses

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from commonbeat.record.video.models.weights import Models

CELL: Final = 4
LEAST_MIDDLE: Final = 0.1
LONGEST_SIDE: Final = 1024
MOST_SHAPES: Final = 4


class PoseEstimator:
    """Finds at most `people` people in each picture.

    shorter_side: of the frame that goes into the network, in pixels, a multiple of 32; the frame has the picture's own shape,
    landscape, portrait or square. The network knows people of 60 to 250 px in its frame best: 256 is quick and right for people
    as high as the picture, 384 finds smaller ones. threads: of the processor, 0 for all. at_once: how many
    pictures `stream` works on side by side, or how many threads may ask `poses` so. least_score: people below it are left out.
    """

    def __init__(
        self,
        models: Models,
        *,
        shorter_side: int = 320,
        people: int = 20,
        threads: int = 0,
        at_once: int = 2,
        least_score: float = 0.1,
    ) -> None:
        runtime()  # says at once what is not installed
        self._graph = read_graph(models.pose_graph, models.pose_numbers)
        self._shorter_side = shorter_side
        self._people = people
        self._threads = threads
        self._at_once = at_once
        self._least_score = least_score
        self._ready: dict[tuple[int, int], Network] = {}
        self._making = threading.Lock()

    def poses(self, frame: Frame) -> Poses:
        """Everybody in one frame, best first, in pixels of its picture."""
        box = self._box(frame.picture)
        outputs = self._network(box).run(box.filled(frame.picture)[None])
        return self._read(frame, box, Maps(*(output[0] for output in outputs)))

    def stream(self, frames: Iterable[Frame]) -> Iterator[Poses]:
        """Everybody in each frame, in the order of the frames; the next pictures are worked on while the last result is read."""
        waiting: deque[tuple[Frame, Letterbox, Any]] = deque()
        free: dict[tuple[int, int], list[Any]] = {}
        for frame in frames:
            box = self._box(frame.picture)
            requests = free.setdefault((box.frame_height, box.frame_width), [])
            while not requests and len(waiting) >= self._at_once:
                yield self._finish(waiting.popleft(), free)
            request = requests.pop() if requests else self._network(box).compiled.create_infer_request()
            request.start_async([box.filled(frame.picture)[None]])
            waiting.append((frame, box, request))
        while waiting:
            yield self._finish(waiting.popleft(), free)

    def _finish(self, work: tuple[Frame, Letterbox, Any], free: dict[tuple[int, int], list[Any]]) -> Poses:
        frame, box, request = work
        request.wait()
        maps = Maps(*(np.array(request.get_output_tensor(index).data[0]) for index in range(6)))
        free[box.frame_height, box.frame_width].append(request)
        return self._read(frame, box, maps)

    def _read(self, frame: Frame, box: Letterbox, maps: Maps) -> Poses:
        found = without_doubles(people_in(maps, self._people, LEAST_MIDDLE))
        kept = found.scores >= self._least_score
        keypoints = found.keypoints[kept]
        keypoints[..., :2] = box.back(keypoints[..., :2] * CELL)
        corners = box.back(found.boxes[kept].reshape(-1, 2, 2) * CELL).reshape(-1, 4)
        height, width = frame.picture.shape[:2]
        boxes = np.clip(corners, 0, np.array([width, height, width, height], np.float32))
        return Poses(frame.index, frame.time_s, keypoints, boxes, found.scores[kept])

    def _box(self, picture: NDArray[np.uint8]) -> Letterbox:
        height, width = picture.shape[:2]
        return letterbox(height, width, *frame_for(height, width, self._shorter_side, LONGEST_SIDE))

    def _network(self, box: Letterbox) -> Network:
        shape = box.frame_height, box.frame_width
        with self._making:
            if shape not in self._ready:
                if len(self._ready) >= MOST_SHAPES:
                    self._ready.pop(next(iter(self._ready)))
                self._ready[shape] = Network(pose_network(self._graph, *shape), self._threads, self._at_once)
            return self._ready[shape]
