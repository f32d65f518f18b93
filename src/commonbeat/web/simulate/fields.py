"""Fields of the form, read off the models of the scenario: a key that is added there appears here by itself."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Union, get_args, get_origin

from commonbeat.scenario.wording import toml_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from commonbeat.errors import Mistake
    from commonbeat.scenario.strict import StrictModel

Kind = Literal["text", "long", "whole", "number", "choice", "days"]
LEFT_OUT: Final = ""
LONG: Final = ("note", "source")
PREFIX: Final = "value:"
Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Field:
    """One key of the scenario as a form shows it.

    place: where it stands, as mistakes name it. text: its value as it stands in the field, empty where it is left out. choices:
    (value, words) of a choice. mistakes: what is wrong with it.
    """

    place: str
    label: str
    hint: str
    kind: Kind
    text: str
    required: bool
    choices: Choices = ()
    mistakes: tuple[Mistake, ...] = field(default=())

    @property
    def name(self) -> str:
        """The name under which a browser sends it."""
        return f"{PREFIX}{self.place}"

    @property
    def identifier(self) -> str:
        """Its identifier on the page."""
        return identifier_of(self.place)


def identifier_of(place: str) -> str:
    """A place as an identifier of HTML: letters, digits and hyphens, another one for another place."""
    return "at-" + re.sub(r"[^a-zA-Z0-9_]+", "-", place).strip("-")


def fields_of(
    model: type[StrictModel],
    values: Mapping[str, Any],
    place: str,
    mistakes: Mapping[str, tuple[Mistake, ...]],
    choices: Mapping[str, Choices] | None = None,
) -> tuple[Field, ...]:
    """The keys of the model that hold one value, with the values that stand there now.

    choices: by key, what may be chosen where the type leaves it open, such as the names of arms.
    """
    found = []
    for name, info in model.model_fields.items():
        kind = _kind(name, info.annotation)
        if kind is None:
            continue
        here = f"{place}.{name}" if place else name
        text = text_of(values.get(name))
        words = _choices(info, text, (choices or {}).get(name))
        found.append(
            Field(
                here,
                name.replace("_", " ").capitalize(),
                info.description or "",
                "choice" if words else kind,
                text,
                info.is_required(),
                words,
                mistakes.get(here, ()),
            )
        )
    return tuple(found)


def text_of(value: object) -> str:
    """A value as it stands in a field."""
    if value is None:
        return LEFT_OUT
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple):
        return ", ".join(text_of(each) for each in value)
    return toml_of(value)


def value_of(kind: Kind, text: str) -> Any:
    """The value that the text of a field means; None where it is left out. What is no number stays text, to be told as a mistake."""
    text = text.replace("\r\n", "\n").strip()
    if text == LEFT_OUT:
        return None
    if kind == "days":
        return [value_of("whole", part) for part in text.split(",") if part.strip()]
    for number in {"whole": (int,), "number": (int, float)}.get(kind, ()):
        try:
            return number(text) if text.isascii() and "_" not in text else text
        except ValueError:
            continue
    return text


def _kind(name: str, annotation: Any) -> Kind | None:
    """How a key of this type is shown; None for tables and lists of tables, which have sections of their own."""
    plain = _plain(annotation)
    if get_origin(plain) is Literal:
        return "choice"
    if get_origin(plain) is tuple and _plain(get_args(plain)[0]) is int:
        return "days"
    if plain is str:
        return "long" if name in LONG else "text"
    return {int: "whole", float: "number"}.get(plain)  # type: ignore[return-value]


def _choices(info: Any, text: str, given: Choices | None) -> Choices:
    """What may be chosen; a value that is none of it stays, so that a mistake is seen rather than mended unasked."""
    plain = _plain(info.annotation)
    words = given or (tuple((each, each) for each in get_args(plain)) if get_origin(plain) is Literal else ())
    if not words:
        return ()
    left_out = () if info.is_required() and text else ((LEFT_OUT, _left_out(info)),)
    unknown = () if text in {value for value, _ in words} or not text else ((text, f"{text} (not known)"),)
    return (*left_out, *words, *unknown)


def _left_out(info: Any) -> str:
    if info.is_required():
        return "choose"
    return f"left out: {info.default}" if info.default else "left out"


def _plain(annotation: Any) -> Any:
    """The type without its bounds and without None beside it."""
    if get_origin(annotation) is Annotated:
        return _plain(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        others = [each for each in get_args(annotation) if each is not NoneType]
        return _plain(others[0]) if len(others) == 1 else None
    return annotation
