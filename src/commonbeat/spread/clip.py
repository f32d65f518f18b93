"""A clip and its views: who sees it, through whom and when.

Start values of the chances come from a trial against published cascades (E072-E080): few shares per view, a
heavy-tailed audience, and a feed that forgets within a day. Plain contagion over-spreads (E076).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from commonbeat import luck
from commonbeat.kernels import circulation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from commonbeat.society import Society, Ties

APPEAL_CAP = 4.0  # without it, the rare very appealing clip never stops
HORIZON_HOURS = 30 * 24.0
# Outlets run a clip within a day or so of seeing it: assumed, no card.
OUTLET_DELAY_MEDIAN_HOURS = 12.0
OUTLET_DELAY_SIGMA = 1.0
FIRST_ROOM = 1 << 15
LAST_STAMP = 255


@dataclass(frozen=True, slots=True)
class Clip:
    """A post. `number` is its address in luck; `start` a person's row, or -1 - outlet; `hour` counts from the burn-in."""

    number: int
    ordinal: str
    origin: str
    kind: int
    start: int
    hour: int
    event: int
    dose: float = 1.0


@dataclass(frozen=True, slots=True)
class ClipViews:
    """Everybody who sees a clip, in the order of the hour; hours are counted from the post."""

    clip: Clip
    viewer: NDArray[np.int32]
    parent: NDArray[np.int64]
    hour: NDArray[np.float64]
    depth: NDArray[np.int16]
    passed_on: NDArray[np.float64]

    @property
    def shared(self) -> NDArray[np.bool_]:
        """Whether each viewer passed it on."""
        return ~np.isnan(self.passed_on)


def appeal(seed: int, number: int, sigma: float) -> float:
    """How much more often than the mean clip this one is passed on: log-normal with mean 1, capped at 4."""
    z = float(luck.normals(seed, luck.APPEAL, number))
    return min(APPEAL_CAP, math.exp(sigma * z - sigma * sigma / 2.0))


def settings(parameters: Mapping[str, float], share_factor: float) -> circulation.Settings:
    """The kernel's settings for a draw of the parameters; `share_factor` is the clip's appeal."""
    city = parameters["outlet_feed_chance"]
    return circulation.Settings(
        feed_chance=parameters["feed_chance"],
        feed_decay_hours=parameters["feed_decay_hours"],
        share_chance=parameters["share_chance"] * share_factor,
        delay_log_median=math.log(parameters["share_delay_median_hours"]),
        delay_sigma=parameters["share_delay_sigma"],
        horizon_hours=HORIZON_HOURS,
        outlet_feed_city=city,
        outlet_feed_elsewhere=min(1.0, city * parameters["elsewhere_feed_ratio"]),
        outlet_pickup=parameters["outlet_pickup_chance"],
        resident_pickup=parameters["resident_pickup_per_share"],
        outlet_delay_log_median=math.log(OUTLET_DELAY_MEDIAN_HOURS),
        outlet_delay_sigma=OUTLET_DELAY_SIGMA,
    )


def _coins(seed: int, number: int) -> circulation.Coins:
    decisions = (
        luck.FEED,
        luck.SHARE,
        luck.SHARE_DELAY,
        luck.OUTLET_FEED,
        luck.OUTLET_PICKUP,
        luck.OUTLET_DELAY,
        luck.OUTLET_CHOICE,
    )
    return circulation.Coins(*(luck.address(seed, decision, number) for decision in decisions))


def _as_kernels_take(ties: Ties) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    return np.asarray(ties.offsets, np.int64), np.asarray(ties.targets, np.int32)


class Circulation:
    """The room in which clips circulate in one society: the audience, and scratch memory used again for each clip."""

    def __init__(self, society: Society) -> None:
        people = society.people
        self.audience = circulation.Audience(
            *_as_kernels_take(society.followers),
            *_as_kernels_take(society.outlet_followers),
            np.asarray(people.id, np.int64),
            luck.hashed_parts(people.id),
            (people.place == society.elsewhere_place).astype(np.uint8),
        )
        self._seen = np.zeros(len(people), np.uint8)
        self._stamp = 0
        self._make_room(FIRST_ROOM)

    def _make_room(self, room: int) -> None:
        self._heap = circulation.Heap(
            np.empty(room),
            np.empty(room, np.int64),
            np.empty(room, np.int64),
            np.empty(room, np.int16),
            np.zeros(1, np.int64),
        )
        self._views = circulation.Views(
            np.empty(room, np.int32),
            np.empty(room, np.int64),
            np.empty(room),
            np.empty(room, np.int16),
            np.empty(room),
        )

    def _next_stamp(self) -> int:
        """A mark that nobody wears; the marks are wiped once all 255 are used."""
        if self._stamp == LAST_STAMP:
            self._seen[:] = 0
            self._stamp = 0
        self._stamp += 1
        return self._stamp

    def views_of(self, clip: Clip, seed: int, parameters: Mapping[str, float]) -> ClipViews:
        """The clip has run its course under this seed and these parameters; nothing is kept for the next clip."""
        chances = settings(parameters, appeal(seed, clip.number, parameters["appeal_sigma"]))
        coins = _coins(seed, clip.number)
        while True:
            count = circulation.circulate(
                clip.start, self.audience, chances, coins, self._seen, self._next_stamp(), self._heap, self._views
            )
            if count != circulation.FULL:
                made = self._views
                return ClipViews(
                    clip,
                    viewer=made.viewer[:count].copy(),
                    parent=made.parent[:count].copy(),
                    hour=made.hour[:count].copy(),
                    depth=made.depth[:count].copy(),
                    passed_on=made.passed_on[:count].copy(),
                )
            self._make_room(2 * self._views.viewer.size)
