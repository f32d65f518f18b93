"""What was measured in a clip, as the tables of its folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from commonbeat.record.video.instrument.watch import analysed_size
from commonbeat.record.video.observed import KEYPOINTS as POINTS
from commonbeat.workflows.record_video_schema import GROUP, HAPPENED, KEYPOINTS, PAIRS, SOUND, TRACKS

if TYPE_CHECKING:
    from commonbeat.record.video.instrument.measured import Chance, Measured, Pair
    from commonbeat.record.video.observed import ClipFacts, Tracks
    from commonbeat.results.columns import Table


def tables_of(measured: Measured) -> dict[str, pl.DataFrame]:
    """The tables by name; `sound` is left out where the clip has none."""
    found = {
        TRACKS.name: _tracks(measured),
        PAIRS.name: _frame(PAIRS, [_pair(each) for each in measured.pairs]),
        GROUP.name: _group(measured),
        HAPPENED.name: _happenings(measured),
    }
    return found if measured.sound is None else {**found, SOUND.name: _sound(measured)}


def keypoints_table(tracks: Tracks, facts: ClipFacts) -> pl.DataFrame:
    """Every point of every pose that was found, in the clip's own pixels; to be kept only where consent reaches so far."""
    scale = facts.width / analysed_size(facts.width, facts.height)[0]
    parts = []
    for track in tracks.tracks:
        found = np.isfinite(track.keypoints[..., 0]).all(axis=1)
        rows = int(found.sum())
        points = track.keypoints[found].reshape(rows * len(POINTS), 3)
        times = tracks.times[track.start : track.start + len(track.keypoints)][found]
        parts.append(
            pl.DataFrame(
                {
                    "time_s": np.repeat(times, len(POINTS)),
                    "person": np.full(rows * len(POINTS), track.number, np.int32),
                    "point": pl.Series(list(POINTS) * rows, dtype=pl.String),
                    "x": points[:, 0] * scale,
                    "y": points[:, 1] * scale,
                    "score": points[:, 2],
                },
                schema=_schema(KEYPOINTS),
            )
        )
    return pl.concat([_frame(KEYPOINTS, []), *parts])


def _schema(table: Table) -> dict[str, Any]:
    return {column.name: column.type for column in table.columns}


def _frame(table: Table, rows: list[dict[str, Any]]) -> pl.DataFrame:
    return _absent(pl.DataFrame(rows, schema=_schema(table), orient="row"))


def _absent(frame: pl.DataFrame) -> pl.DataFrame:
    """The same with nothing where a number is not known: a NaN would enter sums unseen."""
    return frame.with_columns(pl.selectors.float().fill_nan(None))


def _tracks(measured: Measured) -> pl.DataFrame:
    where = measured.positions
    coverage = {person.number: person.coverage for person in measured.people}
    columns = {
        "time_s": where.times,
        "person": where.person,
        "across": where.across,
        "down": where.down,
        "height": where.height,
        "passage": where.passage,
        "found": where.found,
        "coverage": np.array([coverage[number] for number in where.person.tolist()], float),
    }
    return _absent(pl.DataFrame(columns, schema=_schema(TRACKS))).sort("time_s", "person")


def _pair(pair: Pair) -> dict[str, Any]:
    lag = pair.lag
    return {
        "first": pair.first,
        "second": pair.second,
        "both_s": pair.both_s,
        "distance": pair.distance,
        "distance_low": pair.distance_low,
        "distance_high": pair.distance_high,
        "near_s": pair.near_s,
        "near_share": pair.near_share,
        "depth_unclear": pair.depth_unclear,
        "facing": pair.facing,
        "facing_coverage": pair.facing_coverage,
        "joint_s": pair.joint_s,
        **_beside_null("together", pair.together),
        "together_p_adjusted": None if pair.together is None else pair.together.p_adjusted,
        **_beside_null("without_beat", pair.without_beat),
        **_beside_null("phase_locking", pair.locking),
        **_beside_null("wavelet_coherence", pair.wavelets),
        "lag_s": None if lag is None else lag.seconds,
        "lag_low_s": None if lag is None else lag.low,
        "lag_high_s": None if lag is None else lag.high,
        "lag_period_s": None if lag is None else lag.period,
        "why_not": pair.why_not,
    }


def _beside_null(name: str, chance: Chance | None) -> dict[str, float | None]:
    parts = (None,) * 5 if chance is None else (chance.value, chance.low, chance.middle, chance.high, chance.p)
    names = (name, *(f"{name}_{part}" for part in ("null_low", "null_middle", "null_high", "p")))
    return dict(zip(names, parts, strict=True))


def _group(measured: Measured) -> pl.DataFrame:
    moments = measured.moments
    columns = {
        "time_s": moments.times,
        "people": moments.people,
        "movement": moments.energy,
        "coverage": moments.coverage,
    }
    return _absent(pl.DataFrame(columns, schema=_schema(GROUP)))


def _happenings(measured: Measured) -> pl.DataFrame:
    rows = [
        {
            "kind": each.kind,
            "start_s": each.start_s,
            "end_s": each.end_s,
            "uncertainty_s": each.uncertainty_s,
            "people": list(each.people),
            "amount": each.amount,
            "amount_sd": each.amount_sd,
            "words": each.words,
        }
        for each in measured.happenings
    ]
    schema = {**_schema(HAPPENED), "people": pl.List(pl.Int32)}
    return _absent(pl.DataFrame(rows, schema=schema, orient="row"))


def _sound(measured: Measured) -> pl.DataFrame:
    sound = measured.sound
    assert sound is not None  # noqa: S101 - asked for by tables_of only then
    step = float(np.median(np.diff(sound.times))) if len(sound.times) > 1 else 1.0
    edges = np.append(sound.times, (sound.times[-1] + step) if len(sound.times) else 0.0)
    loud = np.where(np.isfinite(sound.loudness), sound.loudness, np.nan)
    columns = {
        "time_s": sound.times,
        "loudness_lufs": loud,
        "kind": pl.Series(sound.kinds, dtype=pl.String),
        "beats": np.histogram(sound.beats, edges)[0].astype(np.int32),
    }
    return _absent(pl.DataFrame(columns, schema=_schema(SOUND)))
