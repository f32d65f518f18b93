"""What can be said of a picture without knowing what is in it: how light, how sharp, and whether a cut lies before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

THUMBNAIL: Final = (32, 18)
CUT_LEVELS: Final = 22.0
"""Mean change of a thumbnail's grey levels, of 255, above which a cut lies between two frames ..."""
CUT_CORRELATION: Final = 0.6
"""... provided that the thumbnails are no longer alike either: a flash of light changes the levels only."""


@dataclass(frozen=True, slots=True)
class Look:
    """Of one picture: mean grey level from 0 to 255, sharpness (mean size of the second difference), and a cut before it."""

    light: float
    sharpness: float
    cut: bool


class Scene:
    """Looks at one picture after another and remembers the last thumbnail."""

    def __init__(self) -> None:
        """Nothing has been seen."""
        self._last: NDArray[np.float32] | None = None

    def step(self, picture: NDArray[np.uint8]) -> Look:
        """The picture, (height, width, 3) uint8 RGB, in three numbers."""
        grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
        small = cv2.resize(grey, THUMBNAIL, interpolation=cv2.INTER_AREA).astype(np.float32)
        halved = max(1, grey.shape[1] // 2), max(1, grey.shape[0] // 2)
        half = cv2.resize(grey, halved, interpolation=cv2.INTER_AREA)
        sharpness = float(np.abs(cv2.Laplacian(half, cv2.CV_16S)).mean())
        cut = self._last is not None and _differs(small, self._last)
        self._last = small
        return Look(float(grey.mean()), sharpness, cut)


def _differs(now: NDArray[np.float32], before: NDArray[np.float32]) -> bool:
    if float(np.abs(now - before).mean()) < CUT_LEVELS:
        return False
    one, other = now - now.mean(), before - before.mean()
    alike = float((one * other).sum() / max(float(np.sqrt((one**2).sum() * (other**2).sum())), 1e-6))
    return alike < CUT_CORRELATION
