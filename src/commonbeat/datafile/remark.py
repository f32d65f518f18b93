"""Something that a reader of the data should know, and which columns it is about."""

from __future__ import annotations

from typing import NamedTuple


class Remark(NamedTuple):
    """sentence: for the reader. columns: what it is about; none for the whole file. codes: values that it suspects of meaning no answer."""

    sentence: str
    columns: tuple[str, ...] = ()
    codes: tuple[float, ...] = ()
