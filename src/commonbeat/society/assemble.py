"""Checked columns become a society; what was not given is assumed, and the account says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from commonbeat.society.account import AccountLine, Status
from commonbeat.society.figures import Figures
from commonbeat.society.load_rows import SHARE
from commonbeat.society.measure import measure
from commonbeat.society.people import AGE_BANDS, ROLES, People
from commonbeat.society.places import CATEGORIES, DAYS, ELSEWHERE, HOURS, SEARCHES, Place, StopTable, no_stops
from commonbeat.society.rows import ascending, mutual
from commonbeat.society.settle import household_ties
from commonbeat.society.society import GROUPS, Society
from commonbeat.society.ties import Friends, Ties, group_rows, no_ties

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

Columns = dict[str, "NDArray[Any]"]
ASSUMED = {
    "household": "everybody lives alone, where no tie of the layer household says otherwise",
    "age_band": "everybody is 25-64",
    "role": "everybody is a resident",
    "weight": "every row stands for one person",
    "starting_trust": "the group's mean in E090 where it has one, else the national mean",
}


def assemble(
    people: Columns, ties: Columns, events: Columns | None, places: Columns | None, content_hash: str
) -> Society:
    """The society of these columns, its rows sorted by place and household."""
    groups = group_names(people["group"])
    names = (*sorted(set(people["place"]) - {ELSEWHERE}), ELSEWHERE)
    settled = settle_people(people, ties, groups, names)
    rows = {end: settled.row_of(ties[end]) for end in ("source", "target")} if len(ties["layer"]) else {}
    layer = {word: tied(rows, ties["layer"] == word, len(settled)) for word in ("friend", "acquaintance", "follow")}
    nobody = no_ties(len(settled))
    core = mutual(nobody, layer["friend"], settled.household)
    friends = mutual(core, layer["acquaintance"], settled.household)
    followers = ascending(layer["follow"])
    stops = no_stops(len(names)) if events is None else count_stops(events, names)
    return Society(
        people=settled,
        groups=groups,
        places=name_places(names, settled, places),
        household=household_ties(settled.household),
        friends=Friends(friends.offsets, friends.targets, friends.core_end),
        followers=followers,
        outlets=(),
        outlet_followers=no_ties(0),
        stops=stops,
        account=(
            *given_lines(people, events, followers),
            *share_lines(people, places),
            *measure(settled, groups, len(names) - 1, friends, followers, seed=0),
        ),
        content_hash=content_hash,
    )


def group_names(group: NDArray[np.object_]) -> tuple[str, ...]:
    """The groups that occur, those of the shipped society first and in its order."""
    found = set(group)
    return (*(name for name in GROUPS if name in found), *sorted(found - set(GROUPS)))


def settle_people(people: Columns, ties: Columns, groups: tuple[str, ...], names: tuple[str, ...]) -> People:
    """People in the order of place, household and id; columns that were not given hold what is assumed."""
    count = len(people["id"])
    group = np.array([groups.index(word) for word in people["group"]], np.int64)
    place = np.array([names.index(word) for word in people["place"]], np.int64)
    household = homes(people, ties)
    household[place == len(names) - 1] = -1
    order = np.lexsort((people["id"], household, place))
    mean = dict(zip(GROUPS, Figures().trust_mean, strict=True))
    return People(
        id=people["id"][order],
        group=group[order],
        place=place[order],
        household=household[order],
        age_band=positions(people, "age_band", AGE_BANDS, "25-64")[order],
        role=positions(people, "role", ROLES, "resident")[order],
        weight=people.get("weight", np.ones(count))[order],
        starting_trust=people.get("starting_trust", np.array([mean.get(word, 0.0) for word in people["group"]]))[order],
    )


def positions(people: Columns, column: str, known: tuple[str, ...], default: str) -> NDArray[np.int64]:
    """The positions of a column's words among the known ones, or of the default where the column was not given."""
    given = people.get(column, np.full(len(people["id"]), default, object))
    return np.array([known.index(word) for word in given], np.int64)


