"""The questions of a form, read off the fields of a model, with what was sent in them and what is wrong with it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, get_args, get_origin

from commonbeat.web.filling.field import UNKNOWN, Field, Kind, Part, Row, Rows, fields_in
from commonbeat.web.filling.sent import NO, NONE_THERE, YES, is_model, plain_type, row_type

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from commonbeat.errors import Mistake
    from commonbeat.scenario.strict import StrictModel
    from commonbeat.web.filling.field import Choices
    from commonbeat.web.filling.sent import Sent

EMPTY_WORDS: Final = frozenset(("a", "are", "is", "it", "of", "the", "they", "was", "were"))
LONG: Final = ("note", "purpose", "debriefing", "debriefing_for_children", "compensation", "text", "description")
ROWLESS: Final = ((*UNKNOWN,), (NONE_THERE, "there was none"))


@dataclass(frozen=True, slots=True)
class Asking:
    """What a form is made with. words: labels of places where the field's own name says too little; choices: what may be chosen there; languages: those in which texts are written."""

    sent: Sent
    mistakes: Mapping[str, tuple[Mistake, ...]] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, Choices] = field(default_factory=dict)
    row_words: Mapping[str, str] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    optional_rows: bool = True


def by_place(mistakes: Iterable[Mistake]) -> dict[str, tuple[Mistake, ...]]:
    """The mistakes of each place."""
    found: dict[str, tuple[Mistake, ...]] = {}
    for each in mistakes:
        found[each.place] = (*found.get(each.place, ()), each)
    return found


def parts_of(
    model: type[StrictModel], place: str, asking: Asking, names: Iterable[str] | None = None
) -> tuple[Part, ...]:
    """The model's fields (those named, or all), tables inside it laid flat."""
    chosen = model.model_fields if names is None else {name: model.model_fields[name] for name in names}
    found: list[Part] = []
    for name, info in chosen.items():
        here = f"{place}.{name}" if place else name
        kind = plain_type(info.annotation)
        inner = row_type(kind)
        if is_model(kind):
            found += parts_of(kind, here, asking)
        elif is_model(inner):
            found.append(rows_of(inner, here, _label(here, asking), _hint(here, info, asking), asking))
        elif get_origin(kind) is dict:
            found += [_in_language(here, language, info, asking) for language in asking.languages]
        else:
            found.append(field_of(here, info, asking))
    return tuple(found)


def rows_of(inner: type[StrictModel], here: str, label: str, hint: str, asking: Asking) -> Rows:
    """The rows that were sent for a list of tables."""
    numbers = asking.sent.numbers(here)
    word = asking.row_words.get(here, "Row")
    rows = tuple(
        Row(number, f"{word} {index}", fields_in(parts_of(inner, f"{here}.{number}", asking)))
        for index, number in enumerate(numbers, 1)
    )
    empty = None
    if asking.optional_rows:
        chosen = (asking.sent.text(here),)
        empty = Field(here, label, "choice", hint, chosen, ROWLESS, mistakes=asking.mistakes.get(here, ()))
    return Rows(here, label, hint, rows, empty, asking.mistakes.get(here, ()))


def field_of(here: str, info: Any, asking: Asking) -> Field:
    """One field of a model as a question."""
    annotation = plain_type(info.annotation)
    inner = row_type(annotation)
    words = asking.choices.get(_general(here)) or _choices(annotation, inner, required=info.is_required())
    kind: Kind = "several" if inner is not None and words else "choice" if words else _kind(here, annotation)
    return Field(
        here,
        _label(here, asking),
        kind,
        _hint(here, info, asking),
        asking.sent.texts(here) if kind == "several" else (asking.sent.text(here),),
        words,
        info.is_required(),
        asking.mistakes.get(here, ()),
    )


def _in_language(here: str, language: str, info: Any, asking: Asking) -> Field:
    """A text in one of the form's languages."""
    place = f"{here}.{language}"
    kind: Kind = "long" if here.rpartition(".")[2] in LONG else "text"
    label = f"{_label(here, asking)} ({language})"
    mistakes = asking.mistakes.get(place, ())
    if language == asking.languages[0]:
        mistakes = (*mistakes, *asking.mistakes.get(here, ()))
    return Field(place, label, kind, _hint(here, info, asking), (asking.sent.text(place),), mistakes=mistakes)


def elsewhere(mistakes: Iterable[Mistake], shown: Iterable[Part]) -> tuple[Mistake, ...]:
    """The mistakes that no field shows."""
    parts = tuple(shown)
    places = {each.place for each in fields_in(parts)} | {each.place for each in parts}
    told = {mistake for each in fields_in(parts) for mistake in each.mistakes if _hashable(mistake)}
    return tuple(each for each in mistakes if each.place not in places and not (_hashable(each) and each in told))


def _hashable(mistake: Mistake) -> bool:
    try:
        hash(mistake)
    except TypeError:
        return False
    return True


def _general(place: str) -> str:
    """The place with a star for the number of a row."""
    return ".".join("*" if part.isdecimal() else part for part in place.split("."))


def _label(here: str, asking: Asking) -> str:
    name = here.rpartition(".")[2].replace("_", " ")
    return asking.words.get(_general(here)) or name[:1].upper() + name[1:]


def _hint(here: str, info: Any, asking: Asking) -> str:
    """What the model says of the field, unless the label says the same already."""
    more = set(re.findall(r"\w+", (info.description or "").lower())) - EMPTY_WORDS
    return (info.description or "") if more - set(re.findall(r"\w+", _label(here, asking).lower())) else ""


def _choices(annotation: Any, inner: Any, *, required: bool) -> Choices:
    first = (("", "choose"),) if required else (UNKNOWN,)
    if annotation is bool:
        return (*first, (YES, "yes"), (NO, "no"))
    if get_origin(inner) is Literal:
        return tuple((word, word) for word in get_args(inner))
    if get_origin(annotation) is Literal:
        return (*first, *((word, word) for word in get_args(annotation)))
    return ()


def _kind(here: str, annotation: Any) -> Kind:
    if annotation is dt.date:
        return "day"
    if here.rpartition(".")[2] in LONG:
        return "long"
    return {int: "whole", float: "number"}.get(annotation, "text")  # type: ignore[return-value]
