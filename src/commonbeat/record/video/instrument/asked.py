"""What is asked of the instrument, checked before anything is decoded."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from commonbeat.errors import ClipError, InputError, Mistakes, did_you_mean

PEOPLE_CAPS: Final = (6, 20)
USUAL_RATE, SLOWEST_RATE, FASTEST_RATE = 10.0, 5.0, 60.0
SHORTEST_S: Final = 1.0
MEASURED, STILL = "measured", "still"
FRAMES_PX: Final = (256, 320, 384)
CAMERAS: Final = (MEASURED, STILL)


@dataclass(frozen=True, slots=True)
class Asked:
    """What to analyse and how.

    rate: frames per second; people: most people in one frame, 6 or 20; start_s, until_s: the part, None for the end;
    frame_px: shorter side of the frame that the pose model sees, 256, 320 or 384: larger finds smaller people and takes up
    to twice as long; camera: measured on the background, or still where somebody knows that it stood on a tripod in one scene.
    """

    rate: float = USUAL_RATE
    people: int = 6
    start_s: float = 0.0
    until_s: float | None = None
    camera: str = MEASURED
    frame_px: int = 256

    def check(self) -> None:
        """Everything asked for makes sense by itself, or InputError lists what does not."""
        found = Mistakes()
        if not (math.isfinite(self.rate) and SLOWEST_RATE <= self.rate <= FASTEST_RATE):
            way_out = "Slower, dancing cannot be followed; faster, nothing more is seen."
            found.add(
                "rate", self.rate, f"is not between {SLOWEST_RATE:g} and {FASTEST_RATE:g} frames a second", way_out
            )
        if self.people not in PEOPLE_CAPS:
            found.add("people", self.people, "is neither 6 nor 20", "6 is quicker; 20 finds more in a crowd.")
        if self.frame_px not in FRAMES_PX:
            found.add(
                "frame", self.frame_px, "is neither 256, 320 nor 384", "256 is quickest; 384 finds the smallest people."
            )
        if self.camera not in CAMERAS:
            found.add("camera", self.camera, "is no way to take the camera", did_you_mean(self.camera, CAMERAS))
        if not (math.isfinite(self.start_s) and self.start_s >= 0):
            found.add("start", self.start_s, "is no time in a clip", "Give seconds from its beginning.")
        if self.until_s is not None and not (math.isfinite(self.until_s) and self.until_s >= self.start_s + SHORTEST_S):
            found.add(
                "until",
                self.until_s,
                f"does not lie {SHORTEST_S:g} s after the start",
                "Give seconds from the clip's beginning.",
            )
        found.raise_if_any(InputError, "This cannot be measured:")

    def span(self, seconds: float) -> tuple[float, float]:
        """The part of a clip of that length that is analysed; ClipError when the clip ends before it begins."""
        if self.start_s + SHORTEST_S > seconds:
            found = Mistakes()
            found.add(
                "start",
                self.start_s,
                f"leaves less than {SHORTEST_S:g} s of a clip of {seconds:.2f} s",
                "Begin earlier, or give a longer clip.",
            )
            found.raise_if_any(ClipError, "There is nothing to measure:")
        return self.start_s, seconds if self.until_s is None else min(self.until_s, seconds)
