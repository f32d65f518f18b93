"""A made-up but plausible run of the eight arms, so that results and reports can be tested without the engine.

Numbers follow the shape of a real run (tiny city means, an outlet's clip that may harm, stops that outweigh) and
obey its identities: the reference's effect is 0, channel accounts sum to the effect, area sums the daily effect.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from commonbeat.results.columns import GROUPS, RESIDENT_GROUPS
from commonbeat.results.run_folder import Run, write_run
from tests.results.synthetic_city import (
    ARMS,
    CHECKPOINTS,
    CLIPS,
    DAYS,
    ENCOUNTERS,
    MANIFEST,
    OUTCOMES_OF,
    PARAMETERS,
    PEOPLE,
    PLACES,
    RESIDENT_OUTCOMES,
    SCENARIO,
    STOPS,
    account_table,
    stops_table,
)


def make_synthetic_run(folder: str | Path, draws: int = 12, seed: int = 7, days: int = DAYS) -> Run:
    """A real run folder with `draws` draws, two to a parameter set, written by `write_run` and opened."""
    return write_run(
        folder,
        scenario_text=SCENARIO,
        manifest={**MANIFEST, "draws": draws, "seed": seed, "days": days},
        tables=synthetic_tables(draws, seed, days),
        files={},
    )


def synthetic_tables(draws: int = 12, seed: int = 7, days: int = DAYS) -> dict[str, pl.DataFrame]:
    """All tables of such a run."""
    parts = [draw_tables(draw, seed, days) for draw in range(draws)]
    tables = {name: pl.concat([part[name] for part in parts]) for name in parts[0]}
    return {**tables, "stops": stops_table(), "account": account_table()}


def draw_tables(draw: int, seed: int = 7, days: int = DAYS) -> dict[str, pl.DataFrame]:
    """The tables of one draw; they do not depend on how many draws there are."""
    parameter_set = draw // 2
    prior = np.random.default_rng([seed, 1, parameter_set])
    luck = np.random.default_rng([seed, 2, draw])
    values = {name: float(prior.normal(mean, spread)) for name, (mean, spread) in PARAMETERS.items()}
    daily = _daily(draw, values, luck, days)
    last = daily.filter(pl.col("day").is_in(checkpoints(days)))
    reach = _reach(draw, values, luck)
    return {
        "parameters": pl.DataFrame(
            {"draw": [draw] * len(values), "parameter": list(values), "value": list(values.values())}
        ),
        "draws": pl.DataFrame(
            {
                "draw": [draw],
                "parameter_set": [parameter_set],
                "luck_seed": [str(luck.integers(2**62))],
                "seconds": [1.5 + luck.random()],
            }
        ),
        "daily": daily,
        "channels": _channels(last),
        "rings": _rings(draw, last, luck),
        "places": _places(last, luck),
        "reach": reach,
        "occurrences": _occurrences(draw, luck),
        "twins": _twins(draw, values, luck, days),
        "area": daily.group_by("draw", "arm", "group", "outcome", maintain_order=True).agg(
            pl.col("effect").filter(pl.col("day") > 0).sum().alias("area_sd_days"),
            pl.col("effect").last().alias("effect_last"),
        ),
    }


def checkpoints(days: int) -> tuple[int, ...]:
    """The checkpoints of a run of that many days."""
    return tuple(sorted({*(day for day in CHECKPOINTS if day <= days), days}))


def encounters(arm: str) -> int:
    """How many encounters the arm holds."""
    return ENCOUNTERS.get(arm, 1)


def _daily(draw: int, values: dict[str, float], luck: np.random.Generator, days: int) -> pl.DataFrame:
    day = np.arange(days + 1)
    retention = np.clip(values["contact_retention"], 0.15, 0.95)
    fades = retention * 0.5 ** (day / 600) + (1 - retention) * np.exp(-day / 12)
    dose = values["direct_trust"] * (1 + 0.2 * luck.normal())
    background = {group: -0.03 * day / 365 + 0.0005 * luck.normal(size=day.size) for group in GROUPS}
    effects = {arm: _arm_effect(arm, values, dose, fades, day) for arm in ARMS}
    frames = []
    for arm in ARMS:
        for group in GROUPS:
            for outcome in OUTCOMES_OF.get(group, RESIDENT_OUTCOMES):
                effect = effects[arm] * _tilt(group, outcome, values)
                if group == "Elsewhere" and arm in {
                    "moment_unfilmed",
                    "weekly_year",
                    "weekly_half_year",
                    "fewer_stops",
                }:
                    effect = effect * 0
                frames.append(
                    pl.DataFrame(
                        {
                            "draw": np.full(day.size, draw, np.int32),
                            "arm": [arm] * day.size,
                            "group": [group] * day.size,
                            "outcome": [outcome] * day.size,
                            "day": day.astype(np.int16),
                            "change": background[group] + effect,
                            "effect": effect,
                        }
                    )
                )
    return pl.concat(frames)


def _arm_effect(arm: str, values: dict[str, float], dose: float, fades: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Mean trust of Black residents on each day, in latent SD."""
    moment = dose * 30 / PEOPLE["Black residents"] * fades
    views = 3e5 * max(values["outlet_feed_chance"], 0.002)
    clip = values["watched_trust"] * views / PEOPLE["All residents"] * fades
    if arm == "nothing":
        return np.zeros(day.size)
    if arm in {"moment_unfilmed", "resident_clip"}:
        return moment
    if arm == "outlet_clip":
        return moment + clip
    if arm == "outlet_clip_then_violent":
        violent = values["violent_clip_trust"] * views / PEOPLE["All residents"] * fades
        return moment + clip + np.concatenate([np.zeros(14), violent])[: day.size]
    if arm == "fewer_stops":
        return -0.5 * values["stop_trust"] * STOPS["Black residents"] / PEOPLE["Black residents"] * day / 365 * 0.8
    held = np.zeros(day.size)
    until = day.size if arm == "weekly_year" else 182
    for start in range(0, min(until, day.size), 7):
        held[start:] += moment[: day.size - start]
    return held


