"""What a society's data say, as the tables of a run: its recorded stops and the account of what is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from commonbeat.society import Place, Society


def society_tables(society: Society) -> dict[str, pl.DataFrame]:
    """The tables `stops` and `account` of this society."""
    return {"stops": stops_table(society), "account": account_table(society)}


def stops_table(society: Society) -> pl.DataFrame:
    """One row per place, race as recorded by police, and kind of stop; rows without any stop are left out."""
    import polars as pl

    kinds = society.stops.by_kind
    rows = [
        {
            "place": place.name,
            "category": category,
            "kind": kind,
            "count": int(kinds[row, column, layer]),
            "residents": float(place.residents) if place.has_population_row else None,
            "per_1000": 1000 * int(kinds[row, column, layer]) / place.residents
            if place.has_population_row and place.residents
            else None,
            "latitude": place.latitude if _located(place) else None,
            "longitude": place.longitude if _located(place) else None,
        }
        for row, place in enumerate(society.places[: kinds.shape[0]])
        for column, category in enumerate(society.stops.categories)
        for layer, kind in enumerate(society.stops.kinds)
        if kinds[row, column, layer]
    ]
    kinds_of_column = {
        "place": pl.String,
        "category": pl.String,
        "kind": pl.String,
        "count": pl.Int64,
        "residents": pl.Float64,
        "per_1000": pl.Float64,
        "latitude": pl.Float64,
        "longitude": pl.Float64,
    }
    return pl.DataFrame(rows, schema=kinds_of_column)


def _located(place: Place) -> bool:
    """Whether its middle is known: a society of one's own without places has all of them at zero."""
    return bool(place.latitude or place.longitude)


def account_table(society: Society) -> pl.DataFrame:
    """One row per line of the society's account."""
    import polars as pl

    names = ("name", "value", "unit", "status", "source")
    rows = [tuple(_shown(getattr(line, name)) for name in names) for line in society.account]
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


def _shown(value: object) -> str:
    """A value as text: whole numbers without a point, others with as many digits as they need."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.6g}"
    return str(value)
