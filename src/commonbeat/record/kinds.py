"""What a field of a model allows, read off its annotation."""

from __future__ import annotations

from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from commonbeat.scenario.strict import StrictModel


def kinds_of(annotation: Any) -> tuple[Any, ...]:
    """The types that the annotation allows, without their constraints and without None."""
    if get_origin(annotation) is Annotated:
        return kinds_of(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return tuple(kind for each in get_args(annotation) for kind in kinds_of(each))
    return () if annotation in (None, NoneType) else (annotation,)


def words_of(annotation: Any) -> tuple[str, ...]:
    """The words of which the field, or each item of it, takes one; empty for other fields."""
    found = [
        word
        for kind in kinds_of(annotation)
        for each in (kinds_of(get_args(kind)[0]) if get_origin(kind) is tuple else (kind,))
        if get_origin(each) is Literal
        for word in get_args(each)
    ]
    return tuple(dict.fromkeys(found))


def rows_of(annotation: Any) -> type[StrictModel] | None:
    """The model of a row, when the field is a list of tables."""
    for kind in kinds_of(annotation):
        inner = get_args(kind)[0] if get_origin(kind) is tuple else None
        if isinstance(inner, type) and issubclass(inner, StrictModel):
            return inner
    return None
