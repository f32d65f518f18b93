"""The second pass: every picture is decoded in its full size, painted over as planned, and written with the sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commonbeat.record.video.blur.film_writer import SOUND_RATE, FilmWriter, container_for
from commonbeat.record.video.blur.hiding import Mosaic, paint_bodies, paint_heads
from commonbeat.record.video.blur.passages import hidden_frames
from commonbeat.record.video.blur.sheet import Sheet, moments

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from commonbeat.record.video.blur.plan import Plan
    from commonbeat.record.video.observed import ClipFacts, Frame


class Painter:
    """Paints one frame after another as the plan says."""

    def __init__(self, plan: Plan, facts: ClipFacts, *, whole_person: bool) -> None:
        """The plan is scaled to the clip's own pixels."""
        self._plan = plan
        self._scale = max(facts.width / plan.width, facts.height / plan.height)
        self._whole_person = whole_person
        self._mosaic = Mosaic()
        self.hidden = hidden_frames(plan.passages, facts.frames)

    def painted(self, frame: Frame) -> NDArray[np.uint8]:
        """The picture, or a new one of the same size, in which nothing is to be seen any more that the plan hides."""
        if self.hidden[frame.index]:
            return self._mosaic.hidden(frame.picture, frame.time_s, self._scale * self._block_at(frame.index))
        picture = frame.picture if frame.picture.flags.writeable else frame.picture.copy()
        circles = self._plan.cover.of(frame.index) * self._scale
        if self._whole_person:
            paint_bodies(picture, self._plan.bodies[frame.index] * self._scale, circles)
        paint_heads(picture, circles)
        return picture

    def words(self, index: int) -> str:
        """A few words on a frame, for the sheet."""
        for passage in self._plan.passages:
            if passage.first <= index < passage.behind:
                return "HIDDEN: " + "; ".join(passage.reasons)
        count = len(self._plan.cover.of(index))
        return "no head found" if not count else ""

    def _block_at(self, index: int) -> float:
        passages = zip(self._plan.passages, self._plan.block_px, strict=True)
        return next(block for passage, block in passages if passage.first <= index < passage.behind)


def write_copy(
    frames: Iterator[Frame],
    sound: Iterator[NDArray[np.float32]] | None,
    facts: ClipFacts,
    painter: Painter,
    plan: Plan,
    draft: Path,
    out: Path,
    tell: Callable[[int], None],
) -> Sheet:
    """The obscured film stands at `draft`, in the container that `out` asks for; returns the sheet. sound: blocks (n, 2) at 48,000 a second."""
    sheet = Sheet(moments(plan.passages, facts.frames, facts.seconds))
    heard_s = 0.0
    with FilmWriter(
        draft, container_for(out), (facts.width, facts.height), facts.frame_rate, sound=sound is not None
    ) as film:
        for frame in frames:
            picture = painter.painted(frame)
            film.show(picture, frame.time_s)
            while sound is not None and heard_s <= frame.time_s:
                block = next(sound, None)
                if block is None:
                    break
                film.play(block)
                heard_s += len(block) / SOUND_RATE
            if frame.index in sheet.wanted:
                sheet.add(picture, frame.time_s, painter.words(frame.index))
            tell(frame.index + 1)
        for block in sound or ():
            film.play(block)
    return sheet
