"""Which model of a strict file stands at a place in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from commonbeat.scenario.strict import StrictModel


def model_at(root: type[StrictModel], location: Sequence[int | str]) -> type[StrictModel] | None:
    """The model whose keys are allowed at `location` below `root`, or None where no table of known keys stands."""
    here: Any = root
    for part in location:
        here = _below(_plain(here), part)
    found = _plain(here)
    return found if isinstance(found, type) and issubclass(found, StrictModel) else None


def _below(here: Any, part: int | str) -> Any:
    """What stands below `here` under this key, at this index, or for this kind."""
    if isinstance(here, type) and issubclass(here, StrictModel):
        field = here.model_fields.get(str(part))
        return field.annotation if field else None
    origin, inner = get_origin(here), get_args(here)
    if origin in (Union, UnionType):
        return next((each for each in inner if part in _kinds(each)), None)
    if origin is tuple or (isinstance(origin, type) and issubclass(origin, Sequence)):
        return inner[0]
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return inner[1]
    return None


def _plain(annotation: Any) -> Any:
    """The annotation without its constraints and without None beside it."""
    if get_origin(annotation) is Annotated:
        return _plain(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        others = [each for each in get_args(annotation) if each is not NoneType]
        return _plain(others[0]) if len(others) == 1 else Union[tuple(others)]  # noqa: UP007 - made of a list
    return annotation


def _kinds(model: Any) -> tuple[Any, ...]:
    """The words by which a model of a union is chosen."""
    field = getattr(model, "model_fields", {}).get("kind")
    return get_args(field.annotation) if field is not None and get_origin(field.annotation) is Literal else ()
