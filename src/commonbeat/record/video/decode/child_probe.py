"""What a clip says of itself, checked by walking all its packets and decoding its first pictures."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from commonbeat.record.video.decode.colours import HLG, PQ
from commonbeat.record.video.decode.containers import MOV
from commonbeat.record.video.decode.messages import RefusedHereError, answer
from commonbeat.record.video.decode.reading import open_film, picture_stream, require_pixels, sound_stream, walked
from commonbeat.record.video.decode.wholeness import cut_off, stated_by_mov

if TYPE_CHECKING:
    from collections.abc import Callable

    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

    from commonbeat.record.video.decode.messages import Job
    from commonbeat.record.video.decode.timeline import Timeline

LIE_S, LIE_SHARE = 1.0, 0.05
"""A stated length that is wrong by more than both is a lie, not rounding."""

SLOW = 5.0


def look(job: Job, renew: Callable[[], None]) -> None:
    """One answer with the facts, or a refusal."""
    with os.fdopen(os.dup(job.descriptor), "rb") as file:
        if words := cut_off(file, job.reader):
            raise RefusedHereError(f"is cut off or damaged: {words}", "Copy the file again from where it came, whole.")
        header_s = stated_by_mov(file) if job.reader == MOV else None
    with open_film(job) as film:
        stream = picture_stream(film, job)
        sound = sound_stream(film)
        timeline, ends = walked(film, stream, job, [] if sound is None else [sound])
        stated = _stated(film, stream, header_s)
        sound_rate = int(sound.rate) if sound is not None and sound.index in ends else 0
    renew()
    _refuse_length(timeline, job)
    measured = max([timeline.seconds, *(end - _start(timeline) for end in ends.values())])
    notes = _length_notes(timeline, stated, measured)
    with open_film(job) as film:  # what belongs to a film is read before it is closed
        stream = picture_stream(film, job)
        first = _first_picture(film, stream, job)
        notes += _notes(first, timeline, sound_rate)
        facts = _facts(first, stream, timeline, job)
    answer("facts", **facts, has_sound=sound_rate > 0, sound_rate=sound_rate, notes=notes)


def _start(timeline: Timeline) -> float:
    return float(timeline.stamps[0] * timeline.unit)


def _refuse_length(timeline: Timeline, job: Job) -> None:
    if len(timeline.stamps) < 2:
        raise RefusedHereError("holds a single frame, in which nothing moves", "Give a film.")
    if timeline.seconds > job.longest_s:
        raise RefusedHereError(
            f"lasts {timeline.seconds / 3600:.1f} hours, more than {job.longest_s / 3600:.1f}", "Cut it into parts."
        )


def _stated(film: InputContainer, stream: VideoStream, header_s: float | None) -> dict[str, float]:
    """The lengths that the file states, in seconds: of the stream of video and of the whole."""
    found = {}
    if stream.duration and stream.time_base:
        found["video"] = float(stream.duration * stream.time_base)
    if film.duration:
        found["whole"] = film.duration / 1e6
    if header_s is not None:
        found["header"] = header_s
    return found


def _length_notes(timeline: Timeline, stated: dict[str, float], measured: float) -> list[str]:
    """Nothing, a note on a small difference, or a refusal: what a file states and holds must be the same film."""
    notes = []
    for part, seconds in stated.items():
        holds = timeline.seconds if part == "video" else measured
        # Some count from the first picture, some from a beginning before it.
        off = min(abs(seconds - holds), abs(seconds - holds - max(_start(timeline), 0.0)))
        if off > LIE_S and off > LIE_SHARE * holds:
            missing = seconds > holds
            raise RefusedHereError(
                f"states a length of {seconds:.1f} s and holds {holds:.1f} s",
                "A part of it may be missing: copy it again, or write it anew: ffmpeg -i CLIP -c copy NEW.mp4"
                if missing
                else "Write it anew, so that it states its length rightly: ffmpeg -i CLIP -c copy NEW.mp4",
            )
        if off > max(LIE_S / 2, 2 * timeline.last_s) and not notes:
            notes.append(f"the file states a length of {seconds:.1f} s and holds {holds:.1f} s")
    return notes


def _first_picture(film: InputContainer, stream: VideoStream, job: Job) -> VideoFrame:
    """The first picture that can be decoded; refused when none can."""
    for packet in film.demux(stream):
        for frame in packet.decode():
            require_pixels(frame.width, frame.height, job)
            return frame
    raise RefusedHereError("holds no picture that can be decoded")


def turns_of(frame: VideoFrame) -> int:
    """Quarter turns clockwise that bring the stored picture upright; the file states degrees the other way round."""
    return round(-frame.rotation / 90) % 4


def displayed(frame: VideoFrame, stream: VideoStream) -> tuple[int, int]:
    """Width and height on a screen before turning: pixels that are not square are made square by the width."""
    shape = stream.sample_aspect_ratio
    wide = 1.0 if not shape or shape <= 0 or not 0.1 < shape < 10 else float(shape)
    return max(1, round(frame.width * wide)), frame.height


def upright(frame: VideoFrame, stream: VideoStream) -> tuple[int, int]:
    """Width and height on a screen after turning."""
    width, height = displayed(frame, stream)
    return (height, width) if turns_of(frame) % 2 else (width, height)


def _facts(first: VideoFrame, stream: VideoStream, timeline: Timeline, job: Job) -> dict[str, Any]:
    width, height = upright(first, stream)
    require_pixels(width, height, job)
    return {
        "seconds": timeline.seconds,
        "frames": len(timeline.stamps),
        "frame_rate": timeline.rate(),
        "variable_rate": timeline.varies(),
        "width": width,
        "height": height,
        "rotation": 90 * turns_of(first),
        "codec": stream.codec_context.name,
        "bits": max(part.bits for part in first.format.components),
    }


def _notes(first: VideoFrame, timeline: Timeline, sound_rate: int) -> list[str]:
    notes = [] if sound_rate else ["no sound"]
    if timeline.varies():
        notes.append("the frame rate varies; each frame's own time is used")
    if timeline.rate() < SLOW:
        notes.append(f"only {timeline.rate():.2g} frames a second: movement between them is not seen")
    if timeline.left_out:
        notes.append(f"{timeline.left_out} frames at the beginning lean on others that are missing, and are left out")
    if first.color_trc in (PQ, HLG):
        notes.append("high dynamic range, brought down to a screen's 8 bits")
    elif max(part.bits for part in first.format.components) > 8:
        notes.append("more than 8 bits to a colour, rounded to 8")
    if first.rotation % 90:
        notes.append(f"turned by {first.rotation} degrees, taken as the nearest quarter turn")
    if first.interlaced_frame:
        notes.append("interlaced: fast movement shows combs")
    return notes
