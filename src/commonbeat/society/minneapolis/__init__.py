"""The default city: Minneapolis, from its own open data of 2015 and 2017."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from commonbeat.society.account import AccountLine, Status
from commonbeat.society.build import build_society
from commonbeat.society.minneapolis.tables import read_residents, read_stops
from commonbeat.society.places import CATEGORIES, RACELESS
from commonbeat.society.plan import Audience, Plan
from commonbeat.society.society import GROUPS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from commonbeat.society.minneapolis.tables import Residents
    from commonbeat.society.places import StopTable
    from commonbeat.society.society import Society

DEFAULT_SEED = 2017
OFFICERS = 880
PEOPLE_ELSEWHERE = 600_000
ADULTS_ELSEWHERE = 250_000_000
DATA = "City of Minneapolis open data (carData)"
AUDIENCES = (
    Audience("Local daily", "local", 0.35, 0.002),
    Audience("Local television", "local", 0.20, 0.001),
    Audience("Local page", "local", 0.10, 0.0005),
    Audience("National television", "elsewhere", 0.05, 0.20),
    Audience("National daily", "elsewhere", 0.04, 0.12),
    Audience("National page", "elsewhere", 0.03, 0.08),
    Audience("Entertainment page", "elsewhere", 0.02, 0.04),
    Audience("Regional network", "elsewhere", 0.02, 0.02),
)


def build_minneapolis(seed: int = DEFAULT_SEED) -> Society:
    """About 402,000 residents, 880 officers on beats, and 600,000 people elsewhere who stand for 250 million."""
    return build_society(plan_minneapolis(seed))


def plan_minneapolis(seed: int = DEFAULT_SEED) -> Plan:
    """What the tables and the assumptions say should be built; cheap, so that a cache can ask for its hash."""
    table = read_residents()
    stops = read_stops(table.places)
    return Plan(
        name="minneapolis",
        seed=seed,
        groups=GROUPS,
        places=table.places,
        residents=table.residents,
        officers=share_out(OFFICERS, stops.by_place[:-1].sum(axis=1)),
        elsewhere=PEOPLE_ELSEWHERE,
        elsewhere_weight=ADULTS_ELSEWHERE / PEOPLE_ELSEWHERE,
        audiences=AUDIENCES,
        stops=stops,
        account=(*data_lines(table, stops), *assumption_lines()),
    )


def share_out(whole: int, weights: NDArray[np.int64]) -> NDArray[np.int64]:
    """Whole numbers that sum to `whole` in proportion to the weights; the largest remainders are rounded up."""
    exact = whole * weights / weights.sum()
    shares = np.floor(exact).astype(np.int64)
    shares[np.argsort(shares - exact, kind="stable")[: whole - int(shares.sum())]] += 1
    return shares


def data_lines(table: Residents, stops: StopTable) -> Iterator[AccountLine]:
    """What the tables hold, and what they do not."""

    def line(name: str, value: float, unit: str, status: Status) -> AccountLine:
        return AccountLine(name, float(value), unit, status, DATA)

    places, residents, repeated = table
    by_category = dict(zip(stops.categories, stops.by_place.sum(axis=0), strict=True))
    raceless = [CATEGORIES.index(name) for name in RACELESS]
    noted = stops.race_before[raceless][:, : min(raceless)].sum()
    yield line("residents in the table", residents.sum(), "people, 2015", "measured")
    yield line("neighbourhoods with a row of residents", sum(p.has_population_row for p in places), "areas", "measured")
    yield line("recorded police stops", stops.total, "stops, 2017", "measured")
    yield line("stops whose race is recorded as Unknown", by_category["Unknown"], "stops", "missing")
    yield line("stops structurally empty: no race, no search entered", by_category["Empty"], "stops", "missing")
    yield line("stops without race that have one noted before the stop", noted, "stops", "measured")
    yield line(
        "stops recorded as East African, a share that the residents' table lacks",
        by_category["East African"],
        "stops, counted in the group Black",
        "unmatched",
    )
    for number, place in enumerate(places[:-1]):
        if not place.has_population_row:
            yield line(
                f"stops in {place.name}, which has no row of residents",
                stops.by_place[number].sum(),
                "stops",
                "unmatched",
            )
    yield line("areas that repeat the shares of another", repeated, "areas", "unknown")
    yield line("years between the table of residents and the stops", 2, "years", "unmatched")


def assumption_lines() -> Iterator[AccountLine]:
    """What no table gives and the city still needs."""
    yield AccountLine(
        "officers on beats", OFFICERS, "people", "assumed", "no table of officers; beats follow the stops"
    )
    yield AccountLine("adults elsewhere", ADULTS_ELSEWHERE, "people", "assumed", "adults of the United States, rounded")
    yield AccountLine("people elsewhere in the simulation", PEOPLE_ELSEWHERE, "people", "assumed", "chosen for memory")
    yield AccountLine("acquaintances per person beyond those stored", 461, "ties", "missing", "E083: 611 in all")
    yield AccountLine(
        "officers whose home is not known", OFFICERS, "people", "unknown", "they stand where their beat is"
    )
    for audience in AUDIENCES:
        yield AccountLine(
            f"audience of {audience.name} in the city", audience.city_share, "share", "assumed", "no card"
        )
        yield AccountLine(
            f"audience of {audience.name} elsewhere", audience.elsewhere_share, "share", "assumed", "no card"
        )
