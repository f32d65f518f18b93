"""Opening a film inside the process that decodes: one reader, no other file, no network, a bound on pixels."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import av
import av.logging

from commonbeat.record.video.decode.containers import AVI
from commonbeat.record.video.decode.messages import UNREADABLE, RefusedHereError
from commonbeat.record.video.decode.timeline import Timeline, timeline_of

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.packet import Packet
    from av.stream import Stream
    from av.video.stream import VideoStream

    from commonbeat.record.video.decode.messages import Job

THREADS = 2


def open_film(job: Job) -> InputContainer:
    """The film, through an open file: the reader is named, and may open nothing besides."""
    av.logging.set_level(None)
    bound = {"max_pixels": str(job.pixels)}
    file = os.fdopen(os.dup(job.descriptor), "rb")
    file.seek(0)
    return av.open(
        file,
        "r",
        format=job.reader,
        options={"protocol_whitelist": "none", "format_whitelist": job.reader, **bound},
        io_open=_nothing_else,
        metadata_errors="replace",
    )


def _nothing_else(*_asked: Any) -> Any:
    """A film that asks for another file is refused."""
    raise RefusedHereError("asks for another file or address", "Give a clip that is one whole file.")


def picture_stream(film: InputContainer, job: Job) -> VideoStream:
    """The stream of moving pictures with the most pixels; refused when there is none or it is beyond the bound."""
    moving = [each for each in film.streams.video if not _is_cover(each) and each.codec_context is not None]
    if not moving:
        raise RefusedHereError("holds no stream of video", "Give a film; sound alone is not looked at.")
    stream = max(moving, key=lambda each: each.codec_context.width * each.codec_context.height)
    context = stream.codec_context
    if context.width <= 0 or context.height <= 0:  # beyond the bound, the reader does not even learn the size
        raise too_large(f"pictures above {job.pixels / 1e6:.1f} million pixels, or of no size at all")
    require_pixels(context.width, context.height, job)
    context.thread_count = THREADS
    context.thread_type = "AUTO"
    context.options = {"max_pixels": str(job.pixels), "err_detect": "explode"}
    return stream


def require_pixels(width: int, height: int, job: Job) -> None:
    """A picture of that size is within the bound, or the clip is refused."""
    if width * height > job.pixels:
        raise too_large(f"pictures of {width} by {height}, above {job.pixels / 1e6:.1f} million pixels")


def too_large(words: str) -> RefusedHereError:
    """The refusal of a clip with pictures beyond the bound."""
    return RefusedHereError(f"has {words}", "Make it smaller first: ffmpeg -i CLIP -vf scale=1920:-2 SMALLER.mp4")


def _is_cover(stream: VideoStream) -> bool:
    """Whether the stream is the cover of a song: one picture, attached."""
    return "attached_pic" in str(stream.disposition)


def sound_stream(film: InputContainer) -> AudioStream | None:
    """The first stream of sound that has a decoder, or None."""
    return next((each for each in film.streams.audio if each.codec_context is not None and each.rate), None)


def stamp_of(packet: Packet[Any], job: Job) -> int | None:
    """The packet's time. AVI states none for showing, only an order of decoding: its frames are counted."""
    return packet.dts if job.reader == AVI or packet.pts is None else packet.pts


def walked(
    film: InputContainer, stream: VideoStream, job: Job, others: list[Stream]
) -> tuple[Timeline, dict[int, float]]:
    """The timeline of the stream's packets, and where each of the other streams ends in seconds. Nothing is decoded."""
    stamps: list[int] = []
    keys: list[bool] = []
    lengths: list[int] = []
    ends: dict[int, float] = {}
    keyed = False
    for packet in film.demux([stream, *others]):
        stamp = stamp_of(packet, job)
        if packet.stream_index == stream.index and packet.is_discard:  # cut away by an edit, yet others lean on it
            keyed = keyed or packet.is_keyframe
        if stamp is None or packet.is_discard or not packet.size:
            continue
        if packet.stream_index != stream.index:
            end = float((stamp + (packet.duration or 0)) * packet.time_base)
            ends[packet.stream_index] = max(ends.get(packet.stream_index, end), end)
            continue
        if packet.is_corrupt:
            raise RefusedHereError("is cut off or damaged: a packet is not whole")
        stamps.append(stamp)
        keys.append(packet.is_keyframe or (keyed and not keys))
        lengths.append(packet.duration or 0)
        if len(stamps) > job.most_frames:
            raise RefusedHereError(f"holds more than {job.most_frames:,} frames", "Cut it into parts.")
    if not stamps or stream.time_base is None:
        raise RefusedHereError("holds a stream of video without a frame in it")
    try:
        floor = min(stamps) if keyed else None
        return timeline_of(stamps, keys, lengths, stream.time_base, floor), ends
    except ValueError as error:
        raise RefusedHereError(f"{UNREADABLE}: {error}") from error
