"""One clip fitted: what it is like, how far it will go, and whom its sharers reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from commonbeat.fit.growth.cautions import cautions, fewest_learnt
from commonbeat.fit.growth.forecast import DRAWS, draw_futures, followers_reached, levels
from commonbeat.fit.growth.groups import GroupReach, reach_by_group
from commonbeat.fit.growth.growth_prior import shipped_prior
from commonbeat.fit.growth.share_log import DAY, HOUR
from commonbeat.fit.growth.traits import Trait, traits

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.fit.growth.forecast import Drawn
    from commonbeat.fit.growth.growth_prior import GrowthPrior
    from commonbeat.fit.growth.reading import ReadLog
    from commonbeat.fit.growth.share_log import ShareLog

    Floats = NDArray[np.float64]

POINTS_SHOWN = 240  # of the observed curve


class Spread(NamedTuple):
    """A median with its 50 % and 90 % intervals."""

    low: float
    lower: float
    median: float
    upper: float
    high: float


class Ahead(NamedTuple):
    """The clip at one age: hours since the post, shares in all, followers of all sharers or None; and the shares that came, where the log tells."""

    hours: float
    shares: Spread
    reach: Spread | None
    came: int | None


@dataclass(frozen=True, slots=True)
class ClipFit:
    """Everything that is said about one clip.

    name: of the file. shares, reach: so far, followers or None. observed_hours, horizon_hours: since the post. ahead: by age, the horizon last. marks: the few of
    them that a reader wants. curve: (hours, shares) observed, and later where the log goes on. traits, groups, repairs, cautions: for the reader.
    uses_followers, uses_clock: what the forecast could rest on. smaller_than_learnt: whether it has fewer shares than any training clip had at its age.
    """

    name: str
    shares: int
    reach: float | None
    observed_hours: float
    horizon_hours: float
    ahead: tuple[Ahead, ...]
    marks: tuple[Ahead, ...]
    curve: tuple[tuple[float, int], ...]
    later: tuple[tuple[float, int], ...]
    traits: tuple[Trait, ...]
    groups: tuple[GroupReach, ...]
    repairs: tuple[str, ...]
    cautions: tuple[str, ...]
    uses_followers: bool
    uses_clock: bool
    smaller_than_learnt: bool

    @property
    def end(self) -> Ahead:
        """The clip at the horizon."""
        return self.ahead[-1]


def fit_clip(
    read: ReadLog, name: str, *, draws: int = DRAWS, seed: int = 1, prior: GrowthPrior | None = None
) -> ClipFit:
    """The clip's fit by the shipped prior that knows as much as the log, or by the one given, with its forecast up to the horizon."""
    log = read.log
    prior = prior or shipped_prior(followers=log.followers is not None, clock=log.clock is not None)
    drawn = draw_futures(log, prior, read.horizon, marks=[DAY], draws=draws, seed=seed)
    ahead = _ahead(read, drawn, seed)
    wanted = {DAY / HOUR, read.horizon / HOUR}
    return ClipFit(
        name=name,
        shares=log.shares,
        reach=None if log.followers is None else float(log.followers.sum()),
        observed_hours=log.observed / HOUR,
        horizon_hours=read.horizon / HOUR,
        ahead=ahead,
        marks=tuple(each for each in ahead if each.hours in wanted),
        curve=curve(log, 0.0, log.observed),
        later=curve(read.whole, log.observed, min(read.whole.observed, read.horizon)) if later_known(read) else (),
        traits=traits(log, prior, drawn.state, seed, draws),
        groups=reach_by_group(log),
        repairs=read.repairs,
        cautions=cautions(log, prior),
        uses_followers=prior.uses_followers,
        uses_clock=prior.uses_clock,
        smaller_than_learnt=log.shares < fewest_learnt(log),
    )


def later_known(read: ReadLog) -> bool:
    """Whether the log goes on after the moment from which was forecast."""
    return read.whole.observed > read.log.observed


def _ahead(read: ReadLog, drawn: Drawn, seed: int) -> tuple[Ahead, ...]:
    shares, reached = levels(drawn.shares), followers_reached(read.log, drawn, seed)
    reach = None if reached is None else levels(reached)
    # The last share of a log says when it was saved at the earliest; up to there what came is known.
    last = read.whole.observed if later_known(read) else -1.0
    return tuple(
        Ahead(
            hours=float(age / HOUR),
            shares=Spread(*(float(each) for each in shares[place])),
            reach=None if reach is None else Spread(*(float(each) for each in reach[place])),
            came=read.whole.count(age) if age <= last else None,
        )
        for place, age in enumerate(drawn.ages)
    )


def curve(log: ShareLog, start: float, end: float) -> tuple[tuple[float, int], ...]:
    """Hours and shares at even distances of time, both ends among them."""
    ages = np.linspace(start, end, POINTS_SHOWN)
    return tuple((float(age / HOUR), log.count(float(age))) for age in ages)
