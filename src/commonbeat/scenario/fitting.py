"""Whether a scenario fits a society: its groups and places exist there, and enough people live in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from commonbeat.errors import Mistakes, ScenarioError, did_you_mean
from commonbeat.scenario.event import NegativeEncounterEvent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from commonbeat.scenario.model import EncounterSetting, Scenario


@dataclass(frozen=True, slots=True)
class Room:
    """How many people there are to meet; counts stand in the order of the society's places."""

    places: tuple[str, ...]
    children: Mapping[str, tuple[int, ...]]
    """Residents below 18, by group."""
    members: Mapping[str, tuple[int, ...]]
    """Residents of all ages, by group."""
    officers: int

    def meetings(self, setting: EncounterSetting) -> list[tuple[str, int, int]]:
        """Every place that the encounter may have, the children there, and the people besides who can stand by."""
        children, members = self.children[setting.children_group], self.members[setting.children_group]
        living = children if any(children) else members  # as places are drawn
        found = []
        for row, place in enumerate(self.places):
            if place == setting.place or (setting.place == "drawn" and living[row]):
                residents = sum(counts[row] for counts in self.members.values())
                found.append((place, children[row], residents - min(setting.children, children[row])))
        return found


def require_fit(
    scenario: Scenario,
    *,
    groups: Iterable[str],
    places: Iterable[str],
    outlets: Iterable[str] = ("an outlet",),
    room: Room | None = None,
) -> None:
    """Every group, place and poster that the scenario names exists, and so do enough people; ScenarioError lists all."""
    groups, places, found = tuple(groups), tuple(places), Mistakes()
    no_outlet = not tuple(outlets)
    for name, setting in scenario.encounters.items():
        _known(found, f"encounters.{name}.children_group", setting.children_group, groups, "group")
        if setting.place != "drawn":
            _known(found, f"encounters.{name}.place", setting.place, places, "place")
        if room is not None and setting.children_group in groups and setting.place in {"drawn", *places}:
            _enough(found, f"encounters.{name}", setting, room)
    for arm_index, arm in enumerate(scenario.arms):
        for index, event in enumerate(arm.events):
            if no_outlet and any(happening.origin == "outlet" for happening in event.occurrences(scenario.days)):
                here = f"arms[{arm_index}].events[{index}]"
                found.add(here, "outlet", "posts the clip, but this society has no outlets", "Let a resident post it.")
            if isinstance(event, NegativeEncounterEvent):
                here = f"arms[{arm_index}].events[{index}]"
                if event.group:
                    _known(found, f"{here}.group", event.group, groups, "group")
                if event.place != "drawn":
                    _known(found, f"{here}.place", event.place, places, "place")
    found.raise_if_any(ScenarioError, f"The scenario does not fit the society '{scenario.society}':")


def _known(found: Mistakes, place: str, name: str, names: tuple[str, ...], what: str) -> None:
    if name not in names:
        found.add(place, name, f"is not a {what} of this society", did_you_mean(name, names))


def _enough(found: Mistakes, here: str, setting: EncounterSetting, room: Room) -> None:
    """The place named, or for "drawn" at least one of those that may be drawn, holds as many as are asked for."""
    meetings = room.meetings(setting)
    where = "any place where the group lives" if setting.place == "drawn" else f"'{setting.place}'"
    most_children = max((children for _, children, _ in meetings), default=0)
    most_around = max((around for _, _, around in meetings), default=0)
    if setting.children > most_children:
        rule = f"is more than the children of the group '{setting.children_group}' in {where}"
        found.add(f"{here}.children", setting.children, rule, f"There are at most {most_children}.")
    if setting.bystanders > most_around:
        rule = f"is more than the people besides the children in {where}"
        found.add(f"{here}.bystanders", setting.bystanders, rule, f"There are at most {most_around}.")
    if setting.officers > room.officers:
        rule = "is more than the society has"
        found.add(f"{here}.officers", setting.officers, rule, f"There are {room.officers}.")


def shortfalls(scenario: Scenario, room: Room) -> Iterator[str]:
    """One line per encounter whose place is drawn and may turn out to be one with fewer people than asked for."""
    for name, setting in scenario.encounters.items():
        if setting.place != "drawn":
            continue
        meetings = room.meetings(setting)
        for asked, noun, counts in (
            (setting.children, f"children of the group '{setting.children_group}'", [each[1] for each in meetings]),
            (setting.bystanders, "people to stand by", [each[2] for each in meetings]),
        ):
            short = sum(count < asked for count in counts)
            if short:
                where = f"{short} of the {len(counts)} places that may be drawn for '{name}'"
                yield f"{where} {'has' if short == 1 else 'have'} fewer than {asked} {noun}; all there are take part then"
