"""Whether one picture can follow another in the same scene."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

BLOCKS: Final = (16, 9)
LEAST_CORRELATION: Final = 0.5
# A picture with less contrast than this between its blocks, in grey levels, looks like any other of its kind.
LEAST_CONTRAST: Final = 4.0


def new_scene(before: NDArray[np.uint8], now: NDArray[np.uint8]) -> bool:
    """True where the broad light and dark of two pictures no longer agree.

    Asked only where no motion of the camera explains the change, because a fast pan looks much the same. A flash
    brightens every block and keeps the correlation; a blank picture gives no answer, which counts as the same scene.
    """
    blocks = [cv2.resize(each, BLOCKS, interpolation=cv2.INTER_AREA).astype(float).ravel() for each in (before, now)]
    if min(each.std() for each in blocks) < LEAST_CONTRAST:
        return False
    return bool(np.corrcoef(np.stack(blocks))[0, 1] < LEAST_CORRELATION)
