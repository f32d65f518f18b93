"""Decoding, poses and following side by side: in order, with short queues, and every error reaches the caller."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest

from commonbeat.record.video.instrument.pipeline import WAITING, watched
from commonbeat.record.video.observed import Frame, Poses

PICTURE = np.zeros((4, 4, 3), np.uint8)
NOBODY = (np.zeros((0, 17, 3), np.float32), np.zeros((0, 4), np.float32), np.zeros(0, np.float32))


class Estimator:
    """Finds nobody, two frames at a time, as the real one does."""

    def __init__(self, fails_at: int = -1) -> None:
        self.fails_at = fails_at

    def stream(self, frames):
        held = []
        for frame in frames:
            if frame.index == self.fails_at:
                message = "the network broke"
                raise RuntimeError(message)
            held.append(frame)
            if len(held) > 1:
                yield Poses(held[0].index, held.pop(0).time_s, *NOBODY)
        for frame in held:
            yield Poses(frame.index, frame.time_s, *NOBODY)


def clip(count: int, made: list[int] | None = None, fails_at: int = -1):
    for index in range(count):
        if index == fails_at:
            message = "the clip broke"
            raise ValueError(message)
        if made is not None:
            made.append(index)
        yield Frame(index, index / 10, PICTURE)


def test_frames_come_in_order_each_with_its_own_poses() -> None:
    got = [(frame.index, poses.index) for frame, poses in watched(clip(50), Estimator())]
    assert got == [(index, index) for index in range(50)]


def test_what_is_decoded_ahead_is_bounded() -> None:
    made: list[int] = []
    seen = watched(clip(200, made), Estimator())
    next(seen)
    time.sleep(0.6)
    # Two queues, one frame in each hand, and two within the estimator.
    assert len(made) <= 2 * WAITING + 5
    seen.close()


@pytest.mark.parametrize(
    ("frames", "estimator"), [(clip(20, fails_at=7), Estimator()), (clip(20), Estimator(fails_at=7))]
)
def test_an_error_of_any_step_reaches_the_caller(frames, estimator) -> None:
    got = []
    with pytest.raises((ValueError, RuntimeError), match="broke"):
        got += list(watched(frames, estimator))


def test_no_thread_is_left_when_the_caller_stops() -> None:
    before = set(threading.enumerate())
    seen = watched(clip(10_000), Estimator())
    next(seen)
    assert set(threading.enumerate()) - before
    seen.close()
    assert set(threading.enumerate()) <= before  # those of earlier tests may end meanwhile
