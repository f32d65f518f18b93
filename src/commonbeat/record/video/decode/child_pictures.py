"""The pictures of a clip, one after another into slots of shared memory, as whoever asked frees them."""

from __future__ import annotations

import mmap
import os
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.record.video.decode.child_probe import displayed, turns_of, upright
from commonbeat.record.video.decode.colours import Colours
from commonbeat.record.video.decode.containers import AVI, MATROSKA, MOV
from commonbeat.record.video.decode.messages import SLOTS, UNREADABLE, WAY_OUT, RefusedHereError, answer
from commonbeat.record.video.decode.reading import open_film, picture_stream, require_pixels, walked
from commonbeat.record.video.decode.timeline import picked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

    from commonbeat.record.video.decode.messages import Job
    from commonbeat.record.video.decode.timeline import Timeline

INDEXED = (MOV, MATROSKA)
"""Other containers have no index: there a jump may land anywhere, so decoding begins at the beginning."""

BEFORE_S = 2.0
"""Decoding begins at a key frame this long before the first picture that is wanted: frames that lean on both sides need it."""

ONE_SIZE = "Write it anew in one size: ffmpeg -i CLIP -vf scale=1280:-2 -c:v libx264 -c:a aac NEW.mp4"


class Slots:
    """Pieces of the shared memory, each in use until whoever asked gives it back by a byte on standard input."""

    def __init__(self, descriptor: int, slot_bytes: int) -> None:
        self.memory = mmap.mmap(descriptor, SLOTS * slot_bytes)
        self.slot_bytes = slot_bytes
        self.free = list(range(SLOTS))

    def take(self) -> int:
        """A free slot; waits for one. Raises BrokenPipeError when whoever asked is gone."""
        while not self.free:
            back = os.read(0, SLOTS)
            if not back:
                raise BrokenPipeError
            self.free.extend(back)
        return self.free.pop()

    def view(self, slot: int, bytes_wanted: int) -> np.ndarray:
        """The slot as bytes. Raises RefusedHereError for more than it holds."""
        if bytes_wanted > self.slot_bytes:
            raise RefusedHereError("changes the size of its pictures on its way", ONE_SIZE)
        return np.frombuffer(self.memory, np.uint8, bytes_wanted, slot * self.slot_bytes)


def show(job: Job, renew: Callable[[], None]) -> None:
    """The pictures that were asked for have gone out, and the last answer says that the clip's end was reached."""
    with open_film(job) as film:
        stream = picture_stream(film, job)
        timeline, _ = walked(film, stream, job, [])
    renew()
    if len(timeline.stamps) != job.frames:
        raise RefusedHereError(
            f"has {len(timeline.stamps)} frames and had {job.frames} before", "Leave the file as it is meanwhile."
        )
    wanted = picked(timeline.times, job.rate, job.start_s)
    first = int(wanted[0]) if len(wanted) else len(timeline.stamps)
    with open_film(job) as film:
        stream = picture_stream(film, job)
        _send(job, _decoded(film, stream, timeline, first, job), set(wanted.tolist()), timeline, stream, renew)
    answer("end")


def _send(
    job: Job,
    decoded: Iterator[tuple[int, VideoFrame]],
    wanted: set[int],
    timeline: Timeline,
    stream: VideoStream,
    renew: Callable[[], None],
) -> None:
    slots = Slots(job.shared, job.slot_bytes)
    times = timeline.times
    made: dict[tuple[int, int, int], Colours] = {}
    for index, frame in decoded:
        renew()
        if index not in wanted:
            continue
        require_pixels(frame.width, frame.height, job)
        key = (frame.width, frame.height, turns_of(frame))
        if key not in made:
            if upright(frame, stream) != (job.width, job.height):  # whoever asked counts on places in one size
                raise RefusedHereError("changes the size of its pictures on its way", ONE_SIZE)
            made[key] = Colours(*scaled(*displayed(frame, stream), job.longest_side), key[2])
        picture = made[key].rgb(frame)
        slot = slots.take()
        np.copyto(slots.view(slot, picture.size).reshape(picture.shape), picture)
        answer(
            "picture",
            index=index,
            time_s=float(times[index]),
            slot=slot,
            height=picture.shape[0],
            width=picture.shape[1],
        )


def scaled(width: int, height: int, longest_side: int | None) -> tuple[int, int]:
    """The size whose longer side is at most `longest_side`, with the same shape; never larger than it was."""
    if longest_side is None or max(width, height) <= longest_side:
        return width, height
    factor = longest_side / max(width, height)
    return max(1, round(width * factor)), max(1, round(height * factor))


def _decoded(
    film: InputContainer, stream: VideoStream, timeline: Timeline, first: int, job: Job
) -> Iterator[tuple[int, VideoFrame]]:
    """Every frame from `first` on with its place in the clip. Refused when one of them cannot be made: a gap is never passed over."""
    stamps = timeline.stamps
    early = int(stamps[min(first, len(stamps) - 1)]) - int(BEFORE_S / timeline.unit)
    expected: int | None = 0
    if early > int(stamps[0]) and job.reader in INDEXED:
        film.seek(early, stream=stream, backward=True)
        expected = None
    if first >= len(stamps):
        return
    started = False
    for packet in film.demux(stream):
        started = started or packet.is_keyframe
        if not started:
            continue  # it leans on frames that are missing before the beginning
        for frame in packet.decode():
            index = expected if job.reader == AVI else _place(frame, timeline)
            if index is None:
                continue  # it leans on frames that are missing before the beginning
            late = index != expected if expected is not None else index > first
            if index >= first and (late or frame.is_corrupt or index >= len(stamps)):
                raise _gap(timeline, index if expected is None else expected)
            expected = index + 1
            if index >= first:
                yield index, frame
    if expected is None or expected < len(stamps):
        raise _gap(timeline, first if expected is None else expected)


def _place(frame: VideoFrame, timeline: Timeline) -> int | None:
    """The frame's place by its own time; None for one that is not in the timeline."""
    stamp = frame.pts if frame.pts is not None else frame.dts
    if stamp is None:
        return None
    index = int(np.searchsorted(timeline.stamps, stamp))
    exact = index < len(timeline.stamps) and int(timeline.stamps[index]) == stamp
    return index if exact else None


def _gap(timeline: Timeline, index: int) -> RefusedHereError:
    at = timeline.times[min(index, len(timeline.times) - 1)]
    return RefusedHereError(f"{UNREADABLE} at {at:.2f} s: a frame there is damaged or missing", WAY_OUT)
