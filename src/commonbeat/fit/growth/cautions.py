"""What a reader of a clip's forecast has to know, from the least usual to what always holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from commonbeat.fit.growth.ages import log_age
from commonbeat.fit.growth.duration import spelt
from commonbeat.fit.growth.growth_prior import shipped
from commonbeat.fit.growth.share_log import HOUR

if TYPE_CHECKING:
    from commonbeat.fit.growth.growth_prior import GrowthPrior
    from commonbeat.fit.growth.share_log import ShareLog


def cautions(log: ShareLog, prior: GrowthPrior) -> tuple[str, ...]:
    """Sentences about this forecast."""
    found = [_size(log), _age(log, prior)]
    if not prior.uses_followers:
        found.append("followers are not known, so the forecast rests on times alone and nothing is said about reach")
    if not prior.uses_clock:
        found.append("the time of day is not known, so the forecast cannot see the night coming")
    if log.observed == log.seconds[-1]:
        found.append(
            "the log is taken to end at its last share; if it was saved later and nobody shared in between, --observed says so, and less is to come"
        )
    found += [
        (
            "the priors were learnt from 70 public posts of 2011 on one platform that each ended with more than 2,000 shares: for a clip that "
            "stays small the forecast is too high"
        ),
        "half of the futures is a rougher band than nine tenths: on training clips it held 34 to 67 of 100",
        "reach is the sum of followers: who follows two sharers counts twice, and most followers do not see most posts",
        "a share is no attitude: that a clip travels does not say that anybody trusts more",
        "the forecast is about one clip, never about an account; who shared is not kept",
    ]
    return tuple(each for each in found if each)


def fewest_learnt(log: ShareLog) -> float:
    """How many shares the slowest training clip had at this age."""
    return _learnt(log, 1)


def _learnt(log: ShareLog, column: int) -> float:
    hours, ends = np.array(shipped()["sizes"]).T[[0, column]]
    return float(np.interp(log_age(log.observed), log_age(hours * HOUR), ends))


def _size(log: ShareLog) -> str:
    """A sentence where the clip has fewer shares than any training clip had at its age, or more."""
    least, most = fewest_learnt(log), _learnt(log, 3)
    if log.shares < least:
        return (
            f"the clip has {log.shares:,} shares after {spelt(log.observed)}; the slowest training clip had about {least:,.0f} then, so the forecast "
            "stretches beyond what was learnt, and is likely too high"
        )
    if log.shares > most:
        return f"the clip has more shares ({log.shares:,}) than any training clip had at its age (about {most:,.0f})"
    return ""


def _age(log: ShareLog, prior: GrowthPrior) -> str:
    """A sentence where intervals were not tried at such an age."""
    if not prior.calibration:
        return ""
    first, last = prior.calibration[0][0], prior.calibration[-1][0]
    if log.observed < first * HOUR:
        return f"the clip is {spelt(log.observed)} old; intervals were tried from {spelt(first * HOUR)} on, so take them as too narrow"
    if log.observed > last * HOUR:
        return f"intervals were tried for clips observed for up to {spelt(last * HOUR)}"
    return ""
