"""A new film from pictures and sound: each picture at its own time, nothing of the old file's words about itself."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final, Self, cast

import av
import numpy as np

from commonbeat.errors import ClipError, Mistake

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from av.audio.stream import AudioStream
    from av.video.stream import VideoStream
    from numpy.typing import NDArray

TICKS_PER_S: Final = 90_000
LEAST_STEP: Final = TICKS_PER_S // 1000
CONTAINERS: Final = {".mp4": "mp4", ".m4v": "mp4", ".mov": "mov", ".mkv": "matroska"}
CODECS: Final = ("libx264", "libopenh264", "mpeg4")
OPTIONS: Final = {"libx264": {"preset": "superfast", "crf": "21"}, "mpeg4": {"qscale": "3"}}
"""The next slower preset takes half as much time again for a file of half the size and the same likeness."""
SOUND_RATE: Final = 48_000
PIECE: Final = 1024


def container_for(path: Path) -> str:
    """The container that the file's name asks for. Raises ClipError for another one."""
    name = CONTAINERS.get(path.suffix.lower())
    if name is None:
        known = ", ".join(sorted(CONTAINERS))
        raise ClipError(
            "The copy cannot be written so:",
            [
                Mistake(
                    "--out",
                    path.name,
                    "is no kind of film that is written here",
                    f"Let its name end in one of: {known}.",
                )
            ],
        )
    return name


class FilmWriter:
    """A film that grows: H.264 and AAC. Use it as a context; it is complete when the block has ended well."""

    def __init__(self, path: Path, container: str, size: tuple[int, int], rate: float, *, sound: bool) -> None:
        """The film is open. size: width and height of the pictures that will come; odd sides grow by one pixel."""
        width, height = size
        self._even = (width + width % 2, height + height % 2)
        self._film = av.open(str(path), "w", format=container, options={"fflags": "+bitexact"})
        codec = next(each for each in CODECS if each in av.codecs_available)
        stream = cast(
            "VideoStream",
            self._film.add_stream(codec, rate=Fraction(rate).limit_denominator(1001), options=OPTIONS.get(codec, {})),
        )
        stream.width, stream.height = self._even
        stream.pix_fmt = "yuv420p"
        stream.codec_context.time_base = Fraction(1, TICKS_PER_S)
        stream.codec_context.thread_count = 2
        _describe_colours(stream)
        self._pictures: VideoStream = stream
        self._sound: AudioStream | None = None
        if sound:
            self._sound = self._film.add_stream("aac", rate=SOUND_RATE, layout="stereo")
            self._sound.bit_rate = 128_000
        self._samples = 0
        self._last_ticks = -LEAST_STEP

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """The film has its end, or is merely closed when the block failed."""
        try:
            if kind is None:
                self._film.mux(self._pictures.encode(None))
                if self._sound is not None:
                    self._film.mux(self._sound.encode(None))
        finally:
            self._film.close()

    def show(self, picture: NDArray[np.uint8], time_s: float) -> None:
        """The picture, (height, width, 3) uint8 RGB, is shown from that time on."""
        height, width = picture.shape[:2]
        if (width, height) != self._even:
            picture = np.pad(picture, ((0, self._even[1] - height), (0, self._even[0] - width), (0, 0)), mode="edge")
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
        frame = frame.reformat(format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG")
        # Two frames of one time cannot be written, and Matroska counts in milliseconds: the later one waits for the next.
        self._last_ticks = max(round(time_s * TICKS_PER_S), self._last_ticks + LEAST_STEP)
        frame.pts, frame.time_base = self._last_ticks, Fraction(1, TICKS_PER_S)
        self._film.mux(self._pictures.encode(frame))

    def play(self, sound: NDArray[np.float32]) -> None:
        """The sound, (samples, 2) float32 at 48,000 a second, goes on where the last ended."""
        if self._sound is None:
            return
        for start in range(0, len(sound), PIECE):
            piece = np.ascontiguousarray(sound[start : start + PIECE].T)
            frame = av.AudioFrame.from_ndarray(piece, format="fltp", layout="stereo")
            frame.sample_rate = SOUND_RATE
            frame.pts, frame.time_base = self._samples, Fraction(1, SOUND_RATE)
            self._samples += piece.shape[1]
            self._film.mux(self._sound.encode(frame))


def _describe_colours(stream: VideoStream) -> None:
    """The film says which colours it has, so that players need not guess."""
    context = stream.codec_context
    context.colorspace = context.color_primaries = context.color_trc = 1
    context.color_range = 1
