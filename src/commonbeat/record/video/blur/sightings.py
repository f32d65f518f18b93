"""Everything that the first pass found, frame by frame, small enough to be kept for an hour's clip."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

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

    def packed(self, first: int, behind: int) -> bytes:
        """What was found in a stretch of frames, as the content of one file: numbers of circles, boxes and frames, nothing of the pictures."""
        held = io.BytesIO()
        part = slice(first, behind)
        columns: dict[str, Any] = {
            "size": np.array([self.width, self.height, first]),
            "times": np.array(self.times[part], np.float64),
            "headless": np.array(self.headless[part], np.int64),
            "light": np.array(self.light[part], np.float64),
            "sharpness": np.array(self.sharpness[part], np.float64),
            "cut": np.array(self.cut[part], bool),
        }
        for name, rows in (("heads", self.heads[part]), ("bodies", self.bodies[part])):
            columns[name] = np.concatenate([np.zeros((0, 4), np.float32), *rows])
            columns[f"{name}_counts"] = np.array([len(each) for each in rows], np.int64)
        np.savez(held, **columns)
        return held.getvalue()

    def take_up(self, content: bytes) -> None:
        """A stretch that was packed stands in the lists; ValueError or KeyError when it is none, or not the next one."""
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            held = {name: arrays[name] for name in arrays.files}
        if held["size"].tolist() != [self.width, self.height, len(self.times)]:
            raise ValueError(held["size"])
        count = len(held["times"])
        columns = [held[name].tolist() for name in ("times", "headless", "light", "sharpness", "cut")]
        rows = [_split(held[name], held[f"{name}_counts"]) for name in ("heads", "bodies")]
        if not count or any(len(each) != count for each in (*columns, *rows)):
            raise ValueError(count)
        lists: tuple[list[Any], ...] = (
            self.times,
            self.headless,
            self.light,
            self.sharpness,
            self.cut,
            self.heads,
            self.bodies,
        )
        more_of_each: tuple[list[Any], ...] = (*columns, *rows)
        for grown, more in zip(lists, more_of_each, strict=True):
            grown.extend(more)


def _split(rows: NDArray[np.float32], counts: NDArray[np.int64]) -> list[NDArray[np.float32]]:
    if rows.shape != (int(counts.sum()), 4) or (counts < 0).any():
        raise ValueError(rows.shape)
    return np.split(rows.astype(np.float32), np.cumsum(counts)[:-1])
