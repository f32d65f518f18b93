"""Everything that the first pass found, frame by frame, small enough to be kept for an hour's clip."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.record.video.blur.heads import Found
    from commonbeat.record.video.blur.scene import Look


@dataclass(slots=True)
class Sightings:
    """Grows frame by frame. times: seconds; heads: (n, 4) circles of each frame; bodies: (n, 4) boxes of each frame.

    Pixels are of the picture that the detectors saw, `width` by `height`. headless: bodies without a head. light,
    sharpness, cut: as in Look.
    """

    width: int
    height: int
    times: list[float] = field(default_factory=list)
    heads: list[NDArray[np.float32]] = field(default_factory=list)
    bodies: list[NDArray[np.float32]] = field(default_factory=list)
    headless: list[int] = field(default_factory=list)
    light: list[float] = field(default_factory=list)
    sharpness: list[float] = field(default_factory=list)
    cut: list[bool] = field(default_factory=list)

    def add(self, time_s: float, found: Found, bodies: NDArray[np.float32], look: Look) -> None:
        """One more frame stands in the lists."""
        self.times.append(time_s)
        self.heads.append(found.circles)
        self.bodies.append(bodies.astype(np.float32))
        self.headless.append(found.headless)
        self.light.append(look.light)
        self.sharpness.append(look.sharpness)
        self.cut.append(look.cut)

    @property
    def cuts(self) -> NDArray[np.int64]:
        """The frames before which a cut lies, with the first frame and the end: the borders of scenes."""
        return np.array([0, *[k for k, cut in enumerate(self.cut) if cut and k], len(self.times)], np.int64)
