"""What a form changes in the scenario's text: values, arms, events and encounters. Comments and order stay as they were."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT

from commonbeat.errors import Mistake, ScenarioError
from commonbeat.scenario.checks import rows, table
from commonbeat.scenario.event import EVENT_MODELS
from commonbeat.web.simulate.fields import value_of
from commonbeat.web.simulate.form import form_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tomlkit import TOMLDocument

STEP: Final = re.compile(r"\.?([^.\[\]]+)|\[(\d+)\]")
PRESETS: Final = ("nothing", "clip", "programme", "fewer_stops")
MOST: Final = 40  # arms, and events of one arm, that the form adds


def document_of(text: str) -> TOMLDocument | None:
    """The text as a document that can be changed, or None for what is no TOML."""
    try:
        return tomlkit.parse(text)
    except (TOMLKitError, RecursionError, ValueError):
        return None


def with_values(text: str, sent: Mapping[str, str]) -> str:
    """The text with what was sent for its fields; what was not sent, or is as it was, stays untouched."""
    document = document_of(text)
    if document is None:
        return text
    for field in form_of(document.unwrap()).fields():
        if field.name not in sent:
            continue
        value = value_of(field.kind if field.kind != "choice" else "text", sent[field.name])
        if value != value_of(field.kind, field.text):
            _put(document, field.place, value)
    return tomlkit.dumps(document)


def with_action(text: str, action: str) -> str:
    """The text after a button was pressed: "add_arm:programme", "remove_event:2:0" and the like. Raises ScenarioError for what is none."""
    name, *parts = action.split(":")
    document = document_of(text)
    act = ACTIONS.get(name)
    if document is None or act is None:
        raise _no_action(action)
    try:
        act(document, *parts)
    except (LookupError, TypeError, ValueError, AttributeError, TOMLKitError) as error:
        raise _no_action(action) from error
    return tomlkit.dumps(document)


def _no_action(action: str) -> ScenarioError:
    way_out = "Reload the page, or change the text."
    return ScenarioError("That change could not be made:", [Mistake("form", action, "fits nothing there", way_out)])


def _put(document: Any, place: str, value: Any) -> None:
    """The value stands at the place, or the key is gone where it is None."""
    *steps, last = [index or name for name, index in STEP.findall(place)]
    here = document
    for step in steps:
        here = here[int(step)] if isinstance(here, list) else here[step]
    if value is None:
        here.pop(last, None)
    else:
        here[last] = value


def _add_arm(document: Any, preset: str) -> None:
    """One more arm stands at the end, made of a preset that the team then changes."""
    arms = document.get("arms")
    if arms is None:
        arms = document["arms"] = tomlkit.aot()
    if preset not in PRESETS or len(arms) >= MOST:
        raise ValueError(preset)
    names = {table(arm).get("name") for arm in arms}
    arm = tomlkit.table()
    title, events = {
        "nothing": ("The ordinary year", []),
        "clip": ("A resident posts the clip", [{"clip": "resident"}]),
        "programme": ("Every week", [{"every_days": 7, "authenticity": "planned"}]),
        "fewer_stops": ("The ordinary year with half the stops", []),
    }[preset]
    arm["name"], arm["title"] = _free(preset, names), title
    if preset == "fewer_stops":
        arm["stops_factor"] = 0.5
    arms.append(arm)
    for event in events:
        _append_event(arms[-1], {"kind": "encounter", "encounter": _an_encounter(document), "day": 0, **event})


def _remove_arm(document: Any, index: str) -> None:
    del document["arms"][int(index)]


def _add_event(document: Any, index: str, kind: str) -> None:
    """One more event of that kind on day 0, or on the first day that has none of its kind."""
    arm = document["arms"][int(index)]
    if kind not in EVENT_MODELS or len(rows(arm.get("events"))) >= MOST:
        raise ValueError(kind)
    taken = {table(event).get("day") for event in rows(arm.get("events")) if table(event).get("kind") == kind}
    day = next(day for day in range(MOST + 1) if day not in taken)
    more = {"encounter": _an_encounter(document)} if kind == "encounter" else {}
    _append_event(arm, {"kind": kind, **more, "day": day})


def _remove_event(document: Any, index: str, number: str) -> None:
    arm = document["arms"][int(index)]
    del arm["events"][int(number)]
    if not arm["events"]:
        del arm["events"]


def _add_encounter(document: Any) -> None:
    """One more kind of encounter is described, for the team to change."""
    if "encounters" not in document:
        document["encounters"] = tomlkit.table(is_super_table=True)
    encounters = document["encounters"]
    if len(encounters) >= MOST:
        raise ValueError(len(encounters))
    setting = tomlkit.table()
    setting.update({"title": "An encounter", "children": 8, "bystanders": 25})
    encounters[_free("encounter", set(encounters))] = setting


def _remove_encounter(document: Any, name: str) -> None:
    del document["encounters"][name]


def _append_event(arm: Any, values: Mapping[str, Any]) -> None:
    event = tomlkit.table()
    event.update(values)
    if "events" not in arm:
        arm["events"] = tomlkit.aot()
    events = arm["events"]
    events.append(event if isinstance(events, AoT) else dict(values))


def _an_encounter(document: Any) -> str:
    """The name of an encounter that is described; one is added where none is."""
    if not table(document.get("encounters")):
        _add_encounter(document)
    return str(next(iter(document["encounters"])))


def _free(name: str, taken: set[Any]) -> str:
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}_{number}"
    return free


ACTIONS: Final[dict[str, Callable[..., None]]] = {
    "add_arm": _add_arm,
    "remove_arm": _remove_arm,
    "add_event": _add_event,
    "remove_event": _remove_event,
    "add_encounter": _add_encounter,
    "remove_encounter": _remove_encounter,
}
