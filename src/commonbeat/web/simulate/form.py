"""The scenario as a form: the whole, its encounters, its arms with their events, each field with its mistakes beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from commonbeat.scenario.checks import RECORD_SUFFIXES, rows, table
from commonbeat.scenario.event import EVENT_MODELS
from commonbeat.scenario.model import Arm, EncounterSetting, Quality, Scenario
from commonbeat.web.simulate.fields import Field, fields_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from commonbeat.errors import Mistake

SOCIETIES: Final = (("minneapolis", "minneapolis"), ("small", "small (invented, for trying things out)"))
ONLY_AS_TEXT: Final = ("priors", "reproduction")
LISTED: Final = re.compile(r"(?<=^checkpoints)\[\d+\]$")
"""What follows the place of a field that holds a list, where one item of it is wrong."""


@dataclass(frozen=True, slots=True)
class Part:
    """A table of the scenario: its fields, and the tables inside it. told: in a few words what is in it."""

    place: str
    name: str
    fields: tuple[Field, ...]
    inside: tuple[Part, ...] = ()
    told: str = ""

    @property
    def wrong(self) -> bool:
        """Whether a field in it, or in a table inside it, has a mistake."""
        return any(each.mistakes for each in _all(self))


@dataclass(frozen=True, slots=True)
class Form:
    """The whole form. elsewhere: mistakes that no field shows. as_text: tables that can be changed as text only."""

    whole: Part
    encounters: tuple[Part, ...]
    arms: tuple[Part, ...]
    elsewhere: tuple[Mistake, ...]
    as_text: tuple[str, ...]

    def anchors(self) -> dict[str, str]:
        """Where on the page the field of each mistake is, by the mistake's place."""
        return {mistake.place: field.identifier for field in self.fields() for mistake in field.mistakes}

    def fields(self) -> Iterator[Field]:
        """Every field of the form."""
        for part in (self.whole, *self.encounters, *self.arms):
            yield from _all(part)


def form_of(raw: Mapping[str, Any], mistakes: Iterable[Mistake] = ()) -> Form:
    """The form of a scenario as TOML gives it; whatever has the wrong shape has no fields, and is changed as text."""
    by_place: dict[str, tuple[Mistake, ...]] = {}
    for each in mistakes:
        place = LISTED.sub("", each.place)
        by_place[place] = (*by_place.get(place, ()), each)
    arms, encounters = rows(raw.get("arms")), table(raw.get("encounters"))
    names = tuple((each, each) for arm in arms if isinstance(each := table(arm).get("name"), str))
    society = raw.get("society")
    own = () if society in (None, "minneapolis", "small") else ((str(society), f"{society} (own folder)"),)
    whole = fields_of(Scenario, raw, "", by_place, {"reference": names, "society": (*SOCIETIES, *own)})
    form = Form(
        Part("", "The whole", whole),
        tuple(
            _encounter(name, setting, by_place) for name, setting in encounters.items() if isinstance(setting, Mapping)
        ),
        tuple(_arm(index, arm, encounters, by_place) for index, arm in enumerate(arms) if isinstance(arm, Mapping)),
        (),
        tuple(name for name in ONLY_AS_TEXT if name in raw),
    )
    shown = {each.place for each in form.fields()}
    elsewhere = tuple(each for place, found in by_place.items() if place not in shown for each in found)
    return Form(form.whole, form.encounters, form.arms, elsewhere, form.as_text)


def _encounter(name: str, setting: Mapping[str, Any], mistakes: Mapping[str, tuple[Mistake, ...]]) -> Part:
    place = f"encounters.{name}"
    quality = setting.get("quality")
    inside = ()
    if isinstance(quality, Mapping):
        here = f"{place}.quality"
        inside = (Part(here, "quality", fields_of(Quality, quality, here, mistakes)),)
    return Part(place, name, fields_of(EncounterSetting, setting, place, mistakes), inside)


def _arm(
    index: int, arm: Mapping[str, Any], encounters: Mapping[str, Any], mistakes: Mapping[str, tuple[Mistake, ...]]
) -> Part:
    place = f"arms[{index}]"
    events = tuple(
        _event(f"{place}.events[{number}]", event, encounters, mistakes)
        for number, event in enumerate(rows(arm.get("events")))
        if isinstance(event, Mapping)
    )
    title = str(arm.get("title") or arm.get("name") or place)
    return Part(place, title, fields_of(Arm, arm, place, mistakes), events, _told(arm, events))


def _told(arm: Mapping[str, Any], events: tuple[Part, ...]) -> str:
    """What an arm holds, for whoever does not open it."""
    parts = [each.name for each in events]
    if arm.get("stops_factor", 1) != 1:
        parts.append(f"stops × {arm['stops_factor']}")
    return ", ".join(parts) or "nothing but the ordinary days"


def _event(
    place: str, event: Mapping[str, Any], encounters: Mapping[str, Any], mistakes: Mapping[str, tuple[Mistake, ...]]
) -> Part:
    kind = event.get("kind")
    model = EVENT_MODELS.get(kind) if isinstance(kind, str) else None
    if model is None:
        return Part(place, "an event of no known kind", ())
    names = tuple((name, name) for name in encounters)
    named = event.get("encounter")
    if isinstance(named, str) and named.endswith(RECORD_SUFFIXES):
        names = (*names, (named, f"{named} (a record)"))
    found = fields_of(model, event, place, mistakes, {"encounter": names} if names else None)
    # Its kind is what it is: another kind has other keys, and is another event.
    return Part(place, str(kind).replace("_", " "), tuple(each for each in found if not each.place.endswith(".kind")))


def _all(part: Part) -> Iterator[Field]:
    yield from part.fields
    for each in part.inside:
        yield from _all(each)
