"""What a coder marked on a clip's clock, whichever program it was marked in."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from commonbeat.errors import Mistake


class CodedEvent(NamedTuple):
    """One mark. start_s and end_s: seconds; equal for a moment.

    clip: the film, by its file's name or the observation's. subject: who was marked, "" for nobody in particular. value: what was said of
    it, "" for nothing. place: where it was read.
    """

    clip: str
    coder: str
    code: str
    start_s: float
    end_s: float
    subject: str = ""
    value: str = ""
    comment: str = ""
    place: str = ""

    @property
    def label(self) -> str:
        """The code with its value, as coders would say it."""
        return f"{self.code}: {self.value}" if self.value.casefold() not in ("", "yes", "none") else self.code


def spelled(code: str, known: Iterable[str]) -> str:
    """The code as `known` spells it, where one and only one differs from it by the case of its letters alone."""
    known = tuple(known)
    alike = [each for each in known if each.casefold() == code.casefold()]
    return alike[0] if code not in known and len(alike) == 1 else code


class CodedFile(NamedTuple):
    """Everything that one file holds of a coding: its marks, how long each clip is (where the file says so), and what was odd.

    observed: the clips that a coder watched, marks or not: no mark is a statement too. problems: marks that cannot be placed, such as one that
    begins and never ends; they are in no comparison, and whoever compares refuses them.
    """

    events: tuple[CodedEvent, ...]
    observed: tuple[tuple[str, str], ...]
    length_s: dict[str, float]
    warnings: tuple[str, ...] = ()
    problems: tuple[Mistake, ...] = ()
