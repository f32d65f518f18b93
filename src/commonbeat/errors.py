"""Every error that Common Beat raises on purpose.

    CommonBeatError                exit code 1
    ├── InputError                 exit code 2: what was given can be mended by whoever gave it
    │   ├── AnswerError            what somebody answered to the questions of a study
    │   ├── ClipError              a film that cannot be read, or is not one
    │   ├── CodingError            codes of people who watched or read, and the files that hold them
    │   ├── ConsentError           what was asked for lies outside what was agreed to
    │   ├── DataFileError          a data file, or the values in its columns
    │   ├── DesignError            the design of a study
    │   ├── LedgerError            claims or evidence files
    │   ├── LinkError              a link or a code that a study does not know
    │   ├── QueryError             a question to a run that cannot be answered
    │   ├── RecordError            the record of an encounter
    │   ├── RunFolderError         a run folder that exists, is missing, or is not whole
    │   ├── ScenarioError          the scenario's TOML
    │   ├── SocietyError           people, ties, places or events
    │   ├── StoreError             the store of records: missing, locked, or of another version
    │   └── StudyError             the TOML of a study that asks people
    └── FailureError               exit code 1: the work itself could not be finished
        ├── InterruptedRunError    stopped by the user; what was finished is kept
        └── WriteError             the disk did not take it; nothing half-written is left

An input error carries every mistake found, not the first one: each with its place, the value there,
the rule it breaks and a way out.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class CommonBeatError(Exception):
    """The root: catching it catches everything that this package raises on purpose."""

    exit_code = 1


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing to mend: where it stands, what stands there, which rule it breaks, how to go on."""

    place: str
    value: object
    rule: str
    way_out: str = ""

    def __str__(self) -> str:
        shown = "" if self.value is None else f"{self.value!r} "
        ending = f" {self.way_out}" if self.way_out else ""
        return f"{self.place}: {shown}{self.rule}.{ending}"


class InputError(CommonBeatError):
    """What was given cannot be used; `mistakes` holds all that was found."""

    exit_code = 2

    def __init__(self, heading: str, mistakes: Iterable[Mistake] = ()) -> None:
        self.heading = heading
        self.mistakes = tuple(mistakes)
        super().__init__(heading, self.mistakes)

    def __str__(self) -> str:
        return "\n".join([self.heading, *(f"  {mistake}" for mistake in self.mistakes)])


class AnswerError(InputError):
    """Answers to the questions of a page cannot be kept as they stand; each mistake's place is the item's identifier."""


class BankError(InputError):
    """The items that people are asked, or their wordings in a language, cannot be used as they stand."""


class ClipError(InputError):
    """The film cannot be read, or is not one."""


class CodingError(InputError):
    """Codes that people gave, or the file that holds them, cannot be used as they stand."""


class ConsentError(InputError):
    """What was asked for lies outside what was agreed to."""


class DataFileError(InputError):
    """The data file, or what stands in its columns, cannot be used as it stands."""


class DesignError(InputError):
    """The design of a study cannot be used as it stands."""


class LedgerError(InputError):
    """The claims or evidence files cannot be used as they stand."""


class LinkError(InputError):
    """A link or a code that no study knows."""


class QueryError(InputError):
    """A question to a run cannot be answered as it is asked."""


class RecordError(InputError):
    """The record of an encounter cannot be used as it stands."""


class RunFolderError(InputError):
    """A run folder exists already, is missing, or is not whole."""


class ScenarioError(InputError):
    """The scenario cannot be used as it stands."""


class SocietyError(InputError):
    """The people, ties, places or events cannot be used as they stand."""


class StoreError(InputError):
    """The store of records is missing, locked or of another version."""


class StudyError(InputError):
    """The study, as its file declares it, cannot be used as it stands."""


class FailureError(CommonBeatError):
    """The work itself could not be finished."""


class InterruptedRunError(FailureError):
    """The user stopped the run; finished draws are kept and the same command goes on from them."""


class WriteError(FailureError):
    """The disk did not take what was written; nothing half-written is left behind."""


@dataclass(slots=True)
class Mistakes:
    """A list that grows while input is checked, so that the user sees all mistakes at once."""

    found: list[Mistake] = field(default_factory=list)

    def add(self, place: str, value: object, rule: str, way_out: str = "") -> None:
        """One more mistake stands in the list."""
        self.found.append(Mistake(place, value, rule, way_out))

    def raise_if_any(self, error: type[InputError], heading: str) -> None:
        """Nothing was found, or `error` is raised with everything that was."""
        if self.found:
            raise error(heading, self.found)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The sentence that helps with a misspelt name: the nearest known one, if any is near, and all of them."""
    names = sorted(known)
    near = difflib.get_close_matches(word, names, n=1, cutoff=0.6)
    suggestion = f"Did you mean '{near[0]}'? " if near else ""
    return f"{suggestion}Known: {', '.join(names)}."
