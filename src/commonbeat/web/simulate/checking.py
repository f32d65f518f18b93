"""A scenario that came from a browser: read as the command line would read it, and kept inside the project."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from commonbeat.errors import InputError, Mistake, Mistakes, ScenarioError
from commonbeat.scenario import parse_scenario
from commonbeat.scenario.checks import RECORD_SUFFIXES, rows, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from commonbeat.scenario import Scenario

NAME: Final = "scenario.toml"
LARGEST_BYTES: Final = 200_000
SOCIETIES: Final = ("minneapolis", "small")  # as society.opening has them, which takes seconds to load
WAY_OUT: Final = "Put it into the project's folder and name it from there."


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found in a text: its tables as they stand, the scenario they mean, or every mistake."""

    text: str
    raw: Mapping[str, Any]
    scenario: Scenario | None
    mistakes: tuple[Mistake, ...]


def check(text: str, project: Path) -> Checked:
    """The text was read; nothing of it has run. Records and societies are looked for in the project's folder, and only there."""
    text = text.replace("\r\n", "\n")
    if len(text.encode()) > LARGEST_BYTES:
        return Checked(text, {}, None, (too_large(),))
    try:
        raw = tomllib.loads(text)
    except (ValueError, RecursionError):  # a number of thousands of digits is no error of TOML's own
        raw = {}
    outside = _outside(raw)
    if outside:
        return Checked(text, raw, None, outside)
    try:
        return Checked(text, raw, _scenario(text, project), ())
    except ScenarioError as error:
        return Checked(text, raw, None, error.mistakes)
    except InputError as error:
        return Checked(text, raw, None, error.mistakes or (Mistake(NAME, None, error.heading),))


def too_large() -> Mistake:
    """What is said of a text that is no scenario for its length."""
    return Mistake(NAME, None, f"is larger than {LARGEST_BYTES:,} bytes", "A scenario is a page or two of TOML.")


def for_worker(text: str, project: Path) -> str:
    """The text with records named from a job's folder, two below the project's, where the worker finds it."""
    import tomlkit

    raw = tomllib.loads(text)
    if not any(_is_record(event) for _, event in _events(raw)):
        return text
    document = tomlkit.parse(text)
    for _, event in _events(document):
        if _is_record(event) and (project / str(event["encounter"])).exists():
            event["encounter"] = f"../../{event['encounter']}"  # type: ignore[index]
    return tomlkit.dumps(document)


def _scenario(text: str, project: Path) -> Scenario:
    """The scenario, with what its records say in their place."""
    from commonbeat.workflows.recorded_events import resolve_records

    source = str(project / NAME)
    return parse_scenario(resolve_records(text, source=source).text, source=NAME)


def _outside(raw: Mapping[str, Any]) -> tuple[Mistake, ...]:
    """Every path that leads out of the project's folder: a browser must not read what lies elsewhere on this machine."""
    found = Mistakes()
    society = raw.get("society")
    if isinstance(society, str) and society not in SOCIETIES and not _is_inside(society):
        found.add("society", society, "lies outside the project's folder", WAY_OUT)
    for place, event in _events(raw):
        if _is_record(event) and not _is_inside(event["encounter"]):
            found.add(f"{place}.encounter", event["encounter"], "lies outside the project's folder", WAY_OUT)
    return tuple(found.found)


def _is_inside(path: str) -> bool:
    parts = PurePosixPath(path)
    return not parts.is_absolute() and ".." not in parts.parts and "\0" not in path


def _is_record(event: Mapping[str, Any]) -> bool:
    named = event.get("encounter")
    return isinstance(named, str) and named.endswith(RECORD_SUFFIXES)


def _events(raw: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for index, arm in enumerate(rows(raw.get("arms"))):
        for number, event in enumerate(rows(table(arm).get("events"))):
            if isinstance(event, Mapping):
                yield f"arms[{index}].events[{number}]", event
