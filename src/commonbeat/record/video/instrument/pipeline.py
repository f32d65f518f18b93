"""Decoding, poses and following at the same time: three steps side by side with short queues between them.

Decoding runs in a process of its own and is read by one thread; another keeps the pose network busy; the caller's own
thread takes frame after frame with its poses, in order. A queue that is full makes the step before it wait, so memory
stays flat however long the film is. An error of any step reaches the caller; when the caller stops, all steps end.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections import deque
from typing import TYPE_CHECKING, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

    from commonbeat.record.video.models.poses import PoseEstimator
    from commonbeat.record.video.observed import Frame, Poses

WAITING: Final = 4  # frames between two steps; 720p takes 2.8 MB each
LOOK_S: Final = 0.2  # how often a waiting step looks whether it should end

T = TypeVar("T")


class _Stage(Generic[T]):
    """A thread that runs through an iterable and hands each item on through a short queue."""

    def __init__(self, make: Callable[[], Iterable[T]], stop: threading.Event) -> None:
        self._make = make
        self._stop = stop
        self._queue: queue.Queue[tuple[str, T | BaseException | None]] = queue.Queue(WAITING)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            for item in self._make():
                if not self._put(("item", item)):
                    return
            self._put(("end", None))
        except BaseException as error:  # noqa: BLE001 - whatever it is, the caller must hear of it
            self._put(("error", error))

    def _put(self, entry: tuple[str, T | BaseException | None]) -> bool:
        while not self._stop.is_set():
            with contextlib.suppress(queue.Full):
                self._queue.put(entry, timeout=LOOK_S)
                return True
        return False

    def items(self) -> Iterator[T]:
        """What the thread hands on; its error is raised here."""
        while not self._stop.is_set():
            try:
                kind, item = self._queue.get(timeout=LOOK_S)
            except queue.Empty:
                continue
            if kind == "end":
                return
            if isinstance(item, BaseException):
                raise item
            yield item  # pyright: ignore[reportReturnType] - an item by its kind

    def ended(self) -> None:
        """The thread has ended."""
        self._thread.join()


def watched(frames: Iterable[Frame], estimator: PoseEstimator) -> Generator[tuple[Frame, Poses]]:
    """Each frame with the poses in it, in order, decoded and estimated beside what the caller does with them."""
    stop = threading.Event()
    decoding = _Stage(lambda: frames, stop)
    estimating = _Stage(lambda: _with_poses(decoding.items(), estimator), stop)
    try:
        yield from estimating.items()
    finally:
        stop.set()
        estimating.ended()
        decoding.ended()


def _with_poses(frames: Iterable[Frame], estimator: PoseEstimator) -> Iterator[tuple[Frame, Poses]]:
    waiting: deque[Frame] = deque()

    def remembered() -> Iterator[Frame]:
        for frame in frames:
            waiting.append(frame)
            yield frame

    for poses in estimator.stream(remembered()):
        yield waiting.popleft(), poses
