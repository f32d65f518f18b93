"""Something that a reader of the data should know, and which columns it is about."""

from __future__ import annotations

from typing import NamedTuple


class Remark(NamedTuple):
    """sentence: for the reader. columns: what it is about; none for the whole file. codes: values that it suspects of meaning no answer.

    way_out: what an analysis with a design can do about it.
    """

    sentence: str
    columns: tuple[str, ...] = ()
    codes: tuple[float, ...] = ()
    way_out: str = ""

    def told(self, way_out: str | None = None) -> str:
        """The sentence with the way out, or with this one in its place."""
        ending = self.way_out if way_out is None or not self.way_out else way_out
        return f"{self.sentence}; {ending}" if ending else self.sentence
