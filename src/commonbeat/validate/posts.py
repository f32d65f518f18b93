"""Ordinary posts of a draw and their cascades: promising ones all lived, the many others sampled and weighted.

Hardly one post in ten thousand is shared a hundred times, so living all of them would be waste. Every post has a poster, in proportion to
followers ** .25 as in a run, and an appeal, both addressed by the draw's luck, and from them a promise,

    promise = followers * feed_chance * share_chance * appeal        the shares of the post itself that are to be expected, if nothing faded

It is lived with the chance min(1, max(LEAST, promise / certain)), by the study's luck, and then counts for one over that chance (Horvitz &
Thompson 1952, doi 10.1080/01621459.1952.10483446): weighted sums over the lived posts are unbiased for sums over all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from commonbeat import luck
from commonbeat.mind.kinds import CLIP_OF_ENCOUNTER
from commonbeat.spread.clip import APPEAL_CAP, Clip
from commonbeat.spread.shape import Cascade, cascade_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from commonbeat.simulate.frame import Frame
    from commonbeat.validate.draw import StudyDraw

    Floats = NDArray[np.float64]

CERTAIN = 8.0  # a post with so many shares to be expected is always lived, unless only large cascades matter
LEAST = 0.002


class Posts(NamedTuple):
    """The posts that were lived, and for how many of all posts each counts."""

    cascades: tuple[Cascade, ...]
    weight: Floats
    of: int  # posts in all

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Shares of each."""
        return np.array([cascade.size for cascade in self.cascades], np.int64)


def posts_of(draw: StudyDraw, posts: int, certain: float = CERTAIN) -> Posts:
    """So many posts of the draw's society, without outlets; those that promise less than `certain` are represented by a sample."""
    # The published cascades are those of ordinary posts: outlets run none of them.
    parameters = {**draw.parameters, "resident_pickup_per_share": 0.0}
    numbers = np.arange(posts)
    poster = posters(draw.frame, draw.seed, numbers)
    expected = promise(draw.frame, poster, appeals(draw.seed, numbers, parameters["appeal_sigma"]), parameters)
    chance = np.clip(expected / certain, LEAST, 1.0)
    lived = np.flatnonzero(draw.luck.random(posts) < chance)
    circulation = draw.years.workplace.circulation
    cascades = tuple(
        cascade_of(circulation.views_of(ordinary_clip(number, start), draw.seed, parameters))
        for number, start in zip(lived.tolist(), poster[lived].tolist(), strict=True)
    )
    return Posts(cascades, 1.0 / chance[lived], posts)


def posters(frame: Frame, seed: int, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Who makes each of the numbered posts: anybody of the society, in proportion to followers ** .25."""
    weight = np.cumsum(frame.posting_weight)
    return np.searchsorted(weight, luck.uniforms(seed, luck.POSTER, numbers) * weight[-1], side="right")


def appeals(seed: int, numbers: NDArray[np.int64], sigma: float) -> Floats:
    """The appeal of each numbered clip, as `spread.clip.appeal` gives it one by one."""
    z = luck.normals(seed, luck.APPEAL, numbers)
    return np.minimum(APPEAL_CAP, np.exp(sigma * z - sigma * sigma / 2.0))


def promise(frame: Frame, poster: NDArray[np.int64], appeal: Floats, parameters: Mapping[str, float]) -> Floats:
    """How many shares of the post itself are to be expected, if the feed did not forget."""
    followers = frame.society.followers.degrees[poster].astype(np.float64)
    return followers * parameters["feed_chance"] * parameters["share_chance"] * appeal


def ordinary_clip(number: int, poster: int) -> Clip:
    """A clip of nothing in particular; whoever passes it on reads no attitudes, so its kind does not matter."""
    return Clip(number, str(number), "resident", CLIP_OF_ENCOUNTER, poster, 0, number)
