"""Two people at a time: how long, how near, how turned, and how closely their movements go together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.record.video.instrument.measured import Pair
from commonbeat.record.video.instrument.standing import pairs_of
from commonbeat.record.video.space.distances import pair_distance
from commonbeat.record.video.space.facing import facing
from commonbeat.record.video.space.heading import headings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from commonbeat.record.video.instrument.measured import Chance, Lag, Span
    from commonbeat.record.video.observed import Tracks
    from commonbeat.record.video.space.links import Link
    from commonbeat.record.video.space.places import Place

TAILS = (0.05, 0.95)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What is known of two people's movements together; why_not where nothing is."""

    joint_s: float = 0.0
    together: Chance | None = None
    without_beat: Chance | None = None
    lag: Lag | None = None
    spans: tuple[Span, ...] = field(default=())
    locking: Chance | None = None
    wavelets: Chance | None = None
    why_not: str = "one of the two was followed for less than 30 s"


def paired(
    tracks: Tracks, places: Sequence[Place], links: Sequence[Link], rhythms: Mapping[tuple[int, int], Rhythm]
) -> tuple[Pair, ...]:
    """Every pair that was seen together for long enough."""
    turned = {track.number: headings(track) for track in tracks.tracks}
    near: dict[tuple[int, int], list[Span]] = {}
    for each in links:
        numbers = (places[each.place[0]].number, places[each.place[1]].number)
        near.setdefault(numbers, []).append((float(tracks.times[each.begin]), float(tracks.times[each.end])))
    found = []
    for first, second in pairs_of(places, tracks.times):
        key = (first.number, second.number)
        aside = facing(first, second, (turned[first.number], turned[second.number]), tracks.times)
        either = None
        if aside is not None and aside.first is not None and aside.second is not None and aside.mutual is not None:
            either = aside.first + aside.second - aside.mutual
        found.append(
            _pair(
                first,
                second,
                tracks,
                tuple(near.get(key, ())),
                (either, 0.0 if aside is None else aside.coverage),
                rhythms.get(key, Rhythm()),
            )
        )
    return tuple(found)


def _pair(
    first: Place,
    second: Place,
    tracks: Tracks,
    near: tuple[Span, ...],
    turned: tuple[float | None, float],
    rhythm: Rhythm,
) -> Pair:
    apart = pair_distance(first, second)
    heights = np.zeros(0) if apart is None else apart.heights[np.isfinite(apart.heights)]
    start, stop = max(first.start, second.start), min(first.stop, second.stop)
    low, high = np.quantile(heights, TAILS).tolist() if len(heights) else (None, None)
    return Pair(
        first=first.number,
        second=second.number,
        both_s=float(tracks.times[stop - 1] - tracks.times[start]),
        distance=float(np.median(heights)) if len(heights) else None,
        distance_low=low,
        distance_high=high,
        near=near,
        depth_unclear=0.0 if apart is None else apart.depth_unclear_share,
        facing=turned[0],
        facing_coverage=turned[1],
        joint_s=rhythm.joint_s,
        together=rhythm.together,
        without_beat=rhythm.without_beat,
        lag=rhythm.lag,
        together_spans=rhythm.spans,
        why_not=rhythm.why_not,
        locking=rhythm.locking,
        wavelets=rhythm.wavelets,
    )