def _tilt(group: str, outcome: str, values: dict[str, float]) -> float:
    groups = {
        "Black residents": 1.0,
        "White residents": 0.4,
        "All other residents": 0.6,
        "All residents": 0.56,
        "Officers": 2.0,
        "Elsewhere": 0.2,
    }
    outcomes = {
        "trust": 1.0,
        "cooperation": values["cooperation_per_trust"],
        "prejudice": -0.5,
        "reform": values["reform_per_trust"],
        "regard": 0.4,
    }
    return groups[group] * outcomes[outcome]


def _channels(last: pl.DataFrame) -> pl.DataFrame:
    shares = {
        ("direct", "scenario"): 0.5,
        ("told", "scenario"): 0.2,
        ("watched", "scenario"): 0.2,
        ("news", "scenario"): 0.08,
        ("direct", "background"): 0.02,
    }
    return pl.concat(
        [
            last.select(
                "draw",
                "arm",
                "group",
                "outcome",
                "day",
                pl.lit(channel).alias("channel"),
                pl.lit(source).alias("source"),
                (pl.col("effect") * share).alias("account"),
            )
            for (channel, source), share in shares.items()
        ]
    )


def _rings(draw: int, last: pl.DataFrame, luck: np.random.Generator) -> pl.DataFrame:
    rows = []
    for arm, group, outcome, day, effect in last.select("arm", "group", "outcome", "day", "effect").iter_rows():
        everybody = PEOPLE[group]
        views = {"outlet_clip": 0.02, "outlet_clip_then_violent": 0.03, "resident_clip": 2e-5}.get(arm, 0.0)
        people = {
            "present": 0
            if group == "Elsewhere"
            else min(everybody, encounters(arm) * (1 if group == "Officers" else 12)),
            "told": 0 if group in {"Elsewhere", "Officers"} else encounters(arm) * 40,
            "watched": int(everybody * views * (1 + 0.3 * luck.random())),
            "stops not made": int(STOPS.get(group, 0) * 0.5) if arm == "fewer_stops" else 0,
            "city": everybody,
        }
        for ring, count in people.items():
            per_person = effect if ring == "city" else effect * everybody / max(count, 1) * 0.5
            negative = float(np.clip(0.2 - np.sign(effect) * 0.15, 0, 1)) if effect else 0.0
            share = 1.0 if ring != "city" else sum(people[name] for name in people if name != "city") / everybody
            if count and not (ring == "city" and group == "Elsewhere"):  # as the engine: no row for an empty ring
                rows.append(
                    (
                        draw,
                        arm,
                        day,
                        ring,
                        group,
                        outcome,
                        float(count),
                        float(count * (500 if group == "Elsewhere" else 1)),
                        per_person,
                        negative * min(share, 1),
                        (1 - negative) * min(share, 1) if effect else 0.0,
                    )
                )
    return pl.DataFrame(
        rows,
        orient="row",
        schema={
            "draw": pl.Int32,
            "arm": pl.String,
            "day": pl.Int16,
            "ring": pl.String,
            "group": pl.String,
            "outcome": pl.String,
            "people": pl.Float64,
            "people_weighted": pl.Float64,
            "effect": pl.Float64,
            "share_negative": pl.Float64,
            "share_positive": pl.Float64,
        },
    )


