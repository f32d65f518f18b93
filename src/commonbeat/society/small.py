"""A small invented society, for tests and tutorials; it describes no real place."""

from __future__ import annotations

import numpy as np

from commonbeat.luck import SOCIETY, uniforms
from commonbeat.society.account import AccountLine
from commonbeat.society.build import build_society
from commonbeat.society.places import CATEGORIES, DAYS, ELSEWHERE, HOURS, KINDS, SEARCHES, Place, StopTable
from commonbeat.society.plan import Audience, Plan
from commonbeat.society.society import GROUPS, Society

PLACES = 6
SHARES = ((0.45, 0.25, 0.30), (0.30, 0.40, 0.30), (0.20, 0.55, 0.25), (0.10, 0.75, 0.15), (0.05, 0.85, 0.10), (0, 0, 0))
STOP_SHARES = (0.32, 0.04, 0.24, 0.04, 0.03, 0.01, 0.03, 0.15, 0.14)
AUDIENCES = (
    Audience("The Small Herald", "local", 0.35, 0.001),
    Audience("Far News", "elsewhere", 0.05, 0.20),
)
INVENTED = AccountLine("this society", 1.0, "invented, for tests and tutorials", "assumed", "no real place")


def build_small(seed: int = 7, *, residents: int = 2000, elsewhere: int = 1000, officers: int = 12) -> Society:
    """Five invented neighbourhoods from mostly Black to mostly White, one area without residents, and elsewhere."""
    in_place = residents // (PLACES - 1)
    people = np.array([[round(share * in_place) for share in shares] for shares in SHARES], np.int64)
    places = tuple(
        Place(f"Area {number + 1}", int(people[number].sum()), 45.0 + 0.01 * number, -93.0, number < PLACES - 1)
        for number in range(PLACES)
    )
    return build_society(
        Plan(
            name=f"small {residents}",
            seed=seed,
            groups=GROUPS,
            places=(*places, Place(ELSEWHERE, 0, 45.0, -93.0, has_population_row=False)),
            residents=people,
            officers=np.bincount(np.arange(officers) % PLACES, minlength=PLACES),
            elsewhere=elsewhere,
            elsewhere_weight=400.0,
            audiences=AUDIENCES,
            stops=_stops(seed, residents // 8),
            account=(INVENTED,),
        )
    )


def _stops(seed: int, count: int) -> StopTable:
    """So many invented stops, spread by luck."""
    stop = np.arange(count)
    place = (uniforms(seed, SOCIETY, 100, stop) * PLACES).astype(int)
    category = np.searchsorted(np.cumsum(STOP_SHARES)[:-1], uniforms(seed, SOCIETY, 101, stop), side="right")
    kind = (uniforms(seed, SOCIETY, 102, stop) * len(KINDS)).astype(int)
    counts = np.zeros((PLACES + 1, len(CATEGORIES), len(KINDS), len(SEARCHES)), np.int64)
    np.add.at(counts, (place, category, kind, np.zeros(count, int)), 1)
    race_before = np.diag(np.bincount(category, minlength=len(CATEGORIES)))
    by_day = np.bincount((uniforms(seed, SOCIETY, 103, stop) * DAYS).astype(int), minlength=DAYS)
    by_hour = np.bincount((uniforms(seed, SOCIETY, 104, stop) * HOURS).astype(int), minlength=HOURS)
    return StopTable(CATEGORIES, KINDS, SEARCHES, counts, by_day, by_hour, race_before)
