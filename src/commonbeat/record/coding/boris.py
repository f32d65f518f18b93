"""A BORIS project: read with every mistake told, and written back with nothing lost.

The project is one JSON document. `observations` holds, by name, `events`: lists of time in seconds, subject, code, modifiers, comment and, since
format 7 of observations from media, a frame's number. `behaviors_conf` says of each code whether it is a point event or a state event; a state
event begins and ends at alternate events of the same subject, code and modifiers. Everything that is not named here stays in `document` as it was.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from commonbeat.errors import CodingError, Mistake, Mistakes, did_you_mean
from commonbeat.record.coding.boris_words import check_words
from commonbeat.record.coding.bytes_of import bytes_of
from commonbeat.record.coding.event import CodedEvent, CodedFile, spelled
from commonbeat.record.coding.json_style import JsonStyle, style_of
from commonbeat.record.coding.whose_marks import check_whose

if TYPE_CHECKING:
    from collections.abc import Iterable

HEADING: Final = "The BORIS project cannot be used as it stands:"
OLDEST, NEWEST = 4, 8
DEEPEST: Final = 100
LONGEST_S: Final = 1e12
CODER_VARIABLES: Final = ("coder", "observer", "rater")
NO_SUBJECT: Final = "No focal subject"


@dataclass(frozen=True, slots=True, eq=False)
class BorisProject:
    """A project as it stood in the file. document: all of it; content: its bytes; states: the codes that are state events."""

    name: str
    document: dict[str, Any]
    content: bytes
    style: JsonStyle
    states: frozenset[str]
    codes: tuple[str, ...]

    def to_bytes(self) -> bytes:
        """The project as a file: byte for byte what was read, or, after a change, written in the same style."""
        return self.content

    def coded(self, coder: str = "") -> CodedFile:
        """The marks of all observations. coder: whose they are where no variable `coder` says so; left out, the file's name."""
        return _coded(self, coder or Path(self.name).stem)

    def with_events(self, observation: str, events: Iterable[CodedEvent], coder: str = "") -> BorisProject:
        """The project with these marks more in the observation; nothing else is touched. coder: as in `coded`.

        Raises CodingError for codes, subjects and modifiers that the project lacks, and for marks of another clip or coder.
        """
        return _with_events(self, observation, list(events), coder or Path(self.name).stem)


def read_boris(path: str | Path) -> BorisProject:
    """The project in the file. Raises CodingError with every mistake in it."""
    content = bytes_of(path, HEADING)
    return parse_boris(content, Path(path).name)


def parse_boris(content: bytes, name: str) -> BorisProject:
    """The project in the bytes; see `read_boris`."""
    document = _document(content, name)
    found = Mistakes()
    behaviors = _behaviors(document, found)
    for key in ("observations", "subjects_conf"):
        if not isinstance(document.get(key, {}), dict):
            found.add(key, None, "is not a table of names", "Save the project again in BORIS.")
    if not found.found:
        _check_observations(document, behaviors, found)
    found.raise_if_any(CodingError, HEADING)
    states = frozenset(code for code, kind in behaviors.items() if kind.startswith("State event"))
    return BorisProject(name, document, content, style_of(document, content), states, tuple(behaviors))


def _document(content: bytes, name: str) -> dict[str, Any]:
    problem, way_out = "", "Open it in BORIS and save it again."
    document: Any = None
    try:
        document = json.loads(
            content.decode("utf-8-sig"), object_pairs_hook=_no_twins, parse_constant=_no_constant, parse_float=_finite
        )
    except UnicodeDecodeError as error:
        problem = f"is not UTF-8 text (byte {error.start})"
    except (ValueError, RecursionError) as error:
        reason = "it is nested too deep" if isinstance(error, RecursionError) else error
        problem = f"is not JSON: {reason}"
    if not problem and _depth(document) > DEEPEST:
        problem = f"is nested more than {DEEPEST} levels deep"
    if not problem and (not isinstance(document, dict) or not {"observations", "behaviors_conf"} <= set(document)):
        problem, way_out = "is JSON but no BORIS project", "Give the .boris file, not an export."
    if not problem:
        version = str(document.get("project_format_version", "none"))
        major = version.split(".", maxsplit=1)[0]
        if not major.isdecimal() or not OLDEST <= int(major) <= NEWEST:
            problem = f"has project format {version}; formats {OLDEST} to {NEWEST} are known"
    if problem:
        raise CodingError(HEADING, [Mistake(name, None, problem, way_out)])
    return document


def _depth(document: Any) -> int:
    """How many levels of tables and lists stand in one another."""
    depth, level = 0, [document]
    while level:
        inner = [each for each in level if isinstance(each, dict | list)]
        level = [item for each in inner for item in (each.values() if isinstance(each, dict) else each)]
        depth += bool(inner)
    return depth


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        keys = [key for key, _ in pairs]
        twin = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {twin!r} stands twice in one table")
    return table


def _no_constant(word: str) -> float:
    raise ValueError(f"{word} is not a number")


