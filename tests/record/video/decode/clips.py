"""Clips whose every frame says which it is: eight squares that are light or dark, and one red corner that says which way is up."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 320, 240
BITS = 8


def numbered(index: int, width: int = WIDTH, height: int = HEIGHT) -> NDArray[np.uint8]:
    """(height, width, 3) RGB: the bits of `index` as squares along the middle, a red corner top left, a blue one bottom right."""
    picture = np.full((height, width, 3), 96, np.uint8)
    side = width // BITS
    for bit in range(BITS):
        level = 220 if index >> bit & 1 else 30
        picture[height // 2 - side // 2 : height // 2 + side // 2, bit * side : (bit + 1) * side] = level
    picture[: height // 5, : width // 5] = (230, 20, 20)
    picture[-height // 5 :, -width // 5 :] = (20, 20, 230)
    return picture


def number_in(picture: NDArray[np.uint8]) -> int:
    """The index that the squares of an upright picture spell."""
    height, width = picture.shape[:2]
    side = width // BITS
    levels = [picture[height // 2, int((bit + 0.5) * side)].mean() for bit in range(BITS)]
    return sum(1 << bit for bit, level in enumerate(levels) if level > 125)


def upright(picture: NDArray[np.uint8]) -> bool:
    """Whether the red corner is top left and the blue one bottom right."""
    height, width = picture.shape[:2]
    red, blue = picture[height // 10, width // 10].astype(int), picture[-height // 10, -width // 10].astype(int)
    return bool(red[0] > red[2] + 80 and blue[2] > blue[0] + 80)


@dataclass
class Recipe:
    """How a clip is made; the defaults are an ordinary one of 60 frames at 30 a second."""

    count: int = 60
    rate: int = 30
    size: tuple[int, int] = (WIDTH, HEIGHT)
    codec: str = "libx264"
    pixels: str = "yuv420p"
    times_ms: list[int] | None = None
    rotation: int = 0
    shape: Fraction | None = None
    tone: NDArray[np.float32] | None = None
    tone_rate: int = 44_100
    tone_starts_ms: int = 0
    options: dict[str, str] = field(default_factory=dict)
    container: dict[str, str] = field(default_factory=dict)
    metadata: dict[str, str] = field(default_factory=dict)
    transfer: int | None = None
    picture: NDArray[np.uint8] | None = None
    pictures: list[NDArray[np.uint8]] | None = None


def write(path: Path, recipe: Recipe | None = None) -> Path:
    """The clip stands at `path`; its container follows from the name."""
    recipe = recipe or Recipe()
    with av.open(str(path), "w", options=recipe.container) as film:
        film.metadata.update(recipe.metadata)
        stream = film.add_stream(recipe.codec, rate=recipe.rate, options=recipe.options)
        stream.width, stream.height = recipe.size
        stream.pix_fmt = recipe.pixels
        if recipe.transfer is not None:
            stream.codec_context.color_trc = recipe.transfer
            stream.codec_context.color_primaries = 9
            stream.codec_context.colorspace = 9
        if recipe.times_ms is not None:
            stream.codec_context.time_base = Fraction(1, 1000)
        if recipe.shape is not None:
            stream.codec_context.sample_aspect_ratio = recipe.shape
        if recipe.rotation:
            stream.set_display_rotation(recipe.rotation)
        heard = film.add_stream("aac", rate=recipe.tone_rate, layout="mono") if recipe.tone is not None else None
        for index in range(recipe.count):
            film.mux(stream.encode(_frame(recipe, index)))
        film.mux(stream.encode(None))
        if heard is not None and recipe.tone is not None:
            _write_tone(film, heard, recipe)
    return path


def _frame(recipe: Recipe, index: int) -> av.VideoFrame:
    picture = numbered(index, *recipe.size) if recipe.picture is None else recipe.picture
    picture = picture if recipe.pictures is None else recipe.pictures[index]
    frame = av.VideoFrame.from_ndarray(picture, format="rgb48le" if picture.dtype == np.uint16 else "rgb24")
    if recipe.transfer is not None:
        frame = frame.reformat(format=recipe.pixels, dst_colorspace=9)
        frame.color_trc, frame.color_primaries, frame.colorspace = recipe.transfer, 9, 9
    elif recipe.pixels != "rgb8":
        frame = frame.reformat(format=recipe.pixels)
    if recipe.times_ms is None:
        frame.pts, frame.time_base = index, Fraction(1, recipe.rate)
    else:
        frame.pts, frame.time_base = recipe.times_ms[index], Fraction(1, 1000)
    return frame


def _write_tone(film: av.container.OutputContainer, heard: av.AudioStream, recipe: Recipe) -> None:
    assert recipe.tone is not None
    for start in range(0, len(recipe.tone), 1024):
        piece = recipe.tone[start : start + 1024].reshape(1, -1).astype(np.float32)
        frame = av.AudioFrame.from_ndarray(piece, format="fltp", layout="mono")
        frame.sample_rate = recipe.tone_rate
        frame.pts = start + recipe.tone_starts_ms * recipe.tone_rate // 1000
        frame.time_base = Fraction(1, recipe.tone_rate)
        film.mux(heard.encode(frame))
    film.mux(heard.encode(None))


def sine(seconds: float, hertz: float = 440.0, rate: int = 44_100) -> NDArray[np.float32]:
    """A tone of half the loudest."""
    return (0.5 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)).astype(np.float32)
