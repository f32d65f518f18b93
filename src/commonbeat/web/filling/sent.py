"""What a browser sent of a form, and the tree of plain values that it means."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Union, get_args, get_origin

from commonbeat.scenario.strict import StrictModel

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from starlette.datastructures import FormData

NONE_THERE: Final = "none"
MOST_ROWS: Final = 300
LONGEST_NUMBER: Final = 25  # letters: more are no number that a person means
YES, NO = "yes", "no"


class Sent(Mapping[str, tuple[str, ...]]):
    """The texts of a form by the name of their field, each with all values that came by that name."""

    def __init__(self, values: Mapping[str, tuple[str, ...]]) -> None:
        self._values = dict(values)

    @classmethod
    def of(cls, form: FormData) -> Sent:
        """What a browser sent, without files."""
        found: dict[str, list[str]] = {}
        for name, value in form.multi_items():
            if isinstance(value, str):
                found.setdefault(name, []).append(value.replace("\r\n", "\n"))
        return cls({name: tuple(values) for name, values in found.items()})

    def __getitem__(self, name: str) -> tuple[str, ...]:
        return self._values[name]

    def __iter__(self) -> Any:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def text(self, name: str) -> str:
        """The last value of the field without blanks around it; empty where nothing was sent."""
        return (self._values.get(name) or ("",))[-1].strip()

    def texts(self, name: str) -> tuple[str, ...]:
        """Every value of the field that holds something."""
        return tuple(each for each in self._values.get(name, ()) if each.strip())

    def numbers(self, place: str) -> tuple[int, ...]:
        """The numbers of the rows that were sent below a place, in order; at most `MOST_ROWS`."""
        row = re.compile(rf"{re.escape(place)}\.([1-9][0-9]{{0,4}})\.")
        found = {int(match[1]) for name in self._values if (match := row.match(name))}
        return tuple(sorted(found))[:MOST_ROWS]

    def with_values(self, values: Mapping[str, tuple[str, ...]]) -> Sent:
        """The same with these fields in place of what was sent for them."""
        return Sent({**self._values, **values})

    def without(self, beginnings: Iterable[str]) -> Sent:
        """The same without fields whose names begin so."""
        cut = tuple(beginnings)
        return Sent({name: value for name, value in self._values.items() if not name.startswith(cut)})


def plain_type(annotation: Any) -> Any:
    """The type without its bounds and without None beside it."""
    if get_origin(annotation) is Annotated:
        return plain_type(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        others = [each for each in get_args(annotation) if each is not NoneType]
        return plain_type(others[0]) if others else None
    return annotation


def row_type(kind: Any) -> Any:
    """What a list holds, or None for what is no list."""
    return plain_type(get_args(kind)[0]) if get_origin(kind) is tuple else None


def is_model(kind: Any) -> bool:
    """Whether it is a table with fields of its own."""
    return isinstance(kind, type) and issubclass(kind, StrictModel)


def tree_of(model: type[StrictModel], sent: Sent, place: str = "") -> dict[str, Any]:
    """The values that were sent for the model's fields, as its reader takes them: None for what nobody knows.

    What is no number or no day stays text, for the reader to tell as a mistake. Rows keep their order and lose their gaps.
    """
    tree: dict[str, Any] = {}
    for name, info in model.model_fields.items():
        here = f"{place}.{name}" if place else name
        kind = plain_type(info.annotation)
        inner = row_type(kind)
        if is_model(kind):
            tree[name] = tree_of(kind, sent, here)
        elif is_model(inner):
            tree[name] = _rows(inner, sent, here)
        elif inner is not None:
            tree[name] = _list(inner, sent, here)
        elif get_origin(kind) is dict:
            tree[name] = {key: text for key in _keys(sent, here) if (text := sent.text(f"{here}.{key}"))}
        else:
            tree[name] = value_of(kind, sent.text(here))
    return tree


def _rows(inner: type[StrictModel], sent: Sent, here: str) -> list[dict[str, Any]] | None:
    numbers = sent.numbers(here)
    if numbers:
        return [tree_of(inner, sent, f"{here}.{number}") for number in numbers]
    return [] if sent.text(here) == NONE_THERE else None


def _list(inner: Any, sent: Sent, here: str) -> list[Any] | None:
    """Ticked words; or what stands in one field with commas between."""
    given = sent.texts(here)
    if get_origin(inner) is Literal:
        return list(given) or None
    parts = [part.strip() for text in given for part in text.split(",")]
    return [value_of(inner, part) for part in parts if part] or None


def _keys(sent: Sent, here: str) -> list[str]:
    return [name.removeprefix(f"{here}.") for name in sent if name.startswith(f"{here}.")]


def value_of(kind: Any, text: str) -> Any:
    """What the text of a field means; None where nothing stands in it."""
    if not text:
        return None
    if kind is bool:
        return {YES: True, NO: False}.get(text, text)
    for number in {int: (int,), float: (int, float)}.get(kind, ()):
        try:
            return number(text) if text.isascii() and "_" not in text and len(text) <= LONGEST_NUMBER else text
        except ValueError:
            continue
    return text


def text_of(value: object) -> tuple[str, ...]:
    """A value as a form has it."""
    if value is None:
        return ()
    if isinstance(value, bool):
        return (YES if value else NO,)
    if isinstance(value, list | tuple):
        return tuple(each for item in value for each in text_of(item))
    if isinstance(value, float) and value.is_integer():
        return (str(int(value)),)
    return (str(value),)


def sent_of(tree: Any, place: str = "") -> dict[str, tuple[str, ...]]:
    """The fields that would send this tree: how a form begins with what is known."""
    if isinstance(tree, Mapping):
        found: dict[str, tuple[str, ...]] = {}
        for key, value in tree.items():
            found |= sent_of(value, f"{place}.{key}" if place else str(key))
        return found
    if isinstance(tree, list | tuple) and tree and isinstance(tree[0], Mapping):
        return {
            name: value
            for number, row in enumerate(tree, 1)
            for name, value in sent_of(row, f"{place}.{number}").items()
        }
    if isinstance(tree, list | tuple) and not tree:
        return {place: (NONE_THERE,)}
    texts = text_of(tree)
    return {place: texts} if texts else {}


def as_day(text: str) -> dt.date | None:
    """The day that a field holds, or None."""
    import datetime as dt

    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
