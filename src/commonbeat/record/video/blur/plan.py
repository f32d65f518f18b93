"""What the first pass's findings ask of the second: which circles and boxes each frame gets, and which passages go whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from commonbeat.record.video.blur.covering import Cover, cover_of
from commonbeat.record.video.blur.doubts import doubts_of
from commonbeat.record.video.blur.heads import RADIUS
from commonbeat.record.video.blur.passages import Passage, passages_of
from commonbeat.record.video.blur.trails import trails_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.record.video.blur.sightings import Sightings

BODY_MARGIN: Final = 0.12
BODY_S: Final = 0.3
AROUND_S: Final = 2.0
UNKNOWN_HEAD_SHARE: Final = 1 / 6


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """The cover of every frame, its bodies, and the passages; block_px: for each passage, how wide its blocks must be.

    Pixels are of the pictures that were looked at, `width` by `height`.
    """

    cover: Cover
    bodies: list[NDArray[np.float32]]
    passages: tuple[Passage, ...]
    block_px: tuple[float, ...]
    width: int
    height: int
    heads: int


def plan_for(sightings: Sightings) -> Plan:
    """The plan that follows from what was seen."""
    trails = trails_of(sightings)
    passages = passages_of(doubts_of(trails, sightings), sightings.times)
    return Plan(
        cover_of(trails, sightings),
        _joined_bodies(sightings),
        passages,
        tuple(_block(passage, sightings) for passage in passages),
        sightings.width,
        sightings.height,
        len(trails),
    )


def _block(passage: Passage, sightings: Sightings) -> float:
    """The width of the largest head within two seconds of the passage; without any, a sixth of the picture."""
    times = np.array(sightings.times)
    near = np.flatnonzero((times >= passage.start_s - AROUND_S) & (times <= passage.end_s + AROUND_S))
    radii = [float(sightings.heads[k][:, RADIUS].max()) for k in near if len(sightings.heads[k])]
    return 2 * max(radii) if radii else max(sightings.width, sightings.height) * UNKNOWN_HEAD_SHARE


def _joined_bodies(sightings: Sightings) -> list[NDArray[np.float32]]:
    """Boxes of each frame with those of 0.3 s before and after, each a little wider: what one frame missed, another has."""
    times = np.array(sightings.times)
    borders = sightings.cuts
    scene = np.searchsorted(borders, np.arange(len(times)), side="right")
    first = np.maximum(np.searchsorted(times, times - BODY_S), borders[scene - 1])
    behind = np.minimum(np.searchsorted(times, times + BODY_S, side="right"), borders[scene])
    grown = [_grown(boxes) for boxes in sightings.bodies]
    return [np.concatenate(grown[a:b]) for a, b in zip(first.tolist(), behind.tolist(), strict=True)]


def _grown(boxes: NDArray[np.float32]) -> NDArray[np.float32]:
    margin = BODY_MARGIN * (boxes[:, 3] - boxes[:, 1])[:, None]
    return np.asarray(boxes + margin * np.array([-1, -1, 1, 1], np.float32), np.float32)
