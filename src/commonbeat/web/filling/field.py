"""One field of a form, and the lists of rows between fields."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from commonbeat.errors import Mistake

Kind = Literal["text", "long", "whole", "number", "day", "choice", "several", "file"]
Choices = tuple[tuple[str, str], ...]
UNKNOWN: Final = ("", "unknown")


@dataclass(frozen=True, slots=True)
class Field:
    """A question of the form. place: where its value stands. texts: what stands in it, several where more than one may be ticked."""

    place: str
    label: str
    kind: Kind = "text"
    hint: str = ""
    texts: tuple[str, ...] = ()
    choices: Choices = ()
    required: bool = False
    mistakes: tuple[Mistake, ...] = ()

    @property
    def text(self) -> str:
        """What stands in a field that holds one value."""
        return self.texts[0] if self.texts else ""

    @property
    def identifier(self) -> str:
        """Its identifier on the page."""
        return identifier_of(self.place)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list: its number as the form has it, what it is called, and its fields."""

    number: int
    title: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """A list whose rows are added and taken out one by one. empty: the question that stands there while it has none."""

    place: str
    label: str
    hint: str
    rows: tuple[Row, ...]
    empty: Field | None = None
    mistakes: tuple[Mistake, ...] = ()

    @property
    def identifier(self) -> str:
        """Its identifier on the page."""
        return identifier_of(self.place)


Part = Field | Rows


def identifier_of(place: str) -> str:
    """A place as an identifier of HTML."""
    return "at-" + re.sub(r"[^a-zA-Z0-9_]+", "-", place).strip("-")


def fields_in(parts: tuple[Part, ...]) -> tuple[Field, ...]:
    """Every field of these parts, those of rows among them."""
    found: list[Field] = []
    for part in parts:
        if isinstance(part, Field):
            found.append(part)
        else:
            found += [field for row in part.rows for field in row.fields]
            found += [part.empty] if part.empty and not part.rows else []
    return tuple(found)