def _finite(digits: str) -> float:
    """The number; one that is too large for a float would be written back as what is no JSON."""
    value = float(digits)
    if math.isinf(value):
        raise ValueError(f"the number {digits[:20]} is too large")
    return value


def _behaviors(document: dict[str, Any], found: Mistakes) -> dict[str, str]:
    """The kind of each code."""
    behaviors: dict[str, str] = {}
    table = document["behaviors_conf"]
    if not isinstance(table, dict):
        found.add("behaviors_conf", None, "is not a table", "Save the project again in BORIS.")
        return {}
    for key, entry in table.items():
        place = f"behaviors_conf {key}"
        if not isinstance(entry, dict) or not isinstance(entry.get("code"), str) or not entry["code"]:
            found.add(place, None, "has no code", "Give it one in BORIS.")
        elif entry["code"] in behaviors:
            found.add(place, entry["code"], "is a code that stands twice", "Keep one.")
        elif not str(entry.get("type", "")).startswith(("Point event", "State event")):
            found.add(place, entry.get("type"), "is neither a point event nor a state event", "Choose one in BORIS.")
        else:
            behaviors[entry["code"]] = str(entry["type"])
    return behaviors


def _check_observations(document: dict[str, Any], behaviors: dict[str, str], found: Mistakes) -> None:
    for name, observation in document["observations"].items():
        if not isinstance(observation, dict) or not isinstance(observation.get("events"), list):
            found.add(f"observation {name}", None, "has no list of events", "Save the project again in BORIS.")
            continue
        for number, event in enumerate(observation["events"], 1):
            _check_event(f"observation {name}, event {number}", event, behaviors, found)


def _check_event(place: str, event: Any, behaviors: dict[str, str], found: Mistakes) -> None:
    if not isinstance(event, list) or len(event) < 5:
        found.add(place, None, "is not a list of time, subject, code, modifiers and comment", "Mark it again in BORIS.")
        return
    if isinstance(event[0], bool) or not isinstance(event[0], int | float) or not abs(event[0]) < LONGEST_S:
        found.add(place, event[0], "is not a time in seconds", "Mark it again in BORIS.")
    if any(not isinstance(each, str) for each in event[1:5]):
        found.add(place, None, "has a subject, code, modifier or comment that is not text", "Mark it again in BORIS.")
    elif event[2] not in behaviors:
        found.add(place, event[2], "is not a code of the ethogram", did_you_mean(event[2], behaviors))


class _Open(NamedTuple):
    time_s: float
    comment: str
    place: str


def _coded(project: BorisProject, coder: str) -> CodedFile:
    found, warnings = Mistakes(), []
    events: list[CodedEvent] = []
    observed, lengths = [], {}
    for name, (clip, who) in _whose(project, coder, warnings).items():
        observation = project.document["observations"][name]
        observed.append((clip, who))
        length_s = _length_of(observation)
        if length_s:
            lengths[clip] = length_s
        offset_s = observation.get("time offset") or 0
        if offset_s:
            warnings.append(
                f"Observation {name} has a time offset of {offset_s} s: its times are taken as they stand in the file."
            )
        events.extend(_events_of(project, name, (clip, who), found))
    return CodedFile(tuple(events), tuple(observed), lengths, tuple(warnings), tuple(found.found))


def _whose(project: BorisProject, coder: str, warnings: list[str]) -> dict[str, tuple[str, str]]:
    """The clip and the coder of each observation; where a coder observed a clip more than once, the observation's name tells them apart."""
    observations = project.document["observations"].items()
    whose = {name: (clip_of(each, name), _coder_of(each) or coder) for name, each in observations}
    times = Counter(whose.values())
    for (clip, who), count in times.items():
        if count > 1:
            warnings.append(
                f"{who} observed {clip} {count} times: each observation stands for itself, by its name. Fill in the variable 'coder' if these are several people's."
            )
    return {name: (f"{pair[0]}, {name}" if times[pair] > 1 else pair[0], pair[1]) for name, pair in whose.items()}


def _events_of(project: BorisProject, name: str, whose: tuple[str, str], found: Mistakes) -> list[CodedEvent]:
    """The marks of one observation; what begins and never ends is in `found`."""
    open_states: dict[tuple[str, str, str], _Open] = {}
    events: list[CodedEvent] = []
    numbered = enumerate(project.document["observations"][name]["events"], 1)
    for number, event in sorted(numbered, key=lambda each: each[1][0]):
        time_s, subject, code, modifiers, comment = event[:5]
        subject, value = _subject(subject), _value(modifiers)
        place = f"{project.name}, {name}, event {number}"
        key = (subject, code, value)
        if code not in project.states:
            events.append(CodedEvent(*whose, code, float(time_s), float(time_s), subject, value, comment, place))
        elif key in open_states:
            began = open_states.pop(key)
            both = "; ".join(each for each in (began.comment, comment) if each)
            events.append(CodedEvent(*whose, code, began.time_s, float(time_s), subject, value, both, began.place))
        else:
            open_states[key] = _Open(float(time_s), comment, place)
    for (_, code, _), began in open_states.items():
        found.add(began.place, code, f"begins at {began.time_s:g} s and never ends", "Mark its end in BORIS.")
    return sorted(events, key=lambda event: (event.start_s, event.end_s))


