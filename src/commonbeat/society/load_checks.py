"""What the rows of somebody's own society must hold to; each rule is checked for all rows at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from commonbeat.errors import did_you_mean
from commonbeat.society.load_rows import SHAPES, SHARE
from commonbeat.society.people import AGE_BANDS, ROLES
from commonbeat.society.places import CATEGORIES, DAYS, ELSEWHERE, HOURS, SEARCHES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from commonbeat.errors import Mistakes
    from commonbeat.society.load_rows import Table

SHOWN = 5  # rows named for each rule; the others are counted
LAYERS = ("household", "friend", "acquaintance", "follow")
MOST_TRUST = 8.0  # latent SDs from the mean; a larger number is on another scale
SHARES_SLACK = 0.005
MAY_BE_WRITTEN = {
    "household": "the name of the household",
    "age_band": f"one of {', '.join(AGE_BANDS)}",
    "role": " or ".join(ROLES),
    "weight": "how many people the row stands for",
    "starting_trust": "a number",
    "hour": f"a whole number from 0 to {HOURS - 1}",
    "search": f"one of {', '.join(SEARCHES)}",
    "count": "a whole number",
}
MOST_GROUPS = 100  # kept as int8
MOST_PLACES = 30_000  # kept as int16


def tell(
    table: Table,
    column: str,
    wrong: NDArray[np.bool_],
    rule: str,
    way_out: str | Callable[[Any], str],
    mistakes: Mistakes,
) -> None:
    """Each of the first few wrong rows is a mistake of its own; one more counts the rest."""
    rows = np.flatnonzero(wrong)
    for row in rows[:SHOWN]:
        value = table.frame[column][int(row)]
        if value is None or value == "":
            hint = _fill_or_drop(table, column)
        else:
            hint = way_out(value) if callable(way_out) else way_out
        mistakes.add(table.spot(int(row), column), value, rule if value is not None else "is missing", hint)
    if len(rows) > SHOWN:
        mistakes.add(f"{table.file}, {column}", len(rows) - SHOWN, "more rows break the same rule", "")


def _fill_or_drop(table: Table, column: str) -> str:
    """What to do about a field that is empty: a column that need not be there can go."""
    if column in SHAPES[table.file.split(".")[0]].optional:
        return f"Write {MAY_BE_WRITTEN[column]}, or drop the column."
    return "Every row needs one."


def whole_numbers(table: Table, column: str, mistakes: Mistakes, *, low: int, high: int) -> NDArray[np.int64]:
    """The column as whole numbers; what is not one, or is out of bounds, is told and reads as -1."""
    import polars as pl

    values = table.frame[column]
    if not values.dtype.is_integer():
        values = values.cast(pl.String).str.strip_chars().cast(pl.Int64, strict=False)
    known = values.is_not_null().to_numpy() & values.is_between(low, high).fill_null(value=False).to_numpy()
    tell(table, column, ~known, f"is not a whole number from {low} to {high}", "Write digits only.", mistakes)
    return np.where(known, values.fill_null(-1).to_numpy(), -1).astype(np.int64)


def numbers(
    table: Table, column: str, mistakes: Mistakes, *, low: float, high: float, way_out: str
) -> NDArray[np.float64]:
    """The column as numbers; what is not finite, or is out of bounds, is told and reads as `low`."""
    import polars as pl

    values = table.frame[column].cast(pl.String).str.strip_chars().cast(pl.Float64, strict=False)
    found = values.fill_null(np.nan).to_numpy()
    known = np.isfinite(found) & (found >= low) & (found <= high)
    tell(table, column, ~known, f"is not a number from {low:g} to {high:g}", way_out, mistakes)
    return np.where(known, found, low)


def words(table: Table, column: str, mistakes: Mistakes, known: Sequence[str] = ()) -> NDArray[np.object_]:
    """The column as text without outer spaces; what is empty, or not among the known words, is told."""
    import polars as pl

    values = table.frame[column].cast(pl.String).str.strip_chars()
    empty = (values.is_null() | (values == "")).fill_null(value=True).to_numpy()
    tell(table, column, empty, "is empty", "Every row needs one.", mistakes)
    if known:
        strange = ~empty & ~values.is_in(list(known)).fill_null(value=False).to_numpy()
        tell(
            table,
            column,
            strange,
            f"is not {'an' if column[0] in 'aeiou' else 'a'} {column.replace('_', ' ')}",
            lambda v: did_you_mean(str(v), known),
            mistakes,
        )
    return values.fill_null("").to_numpy()


def repeats(*columns: NDArray[Any]) -> NDArray[np.bool_]:
    """True for every row whose columns all equal those of an earlier one."""
    import polars as pl

    frame = pl.DataFrame({str(number): column for number, column in enumerate(columns)})
    return ~frame.select(pl.struct(pl.all()).is_first_distinct()).to_series().to_numpy()


def check_people(table: Table, mistakes: Mistakes) -> dict[str, NDArray[Any]]:
    """The columns of people that are given, each of its right type."""
    columns: dict[str, NDArray[Any]] = {
        "id": whole_numbers(table, "id", mistakes, low=0, high=2**62),
        "group": words(table, "group", mistakes),
        "place": words(table, "place", mistakes),
    }
    tell(
        table,
        "id",
        repeats(columns["id"]) & (columns["id"] >= 0),
        "is the id of an earlier row too",
        "Every person needs an id of their own.",
        mistakes,
    )
    for column, most in (("group", MOST_GROUPS), ("place", MOST_PLACES)):
        if (found := len(set(columns[column]))) > most:
            mistakes.add(f"{table.file}, {column}", found, f"is more than {most} different ones", "Join some of them.")
    given = table.frame.columns
    if "household" in given:
        columns["household"] = words(table, "household", mistakes)
        check_homes(table, columns, mistakes)
    if "age_band" in given:
        columns["age_band"] = words(table, "age_band", mistakes, AGE_BANDS)
    if "role" in given:
        columns["role"] = words(table, "role", mistakes, ROLES)
    if "weight" in given:
        way_out = "A weight says for how many people a row stands."
        columns["weight"] = numbers(table, "weight", mistakes, low=1e-6, high=1e9, way_out=way_out)
    if "starting_trust" in given:
        way_out = "Trust is in standard deviations from the national mean; convert other scales."
        columns["starting_trust"] = numbers(
            table, "starting_trust", mistakes, low=-MOST_TRUST, high=MOST_TRUST, way_out=way_out
        )
    return columns


def check_homes(table: Table, columns: dict[str, NDArray[Any]], mistakes: Mistakes) -> None:
    """A household lives in one place."""
    _, home, number = np.unique(columns["household"], return_index=True, return_inverse=True)
    moved = columns["place"] != columns["place"][home[number]]
    way_out = "A household lives in one place: give its people the same place, or two households."
    tell(table, "household", moved, "has members in two places", way_out, mistakes)


def check_ties(table: Table, people: dict[str, NDArray[Any]], mistakes: Mistakes) -> dict[str, NDArray[Any]]:
    """Source, target and layer of every tie; both ends exist, differ, and no tie stands twice."""
    columns: dict[str, NDArray[Any]] = {
        end: whole_numbers(table, end, mistakes, low=0, high=2**62) for end in ("source", "target")
    }
    columns["layer"] = words(table, "layer", mistakes, LAYERS)
    readable = (columns["source"] >= 0) & (columns["target"] >= 0)
    local_ids = people["id"][people["place"] != ELSEWHERE]
    mutual = columns["layer"] != "follow"
    for end in ("source", "target"):
        known = np.isin(columns[end], people["id"])
        tell(table, end, readable & ~known, "is nobody's id", "Add the person to people, or drop the tie.", mistakes)
        away = readable & known & mutual & ~np.isin(columns[end], local_ids)
        tell(table, end, away, "lives Elsewhere", "People elsewhere can only follow and be followed.", mistakes)
    check_homes_joined(table, columns, people, mistakes)
    same = readable & (columns["source"] == columns["target"])
    tell(table, "target", same, "is tied to itself", "Drop the tie.", mistakes)
    repeated = repeats(columns["source"], columns["target"], columns["layer"])
    tell(
        table,
        "target",
        readable & repeated,
        "is tied to this source in an earlier row",
        "Drop one of the two.",
        mistakes,
    )
    return columns


def check_homes_joined(
    table: Table, ties: dict[str, NDArray[Any]], people: dict[str, NDArray[Any]], mistakes: Mistakes
) -> None:
    """A tie of the layer household joins people of one place."""
    if not (ties["layer"] == "household").any():
        return
    by_id = np.argsort(people["id"])
    ends = []
    for end in ("source", "target"):
        spot = np.searchsorted(people["id"], ties[end], sorter=by_id)
        ends.append(by_id[np.minimum(spot, len(by_id) - 1)])
    known = (people["id"][ends[0]] == ties["source"]) & (people["id"][ends[1]] == ties["target"])
    apart = known & (ties["layer"] == "household") & (people["place"][ends[0]] != people["place"][ends[1]])
    way_out = "A household lives in one place: mend the place, or call the tie a friendship."
    tell(table, "target", apart, "shares a household with somebody of another place", way_out, mistakes)


def check_events(table: Table, people: dict[str, NDArray[Any]], mistakes: Mistakes) -> dict[str, NDArray[Any]]:
    """Recorded stops: day, hour, place, race as recorded, kind, search and count."""
    rows = table.frame.height
    columns: dict[str, NDArray[Any]] = {
        "day": whole_numbers(table, "day", mistakes, low=1, high=DAYS),
        "place": words(table, "place", mistakes, sorted(set(people["place"]) - {ELSEWHERE, ""})),
        "race": words(table, "race", mistakes, CATEGORIES),
        "kind": words(table, "kind", mistakes),
        "hour": np.full(rows, -1),
        "search": np.full(rows, "not recorded", object),
        "count": np.ones(rows, np.int64),
    }
    if "hour" in table.frame.columns:
        columns["hour"] = whole_numbers(table, "hour", mistakes, low=0, high=HOURS - 1)
    if "search" in table.frame.columns:
        columns["search"] = words(table, "search", mistakes, SEARCHES)
    if "count" in table.frame.columns:
        columns["count"] = whole_numbers(table, "count", mistakes, low=1, high=10**9)
    return columns


def check_places(table: Table, people: dict[str, NDArray[Any]], mistakes: Mistakes) -> dict[str, NDArray[Any]]:
    """Middles of places, and the shares of groups that another source gives: these must sum to one."""
    columns: dict[str, NDArray[Any]] = {
        "place": words(table, "place", mistakes),
        "latitude": numbers(table, "latitude", mistakes, low=-90, high=90, way_out="Degrees, north positive."),
        "longitude": numbers(table, "longitude", mistakes, low=-180, high=180, way_out="Degrees, east positive."),
    }
    shares = [column for column in table.frame.columns if column.startswith(SHARE)]
    groups = set(people["group"])
    for column in shares:
        if column.removeprefix(SHARE) not in groups:
            mistakes.add(
                f"{table.file}, header",
                column,
                "names no group of people",
                did_you_mean(column, [SHARE + group for group in groups]),
            )
        columns[column] = numbers(table, column, mistakes, low=0, high=1, way_out="A share lies between 0 and 1.")
    if shares:
        total = np.sum([columns[column] for column in shares], axis=0)
        for row in np.flatnonzero(np.abs(total - 1.0) > SHARES_SLACK)[:SHOWN]:
            mistakes.add(
                table.spot(int(row), "shares"),
                round(float(total[row]), 4),
                "is the sum of the shares, not 1",
                "Mend the shares, or leave the columns out: people are counted anyway.",
            )
    tell(
        table, "place", repeats(columns["place"]), "stands in an earlier row too", "Give every place one row.", mistakes
    )
    return columns
