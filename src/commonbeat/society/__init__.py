"""Floor 3: people, places, ties, outlets, and the account of what is known about them."""

from commonbeat.society.account import AccountLine
from commonbeat.society.load import load_society
from commonbeat.society.minneapolis import build_minneapolis
from commonbeat.society.opening import open_society
from commonbeat.society.people import AGE_BANDS, OFFICER, RESIDENT, People
from commonbeat.society.places import CATEGORIES, ELSEWHERE, Place, StopTable
from commonbeat.society.small import build_small
from commonbeat.society.society import GROUPS, Outlet, Society
from commonbeat.society.ties import Friends, Ties

__all__ = [
    "AGE_BANDS",
    "CATEGORIES",
    "ELSEWHERE",
    "GROUPS",
    "OFFICER",
    "RESIDENT",
    "AccountLine",
    "Friends",
    "Outlet",
    "People",
    "Place",
    "Society",
    "StopTable",
    "Ties",
    "build_minneapolis",
    "build_small",
    "load_society",
    "open_society",
]
