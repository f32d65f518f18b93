"""Records become events: a scenario that names the file of a record gets the encounter that the record tells of.

    [[arms.events]]
    kind = "encounter"
    encounter = "dance-off-encounter.toml"      # beside the scenario
    day = 0

What is saved with the run is the scenario with the record's counts, place and quality in it, so that the run can be
repeated from its folder alone; whoever is in the record does not stand there, since nobody is named in a record.
"""

from __future__ import annotations

import tomllib
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commonbeat.errors import CommonBeatError, Mistake, Mistakes, ScenarioError
from commonbeat.scenario.checks import RECORD_SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from commonbeat.record import Consent

NEEDED = ("analyse", "keep")
ONLY_WITH_RECORD = ("place", "children_group", "children", "bystanders", "officers", "moving_together")


@dataclass(frozen=True, slots=True)
class Resolved:
    """The scenario's text without paths of records, and the consents of the real encounters in it."""

    text: str
    consents: tuple[Consent, ...] = ()
    notes: tuple[str, ...] = ()


def resolve_records(text: str, *, source: str) -> Resolved:
    """Every event that names a record's file names an encounter of the scenario instead, which says what the record says.

    source: the scenario's path; records are looked for beside it. Text that is no TOML, or names no record, comes
    back as it is. Raises ScenarioError with every mistake: a record that cannot be read, that lacks what an event needs, that nobody
    confirmed, or whose consent does not allow to analyse it and to keep what the run holds of it.
    """
    try:
        raw = tomllib.loads(text)
    except (ValueError, RecursionError):  # a number of thousands of digits is no error of TOML's own
        return Resolved(text)
    if not isinstance(raw.get("encounters", {}), dict) or not any(
        _names_record(raw, event) for _, event in _events(raw)
    ):
        return Resolved(text)
    return _resolved(text, source)


@contextmanager
def remember_made(consents: Iterable[Consent], folder: Path, partial: Path) -> Iterator[None]:
    """The store of the current folder knows what the block makes from these encounters, so that a withdrawal deletes it.

    folder: what stays. partial: what is deleted again when it is finished, and so need not be there on a withdrawal.
    Whatever stops the block, the store forgets what was not made after all. Raises ConsentError where an encounter was
    withdrawn meanwhile.
    """
    from commonbeat.record.derivatives import PARTIAL
    from commonbeat.workflows.record_derivatives import forget_unmade, remember_all

    new = remember_all(Path(), consents, {folder: "run", partial: PARTIAL})
    try:
        yield
    except BaseException:
        with suppress(CommonBeatError):  # what stopped the block is told; a withdrawal tells what is still known
            forget_unmade(Path(), new)
        raise


def _resolved(text: str, source: str) -> Resolved:
    import tomlkit

    from commonbeat.workflows.recorded_encounter import RecordedEncounter, read_recorded

    document, found = tomlkit.parse(text), Mistakes()
    taken: dict[str, RecordedEncounter] = {}
    for place, event in _events(document):
        if not _names_record(document, event):
            continue
        path = str(event["encounter"])
        asked = {key: event.pop(key) for key in ONLY_WITH_RECORD if key in event}
        if path in taken and taken[path].asked != asked:
            rule = f"differs in {', '.join(ONLY_WITH_RECORD)} from another event of the same record"
            found.add(place, path, rule, "Say the same in all of them, or describe two encounters.")
        if path not in taken:
            taken[path] = read_recorded(_file_of(path, source), path, asked, Path(source).parent, place, found)
        _complete(event, taken[path], place, found)
    _refuse_taken_names(document, taken, found)
    found.raise_if_any(ScenarioError, f"{source} cannot be used as a scenario:")
    _add_encounters(document, taken)
    return Resolved(
        tomlkit.dumps(document),
        tuple(each.consent for each in taken.values() if each.consent is not None),
        tuple(note for each in taken.values() for note in each.notes),
    )


def _file_of(path: str, source: str) -> Path:
    """The record's file beside the scenario; or the shipped record of that name, where none stands there."""
    from commonbeat.workflows.record_files import SHIPPED, shipped_record

    beside = Path(source).parent / path
    name = path.removesuffix(".toml")
    return shipped_record(name) if name in SHIPPED and not beside.exists() else beside


def _complete(event: Any, recorded: Any, place: str, found: Mistakes) -> None:
    """The event names the encounter of the scenario, with the clip, hour and authenticity that the record gives."""
    event["encounter"] = recorded.name
    if "clip" not in event and recorded.clip:
        event["clip"] = recorded.clip
    for key, value in (("hour", recorded.hour), ("authenticity", recorded.authenticity)):
        if key not in event and value is None and recorded.setting:
            rule = f"takes its {key} from a record that does not know it"
            found.add(
                f"{place}.{key}", None, rule, f"Say the {key} in the event, or find it out and add it to the record."
            )


def _refuse_taken_names(document: Any, taken: Mapping[str, Any], found: Mistakes) -> None:
    """No record writes over an encounter that the scenario describes, or over another record."""
    names = set(document.get("encounters", ()))
    for path, recorded in taken.items():
        if recorded.setting and recorded.name in names:
            rule = f"would be called {recorded.name}, as another encounter is"
            found.add(path, None, rule, "A record is called by its identifier: rename the other one.")
        names.add(recorded.name)


def _add_encounters(document: Any, taken: Mapping[str, Any]) -> None:
    """Every record that was taken stands as a table under [encounters], with a line on where it comes from."""
    import tomlkit

    if "encounters" not in document:
        document["encounters"] = tomlkit.table(is_super_table=True)
    for recorded in taken.values():
        table = tomlkit.table()
        table.add(tomlkit.comment(recorded.origin))
        for key, value in recorded.setting.items():
            table[key] = value
        document["encounters"][recorded.name] = table


def _events(tree: Any) -> Iterator[tuple[str, Any]]:
    """(place, event) of everything that looks like an event; whatever has another shape is left to the reader."""
    arms = tree.get("arms")
    for index, arm in enumerate(arms if isinstance(arms, list) else []):
        events = arm.get("events") if isinstance(arm, dict) else None
        for number, event in enumerate(events if isinstance(events, list) else []):
            if isinstance(event, dict):
                yield f"arms[{index}].events[{number}]", event


def _names_record(tree: Any, event: Mapping[str, Any]) -> bool:
    name = event.get("encounter")
    known = tree.get("encounters")
    is_path = event.get("kind") == "encounter" and isinstance(name, str) and name.endswith(RECORD_SUFFIXES)
    return is_path and not (isinstance(known, dict) and name in known)


def refuse_outside_consent(consent: Consent, path: str) -> Mistake | None:
    """Why the record at `path` may not be simulated today; None when everybody asked allows to analyse and keep it.

    A run keeps the record's counts, place and quality.
    """
    from commonbeat.workflows.record_store import today

    refusals = [each for scope in NEEDED for each in consent.refusals(scope, today())]
    if not refusals:
        return None
    reasons = "; ".join(dict.fromkeys(f"{each.place}: {each.rule}" for each in refusals))
    rule = f"may not be analysed and kept, as a run does with its counts, place and tone ({reasons})"
    return Mistake(path, None, rule, "Ask those who are in it, or leave it out.")
