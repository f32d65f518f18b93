"""A decoded picture as 8-bit RGB, as a person sees it: scaled, turned, and with its range of light brought to a screen's.

Ten and more bits are rounded to eight. Pictures in HDR (PQ, SMPTE ST 2084, or HLG, ITU-R BT.2100) are brought down
channel by channel: light relative to the reference white of 203 cd/m² (ITU-R BT.2408), the extended Reinhard curve
x (1 + x / w²) / (1 + x) with w = 1000 / 203, then the sRGB curve. Wide-gamut primaries are not converted, so colours
are a little paler than on an HDR screen; no measure here is made of colour.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np
from av.video.reformatter import VideoReformatter

if TYPE_CHECKING:
    from av.video.frame import VideoFrame
    from numpy.typing import NDArray

PQ: Final = 16
HLG: Final = 18
UNSPECIFIED: Final = 2
REFERENCE_WHITE: Final = 203.0
BRIGHTEST: Final = 1000.0
HIGH_DEFINITION_LINES: Final = 720


class Colours:
    """Turns decoded frames into RGB of one size; the converter is kept from frame to frame, for making it is slow."""

    def __init__(self, width: int, height: int, quarter_turns: int) -> None:
        """Width and height: of the stored picture after scaling, before it is turned clockwise by quarter_turns."""
        self._size = (width, height)
        self._turns = quarter_turns
        self._converter = VideoReformatter()

    def rgb(self, frame: VideoFrame) -> NDArray[np.uint8]:
        """(height, width, 3) uint8, as displayed."""
        width, height = self._size
        bright = frame.color_trc in (PQ, HLG)
        picture = self._converter.reformat(
            frame,
            width,
            height,
            "rgb48le" if bright else "rgb24",
            src_colorspace=matrix_of(frame),
            interpolation="BILINEAR",
        ).to_ndarray()
        if bright:
            picture = screen_curve(int(frame.color_trc))[np.asarray(picture, np.uint16)]
        shown = np.asarray(picture, np.uint8)
        return np.rot90(shown, -self._turns) if self._turns else shown


def matrix_of(frame: VideoFrame) -> int | None:
    """The matrix of a frame that names none: BT.709 from 720 lines on and BT.601 below, as players take it."""
    if frame.colorspace != UNSPECIFIED or "yuv" not in frame.format.name:
        return None
    return 1 if frame.height >= HIGH_DEFINITION_LINES else 5


@cache
def screen_curve(transfer: int) -> NDArray[np.uint8]:
    """The 8-bit value of each 16-bit one, (65536,) uint8, for PQ or HLG."""
    signal = np.linspace(0.0, 1.0, 65536)
    light = _pq(signal) if transfer == PQ else _hlg(signal)
    relative = light / REFERENCE_WHITE
    white = BRIGHTEST / REFERENCE_WHITE
    shown = np.clip(relative * (1 + relative / white**2) / (1 + relative), 0.0, 1.0)
    curved = np.where(shown <= 0.0031308, 12.92 * shown, 1.055 * shown ** (1 / 2.4) - 0.055)
    return np.round(255 * curved).astype(np.uint8)


def _pq(signal: NDArray[np.float64]) -> NDArray[np.float64]:
    """cd/m² of a PQ signal (SMPTE ST 2084)."""
    m1, m2, c1, c2, c3 = 2610 / 16384, 2523 / 32, 3424 / 4096, 2413 / 128, 2392 / 128
    root = signal ** (1 / m2)
    return 10_000 * (np.maximum(root - c1, 0) / (c2 - c3 * root)) ** (1 / m1)


def _hlg(signal: NDArray[np.float64]) -> NDArray[np.float64]:
    """cd/m² of an HLG signal on a screen of 1000 cd/m² (ITU-R BT.2100, system gamma 1.2, channel by channel)."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = np.where(signal <= 0.5, signal**2 / 3, (np.exp((signal - c) / a) + b) / 12)
    return BRIGHTEST * scene**1.2
