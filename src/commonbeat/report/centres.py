"""Where on the map a place stands: from the run's own tables when they say so, else from the embedded city's."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from commonbeat.report.reading import Reading

EMBEDDED = "minneapolis"


def centres(reading: Reading) -> dict[str, tuple[float, float]]:
    """Latitude and longitude by place; empty where nobody knows them, and then the report has no map."""
    for name in ("stops", "places"):
        table = reading.table(name)
        if {"latitude", "longitude"} <= set(table.columns):
            return pairs(table)
    if reading.telling.society == EMBEDDED:
        return embedded_centres()
    return {}


def embedded_centres() -> dict[str, tuple[float, float]]:
    """The centres that come with the embedded city, each the mean of its recorded stops."""
    # Through the root package, because importing the society's would load Numba for a table of 87 rows.
    file = resources.files("commonbeat").joinpath("society").joinpath(EMBEDDED).joinpath("places.csv")
    with resources.as_file(file) as path:
        return pairs(pl.read_csv(path, comment_prefix="#"))


def pairs(table: pl.DataFrame) -> dict[str, tuple[float, float]]:
    """Latitude and longitude by place, without places that lack either."""
    known = table.select("place", "latitude", "longitude").drop_nulls().unique("place")
    return {place: (latitude, longitude) for place, latitude, longitude in known.iter_rows()}
