"""A made-up run in the real city's places, with the shipped scenario's arms, for looking at whole reports."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from commonbeat.results import run_folder
from commonbeat.results.columns import RESIDENT_GROUPS
from tests.results.synthetic import synthetic_tables
from tests.results.synthetic_city import MANIFEST

PLACES_FILE = Path(__file__).parents[2] / "src/commonbeat/society/minneapolis/places.csv"
SCENARIO_FILE = Path(__file__).parents[2] / "src/commonbeat/scenarios/dance-off.toml"
STOPS_FILE = PLACES_FILE.with_name("stops.csv")


def account_table() -> pl.DataFrame:
    """A society's account with lines of every status."""
    lines = [
        ("residents in the table", "401606", "people, 2015", "measured"),
        ("recorded police stops", "51920", "stops, 2017", "measured"),
        ("stops structurally empty", "8221", "stops", "missing"),
        ("stops in a place without residents", "2256", "stops", "unmatched"),
        ("officers on beats", "880", "people", "assumed"),
        ("starting trust: Black", "-0.744726", "latent SD from the national mean", "measured"),
        ("starting trust: White", "0.19729", "latent SD from the national mean", "measured"),
        ("starting trust: All others", "-0.166662", "latent SD from the national mean", "measured"),
    ]
    names = ("name", "value", "unit", "status")
    return pl.DataFrame(lines, schema=names, orient="row").with_columns(source=pl.lit("made up for tests"))


def stops_table() -> pl.DataFrame:
    """The recorded stops of the real city."""
    places = pl.read_csv(PLACES_FILE, comment_prefix="#").select(
        "place", pl.col("population").alias("residents").cast(pl.Float64), "latitude", "longitude"
    )
    stops = pl.read_csv(STOPS_FILE, comment_prefix="#").rename({"race_recorded": "category"})
    counted = stops.group_by("place", "category", "kind").agg(pl.col("count").sum())
    return (
        counted.join(places, on="place", how="left")
        .with_columns(per_1000=1000 * pl.col("count") / pl.col("residents"))
        .select("place", "category", "kind", "count", "residents", "per_1000", "latitude", "longitude")
        .sort("place", "category", "kind")
    )


def places_table(tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """An effect for every place, larger where the made-up moment happened."""
    luck = np.random.default_rng(3)
    names = pl.read_csv(PLACES_FILE, comment_prefix="#").filter(pl.col("population").is_not_null())
    tilt = pl.DataFrame(
        {
            "place": names["place"],
            "tilt": np.exp(luck.normal(0, 0.6, names.height)),
            "shift": luck.normal(0, 2e-5, names.height),
            "size": (names["population"] / 4).cast(pl.Int64),
        }
    )
    last = tables["daily"].filter(
        (pl.col("day") == 365)
        & (pl.col("outcome") == "trust")
        & pl.col("group").is_in(RESIDENT_GROUPS[:3])  # as the engine writes it: no row for all
    )
    return last.join(tilt, how="cross").select(
        "draw",
        "arm",
        "day",
        "place",
        "group",
        "outcome",
        (pl.col("effect") * pl.col("tilt") + pl.when(pl.col("effect") == 0).then(0.0).otherwise(pl.col("shift"))).alias(
            "effect"
        ),
        pl.col("size").alias("residents"),
    )


def with_everybody(rings: pl.DataFrame) -> pl.DataFrame:
    """The rings with rows for everybody in them."""
    people = rings.filter(pl.col("group").is_in(["All residents", "Elsewhere"]))
    weight = pl.col("people_weighted")
    keys = ["draw", "arm", "day", "ring", "outcome"]
    everybody = (
        people.filter((pl.col("ring") != "city") | (pl.col("group") == "All residents"))
        .group_by(keys)
        .agg(
            group=pl.lit("All"),
            people=pl.col("people").sum(),
            people_weighted=weight.sum(),
            effect=(pl.col("effect") * weight).sum() / weight.sum(),
            share_negative=(pl.col("share_negative") * weight).sum() / weight.sum(),
            share_positive=(pl.col("share_positive") * weight).sum() / weight.sum(),
        )
        .with_columns(pl.col("effect", "share_negative", "share_positive").fill_nan(None))
    )
    return pl.concat([rings, everybody.select(rings.columns)])


def make_city_run(folder: Path, draws: int = 8, factor: float = 1.0) -> run_folder.Run:
    """A run folder in which every effect of the moment is `factor` times the made-up one: -1 makes harm, 0 nothing."""
    tables = synthetic_tables(draws)
    tables["stops"] = stops_table()
    tables["account"] = account_table()
    tables["places"] = places_table(tables)
    tables["rings"] = with_everybody(tables["rings"])
    for name, columns in {
        "daily": ["effect"],
        "rings": ["effect"],
        "places": ["effect"],
        "channels": ["account"],
        "area": ["area_sd_days", "effect_last"],
    }.items():
        turned = pl.when(pl.col("arm") == "fewer_stops").then(1.0).otherwise(factor)
        tables[name] = tables[name].with_columns(pl.col(columns) * turned)
    manifest = {**MANIFEST, "draws": draws, "seed": 7, "days": 365}
    return run_folder.write_run(
        folder, scenario_text=SCENARIO_FILE.read_text(encoding="utf-8"), manifest=manifest, tables=tables
    )