def _places(last: pl.DataFrame, luck: np.random.Generator) -> pl.DataFrame:
    trust = last.filter(pl.col("group").is_in(RESIDENT_GROUPS) & (pl.col("outcome") == "trust"))
    return pl.concat(
        [
            trust.select(
                "draw",
                "arm",
                "day",
                pl.lit(place).alias("place"),
                "group",
                "outcome",
                (pl.col("effect") * (0.5 + luck.random())).alias("effect")
                if residents
                else pl.lit(None, pl.Float64).alias("effect"),
                pl.lit(int((residents or 0) * 0.25), pl.Int64).alias("residents"),
            )
            for place, (residents, *_) in PLACES.items()
        ]
    )


def _reach(draw: int, values: dict[str, float], luck: np.random.Generator) -> pl.DataFrame:
    rows = []
    for arm, clips in CLIPS.items():
        for clip, origin in clips.items():
            for audience, ratio in (("city", 1.0), ("elsewhere", 3.0)):
                typical = 3e5 * max(values["outlet_feed_chance"], 0.002) if origin == "outlet" else 5.0
                views = int(typical * ratio * np.exp(0.6 * luck.normal()))
                half = float(4 + 10 * luck.random()) if views else None
                rows.append(
                    (
                        draw,
                        arm,
                        clip,
                        origin,
                        audience,
                        views,
                        views * (500.0 if ratio > 1 else 1.0),
                        views // 40,
                        min(views, 3),
                        half,
                    )
                )
    return pl.DataFrame(
        rows,
        orient="row",
        schema={
            "draw": pl.Int32,
            "arm": pl.String,
            "clip": pl.String,
            "origin": pl.String,
            "audience": pl.String,
            "views": pl.Int64,
            "views_weighted": pl.Float64,
            "shares": pl.Int64,
            "depth_max": pl.Int16,
            "hours_to_half": pl.Float64,
        },
    )


def _occurrences(draw: int, luck: np.random.Generator) -> pl.DataFrame:
    rows = []
    made = {group: int(luck.poisson(STOPS[group])) for group in RESIDENT_GROUPS[:-1]}
    made["All residents"] = sum(made.values())
    for arm in ARMS:
        if encounters(arm):
            rows += [
                (draw, arm, "encounter", group, encounters(arm) * (33 if group == "All residents" else 11))
                for group in made
            ]
        rows.append((draw, arm, "encounter held", "All residents", encounters(arm)))
        rows.append((draw, arm, "tie formed", "All residents", encounters(arm) * 3))
        rows += [
            (draw, arm, "stop", group, count // 2 if arm == "fewer_stops" else count) for group, count in made.items()
        ]
        rows += [(draw, arm, "other contact", group, PEOPLE[group] // 5) for group in made]
        rows += [(draw, arm, "told", group, made[group] * 2 + encounters(arm) * 40) for group in made]
    return pl.DataFrame(
        rows,
        orient="row",
        schema={
            "draw": pl.Int32,
            "arm": pl.String,
            "kind": pl.String,
            "group": pl.String,
            "count": pl.Int64,
        },
    )


def _twins(draw: int, values: dict[str, float], luck: np.random.Generator, days: int) -> pl.DataFrame:
    day = np.arange(days + 1)
    fades = 0.5 * 0.5 ** (day / 600) + 0.5 * np.exp(-day / 12)
    stop_day = int(luck.integers(20, max(days, 40)))
    parts = {
        "child": (1001, values["direct_trust"]),
        "bystander": (2002, values["direct_trust"] * 0.4),
        "viewer": (3003, values["watched_trust"]),
    }
    frames = []
    for arm in ARMS:
        for part, (person, size) in parts.items():
            stopped = np.concatenate([np.zeros(min(stop_day, day.size)), values["stop_trust"] * fades])[: day.size]
            touched = encounters(arm) and (part != "viewer" or arm in CLIPS)
            lived = np.full(day.size, "", dtype=object)
            if stop_day < day.size:
                lived[stop_day] = "stop"
            if touched:
                lived[0] = "watched" if part == "viewer" else "present"
            frames.append(
                pl.DataFrame(
                    {
                        "draw": np.full(day.size, draw, np.int32),
                        "arm": [arm] * day.size,
                        "person": [person] * day.size,
                        "part": [part] * day.size,
                        "group": ["White residents" if part == "viewer" else "Black residents"] * day.size,
                        "day": day.astype(np.int16),
                        "outcome": ["trust"] * day.size,
                        "change": stopped + (size * fades if touched else 0.0),
                        "lived": lived.tolist(),
                    }
                )
            )
    return pl.concat(frames)
