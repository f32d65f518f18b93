"""Things that are made from parameters and taken again while the parameters that were read have the same values.

In a design that changes one parameter at a time most points differ in something that the ordinary year never reads. What is read is
noted while a thing is made, so nobody has to keep a list of which parameter goes where.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Made = TypeVar("Made")


class Noted(Mapping[str, float]):
    """Parameters that note which of them were read, and their values."""

    def __init__(self, values: Mapping[str, float]) -> None:
        self.noted = values
        self.read: dict[str, float] = {}

    def __getitem__(self, name: str) -> float:
        value = self.noted[name]
        self.read[name] = value
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(self.noted)

    def __len__(self) -> int:
        return len(self.noted)


def plain(parameters: Mapping[str, float]) -> Mapping[str, float]:
    """The same parameters, with nobody noting what is read of them."""
    return plain(parameters.noted) if isinstance(parameters, Noted) else parameters


class Remembered(Generic[Made]):
    """The first and the latest thing made: a row of a design comes back to its first point, a trajectory goes on from its latest."""

    def __init__(self, make: Callable[[Mapping[str, float]], Made]) -> None:
        self._make = make
        self._kept: list[tuple[dict[str, float], Made]] = []

    def of(self, parameters: Mapping[str, float]) -> Made:
        """What these parameters make; made only where none that is kept was made from the same values."""
        for read, made in self._kept:
            # Asked of `parameters` itself: where these are noted in turn, whoever notes depends on the same values.
            if all(parameters[name] == value for name, value in read.items()):
                return made
        noted = Noted(parameters)
        made = self._make(noted)
        self._kept = [*self._kept[:1], (noted.read, made)]
        return made
