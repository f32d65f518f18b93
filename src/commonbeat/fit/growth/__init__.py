"""The growth of one clip: a self-exciting process whose memory has a heavy tail, fitted to the clip's shares and drawn onwards."""

from __future__ import annotations

from commonbeat.fit.growth.forecast import Drawn, draw_futures, followers_reached, levels
from commonbeat.fit.growth.growth_prior import GrowthPrior, prior_of, shipped, shipped_prior
from commonbeat.fit.growth.learning import learn
from commonbeat.fit.growth.memory import Memory
from commonbeat.fit.growth.share_log import DAY, HOUR, ShareLog
from commonbeat.fit.growth.variation import Variation

__all__ = [
    "DAY",
    "HOUR",
    "Drawn",
    "GrowthPrior",
    "Memory",
    "ShareLog",
    "Variation",
    "draw_futures",
    "followers_reached",
    "learn",
    "levels",
    "prior_of",
    "shipped",
    "shipped_prior",
]
