"""The sound of a clip on the clock of its pictures."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.record.video.decode.limits import Limits
from commonbeat.record.video.decode.probe import opened_again
from commonbeat.record.video.decode.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from commonbeat.record.video.observed import ClipFacts


@contextlib.contextmanager
def open_sound(
    path: str | Path, facts: ClipFacts, *, rate: int, channels: int = 1, limits: Limits | None = None
) -> Iterator[Iterator[NDArray[np.float32]]]:
    """Inside the block, blocks of one second, (rate, channels) float32 from -1 to 1; the last may be shorter.

    Together they begin with the first picture and end with the last: sound before it is cut, and silence stands where
    the file has none. channels: 1 or 2. Raises ClipError as `open_frames` does, and for a clip without sound.
    """
    limits = limits or Limits()
    with (
        opened_again(path, facts) as clip,
        Worker(
            clip,
            limits,
            "sound",
            slot_bytes=4 * rate * channels,
            sound_rate=rate,
            channels=channels,
            frames=facts.frames,
        ) as worker,
    ):
        yield _received(worker, channels)


def sound_blocks(
    path: str | Path, facts: ClipFacts, *, rate: int, limits: Limits | None = None
) -> Iterator[NDArray[np.float32]]:
    """Blocks of one second of the sound, (rate,) float32, all channels mixed into one; the last may be shorter."""
    with open_sound(path, facts, rate=rate, limits=limits) as blocks:
        for block in blocks:
            yield block[:, 0]


def _received(worker: Worker, channels: int) -> Iterator[NDArray[np.float32]]:
    while (answer := worker.next())["kind"] == "sound":
        samples = int(answer["samples"])
        assert worker.slots is not None  # noqa: S101  # sound is asked for with slots
        content = worker.slots.content(int(answer["slot"]), 4 * samples * channels)
        worker.free(int(answer["slot"]))
        yield np.frombuffer(content, np.float32).reshape(samples, channels)
