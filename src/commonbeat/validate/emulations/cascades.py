"""Ordinary posts travel, and their cascades are told in the figures of the published ones.

No attitude is involved and no year is lived: a draw of the parameters and the ties are all that a cascade needs. Figures of rare, large
cascades come from weighted posts (`commonbeat.validate.posts`); a draw in which there is none large enough has no such figure.
"""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.spread.shape import broadcast_share, shallow_share, structural_virality, tail_exponent
from commonbeat.validate.posts import CERTAIN, posts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from commonbeat.spread.shape import Cascade
    from commonbeat.validate.draw import StudyDraw
    from commonbeat.validate.posts import Posts

    Floats = NDArray[np.float64]

HOURS = 24
SHORT_OF_LARGE = 3.0  # hardly a post gets large that promises a third of it
FEWEST = 10  # cascades that a figure across cascades needs


def emulate(draw: StudyDraw) -> dict[str, float]:
    """The figures of this target's findings."""
    wanted = {FIGURES[finding.id] for finding in draw.target.finding}
    certain = draw.target.number("large") / SHORT_OF_LARGE if wanted <= ONLY_LARGE else CERTAIN
    posts = posts_of(draw, draw.target.count("posts"), certain)
    found: dict[str, float] = {}
    for figures in wanted:
        found |= figures(draw, posts)
    return found


def weighted_quantile(values: Floats, weights: Floats, level: float) -> float:
    """The least value at or below which lies at least this share of the weight; nan of nothing."""
    if not len(values):
        return math.nan
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(reached, level * reached[-1])])


def _large(draw: StudyDraw, posts: Posts) -> tuple[list[Cascade], Floats]:
    chosen = posts.sizes >= draw.target.count("large")
    return [cascade for cascade, large in zip(posts.cascades, chosen, strict=True) if large], posts.weight[chosen]


def _shape(draw: StudyDraw, posts: Posts) -> dict[str, float]:
    large, weight = _large(draw, posts)
    virality = np.array([structural_virality(cascade) for cascade in large])
    broadcast = np.array([broadcast_share(cascade) for cascade in large])
    return {
        "cascade-virality": weighted_quantile(virality, weight, 0.5),
        "cascade-broadcast": float(np.average(broadcast, weights=weight)) if large else math.nan,
        "cascade-size-tail": tail_exponent(posts.sizes, draw.target.count("tail_from"), posts.weight),
    }


def _hundred(draw: StudyDraw, posts: Posts) -> dict[str, float]:
    _, weight = _large(draw, posts)
    # None at all says "less than one post"; a draw without the figure would make the rare look more common.
    return {"hundred-shares": math.log10(max(0.5, float(weight.sum())) / posts.of)}


def _first_hop(_: StudyDraw, posts: Posts) -> dict[str, float]:
    within = np.array([cascade.depth.max(initial=0) <= 1 for cascade in posts.cascades])
    return {"within-one-hop": float(np.average(within, weights=posts.weight))}


def _depth(draw: StudyDraw, posts: Posts) -> dict[str, float]:
    """As many cascades from each class of size as the published sample has, drawn by their weights."""
    bounds = draw.target.setting["size_bounds"]
    if not isinstance(bounds, list | tuple):
        raise TypeError(f"{draw.target.id}: size_bounds is no list: {bounds!r}")
    each = draw.target.count("cascades") // (len(bounds) - 1)
    shares: list[float] = []
    for low, high in itertools.pairwise(bounds):
        rows = np.flatnonzero((posts.sizes >= low) & (posts.sizes < high))
        if not len(rows):
            return {"depth-mean": math.nan, "depth-spread": math.nan}
        chance = posts.weight[rows] / posts.weight[rows].sum()
        taken = draw.luck.choice(rows, each, replace=len(rows) < each, p=chance)
        shares.extend(shallow_share(posts.cascades[row]) for row in taken)
    return {"depth-mean": float(np.mean(shares)), "depth-spread": float(np.std(shares, ddof=1))}


def _ages(draw: StudyDraw, posts: Posts) -> dict[str, float]:
    """The published number of large cascades, drawn by their weights; fewer when the draw has fewer."""
    large, weight = _large(draw, posts)
    if len(large) < FEWEST:
        return dict.fromkeys(("age-median", "age-first-quarter", "age-spread"), math.nan)
    count = min(len(large), draw.target.count("cascades"))
    taken = draw.luck.choice(len(large), count, replace=False, p=weight / weight.sum())
    last = draw.target.number("days") * HOURS
    quartiles = np.array([_quartiles(large[row].hour, last) for row in taken])
    low, middle, high = np.quantile(quartiles[:, 1], [0.25, 0.5, 0.75])
    first = float(np.median(quartiles[:, 0]))
    return {"age-median": float(middle), "age-first-quarter": first, "age-spread": float(high / low)}


def _quartiles(hours: Floats, last: float) -> tuple[float, float]:
    first, middle = np.quantile(hours[hours <= last], [0.25, 0.5])
    return float(first), float(middle)


def _half_life(draw: StudyDraw, posts: Posts) -> dict[str, float]:
    """Every share counts for as much as its post."""
    hours = _joined(cascade.hour for cascade in posts.cascades)
    weight = np.repeat(posts.weight, posts.sizes)
    here = hours <= draw.target.number("days") * HOURS
    return {"engagement-half-life": math.log10(weighted_quantile(hours[here], weight[here], 0.5))}


def _joined(parts: Iterable[Floats]) -> Floats:
    return np.concatenate([*parts, np.empty(0)])


FIGURES: dict[str, Callable[[StudyDraw, Posts], dict[str, float]]] = {
    "cascade-virality": _shape,
    "cascade-broadcast": _shape,
    "cascade-size-tail": _shape,
    "hundred-shares": _hundred,
    "within-one-hop": _first_hop,
    "depth-mean": _depth,
    "depth-spread": _depth,
    "age-median": _ages,
    "age-first-quarter": _ages,
    "age-spread": _ages,
    "engagement-half-life": _half_life,
}
ONLY_LARGE = {_hundred, _ages}  # figures for which small cascades do not matter
