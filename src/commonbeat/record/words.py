"""The words of a record: roles, scopes, and what may stand in fields that take one word of a list."""

from __future__ import annotations

from typing import Annotated, Final, Literal, get_args

from pydantic import Field

Role = Literal["officer", "child", "adult"]
Judge = Literal["officer", "child", "adult", "coder"]
Who = Literal["officer", "child", "adult", "several", "nobody"]
Scope = Literal["analyse", "keep", "show", "share", "face measures"]
Collector = Literal[
    "officer", "researcher", "resident", "school", "youth organisation", "city office", "oversight board"
]
Setting = Literal["street", "park", "school", "home", "shop", "vehicle", "station", "event", "elsewhere"]
Beginning = Literal["meeting", "call", "stop", "search", "event", "visit"]
Poster = Literal["resident", "outlet", "police", "participant", "nobody"]
Aftermath = Literal[
    "nothing",
    "talk",
    "met again",
    "invitation",
    "thanks",
    "complaint",
    "search",
    "citation",
    "arrest",
    "force",
    "injury",
]
Origin = Literal["instrument", "person", "coder", "answers"]

ROLES: Final[tuple[str, ...]] = get_args(Role)
SCOPES: Final[tuple[str, ...]] = get_args(Scope)
COLLECTORS: Final[tuple[str, ...]] = get_args(Collector)
UNKNOWN: Final = "unknown"
ON_DUTY: Final = ("analyse", "keep")  # need no permission of officers, who act for the public
SCHEMA: Final = 1  # the version of the form of records and consents

Identifier = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{2,63}$")]
# Control characters have no place in a field that is printed, and would break a table; a long text may have lines.
ShortText = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f-\x9f]+$")]
LongText = Annotated[str, Field(min_length=1, max_length=2000, pattern=r"^[^\x00-\x09\x0b-\x1f\x7f-\x9f]+$")]