def _subject(written: str) -> str:
    return "" if written == NO_SUBJECT else written


def _value(modifiers: str) -> str:
    return "" if set(modifiers.split("|")) <= {"", "None"} else modifiers


def clip_of(observation: dict[str, Any], name: str) -> str:
    """The clip that was observed: the variable `clip`, else the first film's name without its folder, else the observation's name."""
    variables = observation.get("independent_variables")
    for label, value in variables.items() if isinstance(variables, dict) else ():
        if label.strip().casefold() == "clip" and str(value).strip():
            return str(value).strip()
    files = observation.get("file")
    first = files.get("1") if isinstance(files, dict) else None
    if isinstance(first, list) and first and isinstance(first[0], str) and first[0]:
        return PurePosixPath(PureWindowsPath(first[0]).as_posix()).name
    return name


def _coder_of(observation: dict[str, Any]) -> str:
    variables = observation.get("independent_variables")
    for label, value in variables.items() if isinstance(variables, dict) else ():
        if label.strip().casefold() in CODER_VARIABLES and str(value).strip():
            return str(value).strip()
    return ""


def _length_of(observation: dict[str, Any]) -> float:
    """The seconds of the first player's films one after the other, or 0 where they are not told."""
    information, files = observation.get("media_info"), observation.get("file")
    lengths = information.get("length") if isinstance(information, dict) else None
    first = files.get("1") if isinstance(files, dict) else None
    if not isinstance(lengths, dict) or not isinstance(first, list) or not first:
        return 0.0
    told = [lengths.get(name) for name in first if isinstance(name, str)]
    known = [
        float(each)
        for each in told
        if isinstance(each, int | float) and not isinstance(each, bool) and 0 < each < LONGEST_S
    ]
    return sum(known) if len(known) == len(first) else 0.0


def _with_events(project: BorisProject, observation: str, events: list[CodedEvent], coder: str) -> BorisProject:
    found = Mistakes()
    events = [event._replace(code=spelled(event.code, project.codes)) for event in events]
    observations = project.document["observations"]
    if observation not in observations:
        found.add("observation", observation, "is not in the project", did_you_mean(observation, observations))
    else:
        _check_owner(project, observation, events, coder, found)
    _check_added(project, events, found)
    found.raise_if_any(CodingError, HEADING)
    _apart(project, observation, events, found)
    found.raise_if_any(CodingError, HEADING)
    document = json.loads(json.dumps(project.document))
    entry = document["observations"][observation]
    extra = ["NA"] if entry["events"] and len(entry["events"][0]) > 5 else []
    for event in events:
        times = (event.start_s, event.end_s) if event.code in project.states else (event.start_s,)
        entry["events"] += [[time_s, event.subject, event.code, event.value, event.comment, *extra] for time_s in times]
    entry["events"].sort(key=lambda event: event[0])
    return replace(project, document=document, content=project.style.written(document))


def _check_owner(
    project: BorisProject, observation: str, events: list[CodedEvent], coder: str, found: Mistakes
) -> None:
    """The marks are of the observation's clip and coder."""
    clip, who = _whose(project, coder, [])[observation]
    clips = (clip_of(project.document["observations"][observation], observation), clip)
    way_out = "Name that coder's observation of that clip with --observation, or say with --coder whose marks a project without the variable holds."
    for event in events:
        check_whose(event, clips, who, way_out, found)


def _check_added(project: BorisProject, events: list[CodedEvent], found: Mistakes) -> None:
    """Codes, subjects, modifiers and times are such as the project can hold."""
    for event in events:
        if event.code not in project.codes:
            found.add(
                event.place or "event",
                event.code,
                "is not a code of the ethogram",
                did_you_mean(event.code, project.codes),
            )
        if not 0 <= event.start_s <= event.end_s < math.inf:
            found.add(event.place or "event", event.start_s, "does not begin before it ends", "Give times in seconds.")
        check_words(project.document, event, found)


def _apart(project: BorisProject, observation: str, events: list[CodedEvent], found: Mistakes) -> None:
    """No stretch overlaps another of its subject, code and modifiers: BORIS pairs marks by turns, so both would come out as others."""
    open_ended = Mistakes()
    there = _events_of(project, observation, ("", ""), open_ended)
    if open_ended.found and any(event.code in project.states for event in events):
        found.found += open_ended.found
        return
    taken: dict[tuple[str, str, str], list[CodedEvent]] = {}
    for event in (*there, *events):
        if event.code not in project.states:
            continue
        own = taken.setdefault((_subject(event.subject), event.code, _value(event.value)), [])
        other = next((each for each in own if event.start_s < each.end_s and each.start_s < event.end_s), None)
        if other is not None:
            found.add(
                event.place or "event",
                f"{event.code} {event.start_s:g} to {event.end_s:g} s",
                f"overlaps the mark from {other.start_s:g} to {other.end_s:g} s of the same subject, code and modifiers",
                "Join the two, or name their subjects.",
            )
        own.append(event)
