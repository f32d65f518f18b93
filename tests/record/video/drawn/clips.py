"""Drawn pictures as files of the kinds that phones and cameras make: rotated, of variable rate, with ten bits, with sound."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

CLOCK = 90_000
TURNS = {0: (1, 0, 0, 1), 90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}


def write_clip(
    frames: Iterable[NDArray[np.uint8]],
    rate: float,
    path: Path,
    *,
    sound: NDArray[np.float32] | None = None,
    sound_rate: int = 22_050,
    codec: str = "libx264",
    times: Sequence[float] | None = None,
    rotation: int = 0,
    bits: int = 8,
    quality: int = 20,
) -> Path:
    """The file holds the pictures as they are meant to be seen.

    frames: (height, width, 3) uint8 RGB. path: its ending says the container (.mp4, .mov, .mkv, .avi, .webm). sound: mono, -1 to 1. times: of each frame
    in seconds, for a variable rate. rotation: degrees clockwise by which a player must turn the stored pictures (.mp4 and .mov only); they are
    stored turned back, so that what a person sees is what was given. bits: 8 or 10. quality: of libx264, lower is better.
    """
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=Fraction(rate).limit_denominator(1001))
        stream.pix_fmt = "yuv420p10le" if bits == 10 else "yuv420p"
        stream.options = {"crf": str(quality), "preset": "veryfast"} if codec == "libx264" else {"qscale": "3"}
        voice = (
            None
            if sound is None
            else container.add_stream("libmp3lame" if path.suffix == ".avi" else "aac", rate=sound_rate)
        )
        for number, picture in enumerate(frames):
            stored = _turned_back(picture, rotation)
            if number == 0:
                stream.height, stream.width = stored.shape[:2]
                if times is not None:
                    stream.time_base = stream.codec_context.time_base = Fraction(1, CLOCK)
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(stored), format="rgb24")
            if times is not None:
                frame.pts, frame.time_base = round(times[number] * CLOCK), Fraction(1, CLOCK)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
        if voice is not None and sound is not None:
            _speak(container, voice, np.asarray(sound, np.float32), sound_rate)
    if rotation:
        _mark_rotation(path, rotation)
    return path


def _speak(
    container: av.container.OutputContainer, voice: av.AudioStream, sound: NDArray[np.float32], rate: int
) -> None:
    for start in range(0, len(sound), 1024):
        block = av.AudioFrame.from_ndarray(sound[None, start : start + 1024], format="fltp", layout="mono")
        block.sample_rate, block.pts, block.time_base = rate, start, Fraction(1, rate)
        container.mux(voice.encode(block))
    container.mux(voice.encode())


def _turned_back(picture: NDArray[np.uint8], rotation: int) -> NDArray[np.uint8]:
    turns = {90: cv2.ROTATE_90_COUNTERCLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_CLOCKWISE}
    return cv2.rotate(picture, turns[rotation]) if rotation else picture


def _mark_rotation(path: Path, rotation: int) -> None:
    """The matrix in the header of the (first) picture track says how to turn it, as phones write it (ISO 14496-12, tkhd)."""
    content = bytearray(path.read_bytes())
    header = content.index(b"tkhd")
    version = content[header + 4]
    matrix = header + 8 + (32 if version == 1 else 20) + 16
    a, b, c, d = (value * 0x10000 for value in TURNS[rotation])
    content[matrix : matrix + 36] = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 0x40000000)
    path.write_bytes(content)


def click_track(seconds: float, tempo_bpm: float, rate: int = 22_050, loudness: float = 0.5) -> NDArray[np.float32]:
    """A sound with a short burst on every beat, the first at 0 s."""
    sound = np.zeros(round(seconds * rate), np.float32)
    burst = np.sin(2 * np.pi * 220 * np.arange(round(0.08 * rate)) / rate) * np.exp(
        -np.arange(round(0.08 * rate)) / (0.02 * rate)
    )
    for beat in np.arange(0, seconds, 60 / tempo_bpm):
        start = round(beat * rate)
        part = sound[start : start + len(burst)]
        part += loudness * burst[: len(part)].astype(np.float32)
    return sound
