"""What a column and a table of a run are, and the words that may stand in them.

The list of all tables is `schema.TABLES`; what checks a table against it is `check.py`; what prints it is
`codebook.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from polars.datatypes import DataTypeClass

# The default city's groups; a society of one's own has others, so the columns that hold them are open.
RESIDENT_GROUPS = ("Black residents", "White residents", "All other residents", "All residents")
GROUPS = (*RESIDENT_GROUPS, "Officers", "Elsewhere")
ALL_RESIDENTS = "All residents"
OUTSIDE = ("Officers", "Elsewhere")
EVERYBODY = "All"  # stands only in tables of rings, where residents and people elsewhere may meet in one ring
OUTCOMES = ("trust", "cooperation", "prejudice", "reform", "regard")
RINGS = ("present", "told", "watched", "stops not made", "stops not heard of", "city")
CHANNELS = ("direct", "told", "watched", "news")
SOURCES = ("background", "scenario")
ORIGINS = ("resident", "outlet", "none")
AUDIENCES = ("city", "elsewhere")
TWIN_PARTS = ("child", "bystander", "viewer")

# Which way of an outcome leaves the person who holds it, or whom it is held about, better off. Demand for
# reform has no better side: more of it may be a loss of faith or a gain of voice, so nothing calls it harm.
BETTER_SIDE = {"trust": 1, "cooperation": 1, "prejudice": -1, "reform": 0, "regard": 1}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, its polars type, the unit of its numbers and what it means.

    `known` closes the list of words that may stand in it; empty leaves it open. `missing` says what an absent
    value means; empty forbids absent values.
    """

    name: str
    type: DataTypeClass
    unit: str
    meaning: str
    known: tuple[str, ...] = ()
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One table: what a row is, its columns in order, and the columns that together name one row."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    optional: str = ""  # when the table may be absent; empty: never

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of the columns, in their order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)
