"""Where on the map a place stands, by the run's own table of stops."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commonbeat.report.reading import Reading


def centres(reading: Reading) -> dict[str, tuple[float, float]]:
    """Latitude and longitude by place; empty where nobody knows them, and then the report has no map."""
    known = reading.table("stops").select("place", "latitude", "longitude").drop_nulls().unique("place")
    return {place: (latitude, longitude) for place, latitude, longitude in known.iter_rows()}