def homes(people: Columns, ties: Columns) -> NDArray[np.int64]:
    """A number for each household: the column's, joined along the ties of the layer household."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    count = len(people["id"])
    start = np.unique(people["household"], return_inverse=True)[1] if "household" in people else np.arange(count)
    joined = ties["layer"] == "household"
    by_id = np.argsort(people["id"])
    ends = [
        start[by_id[np.searchsorted(people["id"], ties[end][joined], sorter=by_id)]] for end in ("source", "target")
    ]
    links = coo_array((np.ones(len(ends[0])), (ends[0], ends[1])), shape=(count, count))
    return connected_components(links, directed=False)[1][start].astype(np.int64)


def tied(rows: Columns, chosen: NDArray[np.bool_], people: int) -> Ties:
    """Rows are the targets of the ties, so that a followed person's row lists the followers."""
    if not chosen.any():
        return no_ties(people)
    return group_rows(rows["target"][chosen], rows["source"][chosen], people)


def name_places(names: tuple[str, ...], people: People, places: Columns | None) -> tuple[Place, ...]:
    """Every place with its people counted, and its middle where one was given."""
    residents = np.bincount(people.place[people.role == 0], minlength=len(names))
    residents[-1] = 0
    middle = (
        {}
        if places is None
        else {
            name: (float(north), float(east))
            for name, north, east in zip(places["place"], places["latitude"], places["longitude"], strict=True)
        }
    )
    return tuple(
        Place(name, int(residents[number]), *middle.get(name, (0.0, 0.0)), has_population_row=name != ELSEWHERE)
        for number, name in enumerate(names)
    )


def count_stops(events: Columns, names: tuple[str, ...]) -> StopTable:
    """The recorded stops by place, race as recorded, kind and search; and by day and hour where known."""
    kinds = tuple(sorted(set(events["kind"])))
    counts = np.zeros((len(names), len(CATEGORIES), len(kinds), len(SEARCHES)), np.int64)
    race = np.array([CATEGORIES.index(word) for word in events["race"]])
    cell = (
        np.array([names.index(word) for word in events["place"]]),
        race,
        np.array([kinds.index(word) for word in events["kind"]]),
        np.array([SEARCHES.index(word) for word in events["search"]]),
    )
    np.add.at(counts, cell, events["count"])
    by_hour, by_day, before = np.zeros(HOURS, np.int64), np.zeros(DAYS, np.int64), np.zeros(len(CATEGORIES), np.int64)
    np.add.at(by_day, events["day"] - 1, events["count"])
    known = events["hour"] >= 0
    np.add.at(by_hour, events["hour"][known], events["count"][known])
    np.add.at(before, race, events["count"])
    return StopTable(CATEGORIES, kinds, SEARCHES, counts, by_day, by_hour, np.diag(before))


def given_lines(people: Columns, events: Columns | None, followers: Ties) -> Iterator[AccountLine]:
    """What was not given, and what stands for it."""

    def line(name: str, value: float, unit: str, status: Status, source: str) -> AccountLine:
        return AccountLine(name, float(value), unit, status, source)

    for column, stand_in in ASSUMED.items():
        if column not in people:
            yield line(f"rows without {column.replace('_', ' ')}", len(people["id"]), "people", "assumed", stand_in)
    if events is None:
        yield line("recorded police stops", 0, "stops", "missing", "no events were given")
    else:
        yield line("recorded police stops", events["count"].sum(), "stops", "measured", "the events given")
        raceless = np.isin(events["race"], ("Unknown", "Empty"))
        yield line("stops without race", events["count"][raceless].sum(), "stops", "missing", "the events given")
    if len(followers.targets) == 0:
        yield line("follows", 0, "ties", "missing", "no tie of the layer follow was given: clips reach nobody")
    yield line("outlets", 0, "outlets", "missing", "a society of one's own has none")


def share_lines(people: Columns, places: Columns | None) -> Iterator[AccountLine]:
    """The largest difference between the people given and the shares that another source gives."""
    shares = {} if places is None else {name: column for name, column in places.items() if name.startswith(SHARE)}
    if places is None or not shares:
        return
    worst = 0.0
    for name, column in shares.items():
        for place, share in zip(places["place"], column, strict=True):
            living = people["group"][people["place"] == place]
            if len(living):
                worst = max(worst, abs(float(np.mean(living == name.removeprefix(SHARE))) - float(share)))
    yield AccountLine("largest difference from the shares given", worst, "share", "unmatched", "places against people")
