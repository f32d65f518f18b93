"""The pictures of a clip, decoded beside the work that is done on them."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.record.video.decode.limits import Limits
from commonbeat.record.video.decode.probe import opened_again
from commonbeat.record.video.decode.worker import Worker
from commonbeat.record.video.observed import ClipFacts, Frame

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextlib.contextmanager
def open_frames(
    path: str | Path,
    facts: ClipFacts,
    *,
    longest_side: int | None = None,
    rate: float | None = None,
    start_s: float = 0.0,
    limits: Limits | None = None,
) -> Iterator[Iterator[Frame]]:
    """Inside the block, an iterator over the frames; the process that decodes has ended when the block has.

    Pictures are (height, width, 3) uint8 RGB as displayed, scaled down so that the longer side is at most `longest_side`.
    rate: at most that many frames per second, those nearest to an even grid. start_s: frames from there on, the same
    ones as without it. A frame's index counts all the clip's frames, and its time is seconds since the first.

    Raises ClipError, also on the way: when a frame is damaged, the file has changed, or the process breaks down. Only an iterator
    that ended by itself has shown the whole clip.
    """
    limits = limits or Limits()
    slot_bytes = _slot_bytes(facts, longest_side)
    with (
        opened_again(path, facts) as clip,
        Worker(
            clip,
            limits,
            "pictures",
            slot_bytes=slot_bytes,
            longest_side=longest_side,
            rate=rate,
            start_s=start_s,
            frames=facts.frames,
            width=facts.width,
            height=facts.height,
        ) as worker,
    ):
        yield _received(worker)


def frames(
    path: str | Path,
    facts: ClipFacts,
    *,
    longest_side: int | None = None,
    rate: float | None = None,
    start_s: float = 0.0,
    limits: Limits | None = None,
) -> Iterator[Frame]:
    """The frames as `open_frames` gives them, for a loop that runs to the end; close the iterator to stop early."""
    with open_frames(path, facts, longest_side=longest_side, rate=rate, start_s=start_s, limits=limits) as stream:
        yield from stream


def _slot_bytes(facts: ClipFacts, longest_side: int | None) -> int:
    longest = max(facts.width, facts.height)
    factor = 1.0 if longest_side is None else min(1.0, longest_side / longest)
    return 3 * (round(facts.width * factor) + 1) * (round(facts.height * factor) + 1)


def _received(worker: Worker) -> Iterator[Frame]:
    while (answer := worker.next())["kind"] == "picture":
        shape = (int(answer["height"]), int(answer["width"]), 3)
        assert worker.slots is not None  # noqa: S101  # pictures are asked for with slots
        content = worker.slots.content(int(answer["slot"]), shape[0] * shape[1] * 3)
        worker.free(int(answer["slot"]))
        picture = np.frombuffer(content, np.uint8).reshape(shape)
        yield Frame(int(answer["index"]), float(answer["time_s"]), picture)
