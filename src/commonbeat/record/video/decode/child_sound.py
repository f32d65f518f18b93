"""The sound of a clip on the clock of its pictures: second by second into shared memory, silence where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av
import numpy as np

from commonbeat.record.video.decode.child_pictures import Slots
from commonbeat.record.video.decode.messages import RefusedHereError, answer
from commonbeat.record.video.decode.reading import open_film, picture_stream, sound_stream, walked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from numpy.typing import NDArray

    from commonbeat.record.video.decode.messages import Job

GAP_S = 0.04
"""Times of sound jitter by less than this in good files; beyond it something is missing, or comes twice."""


def play(job: Job, renew: Callable[[], None]) -> None:
    """The sound from the first picture to the end of the last has gone out, in blocks of one second; the last may be shorter."""
    with open_film(job) as film:
        timeline, _ = walked(film, picture_stream(film, job), job, [])
    renew()
    total = round(timeline.seconds * job.sound_rate)
    slots = Slots(job.shared, job.slot_bytes)
    with open_film(job) as film:
        stream = sound_stream(film)
        if stream is None:
            raise RefusedHereError("has no sound", "Ask for the pictures alone.")
        start_s = float(timeline.stamps[0] * timeline.unit)
        for block in _blocks(_placed(film, stream, job, start_s), total, job):
            renew()
            slot = slots.take()
            np.copyto(slots.view(slot, block.nbytes), block.reshape(-1).view(np.uint8))
            answer("sound", slot=slot, samples=len(block))
    answer("end")


def _placed(
    film: InputContainer, stream: AudioStream, job: Job, start_s: float
) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """Pieces of sound, (samples, channels), each with the sample at which it begins on the pictures' clock; negative before them."""
    layout = "mono" if job.channels == 1 else "stereo"
    resampler, next_at = None, 0
    allowed = round(GAP_S * job.sound_rate)
    for frame in film.decode(stream):
        stamp = None if frame.time is None else round((frame.time - start_s) * job.sound_rate)
        frame.pts = None
        if resampler is None or (stamp is not None and abs(stamp - next_at) > allowed):
            for piece in _resampled(resampler, None, job.channels):
                yield next_at, piece
                next_at += len(piece)
            resampler = av.AudioResampler(format="flt", layout=layout, rate=job.sound_rate)
            next_at = next_at if stamp is None else stamp
        for piece in _resampled(resampler, frame, job.channels):
            yield next_at, piece
            next_at += len(piece)
    for piece in _resampled(resampler, None, job.channels):
        yield next_at, piece
        next_at += len(piece)


def _resampled(
    resampler: av.AudioResampler | None, frame: av.AudioFrame | None, channels: int
) -> Iterator[NDArray[np.float32]]:
    if resampler is None:
        return
    for each in resampler.resample(frame):
        yield np.asarray(each.to_ndarray(), np.float32).reshape(-1, channels)


def _blocks(pieces: Iterator[tuple[int, NDArray[np.float32]]], total: int, job: Job) -> Iterator[NDArray[np.float32]]:
    """Blocks of one second that cover `total` samples: pieces at their places, the first to come kept where two overlap."""
    size = job.sound_rate
    block = np.zeros((size, job.channels), np.float32)
    begins, filled = 0, 0  # where the block begins, and up to where the clock is settled
    for at, piece in pieces:
        skip = max(filled - at, 0)
        at, piece = at + skip, piece[skip:]  # noqa: PLW2901  # what lies before the settled part is cut
        while len(piece) and at < total:
            while at >= begins + size:
                yield block[: max(0, min(size, total - begins))]
                block = np.zeros_like(block)
                begins += size
            taken = min(len(piece), begins + size - at)
            block[at - begins : at - begins + taken] = piece[:taken]
            at, piece = at + taken, piece[taken:]  # noqa: PLW2901
            filled = at
    while begins < total:
        yield block[: min(size, total - begins)]
        block = np.zeros_like(block)
        begins += size
